import { expect, test } from 'vitest'
import { ReadBuffers } from '../../src/fetch/read-buffers.ts'

const mebibyte = 1_048_576

test('memory that came back is lent again', () => {
  const buffers = new ReadBuffers()
  const first = buffers.take(mebibyte + 10)!
  buffers.give([first.subarray(5, 100)])
  const second = buffers.take(mebibyte)!
  expect([first.length >= mebibyte + 10, second.buffer === first.buffer, second.length]).toEqual([
    true,
    true,
    first.length,
  ])
})

test('memory is lent to one at a time, and taken back once', () => {
  const buffers = new ReadBuffers()
  const lent = [buffers.take(mebibyte)!, buffers.take(mebibyte)!]
  buffers.give(lent)
  buffers.give(lent)
  const again = [buffers.take(mebibyte)!, buffers.take(mebibyte)!, buffers.take(mebibyte)!]
  expect(new Set(again.map(({ buffer }) => buffer)).size).toBe(3)
})

test('chunks of other memory are passed over', () => {
  const buffers = new ReadBuffers()
  const foreign = new Uint8Array(mebibyte)
  buffers.give([foreign])
  expect(buffers.take(mebibyte)!.buffer === foreign.buffer).toBe(false)
})

test('no more than 8 MiB are kept, and the longest unused goes first', () => {
  const buffers = new ReadBuffers()
  const lent = Array.from({ length: 9 }, () => buffers.take(mebibyte)!)
  buffers.give(lent)
  const again = lent.map(() => buffers.take(mebibyte)!.buffer)
  expect(lent.map(({ buffer }) => again.includes(buffer))).toEqual([false, ...Array(8).fill(true)])
})

test('small reads and huge ones get memory anew', () => {
  const buffers = new ReadBuffers()
  expect([buffers.take(0), buffers.take(65_535), buffers.take(8 * mebibyte + 1)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
