/**
 * Keys and values of the records that coordinators keep: in `__consumer_offsets` (groups), `__transaction_state` (transactions)
 * and `__share_group_state` (share groups). A key starts with its type as int16, a value with its version as int16; a null value
 * is a tombstone.
 */
import type { CoordinatorRecordType } from './coordinator-record-type.ts'
import {
  type GroupRecordTypes,
  groupRecordTypes,
  type ShareRecordTypes,
  shareRecordTypes,
  type TransactionRecordTypes,
  transactionRecordTypes,
} from './generated/coordinator-record-types.ts'
import type { Input, MessageType } from './message-type.ts'
import { atField } from './protocol-error.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

type Pairs<Types> = { [Name in keyof Types]: { key: object; value: object } }

/** One of the records in `Types`, told apart by `type`; without a value it is a tombstone, and `version` is -1. */
export type CoordinatorRecordOf<Types extends Pairs<Types>> = {
  [Name in keyof Types]: { type: Name; key: Types[Name]['key']; version: number; value: Types[Name]['value'] | null }
}[keyof Types]

/** The same to be written, with fields left out that are at their defaults. A tombstone needs no version. */
export type CoordinatorRecordInputOf<Types extends Pairs<Types>> = {
  [Name in keyof Types]: { readonly type: Name; readonly key: Input<Types[Name]['key']> } & (
    | { readonly version: number; readonly value: Input<Types[Name]['value']> }
    | { readonly version?: number; readonly value: null }
  )
}[keyof Types]

/** A record of `__consumer_offsets`. */
export type GroupRecord = CoordinatorRecordOf<GroupRecordTypes>
/** A record of `__consumer_offsets` to be written. */
export type GroupRecordInput = CoordinatorRecordInputOf<GroupRecordTypes>
/** A record of `__transaction_state`. */
export type TransactionRecord = CoordinatorRecordOf<TransactionRecordTypes>
/** A record of `__transaction_state` to be written. */
export type TransactionRecordInput = CoordinatorRecordInputOf<TransactionRecordTypes>
/** A record of `__share_group_state`. */
export type ShareRecord = CoordinatorRecordOf<ShareRecordTypes>
/** A record of `__share_group_state` to be written. */
export type ShareRecordInput = CoordinatorRecordInputOf<ShareRecordTypes>

/** Key and value as they are on disk. */
export interface EncodedCoordinatorRecord {
  readonly key: Uint8Array
  readonly value: Uint8Array | null
}

export type { GroupRecordTypes, ShareRecordTypes, TransactionRecordTypes }
export { groupRecordTypes, shareRecordTypes, transactionRecordTypes }

/** Key and value of a record in `__consumer_offsets`. @throws ProtocolError when a field does not fit its version. */
export function encodeGroupRecord(record: GroupRecordInput): EncodedCoordinatorRecord {
  return encodeRecord(groupRecordTypes[record.type], record)
}

/** A record of `__consumer_offsets`; undefined when its type is not known, which a loader skips. @throws ProtocolError */
export function decodeGroupRecord(key: Uint8Array, value: Uint8Array | null): GroupRecord | undefined {
  return decodeRecord(groupByType, key, value) as GroupRecord | undefined
}

/** Key and value of a record in `__transaction_state`. @throws ProtocolError when a field does not fit its version. */
export function encodeTransactionRecord(record: TransactionRecordInput): EncodedCoordinatorRecord {
  return encodeRecord(transactionRecordTypes[record.type], record)
}

/** A record of `__transaction_state`; undefined when its type is not known, which a loader skips. @throws ProtocolError */
export function decodeTransactionRecord(key: Uint8Array, value: Uint8Array | null): TransactionRecord | undefined {
  return decodeRecord(transactionByType, key, value) as TransactionRecord | undefined
}

/** Key and value of a record in `__share_group_state`. @throws ProtocolError when a field does not fit its version. */
export function encodeShareRecord(record: ShareRecordInput): EncodedCoordinatorRecord {
  return encodeRecord(shareRecordTypes[record.type], record)
}

/** A record of `__share_group_state`; undefined when its type is not known, which a loader skips. @throws ProtocolError */
export function decodeShareRecord(key: Uint8Array, value: Uint8Array | null): ShareRecord | undefined {
  return decodeRecord(shareByType, key, value) as ShareRecord | undefined
}

type AnyPair = CoordinatorRecordType<{ key: object; value: object }>
type TypeTable = ReadonlyMap<number, AnyPair & { readonly name: string }>

const groupByType = byType(groupRecordTypes)
const transactionByType = byType(transactionRecordTypes)
const shareByType = byType(shareRecordTypes)

function byType(types: Readonly<Record<string, AnyPair>>): TypeTable {
  return new Map(Object.entries(types).map(([name, { key, value }]) => [key.apiKey, { name, key, value }]))
}

function encodeRecord(
  type: AnyPair,
  record: { readonly key: object; readonly version?: number; readonly value: object | null },
): EncodedCoordinatorRecord {
  const key = encodePrefixed(type.key, record.key, { prefix: type.key.apiKey, version: 0 })
  if (record.value === null) return { key, value: null }
  const version = record.version ?? type.value.maxVersion
  return { key, value: encodePrefixed(type.value, record.value, { prefix: version, version }) }
}

function encodePrefixed(
  type: MessageType<object>,
  message: object,
  { prefix, version }: { prefix: number; version: number },
): Uint8Array {
  const writer = new Writer()
  writer.writeInt16(prefix)
  type.write(writer, message, version)
  return writer.finish()
}

function decodeRecord(
  types: TypeTable,
  key: Uint8Array,
  value: Uint8Array | null,
): { type: string; key: object; version: number; value: object | null } | undefined {
  const keyReader = new Reader(key)
  const type = types.get(keyReader.readInt16())
  if (type === undefined) return undefined
  const decodedKey = readWhole(type.key, keyReader, 0)
  if (value === null) return { type: type.name, key: decodedKey, version: -1, value: null }
  const valueReader = new Reader(value)
  const version = valueReader.readInt16()
  return { type: type.name, key: decodedKey, version, value: readWhole(type.value, valueReader, version) }
}

function readWhole(type: MessageType<object>, reader: Reader, version: number): object {
  try {
    const message = type.read(reader, version)
    if (reader.remaining > 0) throw reader.error(`${reader.remaining} bytes are left over`)
    return message
  } catch (error) {
    throw atField(error, type.name)
  }
}
