import { crc32c as nativeCrc32c } from '@node-rs/crc32'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32c, crc32cTypeScript } from '../src/index.ts'

test.each([
  ['', 0],
  ['123456789', 0xe3069283],
  ['The quick brown fox jumps over the lazy dog', 0x22620404],
] as const)('the CRC-32C of %j is known', (text, crc) => {
  expect(crc32cTypeScript(Buffer.from(text))).toBe(crc)
  expect(crc32c(Buffer.from(text))).toBe(crc)
})

test('32 bytes of iSCSI (RFC 3720) give the sums of its appendix', () => {
  expect(crc32cTypeScript(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32cTypeScript(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
  expect(crc32cTypeScript(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e)
})

test('TypeScript and native code agree at every length and alignment, in one go and continued', () => {
  const bytes = Uint8Array.from({ length: 2000 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24)
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), (start, length, split) => {
      const part = bytes.subarray(start, start + length)
      const expected = nativeCrc32c(part)
      expect(crc32cTypeScript(part)).toBe(expected)
      expect(crc32c(part)).toBe(expected)
      const first = part.subarray(0, split)
      expect(crc32cTypeScript(part.subarray(split), crc32cTypeScript(first))).toBe(expected)
      expect(crc32c(part.subarray(split), crc32c(first))).toBe(expected)
    }),
    { numRuns: 1000 },
  )
})
