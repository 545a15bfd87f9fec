import type { BytesInput } from './message-type.ts'
import { ProtocolError } from './protocol-error.ts'
import { encodeUtf8Into, utf8Length } from './utf8.ts'
import { writeUuidInto } from './uuid.ts'

const twoTo32 = 0x1_0000_0000
const longestString = 0x7fff

/** Up to this many characters a loop over ASCII is faster than the platform's encoder. */
const longestLoop = 64

/** Byte fields of at least this many bytes are kept by reference, so that a frame goes out by writev without a copy of them. */
const referenceFrom = 4096

/** Below this size the buffer grows by 4, not by 2: a new buffer costs more than the bytes it wastes. */
const largeBuffer = 0x1_0000

/** Caller's bytes that belong at index `at` of the writer's own. */
interface Reference {
  at: number
  readonly bytes: Uint8Array
}

/** A tagged field whose size is not known yet: see `beginTagged`. */
export interface SizeMark {
  readonly at: number
  readonly length: number
}

/**
 * Writes Kafka's primitive types into one growing buffer, which `finish` hands over. Large byte fields are kept by reference
 * until then; `finishChunks` hands them over as they are, so the caller must not change them before they are sent.
 * A value that its type cannot hold is a ProtocolError.
 */
export class Writer {
  private bytes: Uint8Array
  private position = 0
  private references: Reference[] = []
  private referenced = 0

  /** `capacity` is the expected size in bytes; the buffer grows when it is not enough. */
  constructor(capacity = 256) {
    this.bytes = allocate(capacity)
  }

  /** How many bytes have been written, those kept by reference included. */
  get length(): number {
    return this.position + this.referenced
  }

  /** Hands over what was written as one array. Without large byte fields this is the buffer itself, not a copy. */
  finish(): Uint8Array {
    const chunks = this.finishChunks()
    if (chunks.length === 1) return chunks[0] as Uint8Array
    const whole = allocate(this.length)
    let at = 0
    for (const chunk of chunks) {
      whole.set(chunk, at)
      at += chunk.length
    }
    return plain(whole, 0, at)
  }

  /** Hands over what was written as a list of arrays, for writev: byte fields of 4 KiB and more are the caller's own. */
  finishChunks(): Uint8Array[] {
    if (this.references.length === 0) return [plain(this.bytes, 0, this.position)]
    const chunks: Uint8Array[] = []
    let from = 0
    for (const { at, bytes } of this.references) {
      if (at > from) chunks.push(plain(this.bytes, from, at))
      chunks.push(bytes)
      from = at
    }
    if (this.position > from) chunks.push(plain(this.bytes, from, this.position))
    return chunks
  }

  /** int8. */
  writeInt8(value: number): void {
    if ((value << 24) >> 24 !== value) throw outOfRange(value, 'int8')
    const at = this.take(1)
    this.bytes[at] = value
  }

  /** A boolean. */
  writeBoolean(value: boolean): void {
    const at = this.take(1)
    this.bytes[at] = value ? 1 : 0
  }

  /** int16, big endian. */
  writeInt16(value: number): void {
    if ((value << 16) >> 16 !== value) throw outOfRange(value, 'int16')
    this.put16(value)
  }

  /** uint16, big endian. */
  writeUint16(value: number): void {
    if ((value & 0xffff) !== value) throw outOfRange(value, 'uint16')
    this.put16(value)
  }

  /** int32, big endian. */
  writeInt32(value: number): void {
    if ((value | 0) !== value) throw outOfRange(value, 'int32')
    this.put32(value)
  }

  /** uint32, big endian. */
  writeUint32(value: number): void {
    if (value >>> 0 !== value) throw outOfRange(value, 'uint32')
    this.put32(value)
  }

  /** int64 from a safe integer. */
  writeInt64(value: number): void {
    if (!Number.isSafeInteger(value)) throw outOfRange(value, 'int64 (a safe integer)')
    const low = value >>> 0
    this.put32((value - low) / twoTo32)
    this.put32(low)
  }

