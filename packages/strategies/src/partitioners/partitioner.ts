import type { Random } from '../random.ts'

/**
 * What a partitioner may know about the topic it places records in. The producer owns the object and keeps it current; a
 * partitioner reads it during a call and must not keep numbers from it.
 */
export interface TopicView {
  /** The topic's name. */
  readonly topic: string
  /** How many partitions the topic has, at least 1. */
  readonly partitionCount: number
  /** The partitions that have a leader, ascending; may be empty. */
  readonly availablePartitions: ArrayLike<number>
  /**
   * How many batches wait to be sent to the partition, `undefined` when nothing was ever queued for it. Without it placement
   * cannot adapt to load.
   */
  queueSize?(partition: number): number | undefined
  /**
   * For how many milliseconds the partition's leader has had batches ready without taking any: Kafka's `readyTimeMs` minus
   * `drainTimeMs` of the broker. 0 when all is well.
   */
  leaderLatencyMs?(partition: number): number
  /** The rack of the broker that leads the partition, `null` when unknown. */
  leaderRack?(partition: number): string | null
}

/** Chooses a partition, an integer in `[0, topic.partitionCount)`, for one record. The smallest partitioner is one of these. */
export type PartitionFunction = (topic: TopicView, key: Uint8Array | null, value: Uint8Array | null) => number

/** A record that was just put into a batch. The producer may reuse one object for all calls. */
export interface AppendedRecord {
  readonly key: Uint8Array | null
  /** Where it was put. */
  readonly partition: number
  /** How much the batch grew, in bytes. */
  readonly bytes: number
  /** Whether the partition's queue has no batch left with room in it. Leaving a partition before that makes small batches. */
  readonly allBatchesFull: boolean
}

/**
 * Decides which partition of a topic a record goes to. One instance serves one producer and may keep state.
 * `partition` is on the way of every record that names no partition itself, so it should not allocate.
 */
export interface Partitioner {
  readonly partition: PartitionFunction
  /** Told of each record that `partition` placed, once it is in a batch. Kafka: `BuiltInPartitioner.updatePartitionInfo`. */
  onAppend?(topic: TopicView, record: AppendedRecord): void
}

/** What a partitioner is made with; the producer fills it in from its own options. */
export interface PartitionerContext {
  readonly random: Random
  /** `batch.size` in bytes: how much goes to one partition before keyless records move on. Default 16384. */
  readonly batchSize?: number
  /** `partitioner.ignore.keys`: place keyed records like keyless ones. Default false. */
  readonly ignoreKeys?: boolean
  /** `partitioner.adaptive.partitioning.enable`: prefer partitions with short queues (KIP-794). Default true. */
  readonly adaptivePartitioning?: boolean
  /** `partitioner.availability.timeout.ms`: leave out leaders that take no batches for so long. Default 0, which is never. */
  readonly availabilityTimeoutMs?: number
  /** `partitioner.rack.aware`: prefer leaders in `rack` (KIP-1123). Default false. */
  readonly rackAware?: boolean
  /** `client.rack`. */
  readonly rack?: string
}

/** Makes the partitioner of one producer. All state lives in what it returns, so two producers never share any. */
export type PartitionerFactory = (context: PartitionerContext) => Partitioner | PartitionFunction

/** Makes a partitioner, whichever of its two forms the factory returns. */
export function createPartitioner(factory: PartitionerFactory, context: PartitionerContext): Partitioner {
  const made = factory(context)
  return typeof made === 'function' ? { partition: made } : made
}
