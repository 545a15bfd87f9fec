const wire = { varint: 0, fixed64: 1, bytes: 2 } as const
const utf8 = new TextEncoder()

/** Writes protobuf messages, as far as metrics need it: varints, 64-bit values, text and messages within messages. */
export class ProtobufWriter {
  #bytes = new Uint8Array(256)
  #length = 0

  /** What was written. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** An unsigned number of at most 32 bits; also enums and booleans. */
  varint(field: number, value: number): void {
    this.#varint(field * 8 + wire.varint)
    this.#varint(value)
  }

  /** A 64-bit number, `fixed64`. */
  fixed64(field: number, value: bigint): void {
    this.#varint(field * 8 + wire.fixed64)
    this.#reserve(8).setBigUint64(this.#length, value, true)
    this.#length += 8
  }

  /** A floating point number, `double`. */
  double(field: number, value: number): void {
    this.#varint(field * 8 + wire.fixed64)
    this.#reserve(8).setFloat64(this.#length, value, true)
    this.#length += 8
  }

  /** A text. */
  string(field: number, text: string): void {
    this.#block(field, utf8.encode(text))
  }

  /** A message within this one. */
  message(field: number, write: (writer: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter()
    write(inner)
    this.#block(field, inner.bytes())
  }

  #block(field: number, bytes: Uint8Array): void {
    this.#varint(field * 8 + wire.bytes)
    this.#varint(bytes.length)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #varint(value: number): void {
    this.#reserve(5)
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.#length++] = rest
  }

  #reserve(count: number): DataView {
    if (this.#length + count > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    return new DataView(this.#bytes.buffer)
  }
}
