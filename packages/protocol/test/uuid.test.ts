import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metadataTopicId, oneUuid, ProtocolError, parseUuid, printUuid, randomUuid, zeroUuid } from '../src/index.ts'

describe('UUIDs', () => {
  test('are printed as Kafka does: URL-safe base64 without padding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(printUuid(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
        expect(parseUuid(printUuid(bytes))).toEqual(bytes)
      }),
    )
  })

  test('zero, one and the metadata topic are those of Kafka', () => {
    expect([zeroUuid, oneUuid, metadataTopicId].map((id) => [...parseUuid(id)].at(-1))).toEqual([0, 1, 1])
  })

  test.each(['', 'AAAA', 'AAAAAAAAAAAAAAAAAAAAA=', 'AAAAAAAAAAAAAAAAAAAA+/', 'AAAAAAAAAAAAAAAAAAAAé', `${zeroUuid}A`])(
    '%j is not one',
    (text) => expect(() => parseUuid(text)).toThrow(ProtocolError),
  )

  test('a random one has version 4 and never starts with a dash', () => {
    const dash = new Uint8Array(16).fill(0xf8)
    const other = new Uint8Array(16).fill(0x1f)
    const given = [dash, dash, other]
    const id = randomUuid(() => given.shift() ?? other)
    expect(Buffer.from(parseUuid(id)).toString('hex')).toBe('1f1f1f1f1f1f4f1f9f1f1f1f1f1f1f1f')
    expect(given).toEqual([])
  })
})
