import { crc32 } from 'node:zlib'
import { type CompressionType, compressionTypes } from '../compression/compression-codec.ts'
import { defaultCodecs } from '../compression/default-codecs.ts'
import { atField, ProtocolError } from '../protocol-error.ts'
import type { KafkaRecord, RecordHeader } from './record.ts'
import {
  batchSize,
  defaultMaxDecompressedBytes,
  logOverheadBytes,
  type ReadRecordsOptions,
  type RecordBatch,
  type TimestampType,
} from './record-batch.ts'

/** Where the fields of a message lie, the offset and the length in front of it included. */
const field = { offset: 0, crc: 12, magic: 16, attributes: 17, timestamp: 18 } as const
const compressionMask = 0x07
const logAppendTimeBit = 0x08
const twoTo32 = 0x1_0000_0000
const noHeaders: readonly RecordHeader[] = Object.freeze([])

/**
 * A message of a message set of magic 0 or 1, as Fetch responses from brokers before Kafka 0.11 hold them. Every message is a
 * batch of its own; a compressed one is a wrapper around a message set, whose offset is that of the last message in it.
 * Messages are read for the sake of old logs and are never written.
 */
export class LegacyRecordBatch implements RecordBatch {
  readonly bytes: Uint8Array
  /** Where the message starts in `bytes`. */
  readonly start: number
  readonly magic: 0 | 1
  readonly sizeInBytes: number
  readonly partitionLeaderEpoch = -1
  readonly producerId = -1
  readonly producerEpoch = -1
  readonly baseSequence = -1
  readonly isTransactional = false
  readonly isControl = false
  readonly #view: DataView

  /** @throws ProtocolError when the bytes from `start` on are not a whole message of magic 0 or 1. */
  constructor(bytes: Uint8Array, start = 0) {
    const size = batchSize(bytes, start)
    if (size === undefined || size > bytes.length - start) {
      throw new ProtocolError(
        `message of ${size ?? 'unknown'} bytes, but ${bytes.length - start} are there`,
        'messageSize',
        start,
      )
    }
    this.bytes = bytes
    this.start = start
    this.sizeInBytes = size
    this.#view = new DataView(bytes.buffer, bytes.byteOffset + start, size)
    const magic = this.#view.getInt8(field.magic)
    if (magic !== 0 && magic !== 1) throw this.#error(`magic ${magic} is not 0 or 1`, field.magic, 'magic')
    this.magic = magic
    if (size < this.#keyAt + 8) throw this.#error(`message of ${size} bytes`, field.crc, 'messageSize')
  }

  /** The offset of the message; in a wrapper that of the last message, but relative when the wrapper is in no log yet. */
  get lastOffset(): number {
    return this.#int64(field.offset, 'offset')
  }

  /** The first offset. In a wrapper it takes reading what is in it. @throws ProtocolError when that cannot be read. */
  get baseOffset(): number {
    return this.records().next().value?.offset ?? this.lastOffset
  }

  get nextOffset(): number {
    return this.lastOffset + 1
  }

  /** The CRC-32 the message claims, unsigned; it covers everything from the magic on. */
  get crc(): number {
    return this.#view.getUint32(field.crc)
  }

  get attributes(): number {
    return this.#view.getInt8(field.attributes)
  }

  /** @throws ProtocolError when the attributes hold an id without a codec that messages can have. */
  get compression(): CompressionType {
    const id = this.attributes & compressionMask
    const type = compressionTypes[id]
    if (type === undefined || type === 'zstd') {
      throw this.#error(`compression type ${id} in a message of magic ${this.magic}`, field.attributes, 'attributes')
    }
    return type
  }

  get timestampType(): TimestampType {
    return this.magic === 1 && (this.attributes & logAppendTimeBit) !== 0 ? 'LogAppendTime' : 'CreateTime'
  }

  /** The timestamp of the message, in a wrapper the largest of those in it; magic 0 has none, -1. */
  get maxTimestamp(): number {
    return this.magic === 0 ? -1 : this.#int64(field.timestamp, 'timestamp')
  }

  hasValidCrc(): boolean {
    const { buffer, byteOffset } = this.bytes
    const from = field.magic
    return crc32(new Uint8Array(buffer, byteOffset + this.start + from, this.sizeInBytes - from)) === this.crc
  }

  *records(options: ReadRecordsOptions = {}): Generator<KafkaRecord, undefined> {
    if (this.compression === 'none') yield this.#record(this.lastOffset, this.maxTimestamp)
    else yield* this.#wrapped(options)
  }

  /** Offsets in a wrapper of magic 1 count from the first message; brokers replaced those of magic 0 by absolute ones. */
  *#wrapped(options: ReadRecordsOptions): Generator<KafkaRecord, undefined> {
    const messages = [...legacyRecordBatches(this.#decompress(options))]
    const last = messages.at(-1)
    if (last === undefined) throw this.#error('a compressed message set without messages', this.#keyAt, 'value')
    let firstOffset = 0
    if (this.magic === 1 && this.lastOffset !== 0) {
      firstOffset = this.lastOffset - last.lastOffset
      if (firstOffset < 0) {
        throw this.#error(
          `offset ${this.lastOffset} is below relative offset ${last.lastOffset}`,
          field.offset,
          'offset',
        )
      }
    }
    const logAppendTime = this.timestampType === 'LogAppendTime' ? this.maxTimestamp : undefined
    for (const message of messages) {
      if (message.compression !== 'none')
        throw this.#error('a compressed message in a compressed message', this.#keyAt, 'value')
      const timestamp = message.magic === 0 ? -1 : (logAppendTime ?? message.maxTimestamp)
      yield message.#record(firstOffset + message.lastOffset, timestamp)
    }
  }

  #decompress(options: ReadRecordsOptions): Uint8Array {
    const codec = (options.codecs ?? defaultCodecs).of(this.compression)
    const { value } = this.#keyAndValue()
    if (value === null) throw this.#error('a compressed message without a value', this.#keyAt, 'value')
    try {
      return codec.decompress(value, options.maxDecompressedBytes ?? defaultMaxDecompressedBytes)
    } catch (error) {
      throw atField(error, 'value')
    }
  }

