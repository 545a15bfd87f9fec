/**
 * Values of the records in `__cluster_metadata` and `__remote_log_metadata`: a type number and a version as unsigned varints, then
 * the record. Metadata records have a frame version of their own in front (KIP-631).
 */
import { type MetadataRecordTypes, metadataRecordTypes } from './generated/metadata-record-types.ts'
import { type RemoteLogRecordTypes, remoteLogRecordTypes } from './generated/remote-log-record-types.ts'
import type { Input, MessageType } from './message-type.ts'
import { atField, ProtocolError } from './protocol-error.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const frameVersion = 1

/** One of the records in `Types`, told apart by `type`. */
export type RecordOf<Types> = {
  [Name in keyof Types]: { type: Name; version: number; record: Types[Name] }
}[keyof Types]

/** The same with fields left out that are at their defaults. */
export type RecordInputOf<Types> = {
  [Name in keyof Types]: { readonly type: Name; readonly version: number; readonly record: Input<Types[Name]> }
}[keyof Types]

/** A record of `__cluster_metadata`. */
export type MetadataRecord = RecordOf<MetadataRecordTypes>
/** A record of `__cluster_metadata` to be written. */
export type MetadataRecordInput = RecordInputOf<MetadataRecordTypes>
/** A record of `__remote_log_metadata` (KIP-405). */
export type RemoteLogRecord = RecordOf<RemoteLogRecordTypes>
/** A record of `__remote_log_metadata` to be written. */
export type RemoteLogRecordInput = RecordInputOf<RemoteLogRecordTypes>

export type { MetadataRecordTypes, RemoteLogRecordTypes }
export { metadataRecordTypes, remoteLogRecordTypes }

/** The value of a record in `__cluster_metadata`. @throws ProtocolError when the record does not fit its version. */
export function encodeMetadataRecord(record: MetadataRecordInput): Uint8Array {
  const writer = new Writer()
  writer.writeUnsignedVarint(frameVersion)
  writeRecord(writer, metadataRecordTypes[record.type], record)
  return writer.finish()
}

/** The record in a value of `__cluster_metadata`. @throws ProtocolError also when the type is not known. */
export function decodeMetadataRecord(value: Uint8Array): MetadataRecord {
  const reader = new Reader(value)
  const frame = reader.readUnsignedVarint()
  if (frame !== frameVersion) throw reader.error(`frame version ${frame} of a metadata record is not known`, 0)
  return readRecord(reader, metadataByKey) as MetadataRecord
}

/** The value of a record in `__remote_log_metadata`. @throws ProtocolError when the record does not fit its version. */
export function encodeRemoteLogRecord(record: RemoteLogRecordInput): Uint8Array {
  const writer = new Writer()
  writeRecord(writer, remoteLogRecordTypes[record.type], record)
  return writer.finish()
}

/** The record in a value of `__remote_log_metadata`. @throws ProtocolError also when the type is not known. */
export function decodeRemoteLogRecord(value: Uint8Array): RemoteLogRecord {
  return readRecord(new Reader(value), remoteLogByKey) as RemoteLogRecord
}

const metadataByKey = byKey(metadataRecordTypes)
const remoteLogByKey = byKey(remoteLogRecordTypes)

function byKey(types: Readonly<Record<string, MessageType<object>>>): ReadonlyMap<number, MessageType<object>> {
  return new Map(Object.values(types).map((type) => [type.apiKey, type]))
}

function writeRecord(
  writer: Writer,
  type: MessageType<object>,
  { version, record }: { readonly version: number; readonly record: object },
): void {
  writer.writeUnsignedVarint(type.apiKey)
  writer.writeUnsignedVarint(version)
  type.write(writer, record, version)
}

function readRecord(
  reader: Reader,
  types: ReadonlyMap<number, MessageType<object>>,
): { type: string; version: number; record: object } {
  const at = reader.position
  const key = reader.readUnsignedVarint()
  const type = types.get(key)
  if (type === undefined) throw new ProtocolError(`record type ${key} is not known`, '', at)
  const version = reader.readUnsignedVarint()
  try {
    const record = type.read(reader, version)
    if (reader.remaining > 0) throw reader.error(`${reader.remaining} bytes are left over`)
    return { type: type.name, version, record }
  } catch (error) {
    throw atField(error, type.name)
  }
}
