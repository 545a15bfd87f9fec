import { expect, test } from 'vitest'
import { unwritten } from '../../src/node/unwritten.ts'

const chunks = ['ab', '', 'cde', ''].map((text) => new TextEncoder().encode(text))

test.each([
  [0, ['ab', '', 'cde', '']],
  [1, ['b', '', 'cde', '']],
  [2, ['cde', '']],
  [3, ['de', '']],
  [5, []],
])('after a write that took %i of five bytes the rest is %j', (written, rest) => {
  expect(unwritten(chunks, written).map((chunk) => new TextDecoder().decode(chunk))).toEqual(rest)
})

test('of empty chunks alone nothing is left', () => {
  expect(unwritten([new Uint8Array(0), new Uint8Array(0)], 0)).toEqual([])
})
