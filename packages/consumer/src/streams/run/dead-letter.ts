/**
 * Records that cannot be processed, sent to a topic of their own with the reason. The headers are those of Kafka Connect's dead letter
 * queues (KIP-298), so that its tools and people's eyes find them where they expect.
 */
import type { ConsumerRecord } from '../../consumer-record.ts'
import type { DeadLetterRecord } from './run-options.ts'

/** What a header may hold. */
export type Serializable = Uint8Array | string | null

const prefix = '__connect.errors'

/** The record as it goes to the dead-letter topic. */
export function deadLetterRecord<Key, Value>(
  topic: string,
  record: ConsumerRecord<Key, Value>,
  error: unknown,
): DeadLetterRecord {
  const failure = error instanceof Error ? error : new Error(String(error))
  return {
    topic,
    key: record.keyBytes,
    value: record.valueBytes,
    headers: [
      ...record.headers,
      { key: `${prefix}.topic`, value: record.topic },
      { key: `${prefix}.partition`, value: String(record.partition) },
      { key: `${prefix}.offset`, value: String(record.offset) },
      { key: `${prefix}.exception.class.name`, value: failure.name },
      { key: `${prefix}.exception.message`, value: failure.message },
      { key: `${prefix}.exception.stacktrace`, value: failure.stack ?? '' },
    ],
  }
}
