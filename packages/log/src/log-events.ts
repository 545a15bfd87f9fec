import type { TopicPartition } from './log-file-names.ts'

/** What logs and log directories tell on their hooks. Offsets of ranges are inclusive at both ends. */
export interface LogEvents {
  /** A batch was written. */
  readonly appended: TopicPartition & {
    readonly firstOffset: number
    readonly lastOffset: number
    readonly sizeInBytes: number
    readonly producerId: number
    readonly producerEpoch: number
    readonly baseSequence: number
  }
  /** A batch that a producer had sent before was acknowledged and not written. */
  readonly duplicateSuppressed: TopicPartition & {
    readonly firstOffset: number
    readonly lastOffset: number
    readonly producerId: number
    readonly producerEpoch: number
    readonly baseSequence: number
  }
  /** A new active segment was begun. */
  readonly rolled: TopicPartition & { readonly baseOffset: number }
  readonly highWatermarkMoved: TopicPartition & { readonly highWatermark: number }
  readonly logStartOffsetMoved: TopicPartition & { readonly logStartOffset: number }
  /** A segment went out of the log; its files go after `file.delete.delay.ms`. */
  readonly segmentDeleted: TopicPartition & {
    readonly baseOffset: number
    readonly sizeInBytes: number
    readonly reason: SegmentDeletionReason
  }
  /** Everything up to `endOffset` was made durable. */
  readonly flushed: TopicPartition & { readonly endOffset: number }
  /** Records from `offset` on were taken back. */
  readonly truncated: TopicPartition & { readonly offset: number }
  /** Compaction went over the log up to `endOffset`. */
  readonly cleaned: TopicPartition & {
    readonly endOffset: number
    readonly bytesRead: number
    readonly bytesWritten: number
    readonly recordsRead: number
    readonly recordsKept: number
  }
  /** Compaction cannot go over this log until the cause is removed. */
  readonly uncleanable: TopicPartition & { readonly reason: string }
  /** The log was opened; `truncatedBytes` were not whole batches. */
  readonly recovered: TopicPartition & {
    readonly cleanShutdown: boolean
    readonly logEndOffset: number
    readonly scannedSegments: number
    readonly truncatedBytes: number
  }
  /** Bytes on the disk are not what was written. They are not served. */
  readonly corruptionFound: TopicPartition & {
    readonly path: string
    readonly position: number
    readonly reason: string
  }
  /** A log directory failed and takes no more part; told once. */
  readonly offline: { readonly directory: string; readonly cause: unknown }
}

/** Why a segment went out of its log. */
export type SegmentDeletionReason =
  | 'retention-time'
  | 'retention-size'
  | 'log-start-offset'
  | 'truncation'
  | 'compaction'
  | 'log-deletion'
  | 'recovery'
