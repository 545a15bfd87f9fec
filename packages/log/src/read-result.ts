import type { LogErrorName } from './append-result.ts'

/** How far a reader may see: Kafka's `FetchIsolation`. */
export type FetchIsolation = 'log-end' | 'high-watermark' | 'last-stable-offset'

/** What `PartitionLog.read` is asked for. */
export interface ReadOptions {
  /** Bytes wanted at most; whole batches only, so less may come. */
  readonly maxBytes: number
  /** The first batch comes whatever its size, so that a reader always gets on. */
  readonly minOneMessage: boolean
  /** A follower reads to `log-end`, a consumer to `high-watermark`, a read_committed one to `last-stable-offset`. */
  readonly isolation: FetchIsolation
  /**
   * Memory of at least `length` bytes for what has to be read from a file, or undefined for memory anew. The chunks answered are
   * then views of it, and it is the caller's to use again.
   */
  readonly memory?: (length: number) => Uint8Array | undefined
}

/** A transaction whose records a read_committed consumer has to skip, as the Fetch response lists it. */
export interface AbortedTransactionStart {
  readonly producerId: number
  readonly firstOffset: number
}

/** Batches read, with the offsets a Fetch response carries. */
export interface FetchedRecords {
  readonly error?: undefined
  /** The batches in their order, by reference: views on memory that does not change. They start with the batch that holds the offset. */
  readonly chunks: readonly Uint8Array[]
  readonly sizeInBytes: number
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logEndOffset: number
  /** Only for `last-stable-offset`: the aborted transactions among the batches. */
  readonly abortedTransactions?: readonly AbortedTransactionStart[]
}

/** A read that could not be answered. */
export interface ReadFailure {
  readonly error: LogErrorName
  readonly message: string
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logEndOffset: number
}

/** What `PartitionLog.read` answers; told apart by `error`. */
export type ReadResult = FetchedRecords | ReadFailure

/** What ListOffsets asks for: one of Kafka's special timestamps, or milliseconds since the epoch. */
export type OffsetSpec = 'earliest' | 'latest' | 'max-timestamp' | 'earliest-local' | 'latest-tiered' | number

/** A record found by its time. `timestamp` and `leaderEpoch` are -1 where Kafka answers -1. */
export interface TimestampAndOffset {
  readonly timestamp: number
  readonly offset: number
  readonly leaderEpoch: number
}
