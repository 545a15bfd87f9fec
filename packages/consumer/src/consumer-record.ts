import type { Deserializer } from '@odradek/client'
import { type KafkaRecord, type RecordHeader, RecordView, type TimestampType } from '@odradek/protocol'
import { RecordDeserializationError } from './record-deserialization-error.ts'
import type { TopicPartition } from './topic-partition.ts'

/** What the records of one batch have in common. */
export interface RecordOrigin extends TopicPartition {
  readonly timestampType: TimestampType
  /** Leader epoch of the batch; null where it has none. */
  readonly leaderEpoch: number | null
  readonly deserializeKey: Deserializer<unknown> | undefined
  readonly deserializeValue: Deserializer<unknown> | undefined
}

/**
 * A record as it was read: a view on the bytes that were fetched. Key, value and headers are made when they are asked for, and kept; who
 * keeps a record keeps the fetched bytes around it in memory. Kafka: `ConsumerRecord`.
 */
export class ConsumerRecord<Key = Uint8Array, Value = Uint8Array> {
  readonly #view: KafkaRecord
  readonly #origin: RecordOrigin
  #key: Key | null | undefined
  #value: Value | null | undefined

  constructor(view: KafkaRecord, origin: RecordOrigin) {
    this.#view = view
    this.#origin = origin
  }

  get topic(): string {
    return this.#origin.topic
  }

  get partition(): number {
    return this.#origin.partition
  }

  get offset(): number {
    return this.#view.offset
  }

  /** Milliseconds since 1970; whose they are is in `timestampType`. */
  get timestamp(): number {
    return this.#view.timestamp
  }

  get timestampType(): TimestampType {
    return this.#origin.timestampType
  }

  /** Leader epoch under which the record was written; null where that is not known. */
  get leaderEpoch(): number | null {
    return this.#origin.leaderEpoch
  }

  /** @throws RecordDeserializationError */
  get key(): Key | null {
    if (this.#key === undefined) this.#key = this.#read('key', this.#origin.deserializeKey) as Key | null
    return this.#key
  }

  /** @throws RecordDeserializationError */
  get value(): Value | null {
    if (this.#value === undefined) this.#value = this.#read('value', this.#origin.deserializeValue) as Value | null
    return this.#value
  }

  /** In their order; keys may repeat. */
  get headers(): readonly RecordHeader[] {
    return this.#view.headers
  }

  /** The last header of that key; undefined when there is none. */
  header(key: string): Uint8Array | null | undefined {
    return this.#view.headers.findLast((header) => header.key === key)?.value
  }

  /** The key as it was sent. */
  get keyBytes(): Uint8Array | null {
    return this.#view.key
  }

  /** The value as it was sent. */
  get valueBytes(): Uint8Array | null {
    return this.#view.value
  }

  /** Bytes of key and value, without those of the record around them. */
  get dataBytes(): number {
    const view = this.#view
    if (view instanceof RecordView) return Math.max(0, view.keyLength) + Math.max(0, view.valueLength)
    return (view.key?.length ?? 0) + (view.value?.length ?? 0)
  }

  /** The record as a plain object, for printing and comparing. @throws RecordDeserializationError */
  toJSON(): object {
    const { topic, partition, offset, timestamp, timestampType, leaderEpoch, key, value, headers } = this
    return { topic, partition, offset, timestamp, timestampType, leaderEpoch, key, value, headers }
  }

  #read(part: 'key' | 'value', deserialize: Deserializer<unknown> | undefined): unknown {
    const bytes = this.#view[part]
    if (bytes === null || deserialize === undefined) return bytes
    try {
      return deserialize(bytes, this) ?? null
    } catch (cause) {
      const { topic, partition, offset, keyBytes, valueBytes } = this
      throw new RecordDeserializationError({ topic, partition, offset, part, keyBytes, valueBytes }, cause)
    }
  }
}
