import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compressionTypes,
  emptyRecordBatch,
  ProtocolError,
  RecordBatchBuilder,
  type RecordBatchBuilderOptions,
  RecordBatchView,
  recordBatchOverheadBytes,
} from '../../src/index.ts'
import { fromHex, type RecordBatchVector, recordBatchVectors, toHex } from '../record-batch-vectors.ts'

function optionsOf(vector: RecordBatchVector): RecordBatchBuilderOptions {
  return {
    compression: vector.compression,
    baseOffset: Number(vector.baseOffset),
    partitionLeaderEpoch: vector.partitionLeaderEpoch,
    timestampType: vector.timestampType,
    logAppendTimeMs: Number(vector.maxTimestamp),
    producer: {
      producerId: Number(vector.producerId),
      producerEpoch: vector.producerEpoch,
      baseSequence: vector.baseSequence,
      isTransactional: vector.transactional,
    },
  }
}

/**
 * The producers' timestamps. In a LogAppendTime batch they are still in the bytes, under the broker's: without the attribute
 * they come to light.
 */
function timestampsOf(vector: RecordBatchVector): number[] {
  const batch = new RecordBatchView(fromHex(vector.hex))
  batch.setMaxTimestamp('CreateTime', batch.maxTimestamp)
  return Array.from(batch.records(), (record) => record.timestamp)
}

function build(vector: RecordBatchVector): Uint8Array {
  const builder = new RecordBatchBuilder(optionsOf(vector))
  const timestamps = timestampsOf(vector)
  for (const [i, record] of vector.records.entries()) {
    builder.append({
      timestamp: timestamps[i]!,
      key: fromHex(record.keyHex),
      value: fromHex(record.valueHex),
      headers: record.headers.map(([key, value]) => ({ key, value: fromHex(value) })),
    })
  }
  return builder.close()
}

const compressed = recordBatchVectors.filter((vector) => vector.compression !== 'none')

test.each(compressed)('$id ($compression) is read back as Kafka wrote it', (vector) => {
  const ours = new RecordBatchView(build(vector))
  const theirs = new RecordBatchView(fromHex(vector.hex))
  expect(ours.hasValidCrc()).toBe(true)
  const contentOf = (batch: RecordBatchView) => ({
    attributes: batch.attributes,
    lastOffset: batch.lastOffset,
    maxTimestamp: batch.maxTimestamp,
    baseTimestamp: batch.baseTimestamp,
    sequence: batch.lastSequence,
    records: Array.from(batch.records(), (record) => record.toObject()),
  })
  expect(contentOf(ours)).toEqual(contentOf(theirs))
})

describe('a batch built from the same records as Kafka', () => {
  const uncompressed = recordBatchVectors.filter((vector) => vector.compression === 'none')

  test.each(uncompressed)('$id is the same byte for byte', (vector) => {
    expect(toHex(build(vector))).toBe(vector.hex)
  })
})

describe('any records', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.constant(null))
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }))
  const record = fc.record({
    // One less than the largest: the difference to a record without a timestamp has to be a safe integer, too.
    timestamp: fc.oneof(fc.integer({ min: -1, max: 10 }), fc.nat(Number.MAX_SAFE_INTEGER - 1)),
    key: fc.oneof(bytes, text),
    value: fc.oneof(bytes, text, fc.constant(undefined)),
    headers: fc.oneof(
      fc.array(fc.record({ key: text, value: fc.oneof(bytes, text) }), { maxLength: 3 }),
      fc.constant(undefined),
    ),
    offsetStep: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 100_000 })),
  })
  const utf8 = (value: Uint8Array | string | null | undefined): Uint8Array | null =>
    typeof value === 'string' ? new Uint8Array(Buffer.from(value)) : (value ?? null)

  test.each(compressionTypes)('are read as they were written, with compression %s', (compression) => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => {
        const builder = new RecordBatchBuilder({ compression, baseOffset: 100, initialBytes: 61 })
        let offset = 99
        let size = recordBatchOverheadBytes
        const expected = records.map(({ timestamp, key, value, headers = [], offsetStep }) => {
          offset += offsetStep
          size += builder.appendWithOffset(offset, { timestamp, key, value, headers })
          return {
            offset,
            timestamp,
            key: utf8(key),
            value: utf8(value),
            headers: headers.map((header) => ({ key: Buffer.from(header.key).toString(), value: utf8(header.value) })),
          }
        })
        expect(builder.sizeInBytes).toBe(size)
        const batch = new RecordBatchView(builder.close())
        batch.validateRecords()
        expect(batch.hasValidCrc()).toBe(true)
        expect(Array.from(batch.records(), (view) => view.toObject())).toEqual(expected)
        expect(batch.maxTimestamp).toBe(Math.max(...records.map(({ timestamp }) => timestamp)))
        if (compression === 'none') expect(batch.sizeInBytes).toBe(size)
      }),
      { numRuns: 100 },
    )
  })
})

