import { ProtocolError } from './protocol-error.ts'
import { decodeUtf8 } from './utf8.ts'
import { printUuid } from './uuid.ts'

const twoTo32 = 0x1_0000_0000
const longestString = 0x7fff

/**
 * Reads Kafka's primitive types from bytes, forward from `position`. Every read is checked against `end`, lengths are checked
 * before anything is allocated, and byte fields are views on the bytes given, never copies.
 * All reads throw a ProtocolError with the byte position when the bytes end or make no sense.
 */
export class Reader {
  /** The bytes read from. */
  readonly bytes: Uint8Array
  /** Where the next read starts, an index into `bytes`. */
  position: number
  /** Where the readable bytes end, an index into `bytes`. */
  readonly end: number

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes
    this.position = position
    this.end = end
  }

  /** How many bytes are left. */
  get remaining(): number {
    return this.end - this.position
  }

  /** A ProtocolError at `position` (by default the current one), to be thrown. */
  error(reason: string, position = this.position): ProtocolError {
    return new ProtocolError(reason, '', position)
  }

  /** Moves over `length` bytes and returns where they started. */
  advance(length: number): number {
    const start = this.position
    if (length > this.end - start) {
      throw this.error(`expected ${length} more bytes, but only ${this.end - start} are left`)
    }
    this.position = start + length
    return start
  }

  /** int8. */
  readInt8(): number {
    return ((this.bytes[this.advance(1)] as number) << 24) >> 24
  }

  /** One byte, 0 to 255. */
  readUint8(): number {
    return this.bytes[this.advance(1)] as number
  }

  /** A boolean; as in Kafka any byte but 0 is true. */
  readBoolean(): boolean {
    return this.bytes[this.advance(1)] !== 0
  }

  /** int16, big endian. */
  readInt16(): number {
    const at = this.advance(2)
    return (((this.bytes[at] as number) << 24) >> 16) | (this.bytes[at + 1] as number)
  }

  /** uint16, big endian. */
  readUint16(): number {
    const at = this.advance(2)
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number)
  }

  /** int32, big endian. */
  readInt32(): number {
    const at = this.advance(4)
    const bytes = this.bytes
    return (
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    )
  }

  /** uint32, big endian. */
  readUint32(): number {
    return this.readInt32() >>> 0
  }

  /** int64 as a number; one that is not a safe integer is an error. */
  readInt64(): number {
    if (this.end - this.position < 8) this.advance(8)
    const value = this.readInt32() * twoTo32 + (this.readInt32() >>> 0)
    if (!Number.isSafeInteger(value)) {
      const at = this.position - 8
      this.position = at
      throw this.error(`int64 ${this.readBigInt64()} is not a safe integer`, at)
    }
    return value
  }

  /** int64 as a number in which Java's `Long.MAX_VALUE` is `Infinity`: "no bound". */
  readInt64OrInfinity(): number {
    const at = this.position
    if (this.end - at >= 8 && this.readInt32() === 0x7fff_ffff && this.readInt32() === -1)
      return Number.POSITIVE_INFINITY
    this.position = at
    return this.readInt64()
  }

  /** int64 as a bigint, for hashes. */
  readBigInt64(): bigint {
    if (this.end - this.position < 8) this.advance(8)
    return (BigInt(this.readInt32()) << 32n) | BigInt(this.readUint32())
  }

  /** float64 (IEEE 754), big endian. */
  readFloat64(): number {
    const at = this.advance(8)
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + at, 8).getFloat64(0)
  }

  /** 16 bytes as Kafka prints a UUID. */
  readUuid(): string {
    return printUuid(this.bytes, this.advance(16))
  }

  /** Unsigned varint of at most 32 bits (lengths, counts and tags of flexible versions). */
  readUnsignedVarint(): number {
    const start = this.position
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.advance(1)] as number
      if (shift === 28 && byte > 0x0f) throw this.error('varint is longer than 32 bits', start)
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
  }

  /** Zigzag varint of at most 32 bits (lengths in records). */
  readVarint(): number {
    const value = this.readUnsignedVarint()
    return (value >>> 1) ^ -(value & 1)
  }

  /** Zigzag varint of at most 64 bits as a number (timestamp deltas); one that is not a safe integer is an error. */
  readVarlong(): number {
    const start = this.position
    let low = 0
    let high = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.advance(1)] as number
      if (shift === 63 && byte > 1) throw this.error('varlong is longer than 64 bits', start)
      if (shift < 28) low += (byte & 0x7f) * 2 ** shift
      else high += (byte & 0x7f) * 2 ** (shift - 28)
      if (byte < 0x80) break
    }
    // The value is high * 2^28 + low; zigzag halves it, and the lowest bit is the sign.
    const magnitude = high * 2 ** 27 + Math.floor(low / 2)
    const value = low % 2 === 0 ? magnitude : -magnitude - 1
    if (!Number.isSafeInteger(value)) throw this.error('varlong is not a safe integer', start)
    return value
  }

  /** A string; `compact` is the form of flexible versions. Null is an error. */
  readString(compact: boolean): string {
    const at = this.position
    const value = this.readNullableString(compact)
    if (value === null) throw this.error('is null, but may not be', at)
    return value
  }

  /** A string or null; `compact` is the form of flexible versions. */
  readNullableString(compact: boolean): string | null {
    const at = this.position
    const length = compact ? this.readUnsignedVarint() - 1 : this.readInt16()
    if (length < 0) return this.nullOf(length, at)
    if (length > longestString) throw this.error(`string of ${length} bytes is longer than ${longestString}`, at)
    const start = this.advance(length)
    return decodeUtf8(this.bytes, start, start + length)
  }

  /** Bytes or records, as a view; `compact` is the form of flexible versions. Null is an error. */
  readBytes(compact: boolean): Uint8Array {
    const at = this.position
    const value = this.readNullableBytes(compact)
    if (value === null) throw this.error('is null, but may not be', at)
    return value
  }

  /** Bytes or records, as a view, or null; `compact` is the form of flexible versions. */
  readNullableBytes(compact: boolean): Uint8Array | null {
    const at = this.position
    const length = compact ? this.readUnsignedVarint() - 1 : this.readInt32()
    return length < 0 ? this.nullOf(length, at) : this.readRaw(length)
  }

  /** The next `length` bytes, as a view. */
  readRaw(length: number): Uint8Array {
    const start = this.advance(length)
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + start, length)
  }

  /**
   * How many elements an array has; null is an error. A count that cannot fit into what is left, at `elementSize` bytes for the
   * smallest element, is an error before anything is allocated.
   */
  readArrayLength(compact: boolean, elementSize: number): number {
    const at = this.position
    const length = this.readNullableArrayLength(compact, elementSize)
    if (length < 0) throw this.error('is null, but may not be', at)
    return length
  }

  /** As readArrayLength, with -1 for a null array. */
  readNullableArrayLength(compact: boolean, elementSize: number): number {
    const at = this.position
    const length = compact ? this.readUnsignedVarint() - 1 : this.readInt32()
    if (length < -1) throw this.error(`length ${length} is negative`, at)
    if (length * elementSize > this.end - this.position) {
      throw this.error(
        `${length} elements of at least ${elementSize} bytes do not fit into ${this.remaining} bytes`,
        at,
      )
    }
    return length
  }

  private nullOf(length: number, position: number): null {
    if (length !== -1) throw this.error(`length ${length} is negative`, position)
    return null
  }
}
