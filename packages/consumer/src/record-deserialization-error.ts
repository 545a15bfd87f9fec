import { KafkaError } from '@odradek/client'
import type { TopicPartition } from './topic-partition.ts'

/** Which part of which record could not be read, and its bytes. */
export interface UnreadableRecord extends TopicPartition {
  readonly offset: number
  readonly part: 'key' | 'value'
  readonly keyBytes: Uint8Array | null
  readonly valueBytes: Uint8Array | null
}

/**
 * A deserializer or schema did not take the bytes of a record. It is thrown where the key or value is first asked for, so the records around
 * it are not touched; `seek` to `offset + 1` skips it where reading begins again. Kafka: `RecordDeserializationException`.
 */
export class RecordDeserializationError extends KafkaError {
  override readonly name = 'RecordDeserializationError'
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly part: 'key' | 'value'
  readonly keyBytes: Uint8Array | null
  readonly valueBytes: Uint8Array | null

  constructor(record: UnreadableRecord, cause: unknown) {
    const { topic, partition, offset, part } = record
    const why = cause instanceof Error ? cause.message : String(cause)
    super(
      'DESERIALIZATION_FAILED',
      `the ${part} at ${topic}-${partition}, offset ${offset}, cannot be read: ${why}; seek past the record to go on without it`,
      { cause, context: { topic, partition } },
    )
    this.topic = topic
    this.partition = partition
    this.offset = offset
    this.part = part
    this.keyBytes = record.keyBytes
    this.valueBytes = record.valueBytes
  }
}
