import type { ConsumerRecord } from '../../consumer-record.ts'
import type { PartitionRecords } from '../../consumer-records.ts'
import type { Serializable } from './dead-letter.ts'

/** What a handler is told beside the records. */
export interface HandlerContext {
  /** 1 at first, then one more with each retry. */
  readonly attempt: number
  /** Aborted when the run ends, and when the partition is about to be taken away. */
  readonly signal: AbortSignal
}

/** Works on one record. */
export type EachRecord<Key, Value> = (
  record: ConsumerRecord<Key, Value>,
  context: HandlerContext,
) => void | Promise<void>

/** Works on records of one partition that follow each other. */
export type EachBatch<Key, Value> = (
  batch: PartitionRecords<Key, Value>,
  context: HandlerContext,
) => void | Promise<void>

/** How often a handler that threw is called again. */
export interface RetryOptions {
  /** Calls after the first; 0 when left out. */
  readonly retries?: number | undefined
  /** Milliseconds before the first retry, doubled with each; `retryBackoffMs` when left out. */
  readonly backoffMs?: number | undefined
  /** Milliseconds between two calls at most; 30,000 when left out. */
  readonly maxBackoffMs?: number | undefined
}

/** Where records go that no retry helped. */
export interface DeadLetterOptions {
  readonly topic: string
  /** A `Producer`, or anything that sends. The record counts as processed when it resolves. */
  readonly producer: { send(record: DeadLetterRecord): Promise<unknown> }
}

/** A record for a dead-letter topic: the one that failed, byte by byte, with headers that say where it was and why. */
export interface DeadLetterRecord {
  readonly topic: string
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly { readonly key: string; readonly value: Serializable }[]
  readonly timestamp?: number
}

interface CommonRunOptions extends RetryOptions {
  /** Handlers under way at once; 1 when left out. */
  readonly concurrency?: number | undefined
  readonly deadLetter?: DeadLetterOptions | undefined
  /** Ends the run: handlers under way come to their end, then the promise of `run` resolves. */
  readonly signal?: AbortSignal | undefined
}

/** How records are worked on. One of `eachRecord` and `eachBatch` is given. */
export type RunOptions<Key, Value> =
  | (CommonRunOptions & {
      readonly eachRecord: EachRecord<Key, Value>
      readonly eachBatch?: undefined
      /** What has to stay in order: records of a partition, or only those with equal keys, so that one partition uses all handlers. */
      readonly order?: 'partition' | 'key' | undefined
    })
  | (CommonRunOptions & {
      readonly eachBatch: EachBatch<Key, Value>
      readonly eachRecord?: undefined
      readonly order?: 'partition' | undefined
    })
