import type { KafkaError } from '@odradek/client'
import type { ConsumerRecords } from './consumer-records.ts'
import type { OffsetAndMetadata, PartitionMap } from './topic-partition.ts'

/** Sees what a consumer returns and commits. What it throws fails nothing: it is logged. Kafka: `ConsumerInterceptor`. */
export interface ConsumerInterceptor {
  /** The records before `poll` returns them; what it answers is returned instead. */
  onConsume?(records: ConsumerRecords<unknown, unknown>): ConsumerRecords<unknown, unknown>
  /** Offsets were committed, or were not. */
  onCommit?(offsets: PartitionMap<OffsetAndMetadata>, error: KafkaError | null): void
}
