import type { Random } from '../random.ts'
import type { PartitionerContext, TopicView } from './partitioner.ts'

/**
 * A draw among partitions, weighted against long queues (KIP-794). Queue sizes 0, 3, 1 get the weights 4, 1, 3: the longest
 * queue keeps one ticket, each batch fewer is one ticket more.
 * Kafka: `BuiltInPartitioner.updatePartitionLoadStats` and the part of `RecordAccumulator.partitionReady` that feeds it.
 */
export class PartitionLoad {
  readonly #adaptive: boolean
  readonly #availabilityTimeoutMs: number
  readonly #rack: string | null
  readonly #partitions: number[] = []
  /** Running sums of the weights, one for each of `#partitions`. */
  readonly #tickets: number[] = []

  constructor(context: PartitionerContext) {
    this.#adaptive = context.adaptivePartitioning ?? true
    this.#availabilityTimeoutMs = context.availabilityTimeoutMs ?? 0
    this.#rack = context.rackAware ? (context.rack ?? null) : null
  }

  /** Reads the queues. False when they give no reason to prefer a partition: then the choice is uniform. */
  sample(topic: TopicView): boolean {
    if (!this.#adaptive || topic.queueSize === undefined || topic.partitionCount < 2) return false
    // A partition that was never used has no queue to compare. Uniform choice reaches all of them soon.
    for (let partition = 0; partition < topic.partitionCount; partition++) {
      if (topic.queueSize(partition) === undefined) return false
    }
    this.#collect(topic, null)
    const responsive = this.#partitions.length
    if (responsive === 0) return false
    if (responsive === topic.partitionCount && this.#tickets.every((size) => size === this.#tickets[0])) return false
    if (this.#rack !== null && topic.leaderRack !== undefined) {
      this.#collect(topic, this.#rack)
      if (this.#partitions.length === 0) this.#collect(topic, null)
    }
    this.#issueTickets()
    return true
  }

  /** Draws one of the partitions sampled last. */
  pick(random: Random): number {
    const tickets = this.#tickets
    const drawn = random.nextInt(tickets[tickets.length - 1]!)
    let low = 0
    let high = tickets.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (tickets[middle]! > drawn) high = middle
      else low = middle + 1
    }
    return this.#partitions[low]!
  }

  /** Queue sizes of the partitions whose leader is known, takes its batches and is in `rack` (any when null). */
  #collect(topic: TopicView, rack: string | null): void {
    this.#partitions.length = 0
    this.#tickets.length = 0
    const available = topic.availablePartitions
    for (let i = 0; i < available.length; i++) {
      const partition = available[i]!
      if (rack !== null && topic.leaderRack?.(partition) !== rack) continue
      if (this.#isStuck(topic, partition)) continue
      this.#partitions.push(partition)
      this.#tickets.push(topic.queueSize?.(partition) ?? 0)
    }
  }

  #isStuck(topic: TopicView, partition: number): boolean {
    if (this.#availabilityTimeoutMs === 0 || topic.leaderLatencyMs === undefined) return false
    return topic.leaderLatencyMs(partition) > this.#availabilityTimeoutMs
  }

  #issueTickets(): void {
    const tickets = this.#tickets
    let most = 0
    for (const size of tickets) most = Math.max(most, size)
    let sum = 0
    for (let i = 0; i < tickets.length; i++) {
      sum += most + 1 - tickets[i]!
      tickets[i] = sum
    }
  }
}
