import type { Assignor, ClusterView, Subscription } from '../assignors/assignor.ts'
import { decodeSubscription, encodeAssignment, encodeSubscription } from '../assignors/consumer-protocol.ts'

/** What is used of kafkajs's cluster. */
export interface KafkajsCluster {
  addTargetTopic(topic: string): Promise<void>
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number }[]
}

/** kafkajs's `Assigner`. */
export interface KafkajsAssigner {
  readonly name: string
  readonly version: number
  protocol(subscription: { topics: string[] }): { name: string; metadata: Buffer }
  assign(group: KafkajsGroup): Promise<{ memberId: string; memberAssignment: Buffer }[]>
}

/** What kafkajs gives the leader. `topics` are those of the leader alone. */
export interface KafkajsGroup {
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Uint8Array }[]
  readonly topics: readonly string[]
}

/** kafkajs's `PartitionAssigner`. */
export type KafkajsPartitionAssigner = (config: { cluster: KafkajsCluster }) => KafkajsAssigner

/** kafkajs members own nothing when they join, so the first version of the consumer protocol says all there is to say. */
const version = 0

/** What kafkajs's metadata refresh fails with when a topic cannot be read. */
const unreadableTopic = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION', 'TOPIC_AUTHORIZATION_FAILED'])

/**
 * An assignor as one of kafkajs's `partitionAssigners`. The members of a group may run other clients, and may subscribe to other topics
 * than the leader: their subscriptions are read from their metadata.
 * kafkajs gives up all partitions before it joins again, so the assignor has to support `EAGER`; `onAssignment` is never called.
 * @throws Error when the assignor does not support `EAGER`.
 */
export function kafkajsAssigner(create: () => Assignor): KafkajsPartitionAssigner {
  return ({ cluster }) => {
    const assignor = create()
    if (!assignor.supportedProtocols.includes('EAGER')) {
      throw new Error(`kafkajs rebalances eagerly, but the assignor "${assignor.name}" supports only COOPERATIVE`)
    }
    return {
      name: assignor.name,
      version,
      protocol({ topics }) {
        const userData = assignor.subscriptionUserData?.(new Set(topics)) ?? null
        return { name: assignor.name, metadata: asBuffer(encodeSubscription({ topics, userData }, version)) }
      },
      async assign({ members, topics }) {
        const group = new Map<string, Subscription>()
        for (const { memberId, memberMetadata } of members) group.set(memberId, decodeSubscription(memberMetadata))
        await learnTopics(cluster, group, topics)
        const assignments = assignor.assign(viewOf(cluster), group)
        return Array.from(assignments, ([memberId, assignment]) => ({
          memberId,
          memberAssignment: asBuffer(encodeAssignment(assignment, version)),
        }))
      },
    }
  }
}

/** The leader's cluster knows the leader's topics; those of the others are added. One that does not exist is left out. */
async function learnTopics(
  cluster: KafkajsCluster,
  group: ReadonlyMap<string, Subscription>,
  known: readonly string[],
): Promise<void> {
  const topics = new Set<string>()
  for (const subscription of group.values()) for (const topic of subscription.topics) topics.add(topic)
  for (const topic of known) topics.delete(topic)
  for (const topic of topics) {
    try {
      await cluster.addTargetTopic(topic)
    } catch (error) {
      const type = error instanceof Error && 'type' in error ? error.type : undefined
      if (typeof type !== 'string' || !unreadableTopic.has(type)) throw error
    }
  }
}

/** kafkajs keeps the racks of brokers to itself, so racks are unknown here. */
function viewOf(cluster: KafkajsCluster): ClusterView {
  return { partitionCount: (topic) => cluster.findTopicPartitionMetadata(topic).length }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