describe('room in a batch', () => {
  const record = { timestamp: 1, value: new Uint8Array(100) }

  test('is there for the first record whatever its size, and then up to maxBytes', () => {
    const builder = new RecordBatchBuilder({ maxBytes: 61 + 3 * 109 })
    expect(builder.hasRoomFor({ timestamp: 1, value: new Uint8Array(1000) })).toBe(true)
    let appended = 0
    for (; builder.hasRoomFor(record); appended++) builder.append(record)
    expect([appended, builder.sizeInBytes, builder.recordCount]).toEqual([3, 61 + 3 * 109, 3])
    builder.close()
    expect(builder.hasRoomFor({ timestamp: 1 })).toBe(false)
  })

  test('is what tryAppend goes by, which leaves the batch as it was when there is none', () => {
    const builder = new RecordBatchBuilder({ maxBytes: 61 + 2 * 109 })
    expect([record, record, record].map((each) => builder.tryAppend(each))).toEqual([109, 109, 0])
    expect([builder.sizeInBytes, builder.recordCount]).toEqual([61 + 2 * 109, 2])
    builder.close()
    expect(builder.tryAppend({ timestamp: 1 })).toBe(0)
  })

  test('is estimated by the ratio that earlier batches were compressed by', () => {
    const builder = new RecordBatchBuilder({ compression: 'gzip', compressionRatio: 0.1, maxBytes: 400 })
    let appended = 0
    for (; builder.hasRoomFor(record); appended++) builder.append(record)
    expect(appended).toBe(21)
    expect(builder.estimatedSizeInBytes).toBe(61 + Math.ceil(21 * 109 * 0.1 * 1.05))
    expect(builder.close().length).toBeLessThan(200)
    expect(builder.estimatedSizeInBytes).toBe(builder.close().length)
  })
})

describe.each(compressionTypes.filter((name) => name !== 'none'))(
  'a batch that is compressed with %s before it is closed',
  (compression) => {
    const values = Array.from({ length: 2_000 }, (_, index) => Buffer.from(`value ${index}`.padEnd(60, '.')))
    const append = (builder: RecordBatchBuilder) => {
      for (const value of values) builder.append({ timestamp: 1, value })
    }

    test.each([64, 300_000])('is the same as one that is compressed by close, into a buffer of %i bytes', (length) => {
      const late = new RecordBatchBuilder({ compression })
      const early = new RecordBatchBuilder({ compression })
      append(late)
      append(early)
      const records = early.compress(Buffer.alloc(length, 0xff))
      records.fill(0xee)
      expect(early.estimatedSizeInBytes).toBe(late.close().length)
      expect(toHex(early.close())).toBe(toHex(late.close()))
    })

    test('takes no more records until it is reset', () => {
      const builder = new RecordBatchBuilder({ compression })
      append(builder)
      builder.compress()
      expect([builder.hasRoomFor({ timestamp: 1 }), builder.tryAppend({ timestamp: 1 })]).toEqual([false, 0])
      expect(() => builder.append({ timestamp: 1 })).toThrow('closed')
      expect(() => builder.compress()).toThrow('compressed already')
      builder.reset()
      append(builder)
      expect(new RecordBatchView(builder.close()).recordCount).toBe(2_000)
    })
  },
)

