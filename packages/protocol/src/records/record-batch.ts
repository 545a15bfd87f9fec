import type { Codecs } from '../compression/codecs.ts'
import type { CompressionType } from '../compression/compression-codec.ts'
import { ProtocolError } from '../protocol-error.ts'
import type { KafkaRecord } from './record.ts'

/** Whether a batch's timestamps are the producers' or the broker's (`message.timestamp.type`). */
export type TimestampType = 'CreateTime' | 'LogAppendTime'

/** Bytes before a batch's own length starts to count: base offset and batch length (Kafka's `LOG_OVERHEAD`). */
export const logOverheadBytes = 12

/** Bytes of a magic 2 batch without records (Kafka's `RECORD_BATCH_OVERHEAD`). */
export const recordBatchOverheadBytes = 61

/** What a batch is decompressed into unless `maxDecompressedBytes` says otherwise: 128 MiB. */
export const defaultMaxDecompressedBytes = 128 * 1024 * 1024

/** Where the fields of a magic 2 batch lie. */
export const batchField = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const

/** The bits of a magic 2 batch's attributes. */
export const batchAttribute = {
  compression: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
} as const

/** Who wrote a batch, as idempotent and transactional producers say it. */
export interface ProducerState {
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
}

/** How records are taken out of a compressed batch. */
export interface ReadRecordsOptions {
  /** The codecs; `defaultCodecs` when left out. */
  readonly codecs?: Codecs | undefined
  /** A batch that decompresses to more is a ProtocolError; 128 MiB when left out. */
  readonly maxDecompressedBytes?: number | undefined
}

/** What every batch of a log or of a Fetch response can say, whatever its magic. */
export interface RecordBatch {
  readonly magic: number
  readonly baseOffset: number
  readonly lastOffset: number
  /** The offset after the last one: where the next batch starts at the earliest. */
  readonly nextOffset: number
  /** All bytes of the batch, base offset and length included. */
  readonly sizeInBytes: number
  /** -1 before magic 2, and where the producer leaves it to the broker. */
  readonly partitionLeaderEpoch: number
  readonly compression: CompressionType
  readonly timestampType: TimestampType
  readonly maxTimestamp: number
  /** -1 when the producer is not idempotent. */
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
  /** A batch of markers for the protocol itself, not of records for the application. */
  readonly isControl: boolean
  /** Whether the checksum in the batch is that of its bytes. */
  hasValidCrc(): boolean
  /**
   * The records, read one by one as the iteration goes. Nothing is copied: they are views on the batch's bytes, or on what a
   * compressed batch was decompressed to.
   * @throws ProtocolError, also during the iteration, when the bytes are not records.
   */
  records(options?: ReadRecordsOptions): IterableIterator<KafkaRecord>
}

/** The overhead of a magic 0 message, the smallest of all: CRC, magic, attributes and two lengths. */
const smallestBatchLength = 14

/**
 * Size of the batch, of any magic, at `start`, base offset and length included; undefined when too few bytes are there to know.
 * @throws ProtocolError when the claimed size is less than the smallest batch of any magic has.
 */
export function batchSize(bytes: Uint8Array, start: number): number | undefined {
  if (bytes.length - start <= batchField.magic) return undefined
  const at = start + batchField.batchLength
  const length = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  if (length < smallestBatchLength) {
    throw new ProtocolError(`a batch cannot be of ${logOverheadBytes + length} bytes`, 'batchLength', at)
  }
  return logOverheadBytes + length
}
