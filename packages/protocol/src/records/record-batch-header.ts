import { crc32c } from '../crc32c.ts'
import { batchField, logOverheadBytes, type ProducerState, recordBatchOverheadBytes } from './record-batch.ts'

const magic = 2
const twoTo32 = 0x1_0000_0000

/** The fields of a magic 2 batch that do not follow from its bytes. */
export interface RecordBatchHeader {
  readonly baseOffset: number
  readonly partitionLeaderEpoch: number
  readonly attributes: number
  readonly lastOffsetDelta: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly producer: ProducerState
  readonly recordCount: number
}

/** Writes the header, with length and checksum, in front of the records that fill `batch` from byte 61 on. */
export function writeRecordBatchHeader(batch: Uint8Array, header: RecordBatchHeader): void {
  const view = new DataView(batch.buffer, batch.byteOffset, recordBatchOverheadBytes)
  putInt64(view, batchField.baseOffset, header.baseOffset)
  view.setInt32(batchField.batchLength, batch.length - logOverheadBytes)
  view.setInt32(batchField.partitionLeaderEpoch, header.partitionLeaderEpoch)
  view.setInt8(batchField.magic, magic)
  view.setInt16(batchField.attributes, header.attributes)
  view.setInt32(batchField.lastOffsetDelta, header.lastOffsetDelta)
  putInt64(view, batchField.baseTimestamp, header.baseTimestamp)
  putInt64(view, batchField.maxTimestamp, header.maxTimestamp)
  putInt64(view, batchField.producerId, header.producer.producerId)
  view.setInt16(batchField.producerEpoch, header.producer.producerEpoch)
  view.setInt32(batchField.baseSequence, header.producer.baseSequence)
  view.setInt32(batchField.recordCount, header.recordCount)
  view.setUint32(batchField.crc, crc32c(batch.subarray(batchField.attributes)))
}

/** Writes a safe integer as an int64, big endian. */
export function putInt64(view: DataView, at: number, value: number): void {
  view.setInt32(at, Math.floor(value / twoTo32))
  view.setUint32(at + 4, value >>> 0)
}
