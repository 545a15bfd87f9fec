import type { RackMap } from '../../balance/numbered-group.ts'
import type { TopicPartition } from '../../topic-partition.ts'
import type { ClusterView, Subscription } from '../assignor.ts'
import { racksMatter } from '../rack-awareness.ts'

/** The partitions of a group by number. */
interface NumberedPartitions {
  readonly topicOf: Int32Array
  topicPartition(partition: number): TopicPartition
}

/** Where members and replicas are. Kafka: `AbstractStickyAssignor.RackInfo`. */
export class StickyRacks implements RackMap {
  readonly #memberRacks: readonly (string | null)[]
  readonly #partitionRacks: readonly ReadonlySet<string>[]

  /** `null` when racks are unknown or every assignment would be equally near. */
  static of(
    cluster: ClusterView,
    partitions: NumberedPartitions,
    subscriptions: readonly Subscription[],
  ): StickyRacks | null {
    const memberRacks = subscriptions.map(({ rackId }) => rackId || null)
    const consumerRacks = new Set(memberRacks.filter((rack) => rack !== null))
    if (consumerRacks.size === 0 || cluster.replicaRacks === undefined) return null
    const partitionRacks: Set<string>[] = []
    for (let partition = 0; partition < partitions.topicOf.length; partition++) {
      const { topic, partition: number } = partitions.topicPartition(partition)
      partitionRacks.push(new Set(cluster.replicaRacks(topic, number)))
    }
    return racksMatter(consumerRacks, partitionRacks) ? new StickyRacks(memberRacks, partitionRacks) : null
  }

  private constructor(memberRacks: readonly (string | null)[], partitionRacks: readonly ReadonlySet<string>[]) {
    this.#memberRacks = memberRacks
    this.#partitionRacks = partitionRacks
  }

  isNear(member: number, partition: number): boolean {
    const rack = this.#memberRacks[member] ?? null
    return rack !== null && this.#partitionRacks[partition]!.has(rack)
  }

  isFar(member: number, partition: number): boolean {
    const rack = this.#memberRacks[member] ?? null
    return rack !== null && !this.#partitionRacks[partition]!.has(rack)
  }

  sortByChoice(partitions: readonly number[]): number[] {
    const membersIn = new Map<string, number>()
    for (const rack of this.#memberRacks) if (rack !== null) membersIn.set(rack, (membersIn.get(rack) ?? 0) + 1)
    const choice = (partition: number): number => {
      let members = 0
      for (const rack of this.#partitionRacks[partition]!) members += membersIn.get(rack) ?? 0
      return members
    }
    const choices = new Map(partitions.map((partition) => [partition, choice(partition)]))
    return [...partitions].sort((a, b) => choices.get(a)! - choices.get(b)!)
  }
}
