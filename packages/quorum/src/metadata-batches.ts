import { RecordBatchBuilder, recordBatches } from '@odradek/protocol'
import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecord } from '@odradek/protocol/metadata-records'

/** Where a batch of metadata records stands; `timestampMs` is milliseconds since the epoch. */
export interface BatchPlace {
  readonly baseOffset: number
  readonly epoch: number
  readonly timestampMs: number
}

/** One batch of metadata records as Kafka writes it: magic 2, no compression, no producer, null keys. */
export function encodeMetadataBatch(records: readonly MetadataRecord[], place: BatchPlace): Uint8Array {
  const builder = new RecordBatchBuilder({ baseOffset: place.baseOffset, partitionLeaderEpoch: place.epoch })
  for (const record of records) {
    builder.append({ key: null, value: encodeMetadataRecord(record), timestamp: place.timestampMs })
  }
  return builder.close()
}

/** Key and value of a record that is for the protocol alone. */
export interface ControlRecord {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** One batch of control records. */
export function encodeControlBatch(records: readonly ControlRecord[], place: BatchPlace): Uint8Array {
  const builder = new RecordBatchBuilder({
    baseOffset: place.baseOffset,
    partitionLeaderEpoch: place.epoch,
    isControl: true,
  })
  for (const record of records) builder.append({ ...record, timestamp: place.timestampMs })
  return builder.close()
}

/** A batch read from the metadata log or a snapshot. A control batch has no metadata records but control records. */
export interface ReadMetadataBatch {
  readonly baseOffset: number
  readonly nextOffset: number
  readonly timestampMs: number
  readonly records: readonly MetadataRecord[]
  readonly controlRecords: readonly ControlRecord[]
}

/** The complete batches in `bytes`. @throws ProtocolError */
export function* readMetadataBatches(bytes: Uint8Array): Generator<ReadMetadataBatch> {
  for (const batch of recordBatches(bytes)) {
    const records: MetadataRecord[] = []
    const controlRecords: ControlRecord[] = []
    for (const { key, value } of batch.records()) {
      if (value === null) continue
      if (!batch.isControl) records.push(decodeMetadataRecord(value))
      else if (key !== null) controlRecords.push({ key, value })
    }
    const { baseOffset, nextOffset, maxTimestamp } = batch
    yield { baseOffset, nextOffset, timestampMs: maxTimestamp, records, controlRecords }
  }
}
