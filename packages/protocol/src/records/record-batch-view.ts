import { type CompressionType, compressionTypes } from '../compression/compression-codec.ts'
import { defaultCodecs } from '../compression/default-codecs.ts'
import { crc32c } from '../crc32c.ts'
import { atField, ProtocolError } from '../protocol-error.ts'
import {
  batchAttribute,
  batchField,
  defaultMaxDecompressedBytes,
  logOverheadBytes,
  type ProducerState,
  type ReadRecordsOptions,
  type RecordBatch,
  recordBatchOverheadBytes,
  type TimestampType,
} from './record-batch.ts'
import { putInt64 } from './record-batch-header.ts'
import { RecordIterator } from './record-iterator.ts'
import type { RecordView } from './record-view.ts'

/** Length, attributes, two deltas, two lengths and the header count of the smallest record, one byte each. */
const smallestRecordBytes = 7
type BatchField = keyof typeof batchField

const maxInt32 = 0x7fff_ffff
const twoTo32 = 0x1_0000_0000

/**
 * A record batch of magic 2 where it lies in `bytes`, from `start` on. Nothing is copied and nothing is read ahead: each field
 * is read on access, and the setters patch the bytes in place. A view can be made of a batch's first 61 bytes alone; then
 * everything but the checksum and the records works.
 *
 * The constructor takes any bytes; `validate` says whether they are a batch.
 */
export class RecordBatchView implements RecordBatch {
  readonly bytes: Uint8Array
  /** Where the batch starts in `bytes`. */
  readonly start: number
  readonly #view: DataView

  /** @throws ProtocolError when fewer than 61 bytes follow `start`. */
  constructor(bytes: Uint8Array, start = 0) {
    if (bytes.length - start < recordBatchOverheadBytes) {
      throw new ProtocolError(
        `a record batch takes ${recordBatchOverheadBytes} bytes at least, got ${bytes.length - start}`,
        '',
        start,
      )
    }
    this.bytes = bytes
    this.start = start
    this.#view = new DataView(bytes.buffer, bytes.byteOffset + start, recordBatchOverheadBytes)
  }

  get baseOffset(): number {
    return this.#int64('baseOffset')
  }

  /** Bytes of the batch that follow this field: all but base offset and length. */
  get batchLength(): number {
    return this.#view.getInt32(batchField.batchLength)
  }

  get sizeInBytes(): number {
    return logOverheadBytes + this.batchLength
  }

  /** Whether all bytes of the batch are there. */
  get isComplete(): boolean {
    return this.sizeInBytes <= this.bytes.length - this.start
  }

  get partitionLeaderEpoch(): number {
    return this.#view.getInt32(batchField.partitionLeaderEpoch)
  }

  get magic(): number {
    return this.#view.getInt8(batchField.magic)
  }

  /** The CRC-32C the batch claims, unsigned; it covers everything from the attributes on. */
  get crc(): number {
    return this.#view.getUint32(batchField.crc)
  }

  get attributes(): number {
    return this.#view.getInt16(batchField.attributes)
  }

  /** @throws ProtocolError when the attributes hold an id without a codec. */
  get compression(): CompressionType {
    const id = this.attributes & batchAttribute.compression
    const type = compressionTypes[id]
    if (type === undefined) throw this.#error(`compression type ${id} does not exist`, 'attributes')
    return type
  }

  get timestampType(): TimestampType {
    return (this.attributes & batchAttribute.logAppendTime) === 0 ? 'CreateTime' : 'LogAppendTime'
  }

  get isTransactional(): boolean {
    return (this.attributes & batchAttribute.transactional) !== 0
  }

  get isControl(): boolean {
    return (this.attributes & batchAttribute.control) !== 0
  }

  /** When compaction may drop the batch's tombstones and markers, undefined when it has not decided yet (KIP-534). */
  get deleteHorizonMs(): number | undefined {
    return (this.attributes & batchAttribute.deleteHorizon) === 0 ? undefined : this.baseTimestamp
  }

