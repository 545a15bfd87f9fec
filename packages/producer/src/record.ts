import type { RecordData, Topic } from '@odradek/client'

/** Headers of a record: in order, or as an object. */
export type RecordHeaders =
  | readonly { readonly key: string; readonly value: RecordData }[]
  | Readonly<Record<string, RecordData>>

/** What a record has beside its topic. `K` and `V` are what the serializers take. */
export interface RecordFields<K, V> {
  readonly key?: K | undefined
  readonly value?: V | undefined
  readonly headers?: RecordHeaders | undefined
  /** The partition; chosen by the partitioner when left out. */
  readonly partition?: number | undefined
  /** Milliseconds since 1970; the time of the call when left out. */
  readonly timestamp?: number | undefined
}

/** One record to send to a topic by its name. */
export interface ProducerRecord<K = RecordData, V = RecordData> extends RecordFields<K, V> {
  readonly topic: string
}

/** One record to send to a topic that was made by `defineTopic`. */
export interface TypedRecord<K, V> extends RecordFields<K, V> {
  readonly topic: Topic<K, V>
}

/** A record of either kind, as interceptors see it. */
export interface SentRecord extends RecordFields<unknown, unknown> {
  readonly topic: string | Topic<never, never>
}

/** Where a record was written. Kafka: `RecordMetadata`. */
export interface RecordMetadata {
  readonly topic: string
  readonly partition: number
  /** -1 when the broker did not tell: with acks=0, or for a duplicate it no longer remembers. */
  readonly offset: number
  /** The record's timestamp, or the broker's where the topic has LogAppendTime. */
  readonly timestamp: number
}

/** Options of one `send`. */
export interface SendOptions {
  /** Gives up while the record waits for metadata or memory. A record that is in a batch already is sent all the same. */
  readonly signal?: AbortSignal | undefined
}
