import type { Codecs } from '../compression/codecs.ts'
import type { CompressionType } from '../compression/compression-codec.ts'
import { compressionTypes } from '../compression/compression-codec.ts'
import { defaultCodecs } from '../compression/default-codecs.ts'
import { freeBytes } from '../compression/freeable-bytes.ts'
import { ProtocolError } from '../protocol-error.ts'
import type { NewRecord } from './record.ts'
import { batchAttribute, type ProducerState, recordBatchOverheadBytes, type TimestampType } from './record-batch.ts'
import { writeRecordBatchHeader } from './record-batch-header.ts'
import { byteLength, fieldLength, headersLength, putField, putHeaders } from './record-fields.ts'
import { putVarint, putVarlong, varintLength, varlongLength } from './varint-writer.ts'

const maxInt32 = 0x7fff_ffff
const longestVarint = 5

/** How a batch is built. */
export interface RecordBatchBuilderOptions {
  /** `none` when left out. */
  readonly compression?: CompressionType | undefined
  /** Kafka's level of the codec; the codec's default when left out. */
  readonly compressionLevel?: number | undefined
  /** The codecs; `defaultCodecs` when left out. */
  readonly codecs?: Codecs | undefined
  /** Offset of the first record; 0, which a broker replaces, when left out. */
  readonly baseOffset?: number | undefined
  /** -1, which a broker replaces, when left out. */
  readonly partitionLeaderEpoch?: number | undefined
  /** `CreateTime` when left out. */
  readonly timestampType?: TimestampType | undefined
  /** The timestamp of a LogAppendTime batch. */
  readonly logAppendTimeMs?: number | undefined
  /** The batch's delete horizon (KIP-534), which compaction sets. */
  readonly deleteHorizonMs?: number | undefined
  /** An idempotent or transactional producer; none when left out. */
  readonly producer?: ProducerState | undefined
  /** The records are markers for the protocol, not for the application. */
  readonly isControl?: boolean | undefined
  /** `hasRoomFor` and `tryAppend` answer by this (`batch.size`); without bound when left out. */
  readonly maxBytes?: number | undefined
  /** What earlier batches were compressed to, as a part of 1, for the estimate of the size; 1 when left out. */
  readonly compressionRatio?: number | undefined
  /** Bytes to start with; the buffer doubles when it is full. 4096 when left out. */
  readonly initialBytes?: number | undefined
  /** A buffer to write into, whatever is in it, such as one that `takeBuffer` gave back; it is grown by another when it is full. */
  readonly buffer?: Buffer | undefined
}

const noBuffer = Buffer.alloc(0)
const noProducer: ProducerState = { producerId: -1, producerEpoch: -1, baseSequence: -1, isTransactional: false }
/** Compressed sizes are estimated a little too high, as in Kafka, so that a batch rarely outgrows `maxBytes`. */
const compressionRatioMargin = 1.05

/**
 * Builds one record batch of magic 2. Records are written straight into the batch's bytes as they are appended; `close` puts
 * the header in front of them, compresses, and hands the bytes over without a copy. `reset` starts the next batch in the same
 * buffer.
 */
export class RecordBatchBuilder {
  readonly #options: RecordBatchBuilderOptions
  #bytes: Buffer
  #position = recordBatchOverheadBytes
  #recordCount = 0
  #baseOffset: number
  #baseTimestamp: number
  #maxTimestamp = -1
  #lastOffset: number
  #producer: ProducerState
  #isCompressed = false
  #closed: Uint8Array | undefined

  constructor(options: RecordBatchBuilderOptions = {}) {
    this.#options = options
    this.#bytes =
      options.buffer ?? Buffer.allocUnsafeSlow(Math.max(options.initialBytes ?? 4096, recordBatchOverheadBytes))
    this.#baseOffset = options.baseOffset ?? 0
    this.#lastOffset = this.#baseOffset - 1
    this.#baseTimestamp = options.deleteHorizonMs ?? -1
    this.#producer = options.producer ?? noProducer
  }

  /** How many records were appended. */
  get recordCount(): number {
    return this.#recordCount
  }

  /** Bytes of the batch so far; what it would take without compression until it is closed, and what it takes from then on. */
  get sizeInBytes(): number {
    return this.#closed?.length ?? this.#position
  }

