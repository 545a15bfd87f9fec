import { describe, expect, test } from 'vitest'
import { ProtocolError, Reader } from '../src/index.ts'

const readerOf = (...bytes: number[]): Reader => new Reader(Uint8Array.from(bytes))

function failure(read: () => unknown): { reason: string; position: number } {
  try {
    read()
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { reason: error.reason, position: error.position }
  }
  throw new Error('nothing was thrown')
}

describe('Reader', () => {
  test.each([
    ['an int64 above the safe integers', [0, 0x20, 0, 0, 0, 0, 0, 0], (reader: Reader) => reader.readInt64()],
    ['an int64 below the safe integers', [0xff, 0xe0, 0, 0, 0, 0, 0, 0], (reader: Reader) => reader.readInt64()],
    ['a varint of six bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0], (reader: Reader) => reader.readUnsignedVarint()],
    ['a varint of 33 bits', [0x80, 0x80, 0x80, 0x80, 0x10], (reader: Reader) => reader.readUnsignedVarint()],
    ['a varlong of eleven bytes', [...Array(10).fill(0x80), 0], (reader: Reader) => reader.readVarlong()],
    ['a varlong above the safe integers', [...Array(9).fill(0xfe), 1], (reader: Reader) => reader.readVarlong()],
    ['a null string', [0xff, 0xff], (reader: Reader) => reader.readString(false)],
    ['a null compact string', [0], (reader: Reader) => reader.readString(true)],
    ['a negative string length', [0xff, 0xfe], (reader: Reader) => reader.readNullableString(false)],
    ['a compact string of 32768 bytes', [0x81, 0x80, 0x02], (reader: Reader) => reader.readNullableString(true)],
    ['a negative byte length', [0x80, 0, 0, 0], (reader: Reader) => reader.readNullableBytes(false)],
    ['null bytes', [0xff, 0xff, 0xff, 0xff], (reader: Reader) => reader.readBytes(false)],
    ['a null array', [0xff, 0xff, 0xff, 0xff], (reader: Reader) => reader.readArrayLength(false, 1)],
    ['a negative array length', [0xff, 0xff, 0xff, 0xfe], (reader: Reader) => reader.readNullableArrayLength(false, 1)],
    ['an array longer than its bytes', [3, 0, 0, 0], (reader: Reader) => reader.readArrayLength(true, 2)],
  ] as [string, number[], (reader: Reader) => unknown][])('%s is an error at its first byte', (_, bytes, read) => {
    const reader = new Reader(Uint8Array.from([7, ...bytes]), 1)
    expect(failure(() => read(reader)).position).toBe(1)
  })

  test('nothing is read beyond the end, also when the array behind it goes on', () => {
    const reader = new Reader(new Uint8Array(16), 2, 5)
    expect(reader.readInt16()).toBe(0)
    expect(failure(() => reader.readInt16())).toEqual({
      reason: 'expected 2 more bytes, but only 1 are left',
      position: 4,
    })
    expect(reader.remaining).toBe(1)
  })

  test.each([8, 7, 4, 3, 1, 0])('an int64 of %i bytes is whole or an error', (length) => {
    const reader = new Reader(new Uint8Array(length))
    if (length === 8) expect(reader.readInt64()).toBe(0)
    else expect(failure(() => reader.readInt64()).position).toBe(0)
  })

  test('any byte but 0 is true, as in Kafka', () => {
    const reader = readerOf(0, 1, 2, 0xff)
    expect([reader.readBoolean(), reader.readBoolean(), reader.readBoolean(), reader.readBoolean()]).toEqual([
      false,
      true,
      true,
      true,
    ])
  })

  test('a varint may be longer than it needs to be, as in Kafka', () => {
    expect(readerOf(0x81, 0x80, 0x00).readUnsignedVarint()).toBe(1)
  })

  test('malformed UTF-8 becomes U+FFFD, in short and in long strings', () => {
    expect(readerOf(3, 0x61, 0xff).readString(true)).toBe('a\ufffd')
    const long = Uint8Array.of(101, ...new Uint8Array(99).fill(0x61), 0xff)
    expect(new Reader(long).readString(true)).toBe(`${'a'.repeat(99)}\ufffd`)
  })

  test('Long.MAX_VALUE is Infinity where it means no bound', () => {
    expect(readerOf(0x7f, ...Array(7).fill(0xff)).readInt64OrInfinity()).toBe(Number.POSITIVE_INFINITY)
    expect(readerOf(0, 0, 0, 0, 0, 0, 0, 5).readInt64OrInfinity()).toBe(5)
    expect(failure(() => readerOf(0x7f).readInt64OrInfinity()).position).toBe(0)
  })
})
