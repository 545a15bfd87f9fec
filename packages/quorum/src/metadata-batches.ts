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

/** A record read from the metadata log or a snapshot. Control records are not state and are left out. */
export interface ReadMetadataRecord {
  readonly offset: number
  readonly record: MetadataRecord
}

/** The metadata records in complete batches. @throws ProtocolError */
export function* readMetadataBatches(bytes: Uint8Array): Generator<ReadMetadataRecord> {
  for (const batch of recordBatches(bytes)) {
    if (batch.isControl) continue
    for (const { offset, value } of batch.records()) {
      if (value !== null) yield { offset, record: decodeMetadataRecord(value) }
    }
  }
}
