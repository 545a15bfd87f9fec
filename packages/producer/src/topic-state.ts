import type { ClientCore, RecordData, TopicMetadata } from '@odradek/client'
import type { NewRecord, NewRecordHeader } from '@odradek/protocol'
import type { TopicView } from '@odradek/strategies'
import type { PartitionQueue } from './partition-queue.ts'
import type { RecordAccumulator } from './record-accumulator.ts'
import type { SendCall } from './send-call.ts'

/** A record that was serialised and has no place yet. */
export interface PendingRecord extends NewRecord {
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: RecordData
  readonly headers: readonly NewRecordHeader[] | undefined
  readonly partition: number | undefined
  /** An upper bound of the bytes it takes. */
  readonly sizeBound: number
  readonly call: SendCall
  readonly index: number
  readonly deadlineMs: number
  readonly order: number
  /** What it began to wait for. */
  readonly reason?: 'metadata' | 'memory'
  /** Ends the watching of the signal; called when it waits no more. */
  readonly stopWatching?: () => void
}

/** A topic as the producer and its partitioner see it, and the records that wait for its metadata or for memory. */
export class TopicState implements TopicView {
  readonly topic: string
  readonly blocked: PendingRecord[] = []
  serializeKey: (key: unknown) => RecordData
  serializeValue: (value: unknown) => RecordData
  partitionCount = 0
  availablePartitions: readonly number[] = []
  readonly #core: ClientCore
  readonly #accumulator: RecordAccumulator
  readonly #queues: (PartitionQueue | undefined)[] = []
  #known: TopicMetadata | undefined

  constructor(
    topic: string,
    { core, accumulator }: { readonly core: ClientCore; readonly accumulator: RecordAccumulator },
    codec: { readonly key: (key: unknown) => RecordData; readonly value: (value: unknown) => RecordData },
  ) {
    this.topic = topic
    this.serializeKey = codec.key
    this.serializeValue = codec.value
    this.#core = core
    this.#accumulator = accumulator
    this.refresh()
  }

  /** Takes over what metadata says now. */
  refresh(): void {
    const known = this.#core.metadata.topic(this.topic)
    if (known === this.#known) return
    this.#known = known
    const partitions = known?.partitions ?? []
    this.partitionCount = partitions.length
    this.availablePartitions = partitions.filter(({ leaderId }) => leaderId >= 0).map(({ partition }) => partition)
  }

  /** The queue of a partition. */
  queue(partition: number): PartitionQueue {
    const known = this.#queues[partition]
    if (known !== undefined) return known
    const queue = this.#accumulator.queue(this.topic, partition)
    this.#queues[partition] = queue
    return queue
  }

  queueSize(partition: number): number | undefined {
    return this.#accumulator.queueSize(this.topic, partition)
  }

  leaderLatencyMs(partition: number): number {
    const { readyMs, drainedMs } = this.#accumulator.queue(this.topic, partition)
    return Math.max(0, readyMs - drainedMs)
  }

  leaderRack(partition: number): string | null {
    const leaderId = this.#known?.partitions[partition]?.leaderId ?? -1
    return this.#core.metadata.cluster.brokers.get(leaderId)?.rack ?? null
  }
}
