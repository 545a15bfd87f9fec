import { KafkaError } from '@odradek/client'
import type { TopicPartition } from './topic-partition.ts'

/**
 * What was fetched is not records: a checksum, a length or a codec says so. Reading stops in front of it; `seek` to `nextOffset` goes on
 * behind the damaged batch. Kafka: `CorruptRecordException`.
 */
export class CorruptRecordError extends KafkaError {
  override readonly name = 'CorruptRecordError'
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Behind the batch, as far as its header can be believed. */
  readonly nextOffset: number

  constructor(at: TopicPartition & { readonly offset: number; readonly nextOffset: number }, cause: unknown) {
    const { topic, partition, offset, nextOffset } = at
    const why = cause instanceof Error ? cause.message : String(cause)
    super(
      'CORRUPT_MESSAGE',
      `the record at ${topic}-${partition}, offset ${offset}, cannot be read: ${why}; seek to ${nextOffset} to go on without it`,
      { cause, context: { topic, partition } },
    )
    this.topic = topic
    this.partition = partition
    this.offset = offset
    this.nextOffset = nextOffset
  }
}
