import { expect, test } from 'vitest'
import { batchSize, ProtocolError, recordBatches } from '../../src/index.ts'
import { fromHex, recordBatchVectors } from '../record-batch-vectors.ts'

const vectors = recordBatchVectors.slice(0, 5)
const bytes = Buffer.concat(vectors.map(({ hex }) => fromHex(hex)))

test('batches that follow each other are iterated with their places', () => {
  const batches = Array.from(recordBatches(bytes, { strict: true }), ({ start, baseOffset }) => [
    start,
    String(baseOffset),
  ])
  let start = 0
  const expected = vectors.map(({ hex, baseOffset }) => {
    const at = start
    start += hex.length / 2
    return [at, baseOffset]
  })
  expect(batches).toEqual(expected)
})

test('a batch that is cut, wherever, is left out, or an error when that is asked for', () => {
  const last = vectors.at(-1)!.hex.length / 2
  for (let cut = 1; cut < last; cut++) {
    const cutBytes = bytes.subarray(0, bytes.length - cut)
    expect([...recordBatches(cutBytes)]).toHaveLength(vectors.length - 1)
    expect(() => [...recordBatches(cutBytes, { strict: true })]).toThrow(ProtocolError)
  }
})

test.each([
  [0, 'batchLength: a batch cannot be of 12 bytes (at byte 8)'],
  [-1, 'batchLength: a batch cannot be of 11 bytes (at byte 8)'],
  [-2_147_483_648, 'batchLength: a batch cannot be of -2147483636 bytes (at byte 8)'],
  [48, 'batchLength: a batch of magic 2 cannot be of 60 bytes (at byte 8)'],
])('a batch length of %i is an error, so that no reader goes round in circles', (length, message) => {
  const damaged = Buffer.from(fromHex(vectors[0]!.hex))
  damaged.writeInt32BE(length, 8)
  expect(() => [...recordBatches(damaged)]).toThrow(message)
})

test('the size of a batch is known from its first 17 bytes', () => {
  expect(batchSize(bytes.subarray(0, 16), 0)).toBeUndefined()
  expect(batchSize(bytes.subarray(0, 17), 0)).toBe(vectors[0]!.hex.length / 2)
})

test('no bytes are no batches', () => {
  expect([...recordBatches(new Uint8Array(0), { strict: true })]).toEqual([])
})
