import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProtocolError, Reader, Writer } from '../src/index.ts'

const anyString = fc.string({ unit: 'grapheme', maxLength: 200 })
const anyInt64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

function written(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer(1)
  write(writer)
  return writer.finish()
}

describe('Writer', () => {
  test('writes what Reader reads, for every primitive', () => {
    fc.assert(
      fc.property(
        fc.record({ long: fc.maxSafeInteger(), int: fc.integer(), text: anyString, hash: anyInt64 }),
        ({ long, int, text, hash }) => {
          const bytes = written((writer) => {
            writer.writeInt64(long)
            writer.writeVarlong(long)
            writer.writeInt32(int)
            writer.writeVarint(int)
            writer.writeUnsignedVarint(int >>> 0)
            writer.writeUint32(int >>> 0)
            writer.writeInt16(int >> 16)
            writer.writeUint16(int >>> 16)
            writer.writeInt8(int >> 24)
            writer.writeBoolean(int > 0)
            writer.writeFloat64(long / 3)
            writer.writeString(text, true)
            writer.writeString(text, false)
            writer.writeNullableString(null, true)
            writer.writeNullableString(null, false)
            writer.writeBigInt64(hash)
          })
          const reader = new Reader(bytes)
          expect([
            reader.readInt64(),
            reader.readVarlong(),
            reader.readInt32(),
            reader.readVarint(),
            reader.readUnsignedVarint(),
            reader.readUint32(),
            reader.readInt16(),
            reader.readUint16(),
            reader.readInt8(),
            reader.readBoolean(),
            reader.readFloat64(),
            reader.readString(true),
            reader.readString(false),
            reader.readNullableString(true),
            reader.readNullableString(false),
            reader.readBigInt64(),
            reader.remaining,
          ]).toEqual([
            long === 0 ? 0 : long,
            long === 0 ? 0 : long,
            int,
            int,
            int >>> 0,
            int >>> 0,
            int >> 16,
            int >>> 16,
            int >> 24,
            int > 0,
            long / 3,
            text,
            text,
            null,
            null,
            hash,
            0,
          ])
        },
      ),
    )
  })

  test.each([
    ['int8', (writer: Writer) => writer.writeInt8(128)],
    ['int16', (writer: Writer) => writer.writeInt16(-32769)],
    ['uint16', (writer: Writer) => writer.writeUint16(-1)],
    ['int32', (writer: Writer) => writer.writeInt32(2 ** 31)],
    ['uint32', (writer: Writer) => writer.writeUint32(2 ** 32)],
    ['int64', (writer: Writer) => writer.writeInt64(2 ** 53)],
    ['a bigint int64', (writer: Writer) => writer.writeBigInt64(2n ** 63n)],
    ['varint', (writer: Writer) => writer.writeVarint(2 ** 31)],
    ['varlong', (writer: Writer) => writer.writeVarlong(2 ** 53)],
    ['unsigned varint', (writer: Writer) => writer.writeUnsignedVarint(-1)],
    ['uuid', (writer: Writer) => writer.writeUuid('not a uuid')],
    ['string', (writer: Writer) => writer.writeString('x'.repeat(32768), true)],
  ])('a value that %s cannot hold is an error, and nothing is written', (_, write) => {
    const writer = new Writer()
    expect(() => write(writer)).toThrow(ProtocolError)
    expect(writer.length === 0 || writer.length === 16).toBe(true)
  })

  test('byte fields of 4 KiB and more are handed over as they are, smaller ones are copied', () => {
    const small = new Uint8Array(4095).fill(1)
    const large = new Uint8Array(4096).fill(2)
    const writer = new Writer()
    writer.writeBytes(small, false)
    writer.writeBytes(large, false)
    writer.writeInt8(3)
    const chunks = writer.finishChunks()
    expect(chunks.map((chunk) => chunk.length)).toEqual([4 + 4095 + 4, 4096, 1])
    expect(chunks[1]).toBe(large)
    expect(writer.finish()).toEqual(Uint8Array.from(Buffer.concat(chunks)))
  })

  test('several runs of bytes are one field, large ones still by reference', () => {
    const small = new Uint8Array(10).fill(1)
    const large = new Uint8Array(5000).fill(2)
    const runs = new Writer()
    runs.writeNullableBytes([small, large, small], true)
    const joined = new Writer()
    joined.writeNullableBytes(Buffer.concat([small, large, small]), true)
    const chunks = runs.finishChunks()
    expect(Buffer.concat(chunks)).toEqual(Buffer.from(joined.finish()))
    expect(chunks[1]).toBe(large)
  })

  test('a tagged field of any size gets the shortest size in front, with large fields kept by reference', () => {
    for (const size of [0, 1, 126, 127, 128, 5000, 20_000]) {
      const content = new Uint8Array(size).fill(9)
      const bytes = written((writer) => {
        const mark = writer.beginTagged(5)
        writer.writeBytes(content, true)
        writer.writeInt8(1)
        writer.endTagged(mark)
        writer.writeInt8(2)
      })
      const reader = new Reader(bytes)
      expect([reader.readUnsignedVarint(), reader.readUnsignedVarint()]).toEqual([
        5,
        bytes.length - 1 - (bytes.length - reader.end) - reader.position,
      ])
      expect([reader.readBytes(true), reader.readInt8(), reader.readInt8(), reader.remaining]).toEqual([
        content,
        1,
        2,
        0,
      ])
    }
  })
})
