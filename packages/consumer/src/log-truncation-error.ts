import { KafkaError } from '@odradek/client'
import type { TopicPartitionOffset } from './topic-partition.ts'

/**
 * The log was cut off in front of where this consumer stood: an unclean leader election lost records it had read (KIP-320), and
 * `auto.offset.reset` is none. Kafka: `LogTruncationException`.
 */
export class LogTruncationError extends KafkaError {
  override readonly name = 'LogTruncationError'
  /** Where the consumer stood. */
  readonly position: TopicPartitionOffset
  /** Where the logs part, and to which to seek; null when the leader does not know. */
  readonly divergentOffset: TopicPartitionOffset | null

  constructor(position: TopicPartitionOffset, divergentOffset: TopicPartitionOffset | null) {
    const { topic, partition, offset } = position
    const where = divergentOffset === null ? 'an unknown offset' : `offset ${divergentOffset.offset}`
    super(
      'LOG_TRUNCATED',
      `the log of ${topic}-${partition} was cut off at ${where}, before position ${offset}, and autoOffsetReset is none`,
      { context: { topic, partition } },
    )
    this.position = position
    this.divergentOffset = divergentOffset
  }
}