  /** Bytes the batch will take when it is closed now, estimated by `compressionRatio` when it is compressed. */
  get estimatedSizeInBytes(): number {
    if (this.#closed !== undefined) return this.#closed.length
    if (this.#compression === 'none' || this.#isCompressed) return this.#position
    const ratio = (this.#options.compressionRatio ?? 1) * compressionRatioMargin
    return recordBatchOverheadBytes + Math.ceil((this.#position - recordBatchOverheadBytes) * ratio)
  }

  /** Offset the next record gets from `append`. */
  get nextOffset(): number {
    return this.#lastOffset + 1
  }

  /** The largest timestamp appended, -1 when there is none. */
  get maxTimestamp(): number {
    return this.#maxTimestamp
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#closed !== undefined
  }

  get #compression(): CompressionType {
    return this.#options.compression ?? 'none'
  }

  /**
   * Whether the batch stays within `maxBytes` with `record` in it. The first record always has room, as in Kafka; a closed batch
   * has none.
   */
  hasRoomFor(record: NewRecord): boolean {
    if (this.#closed !== undefined || this.#isCompressed) return false
    const { maxBytes } = this.#options
    if (maxBytes === undefined || this.#recordCount === 0) return true
    const bodyBytes =
      1 +
      varlongLength(record.timestamp - this.#baseTimestamp) +
      varintLength((this.#lastOffset + 1 - this.#baseOffset) * 2) +
      fieldLength(byteLength(record.key ?? null)) +
      fieldLength(byteLength(record.value ?? null)) +
      headersLength(record.headers)
    return this.estimatedSizeInBytes + varintLength(bodyBytes * 2) + bodyBytes <= maxBytes
  }

  /** Appends a record at the next offset and answers the bytes it takes before compression. */
  append(record: NewRecord): number {
    return this.#append(this.#lastOffset + 1, record, Number.POSITIVE_INFINITY)
  }

  /** Like `append`, but answers 0 and appends nothing where `hasRoomFor` says no. */
  tryAppend(record: NewRecord): number {
    if (this.#closed !== undefined || this.#isCompressed) return 0
    return this.#append(this.#lastOffset + 1, record, this.#options.maxBytes ?? Number.POSITIVE_INFINITY)
  }

  /**
   * Appends a record at an offset of its own, which must be above those before; the first one must not be below `baseOffset`.
   * Compaction keeps offsets this way.
   */
  appendWithOffset(offset: number, record: NewRecord): number {
    return this.#append(offset, record, Number.POSITIVE_INFINITY)
  }

  /** Says who writes the batch, once the producer id and the sequence are known; before `close`. */
  setProducerState(producer: ProducerState): void {
    if (this.#closed !== undefined) throw new Error('this record batch is closed; patch it with RecordBatchView')
    this.#producer = producer
  }

  /** Makes the batch end at `lastOffset`, at or above its last record, as compaction does that keeps a batch's range. */
  overrideLastOffset(lastOffset: number): void {
    if (lastOffset < this.#lastOffset) throw new Error(`last offset ${lastOffset} is below ${this.#lastOffset}`)
    this.#lastOffset = lastOffset
  }

  /**
   * Compresses the records before the batch is closed, into `target` where they fit and into bytes of their own where they do not, and
   * answers the buffer that they were written into, which is free again. From then on the batch takes no more records.
   */
  compress(target?: Buffer): Buffer {
    if (this.#closed !== undefined || this.#isCompressed) throw new Error('this record batch is compressed already')
    const compression = this.#compression
    if (compression === 'none') throw new Error('a record batch without compression has nothing to compress')
    const records = this.#bytes
    const codec = (this.#options.codecs ?? defaultCodecs).of(compression)
    const body = codec.compress(
      records.subarray(recordBatchOverheadBytes, this.#position),
      this.#options.compressionLevel,
    )
    this.#position = recordBatchOverheadBytes + body.length
    this.#bytes =
      target !== undefined && target.length >= this.#position ? target : Buffer.allocUnsafeSlow(this.#position)
    this.#bytes.set(body, recordBatchOverheadBytes)
    if (body.buffer !== records.buffer) freeBytes(body)
    this.#isCompressed = true
    return records
  }

  /**
   * Compresses, writes the header with the checksum, and answers the batch as one run of bytes. They lie in the builder's own
   * buffer when there is no compression, so they are good until `reset`. A second call answers the same bytes.
   */
  close(): Uint8Array {
    if (this.#closed !== undefined) return this.#closed
    if (this.#recordCount === 0) throw new Error('a record batch without records: use emptyRecordBatch()')
    const compression = this.#compression
    if (compression !== 'none' && !this.#isCompressed) this.compress(this.#bytes)
    const batch = new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#position)
    const logAppendTime = this.#options.timestampType === 'LogAppendTime'
    writeRecordBatchHeader(batch, {
      baseOffset: this.#baseOffset,
      partitionLeaderEpoch: this.#options.partitionLeaderEpoch ?? -1,
      attributes:
        compressionTypes.indexOf(compression) |
        (logAppendTime ? batchAttribute.logAppendTime : 0) |
        (this.#producer.isTransactional ? batchAttribute.transactional : 0) |
        (this.#options.isControl === true ? batchAttribute.control : 0) |
        (this.#options.deleteHorizonMs === undefined ? 0 : batchAttribute.deleteHorizon),
      lastOffsetDelta: this.#lastOffset - this.#baseOffset,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: logAppendTime ? (this.#options.logAppendTimeMs ?? -1) : this.#maxTimestamp,
      producer: this.#producer,
      recordCount: this.#recordCount,
    })
    this.#closed = batch
    return batch
  }

  /** Gives the buffer away, with the bytes that `close` answered, when nobody needs them any more. The builder is of no use then. */
  takeBuffer(): Buffer {
    const buffer = this.#bytes
    this.#bytes = noBuffer
    this.#closed = noBuffer
    return buffer
  }

  /** Starts the next batch with the same options in the same buffer; bytes handed out before are overwritten. */
  reset(baseOffset = this.#options.baseOffset ?? 0): void {
    this.#position = recordBatchOverheadBytes
    this.#recordCount = 0
    this.#baseOffset = baseOffset
    this.#lastOffset = baseOffset - 1
    this.#baseTimestamp = this.#options.deleteHorizonMs ?? -1
    this.#maxTimestamp = -1
    this.#producer = this.#options.producer ?? noProducer
    this.#isCompressed = false
    this.#closed = undefined
  }

  /** Writes a record unless the batch had to grow above `maxBytes` for it; then 0 is the answer. */
  #append(offset: number, record: NewRecord, maxBytes: number): number {
    if (this.#closed !== undefined || this.#isCompressed)
      throw new Error('this record batch is closed; reset() starts the next one')
    if (offset <= this.#lastOffset) throw new Error(`offset ${offset} is not above the last one, ${this.#lastOffset}`)
    const { timestamp, headers } = record
    if (!Number.isSafeInteger(timestamp) || timestamp < -1)
      throw new ProtocolError(`timestamp ${timestamp} is not valid`)
    if (this.#recordCount === 0 && this.#options.deleteHorizonMs === undefined) this.#baseTimestamp = timestamp
    const timestampDelta = timestamp - this.#baseTimestamp
    const offsetDelta = offset - this.#baseOffset
    if (offsetDelta > maxInt32) throw new ProtocolError(`offset ${offset} is too far above ${this.#baseOffset}`)
    const key = record.key ?? null
    const value = record.value ?? null
    const keyLength = byteLength(key)
    const valueLength = byteLength(value)
    const bodyBytes =
      1 +
      varlongLength(timestampDelta) +
      varintLength(offsetDelta * 2) +
      fieldLength(keyLength) +
      fieldLength(valueLength) +
      headersLength(headers)
    if (this.#recordCount > 0 && this.estimatedSizeInBytes + varintLength(bodyBytes * 2) + bodyBytes > maxBytes)
      return 0
    const start = this.#position
    const bytes = this.#reserve(bodyBytes + longestVarint)
    let at = putVarint(bytes, start, bodyBytes * 2)
    bytes[at] = 0
    at = putVarlong(bytes, at + 1, timestampDelta)
    at = putVarint(bytes, at, offsetDelta * 2)
    at = putField(bytes, at, { value: key, length: keyLength })
    at = putField(bytes, at, { value, length: valueLength })
    at = putHeaders(bytes, at, headers)
    this.#position = at
    this.#lastOffset = offset
    this.#recordCount++
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
    return at - start
  }

  /** The buffer, grown when fewer than `length` bytes are free in it. */
  #reserve(length: number): Buffer {
    const needed = this.#position + length
    if (needed <= this.#bytes.length) return this.#bytes
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#position))
    this.#bytes = grown
    return grown
  }
}
