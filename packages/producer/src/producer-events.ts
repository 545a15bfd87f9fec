import type { ClientEvents, KafkaErrorCode } from '@odradek/client'

/** What an event about a batch carries. Sequence and producer id are -1 as long as the batch has none. */
export interface BatchEvent {
  readonly topic: string
  readonly partition: number
  readonly records: number
  readonly bytes: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
}

/** What a producer does, told on its hooks beside what its connections do. Durations are milliseconds. */
export interface ProducerEvents extends ClientEvents {
  readonly batchOpened: { readonly topic: string; readonly partition: number }
  /** A batch takes no more records: it is full, or it is sent before it is. */
  readonly batchClosed: BatchEvent & { readonly reason: 'full' | 'sent' }
  readonly batchSent: BatchEvent & {
    readonly nodeId: number
    readonly attempt: number
    readonly queuedMs: number
    readonly maxRecordBytes: number
    readonly uncompressedBytes: number
  }
  /** A broker answered a Produce request, and takes no further one for `throttleTimeMs` (KIP-219). */
  readonly produceAnswered: { readonly nodeId: number; readonly throttleTimeMs: number }
  readonly batchAcknowledged: BatchEvent & { readonly baseOffset: number; readonly latencyMs: number }
  readonly batchRetried: BatchEvent & { readonly error: KafkaErrorCode; readonly retryInMs: number }
  readonly batchSplit: BatchEvent & { readonly into: number }
  readonly batchFailed: BatchEvent & { readonly error: KafkaErrorCode }
  readonly producerIdAssigned: { readonly producerId: number; readonly producerEpoch: number }
  /** The epoch was raised, and the sequences of some partitions begin at 0 again. */
  readonly producerEpochBumped: { readonly producerId: number; readonly producerEpoch: number }
  /** A send waits for metadata of its topic or for `buffer.memory`. */
  readonly sendBlocked: { readonly topic: string; readonly reason: 'metadata' | 'memory' }
  /** It has a place in a batch now, or has failed. */
  readonly sendUnblocked: {
    readonly topic: string
    readonly reason: 'metadata' | 'memory'
    readonly outcome: 'placed' | 'timed-out' | 'failed'
  }
  /** Everything that was sent before a `flush` is settled. */
  readonly flushed: { readonly durationMs: number }
}
