import { describe, expect, test } from 'vitest'
import {
  incrementSequence,
  ProtocolError,
  RecordBatchBuilder,
  RecordBatchView,
  type RecordView,
} from '../../src/index.ts'
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

function someBatch(): RecordBatchView {
  const builder = new RecordBatchBuilder({ baseOffset: 10 })
  builder.append({ timestamp: 1000, key: 'a', value: 'first' })
  builder.append({ timestamp: 1005, value: 'second', headers: [{ key: 'h', value: null }] })
  builder.append({ timestamp: 999, key: 'b' })
  // A batch that is not at the start of its bytes shows that all positions are counted from its own start.
  return new RecordBatchView(Buffer.concat([Buffer.alloc(7, 0xff), builder.close()]), 7)
}

/** A batch with one byte changed, `at` counted from its start. */
function damaged(at: number, value: number): RecordBatchView {
  const batch = someBatch()
  batch.bytes[batch.start + at] = value
  return batch
}

describe('the fields that a broker sets', () => {
  test('base offset and leader epoch leave the checksum as it is', () => {
    const batch = someBatch()
    const { crc } = batch
    batch.setBaseOffset(2 ** 40 + 3)
    batch.setPartitionLeaderEpoch(77)
    expect([batch.baseOffset, batch.lastOffset, batch.nextOffset]).toEqual([2 ** 40 + 3, 2 ** 40 + 5, 2 ** 40 + 6])
    expect([batch.partitionLeaderEpoch, batch.crc, batch.hasValidCrc()]).toEqual([77, crc, true])
    batch.setLastOffset(5)
    expect(Array.from(batch.records(), ({ offset }) => offset)).toEqual([3, 4, 5])
  })

  test("the broker's timestamp becomes that of all records, under a new checksum", () => {
    const batch = someBatch()
    const { crc } = batch
    batch.setMaxTimestamp('LogAppendTime', 1_700_000_000_000)
    expect(batch.timestampType).toBe('LogAppendTime')
    expect(batch.crc).not.toBe(crc)
    expect(batch.hasValidCrc()).toBe(true)
    expect(Array.from(batch.records(), ({ timestamp }) => timestamp)).toEqual(Array(3).fill(1_700_000_000_000))
    batch.setMaxTimestamp('CreateTime', 1005)
    expect(Array.from(batch.records(), ({ timestamp }) => timestamp)).toEqual([1000, 1005, 999])
    expect(batch.crc).toBe(crc)
  })

  test('a timestamp that is there already costs no checksum', () => {
    const batch = damaged(61, 0)
    batch.setMaxTimestamp('CreateTime', 1005)
    expect(batch.hasValidCrc()).toBe(false)
  })
})

test('a producer writes its new epoch into a batch it sends again', () => {
  const batch = someBatch()
  const state = { producerId: 2 ** 41, producerEpoch: 3, baseSequence: 2_147_483_646, isTransactional: true }
  batch.setProducerState(state)
  const { producerId, producerEpoch, baseSequence, isTransactional } = batch
  expect({ producerId, producerEpoch, baseSequence, isTransactional }).toEqual(state)
  expect(batch.lastSequence).toBe(0)
  expect(batch.hasValidCrc()).toBe(true)
})

test.each([
  [0, 1, 1],
  [2_147_483_647, 1, 0],
  [2_147_483_640, 10, 2],
])('the sequence %i and %i more is %i', (sequence, increment, next) => {
  expect(incrementSequence(sequence, increment)).toBe(next)
})

test('the header alone tells everything but the records', () => {
  const whole = someBatch()
  const head = new RecordBatchView(whole.toBytes().slice(0, 61))
  expect(headerOf(head)).toEqual(headerOf(whole))
  expect([head.sizeInBytes, head.recordCount, head.isComplete]).toEqual([whole.sizeInBytes, 3, false])
  expect(head.hasValidCrc()).toBe(false)
  expect(() => head.records()).toThrow(ProtocolError)
})

