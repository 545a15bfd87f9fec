import { KafkaError, type RecordData } from '@odradek/client'
import type { NewRecordHeader } from '@odradek/protocol'
import { recordBatchOverheadBytes } from '@odradek/protocol'
import type { RecordHeaders } from './record.ts'
import { recordOverheadBytes } from './record-accumulator.ts'

/** Text up to this length is taken to have three bytes a character, which is quicker than counting. */
const shortText = 256
const longestLength = 5

/** Headers as they are written; undefined for none. */
export function recordHeaders(headers: RecordHeaders | undefined): readonly NewRecordHeader[] | undefined {
  if (headers === undefined) return undefined
  if (Array.isArray(headers)) return headers as readonly NewRecordHeader[]
  return Object.entries(headers as Readonly<Record<string, RecordData>>).map(([key, value]) => ({ key, value }))
}

/** An upper bound of the bytes of a batch with this record alone. Kafka: `estimateSizeInBytesUpperBound`. */
export function sizeBoundOf(
  key: RecordData,
  value: RecordData,
  headers: readonly NewRecordHeader[] | undefined,
): number {
  let bytes = recordBatchOverheadBytes + recordOverheadBytes + dataBytes(key) + dataBytes(value)
  if (headers !== undefined) {
    for (const header of headers) bytes += 2 * longestLength + dataBytes(header.key) + dataBytes(header.value)
  }
  return bytes
}

/** @throws KafkaError INVALID_RECORD for headers, timestamps and partitions that no record can have */
export function checkRecord(
  topic: string,
  record: {
    readonly timestamp: number
    readonly partition: number | undefined
    readonly headers: readonly NewRecordHeader[] | undefined
  },
): void {
  const { timestamp, partition, headers } = record
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
    throw new KafkaError('INVALID_RECORD', `timestamp ${timestamp} is not a time in milliseconds since 1970`, {
      context: { topic, partition },
    })
  }
  if (partition !== undefined && !(Number.isInteger(partition) && partition >= 0)) {
    throw new KafkaError('INVALID_RECORD', `partition ${partition} is not a whole number from 0 on`, {
      context: { topic, partition },
    })
  }
  if (headers === undefined) return
  for (const { key, value } of headers) {
    if (typeof key === 'string' && (value === null || typeof value === 'string' || value instanceof Uint8Array))
      continue
    throw new KafkaError('INVALID_RECORD', 'a header is a text with Uint8Array, string or null', {
      context: { topic, partition },
    })
  }
}

function dataBytes(data: RecordData): number {
  if (data === null) return 0
  if (typeof data !== 'string') return data.length
  return data.length <= shortText ? data.length * 3 : Buffer.byteLength(data)
}
