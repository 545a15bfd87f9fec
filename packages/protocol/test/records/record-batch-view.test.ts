import { describe, expect, test } from 'vitest'
import { RecordBatchView } from '../../src/index.ts'
import type { RecordView } from '../../src/records/record-view.ts'
import { fromHex, type RecordBatchVector, recordBatchVectors, toHex } from '../record-batch-vectors.ts'

function headerOf(batch: RecordBatchView): Partial<RecordBatchVector> {
  return {
    compression: batch.compression,
    baseOffset: String(batch.baseOffset),
    lastOffset: String(batch.lastOffset),
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    producerId: String(batch.producerId),
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    transactional: batch.isTransactional,
    timestampType: batch.timestampType,
    maxTimestamp: String(batch.maxTimestamp),
    crc: batch.crc,
  }
}

function contentOf(record: RecordView): RecordBatchVector['records'][number] {
  return {
    offset: String(record.offset),
    timestamp: String(record.timestamp),
    keyHex: toHex(record.key),
    valueHex: toHex(record.value),
    headers: record.headers.map((header) => [header.key, toHex(header.value)] as const),
  }
}

describe('a batch that Kafka wrote', () => {
  test.each(recordBatchVectors)('$id ($compression) is read with every field and record', (vector) => {
    const { id: _id, hex, records, ...header } = vector
    const batch = new RecordBatchView(fromHex(hex))
    expect(headerOf(batch)).toEqual(header)
    expect(batch.hasValidCrc()).toBe(true)
    expect(batch.recordCount).toBe(records.length)
    batch.validateRecords()
    expect(Array.from(batch.records(), contentOf)).toEqual(records)
    const visited: unknown[] = []
    batch.forEachRecord((record) => visited.push(contentOf(record)))
    expect(visited).toEqual(records)
  })
})