test('records are views on the batch, and each is its own', () => {
  const batch = someBatch()
  const [first, second] = [...batch.records()]
  expect(first!.value!.buffer).toBe(batch.bytes.buffer)
  expect([first!.keyLength, first!.valueLength, second!.keyLength, second!.valueLength]).toEqual([1, 5, -1, 6])
  expect(Buffer.from(first!.value!).toString()).toBe('first')
  expect(first!.toObject()).toEqual({
    offset: 10,
    timestamp: 1000,
    key: Uint8Array.of(97),
    value: new Uint8Array(Buffer.from('first')),
    headers: [],
  })
})

describe('a damaged batch', () => {
  test('has no valid checksum, whichever byte the checksum covers', () => {
    const { sizeInBytes } = someBatch()
    for (let at = 17; at < sizeInBytes; at++) {
      const batch = someBatch()
      batch.bytes[batch.start + at]! ^= 1
      expect(batch.hasValidCrc()).toBe(false)
    }
  })

  test.each([
    ['of another magic', 16, 1, 'magic: magic 1 is not 2 (at byte 23)'],
    ['with a length beyond the bytes', 10, 1, 'batchLength: batch of 354 bytes, but 98 are there (at byte 15)'],
    ['with a negative length', 8, 0x80, 'batchLength: batch of -2147483550 bytes, but 98 are there (at byte 15)'],
    ['with a codec that does not exist', 22, 5, 'attributes: compression type 5 does not exist (at byte 28)'],
    ['with more records than bytes', 59, 1, 'recordCount: 259 records in 37 bytes (at byte 64)'],
    ['with a negative record count', 57, 0xff, 'recordCount: -16777213 records in 37 bytes (at byte 64)'],
    ['with a negative last offset', 23, 0xff, 'lastOffsetDelta: last offset delta -16777214 is negative (at byte 30)'],
    ['with an offset that is no safe integer', 1, 0x7f, 'baseOffset: int64 is not a safe integer (at byte 7)'],
    ['with fewer records than it says', 60, 4, 'records[3]: the bytes end within a varint (at byte 105)'],
    ['with more records than it says', 60, 2, 'records: 8 bytes are left after the last record (at byte 97)'],
    ['whose record is longer than the batch', 61, 0x7e, 'records[0]: record of 63 bytes, but 36 are left (at byte 68)'],
    ['whose record has a negative length', 61, 0x01, 'records[0]: record of -1 bytes, but 36 are left (at byte 68)'],
    [
      'whose key is longer than its record',
      65,
      0x20,
      'records[0]: record of 12 bytes has a key of 16 and a value of -50 bytes (at byte 68)',
    ],
    [
      'whose value has a negative length',
      67,
      0x05,
      'records[0]: record of 12 bytes has a key of 1 and a value of -3 bytes (at byte 68)',
    ],
    ['whose headers are more than fit', 86, 0x10, 'headers: 8 headers in 3 bytes (at byte 93)'],
  ])('%s is an error that says where', (_, at, value, message) => {
    expect(() => damaged(at, value).validateRecords()).toThrow(message)
  })

  test('of fewer bytes than a header is an error', () => {
    expect(() => new RecordBatchView(new Uint8Array(60))).toThrow(ProtocolError)
  })

  test('that decompresses to more than it may is an error', () => {
    const builder = new RecordBatchBuilder({ compression: 'zstd' })
    builder.append({ timestamp: 1, value: new Uint8Array(1_000_000) })
    const batch = new RecordBatchView(builder.close())
    expect(batch.sizeInBytes).toBeLessThan(200)
    expect(() => batch.records({ maxDecompressedBytes: 1_000_000 })).toThrow(
      new ProtocolError('zstd data takes more than 1000000 bytes decompressed', 'records'),
    )
    expect([...batch.records({ maxDecompressedBytes: 1_000_100 })]).toHaveLength(1)
  })
})
