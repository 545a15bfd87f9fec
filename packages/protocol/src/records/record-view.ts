import { atField } from '../protocol-error.ts'
import { decodeUtf8 } from '../utf8.ts'
import type { KafkaRecord, RecordHeader } from './record.ts'
import { VarintReader } from './varint-reader.ts'

/** What the records of one batch have in common. */
export interface RecordSource {
  /** The batch's bytes, or what they were decompressed to. */
  readonly bytes: Uint8Array
  readonly baseOffset: number
  readonly baseTimestamp: number
  /** The timestamp of all records when the broker sets it, undefined in a CreateTime batch. */
  readonly logAppendTime: number | undefined
}

const noHeaders: readonly RecordHeader[] = Object.freeze([])

/**
 * A record of a magic 2 batch, read lazily: it knows where its parts lie in the batch's bytes, and key, value and headers are
 * made on each access. The bytes are views, so they keep the batch's bytes in memory and follow changes to them.
 */
export class RecordView implements KafkaRecord {
  readonly #source: RecordSource
  #attributesAt = 0
  #end = 0
  #offsetDelta = 0
  #timestampDelta = 0
  #keyAt = 0
  #keyLength = -1
  #valueAt = 0
  #valueLength = -1

  constructor(source: RecordSource) {
    this.#source = source
  }

  /**
   * Makes this the record at the reader's position, and moves the reader behind it.
   * @throws ProtocolError when the lengths in the record do not fit into it.
   */
  read(reader: VarintReader): void {
    const start = reader.position
    const length = reader.varint()
    const attributesAt = reader.position
    const end = attributesAt + length
    if (length < 0 || end > reader.end) {
      throw reader.error(`record of ${length} bytes, but ${reader.end - attributesAt} are left`, start)
    }
    reader.position = attributesAt + 1
    this.#attributesAt = attributesAt
    this.#end = end
    this.#timestampDelta = reader.varlong()
    this.#offsetDelta = reader.varint()
    const keyLength = reader.varint()
    this.#keyLength = keyLength
    this.#keyAt = reader.position
    if (keyLength > 0) reader.position += keyLength
    const valueLength = reader.varint()
    this.#valueLength = valueLength
    this.#valueAt = reader.position
    if (valueLength > 0) reader.position += valueLength
    // The headers are checked when they are read; a record without any has exactly one byte left.
    if (keyLength < -1 || valueLength < -1 || reader.position >= end) {
      throw reader.error(
        `record of ${length} bytes has a key of ${keyLength} and a value of ${valueLength} bytes`,
        start,
      )
    }
    if (reader.bytes[reader.position] === 0 && reader.position + 1 !== end) {
      throw reader.error(`record of ${length} bytes ends ${end - reader.position - 1} bytes too early`, start)
    }
    reader.position = end
  }

  get offset(): number {
    return this.#source.baseOffset + this.#offsetDelta
  }

  get timestamp(): number {
    return this.#source.logAppendTime ?? this.#source.baseTimestamp + this.#timestampDelta
  }

  /** The record's own attributes, in which no bit has a meaning yet. */
  get attributes(): number {
    return (this.#source.bytes[this.#attributesAt]! << 24) >> 24
  }

  /** Bytes of the record without the length in front of it. */
  get sizeInBytes(): number {
    return this.#end - this.#attributesAt
  }

  /** Length of the key in bytes, -1 for null; known without making the key. */
  get keyLength(): number {
    return this.#keyLength
  }

  /** Length of the value in bytes, -1 for null; known without making the value. */
  get valueLength(): number {
    return this.#valueLength
  }

  get key(): Uint8Array | null {
    return this.#slice(this.#keyAt, this.#keyLength)
  }

  get value(): Uint8Array | null {
    return this.#slice(this.#valueAt, this.#valueLength)
  }

  /** @throws ProtocolError when the headers do not fill the record exactly. */
  get headers(): readonly RecordHeader[] {
    const { bytes } = this.#source
    const at = this.#valueAt + Math.max(this.#valueLength, 0)
    if (bytes[at] === 0) return noHeaders
    const reader = new VarintReader(bytes, at, this.#end)
    const count = readCount(reader)
    // A header takes two bytes at least.
    if (count < 0 || count * 2 > this.#end - reader.position) {
      throw atField(reader.error(`${count} headers in ${this.#end - reader.position} bytes`, at), 'headers')
    }
    const headers: RecordHeader[] = []
    for (let i = 0; i < count; i++) headers.push(readHeader(reader, i))
    if (reader.position !== this.#end) throw atField(reader.error('bytes are left after the last header'), 'headers')
    return headers
  }

  /** This record as a plain object, for comparing and printing. */
  toObject(): KafkaRecord {
    return { offset: this.offset, timestamp: this.timestamp, key: this.key, value: this.value, headers: this.headers }
  }

  #slice(start: number, length: number): Uint8Array | null {
    if (length < 0) return null
    const { bytes } = this.#source
    return new Uint8Array(bytes.buffer, bytes.byteOffset + start, length)
  }
}

function readCount(reader: VarintReader): number {
  try {
    return reader.varint()
  } catch (error) {
    throw atField(error, 'headers')
  }
}

function readHeader(reader: VarintReader, index: number): RecordHeader {
  try {
    const keyLength = reader.varint()
    const keyAt = reader.position
    if (keyLength < 0 || keyLength > reader.end - keyAt) throw reader.error(`header key of ${keyLength} bytes`)
    reader.position = keyAt + keyLength
    const key = decodeUtf8(reader.bytes, keyAt, reader.position)
    const valueLength = reader.varint()
    if (valueLength === -1) return { key, value: null }
    const valueAt = reader.position
    if (valueLength < 0 || valueLength > reader.end - valueAt) {
      throw reader.error(`header value of ${valueLength} bytes`)
    }
    reader.position = valueAt + valueLength
    return { key, value: new Uint8Array(reader.bytes.buffer, reader.bytes.byteOffset + valueAt, valueLength) }
  } catch (error) {
    throw atField(error, 'headers', index)
  }
}