  get lastOffsetDelta(): number {
    return this.#view.getInt32(batchField.lastOffsetDelta)
  }

  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta
  }

  get nextOffset(): number {
    return this.lastOffset + 1
  }

  /** What the records' timestamp deltas are added to; the delete horizon in a batch that has one. */
  get baseTimestamp(): number {
    return this.#int64('baseTimestamp')
  }

  /** The largest timestamp in the batch, -1 when its records have none; all records' in a LogAppendTime batch. */
  get maxTimestamp(): number {
    return this.#int64('maxTimestamp')
  }

  get producerId(): number {
    return this.#int64('producerId')
  }

  get producerEpoch(): number {
    return this.#view.getInt16(batchField.producerEpoch)
  }

  get baseSequence(): number {
    return this.#view.getInt32(batchField.baseSequence)
  }

  /** The last record's sequence number, -1 without a producer; sequences go on at 0 after 2147483647. */
  get lastSequence(): number {
    const { baseSequence } = this
    return baseSequence === -1 ? -1 : incrementSequence(baseSequence, this.lastOffsetDelta)
  }

  /** How many records the batch says it has; 0 in one that compaction emptied. */
  get recordCount(): number {
    return this.#view.getInt32(batchField.recordCount)
  }

  /** The bytes of this batch alone, as a view. @throws ProtocolError when they are not all there. */
  toBytes(): Uint8Array {
    this.#checkSize()
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + this.start, this.sizeInBytes)
  }

  /** The CRC-32C of the bytes. @throws ProtocolError when they are not all there. */
  computeCrc(): number {
    this.#checkSize()
    const from = batchField.attributes
    return crc32c(new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + this.start + from, this.sizeInBytes - from))
  }

  hasValidCrc(): boolean {
    return (
      this.batchLength >= recordBatchOverheadBytes - logOverheadBytes &&
      this.isComplete &&
      this.computeCrc() === this.crc
    )
  }

  /**
   * Checks what can be known from the header: magic, lengths, compression type, numbers and the record count against the bytes.
   * It looks neither at the checksum (`hasValidCrc`) nor at the records (`validateRecords`).
   * @throws ProtocolError for the first thing that is wrong.
   */
  validate(): void {
    if (this.magic !== 2) throw this.#error(`magic ${this.magic} is not 2`, 'magic')
    this.#checkSize()
    const bodyBytes = this.sizeInBytes - recordBatchOverheadBytes
    const { recordCount } = this
    if (recordCount < 0 || (this.compression === 'none' && recordCount * smallestRecordBytes > bodyBytes)) {
      throw this.#error(`${recordCount} records in ${bodyBytes} bytes`, 'recordCount')
    }
    if (this.lastOffsetDelta < 0) {
      throw this.#error(`last offset delta ${this.lastOffsetDelta} is negative`, 'lastOffsetDelta')
    }
    this.#int64('baseOffset')
    this.#int64('baseTimestamp')
    this.#int64('maxTimestamp')
    this.#int64('producerId')
  }

  /**
   * Checks the batch to the last byte: its header, and each record with its headers.
   * @throws ProtocolError for the first thing that is wrong.
   */
  validateRecords(options?: ReadRecordsOptions): void {
    this.validate()
    this.forEachRecord((record) => void record.headers, options)
  }

  /** The records, each a view of its own that may be kept. */
  records(options: ReadRecordsOptions = {}): RecordIterator {
    return this.#iterator(options, false)
  }

  /**
   * Calls `visit` for each record. It is the fastest way through a batch: one and the same view is given to every call, so it is
   * good only until `visit` returns.
   */
  forEachRecord(visit: (record: RecordView) => void, options: ReadRecordsOptions = {}): void {
    const iterator = this.#iterator(options, true)
    for (let record = iterator.advance(); record !== undefined; record = iterator.advance()) visit(record)
  }

  /** Moves the batch to another offset; base offset and leader epoch are outside the checksum. */
  setBaseOffset(baseOffset: number): void {
    putInt64(this.#view, batchField.baseOffset, baseOffset)
  }

  /** Moves the batch so that it ends at `lastOffset`. */
  setLastOffset(lastOffset: number): void {
    this.setBaseOffset(lastOffset - this.lastOffsetDelta)
  }

  setPartitionLeaderEpoch(leaderEpoch: number): void {
    this.#view.setInt32(batchField.partitionLeaderEpoch, leaderEpoch)
  }

  /** Sets timestamp type and largest timestamp, as a broker does with `message.timestamp.type`, and the checksum when needed. */
  setMaxTimestamp(type: TimestampType, timestampMs: number): void {
    if (this.timestampType === type && this.maxTimestamp === timestampMs) return
    this.#setAttribute(batchAttribute.logAppendTime, type === 'LogAppendTime')
    putInt64(this.#view, batchField.maxTimestamp, timestampMs)
    this.updateCrc()
  }

  /** Sets who wrote the batch, as a producer does that got a new epoch before it sends again, and the checksum. */
  setProducerState(state: ProducerState): void {
    this.#setAttribute(batchAttribute.transactional, state.isTransactional)
    putInt64(this.#view, batchField.producerId, state.producerId)
    this.#view.setInt16(batchField.producerEpoch, state.producerEpoch)
    this.#view.setInt32(batchField.baseSequence, state.baseSequence)
    this.updateCrc()
  }

  /** Makes the checksum that of the bytes. */
  updateCrc(): void {
    this.#view.setUint32(batchField.crc, this.computeCrc())
  }

  #iterator(options: ReadRecordsOptions, reuseView: boolean): RecordIterator {
    this.validate()
    const logAppendTime = this.timestampType === 'LogAppendTime' ? this.maxTimestamp : undefined
    const { compression, baseOffset, baseTimestamp, recordCount } = this
    const bodyAt = this.start + recordBatchOverheadBytes
    let range = { bytes: this.bytes, position: bodyAt, end: this.start + this.sizeInBytes }
    if (compression !== 'none' && recordCount > 0) {
      const bytes = this.#decompress(compression, this.bytes.subarray(bodyAt, range.end), options)
      range = { bytes, position: 0, end: bytes.length }
    }
    const source = { bytes: range.bytes, baseOffset, baseTimestamp, logAppendTime }
    return new RecordIterator(source, range, { recordCount, reuseView })
  }

  #decompress(compression: CompressionType, body: Uint8Array, options: ReadRecordsOptions): Uint8Array {
    const codec = (options.codecs ?? defaultCodecs).of(compression)
    try {
      return codec.decompress(body, options.maxDecompressedBytes ?? defaultMaxDecompressedBytes)
    } catch (error) {
      throw atField(error, 'records')
    }
  }

  #checkSize(): void {
    const available = this.bytes.length - this.start
    if (this.sizeInBytes < recordBatchOverheadBytes || this.sizeInBytes > available) {
      throw this.#error(`batch of ${this.sizeInBytes} bytes, but ${available} are there`, 'batchLength')
    }
  }

  #setAttribute(bit: number, on: boolean): void {
    this.#view.setInt16(batchField.attributes, on ? this.attributes | bit : this.attributes & ~bit)
  }

  #int64(field: BatchField): number {
    const at = batchField[field]
    const value = this.#view.getInt32(at) * twoTo32 + this.#view.getUint32(at + 4)
    if (!Number.isSafeInteger(value)) throw this.#error('int64 is not a safe integer', field)
    return value
  }

  #error(reason: string, field: BatchField): ProtocolError {
    return new ProtocolError(reason, field, this.start + batchField[field])
  }
}

/** The sequence number `increment` after `sequence`; sequences go on at 0 after 2147483647 (Kafka's `incrementSequence`). */
export function incrementSequence(sequence: number, increment: number): number {
  const next = sequence + increment
  return next > maxInt32 ? next - maxInt32 - 1 : next
}