describe('a builder', () => {
  test('writes into a buffer that another gave away, as if it were new', () => {
    const first = new RecordBatchBuilder({ initialBytes: 512 })
    first.append({ timestamp: 7, key: 'old', value: 'x'.repeat(300), headers: [{ key: 'h', value: 'old' }] })
    first.close()
    const buffer = first.takeBuffer()
    const record = { timestamp: 9, value: 'new' }
    const again = new RecordBatchBuilder({ buffer })
    const fresh = new RecordBatchBuilder()
    again.append(record)
    fresh.append(record)
    const bytes = again.close()
    expect(bytes).toEqual(fresh.close())
    expect(bytes.buffer).toBe(buffer.buffer)
  })

  test('builds one batch after the other in the same memory', () => {
    const builder = new RecordBatchBuilder({ baseOffset: 5 })
    builder.append({ timestamp: 9, value: 'one' })
    builder.setProducerState({ producerId: 1, producerEpoch: 2, baseSequence: 3, isTransactional: false })
    const first = builder.close()
    const copy = first.slice()
    expect(builder.close()).toBe(first)
    builder.reset(70)
    builder.append({ timestamp: 10, value: 'two' })
    const second = new RecordBatchView(builder.close())
    expect(second.bytes.buffer).toBe(first.buffer)
    expect([second.baseOffset, second.recordCount, second.maxTimestamp, second.producerId]).toEqual([70, 1, 10, -1])
    expect(new RecordBatchView(copy).producerId).toBe(1)
  })

  test('keeps the range of offsets that compaction leaves', () => {
    const builder = new RecordBatchBuilder({ baseOffset: 100, deleteHorizonMs: 5000 })
    builder.appendWithOffset(103, { timestamp: 4000, key: 'k' })
    builder.overrideLastOffset(110)
    const batch = new RecordBatchView(builder.close())
    expect([batch.baseOffset, batch.lastOffset, batch.recordCount]).toEqual([100, 110, 1])
    expect([batch.deleteHorizonMs, batch.maxTimestamp]).toEqual([5000, 4000])
    expect(Array.from(batch.records(), ({ offset, timestamp }) => [offset, timestamp])).toEqual([[103, 4000]])
  })

  test.each([-2, 1.5, Number.NaN, 2 ** 53])('refuses the timestamp %d', (timestamp) => {
    expect(() => new RecordBatchBuilder().append({ timestamp })).toThrow(ProtocolError)
  })

  test('refuses an offset that does not fit into a batch', () => {
    expect(() => new RecordBatchBuilder().appendWithOffset(2 ** 31, { timestamp: 1 })).toThrow(ProtocolError)
  })

  test('refuses what would spoil a batch that is closed, empty or in order', () => {
    const builder = new RecordBatchBuilder()
    expect(() => builder.close()).toThrow('without records')
    builder.append({ timestamp: 1 })
    expect(() => builder.appendWithOffset(0, { timestamp: 1 })).toThrow('not above')
    expect(() => builder.overrideLastOffset(-1)).toThrow('below')
    builder.close()
    expect(() => builder.append({ timestamp: 1 })).toThrow('closed')
    expect(() =>
      builder.setProducerState({ producerId: 1, producerEpoch: 1, baseSequence: 1, isTransactional: false }),
    ).toThrow('closed')
  })
})

test('an emptied batch keeps producer, sequence and offsets', () => {
  const producer = { producerId: 9, producerEpoch: 1, baseSequence: 4, isTransactional: true }
  const batch = new RecordBatchView(
    emptyRecordBatch({
      baseOffset: 5,
      lastOffset: 9,
      partitionLeaderEpoch: 2,
      producer,
      timestampType: 'CreateTime',
      timestampMs: 1700,
      isControl: false,
    }),
  )
  batch.validateRecords()
  expect(batch.hasValidCrc()).toBe(true)
  expect([batch.baseOffset, batch.lastOffset, batch.lastSequence, batch.maxTimestamp]).toEqual([5, 9, 8, 1700])
  expect([...batch.records()]).toEqual([])
})