  #record(offset: number, timestamp: number): KafkaRecord {
    const { key, value } = this.#keyAndValue()
    return { offset, timestamp, key, value, headers: noHeaders }
  }

  get #keyAt(): number {
    return this.magic === 0 ? field.timestamp : field.timestamp + 8
  }

  #keyAndValue(): { key: Uint8Array | null; value: Uint8Array | null } {
    const key = this.#nullableBytes(this.#keyAt, 'key')
    const value = this.#nullableBytes(this.#keyAt + 4 + (key?.length ?? 0), 'value')
    const end = this.#keyAt + 8 + (key?.length ?? 0) + (value?.length ?? 0)
    if (end !== this.sizeInBytes)
      throw this.#error(`${this.sizeInBytes - end} bytes are left after the value`, end, 'value')
    return { key, value }
  }

  #nullableBytes(at: number, path: string): Uint8Array | null {
    if (at + 4 > this.sizeInBytes) throw this.#error('the message ends before its value', at, path)
    const length = this.#view.getInt32(at)
    if (length === -1) return null
    if (length < 0 || length > this.sizeInBytes - at - 4) {
      throw this.#error(`${length} bytes, but ${this.sizeInBytes - at - 4} are left`, at, path)
    }
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + this.start + at + 4, length)
  }

  #int64(at: number, path: string): number {
    const value = this.#view.getInt32(at) * twoTo32 + this.#view.getUint32(at + 4)
    if (!Number.isSafeInteger(value)) throw this.#error('int64 is not a safe integer', at, path)
    return value
  }

  #error(reason: string, at: number, path = ''): ProtocolError {
    return new ProtocolError(reason, path, this.start + at)
  }
}

/** The messages in a wrapper: logOverheadBytes and a message, again and again, to the last byte. */
function* legacyRecordBatches(bytes: Uint8Array): Generator<LegacyRecordBatch, undefined> {
  for (let start = 0; start < bytes.length; ) {
    if (bytes.length - start < logOverheadBytes)
      throw new ProtocolError('the bytes end within a message', 'messageSize', start)
    const message = new LegacyRecordBatch(bytes, start)
    yield message
    start += message.sizeInBytes
  }
}
