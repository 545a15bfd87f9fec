import {
  type EndTxnMarker,
  endTxnMarker,
  type KRaftVersionRecord,
  kRaftVersionRecord,
  type LeaderChangeMessage,
  leaderChangeMessage,
  type SnapshotFooterRecord,
  type SnapshotHeaderRecord,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  type VotersRecord,
  votersRecord,
} from '../generated/control-records.ts'
import type { Input } from '../message-type.ts'
import { ProtocolError } from '../protocol-error.ts'
import { Reader } from '../reader.ts'
import { Writer } from '../writer.ts'
import type { KafkaRecord } from './record.ts'
import { RecordBatchBuilder, type RecordBatchBuilderOptions } from './record-batch-builder.ts'

/** Kafka's names of the control record types, in the order of their ids. */
export const controlRecordTypes = [
  'ABORT',
  'COMMIT',
  'LEADER_CHANGE',
  'SNAPSHOT_HEADER',
  'SNAPSHOT_FOOTER',
  'KRAFT_VERSION',
  'KRAFT_VOTERS',
] as const

/** A control record type by Kafka's name. */
export type ControlRecordType = (typeof controlRecordTypes)[number]

interface ControlRecordValues {
  ABORT: EndTxnMarker
  COMMIT: EndTxnMarker
  LEADER_CHANGE: LeaderChangeMessage
  SNAPSHOT_HEADER: SnapshotHeaderRecord
  SNAPSHOT_FOOTER: SnapshotFooterRecord
  KRAFT_VERSION: KRaftVersionRecord
  KRAFT_VOTERS: VotersRecord
}

/** The record of a control batch, told apart by `type`; one of a type that is not known yet has its id alone. */
export type ControlRecord =
  | {
      [Type in ControlRecordType]: { readonly type: Type; readonly value: ControlRecordValues[Type] }
    }[ControlRecordType]
  | { readonly type: 'UNKNOWN'; readonly typeId: number }

/** A control record to be written; fields left out are at Kafka's defaults. */
export type ControlRecordInput = {
  [Type in ControlRecordType]: { readonly type: Type; readonly value: Input<ControlRecordValues[Type]> }
}[ControlRecordType]

/** Version of the keys and of all values that are written. */
const currentVersion = 0

/**
 * The id of the type in a control record's key. A key of a later version is read as the one known, as in Kafka.
 * @throws ProtocolError when there is no such key.
 */
export function readControlRecordTypeId(key: Uint8Array | null): number {
  if (key === null) throw new ProtocolError('a control record without a key')
  const reader = new Reader(key)
  const version = reader.readInt16()
  if (version < 0) throw reader.error(`control record key of version ${version}`, 0)
  return reader.readInt16()
}

/**
 * The content of a control batch's record.
 * @throws ProtocolError when key or value are not what the type says.
 */
export function readControlRecord(record: Pick<KafkaRecord, 'key' | 'value'>): ControlRecord {
  const typeId = readControlRecordTypeId(record.key)
  const type = controlRecordTypes[typeId]
  if (type === undefined) return { type: 'UNKNOWN', typeId }
  if (record.value === null) throw new ProtocolError(`a control record ${type} without a value`)
  const reader = new Reader(record.value)
  switch (type) {
    case 'ABORT':
    case 'COMMIT': {
      const version = reader.readInt16()
      if (version < 0) throw reader.error(`end transaction marker of version ${version}`, 0)
      return { type, value: endTxnMarker.read(reader, currentVersion) }
    }
    case 'LEADER_CHANGE':
      return { type, value: leaderChangeMessage.read(reader, currentVersion) }
    case 'SNAPSHOT_HEADER':
      return { type, value: snapshotHeaderRecord.read(reader, currentVersion) }
    case 'SNAPSHOT_FOOTER':
      return { type, value: snapshotFooterRecord.read(reader, currentVersion) }
    case 'KRAFT_VERSION':
      return { type, value: kRaftVersionRecord.read(reader, currentVersion) }
    case 'KRAFT_VOTERS':
      return { type, value: votersRecord.read(reader, currentVersion) }
  }
}

/** Key and value of a control record. @throws ProtocolError when a field does not fit its type. */
export function encodeControlRecord(record: ControlRecordInput): {
  readonly key: Uint8Array
  readonly value: Uint8Array
} {
  const key = new Writer()
  key.writeInt16(currentVersion)
  key.writeInt16(controlRecordTypes.indexOf(record.type))
  const value = new Writer()
  writeValue(value, record)
  return { key: key.finish(), value: value.finish() }
}

/** A control batch, with the timestamp of its records, uncompressed as Kafka has them. */
export function encodeControlBatch(
  records: readonly ControlRecordInput[],
  options: Omit<RecordBatchBuilderOptions, 'isControl' | 'compression'> & { readonly timestampMs: number },
): Uint8Array {
  const builder = new RecordBatchBuilder({ initialBytes: 256, ...options, isControl: true })
  for (const record of records) builder.append({ timestamp: options.timestampMs, ...encodeControlRecord(record) })
  return builder.close()
}

/** A marker says its version in front of its fields, the records of KRaft say it in their first field. */
function writeValue(writer: Writer, record: ControlRecordInput): void {
  switch (record.type) {
    case 'ABORT':
    case 'COMMIT':
      writer.writeInt16(currentVersion)
      endTxnMarker.write(writer, record.value, currentVersion)
      break
    case 'LEADER_CHANGE':
      leaderChangeMessage.write(writer, record.value, currentVersion)
      break
    case 'SNAPSHOT_HEADER':
      snapshotHeaderRecord.write(writer, record.value, currentVersion)
      break
    case 'SNAPSHOT_FOOTER':
      snapshotFooterRecord.write(writer, record.value, currentVersion)
      break
    case 'KRAFT_VERSION':
      kRaftVersionRecord.write(writer, record.value, currentVersion)
      break
    case 'KRAFT_VOTERS':
      votersRecord.write(writer, record.value, currentVersion)
  }
}
