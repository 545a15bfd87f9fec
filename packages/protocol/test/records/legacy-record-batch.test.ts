import { describe, expect, test } from 'vitest'
import {
  fetchedRecordBatches,
  type KafkaRecord,
  LegacyRecordBatch,
  ProtocolError,
  recordBatches,
} from '../../src/index.ts'
import { fromHex, type LegacyVector, legacyVectors, recordBatchVectors, toHex } from '../record-batch-vectors.ts'

function contentOf(record: KafkaRecord): LegacyVector['records'][number] {
  return {
    offset: String(record.offset),
    timestamp: String(record.timestamp),
    keyHex: toHex(record.key),
    valueHex: toHex(record.value),
  }
}

describe('a message set that Kafka wrote', () => {
  test.each(legacyVectors)('$id (magic $magic, $compression, $timestampType) is read with every record', (vector) => {
    const batches = [...fetchedRecordBatches(fromHex(vector.hex), { strict: true })]
    const heads = batches.map((batch) => ({
      baseOffset: String(batch.baseOffset),
      lastOffset: String(batch.lastOffset),
      maxTimestamp: String(batch.maxTimestamp),
      sizeInBytes: batch.sizeInBytes,
    }))
    expect(heads).toEqual(vector.batches)
    for (const batch of batches) {
      expect(batch.magic).toBe(vector.magic)
      expect(batch.compression).toBe(vector.compression)
      expect(batch.hasValidCrc()).toBe(true)
      if (vector.magic === 1) expect(batch.timestampType).toBe(vector.timestampType)
    }
    expect(batches.flatMap((batch) => Array.from(batch.records(), contentOf))).toEqual(vector.records)
  })
})

test('a Fetch response may hold messages of all magics, and its last batch may be cut', () => {
  const sets = [legacyVectors[1]!, legacyVectors.find(({ magic }) => magic === 1)!, recordBatchVectors[0]!]
  const bytes = Buffer.concat([...sets.map(({ hex }) => fromHex(hex)), Buffer.alloc(40, 1)])
  const magics = Array.from(fetchedRecordBatches(bytes), (batch) => batch.magic)
  expect(magics).toEqual([0, 0, 0, 1, 2])
  expect(() => [...fetchedRecordBatches(bytes, { strict: true })]).toThrow(ProtocolError)
})

test('where only magic 2 is expected a message of magic 1 is an error that says so', () => {
  const message = fromHex(legacyVectors.find(({ magic }) => magic === 1)!.hex)
  expect(() => [...recordBatches(message)]).toThrow('magic: magic 1 is not 2 (at byte 16)')
})

describe('a damaged message', () => {
  const wrapper = fromHex(legacyVectors.find(({ magic, compression }) => magic === 1 && compression === 'lz4')!.hex)

  test.each([
    ['cut', wrapper.subarray(0, wrapper.length - 1)],
    ['of no magic', Uint8Array.from(wrapper, (byte, i) => (i === 16 ? 3 : byte))],
    ['with zstd', Uint8Array.from(wrapper, (byte, i) => (i === 17 ? 4 : byte))],
    ['whose value is longer than the message', Uint8Array.from(wrapper, (byte, i) => (i === 30 ? 1 : byte))],
    ['whose value is shorter than the message', Uint8Array.from(wrapper, (byte, i) => (i === 33 ? 1 : byte))],
  ])('%s is a ProtocolError', (_, bytes) => {
    expect(() => [...new LegacyRecordBatch(bytes).records()]).toThrow(ProtocolError)
  })

  test('with a wrong byte has no valid checksum', () => {
    const wrong = Uint8Array.from(wrapper, (byte, i) => (i === 40 ? byte ^ 1 : byte))
    expect(new LegacyRecordBatch(wrong).hasValidCrc()).toBe(false)
  })
})
