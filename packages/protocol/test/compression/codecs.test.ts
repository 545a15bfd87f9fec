import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Codecs, type CompressionCodec, compressionTypes, defaultCodecs, ProtocolError } from '../../src/index.ts'

const require = createRequire(import.meta.url)
const nativeSnappy = require('snappy') as typeof import('snappy')
const nativeLz4 = require('lz4-napi') as typeof import('lz4-napi')

const names = compressionTypes.filter((type) => type !== 'none')
const enough = 1 << 24

function repeated(text: string, length: number): Uint8Array {
  return new Uint8Array(Buffer.alloc(length, text))
}

/** Bytes that repeat themselves now and then, as records do, so that matches of all lengths and offsets come up. */
const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 300 })), { maxLength: 12 })
  .map((runs) => new Uint8Array(Buffer.concat(runs.map(([bytes, times]) => Buffer.alloc(bytes.length * times, bytes)))))

const mixed = fc
  .array(fc.oneof(repetitive, fc.uint8Array({ maxLength: 2000 })), { maxLength: 6 })
  .map((parts) => new Uint8Array(Buffer.concat(parts)))

describe.each(names)('%s', (name) => {
  const codec = defaultCodecs.of(name)

  test('gives back what it was given', () => {
    fc.assert(
      fc.property(mixed, (bytes) => {
        expect(Buffer.compare(codec.decompress(codec.compress(bytes), enough), bytes)).toBe(0)
      }),
      { numRuns: 150 },
    )
  })

  test.each([0, 1, 12, 13, 14, 64, 65, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 200_000])(
    'gives back %i bytes, random and repeating',
    (length) => {
      const random = Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 13)
      for (const bytes of [random, repeated('a', length), repeated('a longer line that repeats. ', length)]) {
        expect(Buffer.compare(codec.decompress(codec.compress(bytes), enough), bytes)).toBe(0)
      }
    },
  )

  test('refuses to decompress to more than it may', () => {
    const bomb = codec.compress(new Uint8Array(1_000_000))
    expect(() => codec.decompress(bomb, 999_999)).toThrow(
      new ProtocolError(`${name} data takes more than 999999 bytes decompressed`),
    )
    expect(Buffer.compare(codec.decompress(bomb, 1_000_000), new Uint8Array(1_000_000))).toBe(0)
  })

  test('answers damaged bytes with the content or a ProtocolError, never anything else', () => {
    const valid = codec.compress(repeated('{"id":17,"name":"odradek"}', 3000))
    const mutation = fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.nat(valid.length), (mutations, length) => {
        const bytes = valid.slice(0, Math.max(length, valid.length - 20))
        for (const [at, value] of mutations) bytes[at] = value
        try {
          codec.decompress(bytes, enough)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('answers random bytes with a ProtocolError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 200 }), (bytes) => {
        try {
          codec.decompress(bytes, enough)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
    )
  })
})

describe('levels', () => {
  const bytes = repeated('The quick brown fox jumps over the lazy dog, 17 times a day. ', 50_000)

  test.each([
    ['gzip', -1],
    ['gzip', 1],
    ['gzip', 9],
    ['lz4', 1],
    ['lz4', 9],
    ['lz4', 17],
    ['zstd', -131_072],
    ['zstd', 3],
    ['zstd', 22],
  ] as const)('%s takes level %i', (name, level) => {
    const codec = defaultCodecs.of(name)
    expect(Buffer.compare(codec.decompress(codec.compress(bytes, level), enough), bytes)).toBe(0)
  })

  test('lz4 gets smaller with a level above the first', () => {
    const text = Buffer.from(
      Array.from({ length: 4000 }, (_, i) => `user-${(i * 7919) % 1000}@${i % 37}.example`).join(),
    )
    const lz4 = defaultCodecs.of('lz4')
    expect(lz4.compress(text, 12).length).toBeLessThan(lz4.compress(text, 9).length)
  })
})

describe('other implementations', () => {
  test('read our LZ4 frames and write frames we read', () => {
    const lz4 = defaultCodecs.of('lz4')
    fc.assert(
      fc.property(mixed, fc.boolean(), fc.boolean(), (bytes, contentChecksum, blockChecksums) => {
        for (const level of [9, 12]) {
          const ours = Buffer.from(lz4.compress(bytes, level))
          expect(Buffer.compare(nativeLz4.decompressFrameSync(ours), bytes)).toBe(0)
        }
        const theirs = nativeLz4.compressFrameSync(Buffer.from(bytes), { contentChecksum, blockChecksums })
        expect(Buffer.compare(lz4.decompress(theirs, enough), bytes)).toBe(0)
      }),
      { numRuns: 100 },
    )
  })

  test('read our snappy blocks and write blocks we read', () => {
    const snappy = defaultCodecs.of('snappy')
    fc.assert(
      fc.property(mixed, (bytes) => {
        expect(Buffer.compare(snappy.decompress(nativeSnappy.compressSync(bytes), enough), bytes)).toBe(0)
        const stream = Buffer.from(snappy.compress(bytes))
        const blocks: Buffer[] = []
        for (let at = 16; at < stream.length; at += 4 + stream.readInt32BE(at)) {
          blocks.push(nativeSnappy.uncompressSync(stream.subarray(at + 4, at + 4 + stream.readInt32BE(at))) as Buffer)
        }
        expect(Buffer.compare(Buffer.concat(blocks), bytes)).toBe(0)
      }),
      { numRuns: 100 },
    )
  })
})

describe('snappy framing', () => {
  const snappy = defaultCodecs.of('snappy')
  const one = snappy.compress(repeated('one', 300))
  const two = snappy.compress(repeated('two', 300))

  test('streams that follow each other are one', () => {
    const both = Buffer.concat([one, two])
    expect(Buffer.from(snappy.decompress(both, enough)).toString()).toBe('one'.repeat(100) + 'two'.repeat(100))
  })

  test('a block with a length beyond the bytes is an error that says so', () => {
    const cut = one.subarray(0, one.length - 1)
    expect(() => snappy.decompress(cut, enough)).toThrow(ProtocolError)
  })
})

describe('LZ4 frames', () => {
  const lz4 = defaultCodecs.of('lz4')
  const frame = lz4.compress(repeated('spool', 500))

  test("the header checksum of Kafka's first clients, which covers the magic, is accepted", () => {
    const old = frame.slice()
    // The second byte of the xxHash32 of 04 22 4d 18 60 40.
    old[6] = 0x1a
    expect(frame[6]).toBe(0x82)
    expect(Buffer.from(lz4.decompress(old, enough)).toString()).toBe('spool'.repeat(100))
  })

  test('any other header checksum is an error', () => {
    const wrong = frame.slice()
    wrong[6] = 0x83
    expect(() => lz4.decompress(wrong, enough)).toThrow('the header checksum is wrong')
  })
})

describe('a set of codecs', () => {
  const reversed: CompressionCodec = {
    id: 2,
    name: 'snappy',
    compress: (bytes) => bytes.slice().reverse(),
    decompress: (bytes) => bytes.slice().reverse(),
  }

  test('is copied, not changed, when a codec is replaced', () => {
    const own = defaultCodecs.with(reversed)
    expect(own.of('snappy')).toBe(reversed)
    expect(own.of('lz4')).toBe(defaultCodecs.of('lz4'))
    expect(defaultCodecs.of('snappy')).not.toBe(reversed)
  })

  test('without the codec asked for is an error that names it', () => {
    expect(() => new Codecs([reversed]).of('zstd')).toThrow(new ProtocolError('no codec for compression type zstd'))
  })
})
