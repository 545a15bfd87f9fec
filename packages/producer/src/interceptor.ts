import type { KafkaError } from '@odradek/client'
import type { RecordMetadata, SentRecord } from './record.ts'

/** Sees every record of a producer. What it throws fails nothing: it is logged. Kafka: `ProducerInterceptor`. */
export interface ProducerInterceptor {
  /** The record before it is serialised; what it answers is sent instead. */
  onSend?(record: SentRecord): SentRecord
  /** The record was written, or finally failed. */
  onAcknowledgement?(metadata: RecordMetadata | null, error: KafkaError | null): void
}