  /** int64 from a safe integer or `Infinity`, which is Java's `Long.MAX_VALUE`: "no bound". */
  writeInt64OrInfinity(value: number): void {
    if (value === Number.POSITIVE_INFINITY) {
      this.put32(0x7fff_ffff)
      this.put32(-1)
    } else this.writeInt64(value)
  }

  /** int64 from a bigint, for hashes. */
  writeBigInt64(value: bigint): void {
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) throw outOfRange(value, 'int64 (a bigint)')
    this.put32(Number(value >> 32n))
    this.put32(Number(value & 0xffff_ffffn))
  }

  /** float64 (IEEE 754), big endian. */
  writeFloat64(value: number): void {
    if (typeof value !== 'number') throw outOfRange(value, 'float64')
    const at = this.take(8)
    new DataView(this.bytes.buffer, this.bytes.byteOffset + at, 8).setFloat64(0, value)
  }

  /** A printed UUID as its 16 bytes. */
  writeUuid(value: string): void {
    const at = this.take(16)
    writeUuidInto(value, this.bytes, at)
  }

  /** Unsigned varint of at most 32 bits. */
  writeUnsignedVarint(value: number): void {
    if (value >>> 0 !== value) throw outOfRange(value, 'unsigned varint')
    let at = this.room(5)
    let rest = value
    while (rest > 0x7f) {
      this.bytes[at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.bytes[at++] = rest
    this.position = at
  }

  /** Zigzag varint of an int32. */
  writeVarint(value: number): void {
    if ((value | 0) !== value) throw outOfRange(value, 'int32')
    this.writeUnsignedVarint(((value << 1) ^ (value >> 31)) >>> 0)
  }

  /** Zigzag varint of a safe integer. */
  writeVarlong(value: number): void {
    if ((value | 0) === value) {
      this.writeVarint(value)
      return
    }
    if (!Number.isSafeInteger(value)) throw outOfRange(value, 'int64 (a safe integer)')
    // The zigzag form is 2 * magnitude + sign; its lowest seven bits are cut off first, so that the rest stays a safe integer.
    const magnitude = value < 0 ? -(value + 1) : value
    let at = this.room(10)
    this.bytes[at++] = ((magnitude % 64) * 2 + (value < 0 ? 1 : 0)) | 0x80
    let rest = Math.floor(magnitude / 64)
    while (rest > 0x7f) {
      this.bytes[at++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.bytes[at++] = rest
    this.position = at
  }

  /** A string; `compact` is the form of flexible versions. */
  writeString(value: string, compact: boolean): void {
    if (typeof value !== 'string') throw wrongType(value, 'a string')
    const length = value.length
    if (length > longestString)
      throw new ProtocolError(`string of ${length} characters is longer than ${longestString} bytes`)
    if (length > longestLoop || !this.writeAscii(value, compact)) this.writeUtf8(value, compact)
  }

  /** A string or null; `compact` is the form of flexible versions. */
  writeNullableString(value: string | null, compact: boolean): void {
    if (value !== null) this.writeString(value, compact)
    else if (compact) this.writeUnsignedVarint(0)
    else this.put16(-1)
  }

  /** Bytes or records; `compact` is the form of flexible versions. */
  writeBytes(value: BytesInput, compact: boolean): void {
    if (value instanceof Uint8Array) {
      this.writeArrayLength(value.length, compact)
      this.writeRaw(value)
      return
    }
    if (!Array.isArray(value)) throw wrongType(value, 'bytes')
    const runs: readonly Uint8Array[] = value
    let length = 0
    for (const run of runs) {
      if (!(run instanceof Uint8Array)) throw wrongType(run, 'bytes')
      length += run.length
    }
    this.writeArrayLength(length, compact)
    for (const run of runs) this.writeRaw(run)
  }

  /** Bytes or records, or null; `compact` is the form of flexible versions. */
  writeNullableBytes(value: BytesInput | null, compact: boolean): void {
    if (value === null) this.writeNullLength(compact)
    else this.writeBytes(value, compact)
  }

  /** Bytes as they are; 4 KiB and more are kept by reference. */
  writeRaw(value: Uint8Array): void {
    if (value.length >= referenceFrom) {
      this.references.push({ at: this.position, bytes: value })
      this.referenced += value.length
    } else {
      const at = this.take(value.length)
      this.bytes.set(value, at)
    }
  }

  /** The count in front of an array. */
  writeArrayLength(length: number, compact: boolean): void {
    if (compact) this.writeUnsignedVarint(length + 1)
    else this.writeInt32(length)
  }

  /** The count of a null array, or the length of null bytes. */
  writeNullLength(compact: boolean): void {
    if (compact) this.writeUnsignedVarint(0)
    else this.put32(-1)
  }

  /** Starts a tagged field: writes its tag and leaves room for its size, which `endTagged` fills in. */
  beginTagged(tag: number): SizeMark {
    this.writeUnsignedVarint(tag)
    const at = this.take(1)
    return { at, length: this.length }
  }

  /** Ends the tagged field that `beginTagged` started. */
  endTagged(mark: SizeMark): void {
    const size = this.length - mark.length
    const from = mark.at + 1
    const more = varintLength(size) - 1
    if (more > 0) {
      const until = this.position
      this.take(more)
      this.bytes.copyWithin(from + more, from, until)
      for (const reference of this.references) if (reference.at >= from) reference.at += more
    }
    let rest = size
    for (let at = mark.at; at < mark.at + more; at++, rest >>>= 7) this.bytes[at] = (rest & 0x7f) | 0x80
    this.bytes[mark.at + more] = rest
  }

  /** Overwrites the int32 at `at`, an offset before the first byte field of 4 KiB or more: the size in front of a frame. */
  patchInt32(at: number, value: number): void {
    const end = this.position
    this.position = at
    this.put32(value)
    this.position = end
  }

  /** Writes a short string unless it turns out not to be ASCII. */
  private writeAscii(value: string, compact: boolean): boolean {
    const length = value.length
    let at = this.room(length + 2)
    const bytes = this.bytes
    if (!compact) bytes[at++] = 0
    bytes[at++] = compact ? length + 1 : length
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index)
      if (code >= 0x80) return false
      bytes[at++] = code
    }
    this.position = at
    return true
  }

  private writeUtf8(value: string, compact: boolean): void {
    const length = utf8Length(value)
    if (length > longestString) throw new ProtocolError(`string of ${length} bytes is longer than ${longestString}`)
    if (compact) this.writeUnsignedVarint(length + 1)
    else this.put16(length)
    const at = this.take(length)
    encodeUtf8Into(value, this.bytes, at)
  }

  private put16(value: number): void {
    const at = this.take(2)
    this.bytes[at] = value >> 8
    this.bytes[at + 1] = value
  }

  private put32(value: number): void {
    const at = this.take(4)
    const bytes = this.bytes
    bytes[at] = value >> 24
    bytes[at + 1] = value >> 16
    bytes[at + 2] = value >> 8
    bytes[at + 3] = value
  }

  private take(length: number): number {
    const at = this.room(length)
    this.position = at + length
    return at
  }

  private room(length: number): number {
    const at = this.position
    if (at + length > this.bytes.length) {
      const grown = allocate(Math.max(this.bytes.length * (at < largeBuffer ? 4 : 2), at + length))
      grown.set(this.bytes.subarray(0, at))
      this.bytes = grown
    }
    return at
  }
}

/** How many bytes `value` takes as an unsigned varint. */
function varintLength(value: number): number {
  let length = 1
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) length++
  return length
}

/** Without a fill of zeros where the platform can: every byte handed over has been written. */
function allocate(length: number): Uint8Array {
  return typeof Buffer !== 'undefined' ? Buffer.allocUnsafe(length) : new Uint8Array(length)
}

function plain(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start)
}

function outOfRange(value: unknown, type: string): ProtocolError {
  return new ProtocolError(`${describe(value)} is not an ${type}`)
}

function wrongType(value: unknown, expected: string): ProtocolError {
  return new ProtocolError(`expected ${expected}, got ${describe(value)}`)
}

function describe(value: unknown): string {
  return value === null || typeof value === 'number' || typeof value === 'bigint' ? String(value) : `a ${typeof value}`
}
