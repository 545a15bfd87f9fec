import type { Assignment, Assignor } from '../assignors/assignor.ts'
import { rangeAssignor } from '../assignors/range-assignor.ts'
import { roundRobinAssignor } from '../assignors/round-robin-assignor.ts'
import { encodeStickyUserData } from '../assignors/sticky/sticky-user-data.ts'
import { stickyAssignor } from '../assignors/sticky-assignor.ts'
import type { TopicPartition } from '../topic-partition.ts'
import { type KafkajsPartitionAssigner, kafkajsAssigner } from './assigner.ts'

/** Kafka's `range` for kafkajs: `kafka.consumer({ groupId, partitionAssigners: [rangeAssigner] })`. */
export const rangeAssigner: KafkajsPartitionAssigner = (config) => kafkajsAssigner(rangeAssignor)(config)

/** Kafka's `roundrobin` for kafkajs. kafkajs's own round robin has another name, so the two do not mix in a group. */
export const roundRobinAssigner: KafkajsPartitionAssigner = (config) => kafkajsAssigner(roundRobinAssignor)(config)

/** What is used of a kafkajs consumer. */
export interface KafkajsConsumer {
  on(event: 'consumer.group_join', listener: (event: KafkajsGroupJoin) => void): unknown
}

/** kafkajs's `ConsumerGroupJoinEvent`, as far as it is read here. */
export interface KafkajsGroupJoin {
  readonly payload: { readonly memberAssignment: Readonly<Record<string, readonly number[]>> }
}

/** A `sticky` assigner of one consumer. */
export interface KafkajsStickyAssigner extends KafkajsPartitionAssigner {
  /** Listens to what the consumer is assigned, so that any leader learns it the next time the group rebalances. */
  follow(consumer: KafkajsConsumer): void
}

/**
 * Kafka's `sticky` for kafkajs; make one for each consumer. kafkajs does not tell an assigner what its consumer got. Without `follow` the
 * leader goes by what it assigned itself the last time, which serves as long as the leader stays; with `follow` each member reports what
 * it has, and a new leader knows as much as the old one.
 */
export function stickyAssigner(): KafkajsStickyAssigner {
  let own: readonly TopicPartition[] | null = null
  const create = (): Assignor => {
    const sticky = stickyAssignor()
    let assigned: ReadonlyMap<string, Assignment> = new Map()
    // kafkajs keeps the generation to itself, so reports are in version 0 of the user data, which has none.
    const report = (partitions: readonly TopicPartition[]): Uint8Array =>
      encodeStickyUserData({ partitions, generation: -1 })
    return {
      name: sticky.name,
      version: sticky.version,
      supportedProtocols: sticky.supportedProtocols,
      subscriptionUserData: () => (own === null ? null : report(own)),
      assign(cluster, group) {
        const informed = new Map(group)
        for (const [memberId, subscription] of group) {
          const known = assigned.get(memberId)
          if (known === undefined || (subscription.userData?.length ?? 0) > 0) continue
          informed.set(memberId, { ...subscription, userData: report(known.partitions) })
        }
        const assignments = sticky.assign(cluster, informed)
        assigned = new Map(assignments)
        return assignments
      },
    }
  }
  return Object.assign(kafkajsAssigner(create), {
    follow(consumer: KafkajsConsumer) {
      consumer.on('consumer.group_join', ({ payload }) => {
        own = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
          partitions.map((partition) => ({ topic, partition })),
        )
      })
    },
  })
}
