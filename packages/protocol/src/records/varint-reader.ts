import { ProtocolError } from '../protocol-error.ts'

/**
 * Reads the zigzag varints of records, forward from `position`. The methods are kept to what the compiler of the engine can
 * inline: one- and two-byte varints, which is nearly all of them, take the short way.
 */
export class VarintReader {
  readonly bytes: Uint8Array
  /** Where the readable bytes end, an index into `bytes`. */
  readonly end: number
  position: number

  constructor(bytes: Uint8Array, position: number, end: number) {
    this.bytes = bytes
    this.position = position
    this.end = end
  }

  /** A ProtocolError at `position`, an index into `bytes`, to be thrown. */
  error(reason: string, position = this.position): ProtocolError {
    return new ProtocolError(reason, '', position)
  }

  /** A varint of at most 32 bits. */
  varint(): number {
    const bytes = this.bytes
    const position = this.position
    if (position + 1 < this.end) {
      const first = bytes[position]!
      if (first < 0x80) {
        this.position = position + 1
        return (first >>> 1) ^ -(first & 1)
      }
      const second = bytes[position + 1]!
      if (second < 0x80) {
        this.position = position + 2
        return (((first & 0x7f) | (second << 7)) >>> 1) ^ -(first & 1)
      }
    }
    return this.#longVarint()
  }

  /** A varint of at most 64 bits whose value is a safe integer. */
  varlong(): number {
    const position = this.position
    if (position + 1 < this.end) {
      const first = this.bytes[position]!
      if (first < 0x80) {
        this.position = position + 1
        return (first >>> 1) ^ -(first & 1)
      }
      const second = this.bytes[position + 1]!
      if (second < 0x80) {
        this.position = position + 2
        return (((first & 0x7f) | (second << 7)) >>> 1) ^ -(first & 1)
      }
    }
    return this.#longVarlong()
  }

  #longVarint(): number {
    const start = this.position
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte(start)
      if (shift === 28 && byte > 0x0f) throw this.error('varint is longer than 32 bits', start)
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
  }

  /** The lowest bit is the sign and the 63 above it are the magnitude, which is summed as a double. */
  #longVarlong(): number {
    const start = this.position
    const first = this.#byte(start)
    let magnitude = (first & 0x7f) >>> 1
    let weight = 64
    for (let byte = first, length = 1; byte >= 0x80; weight *= 128) {
      byte = this.#byte(start)
      if (++length === 10 && byte > 1) throw this.error('varlong is longer than 64 bits', start)
      magnitude += (byte & 0x7f) * weight
    }
    const value = (first & 1) === 0 ? magnitude : -magnitude - 1
    if (!Number.isSafeInteger(value)) throw this.error('varlong is not a safe integer', start)
    return value
  }

  #byte(start: number): number {
    if (this.position >= this.end) throw this.error('the bytes end within a varint', start)
    return this.bytes[this.position++]!
  }
}
