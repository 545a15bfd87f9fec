import type { KafkaRecord } from '@odradek/protocol'
import { groupRecordTypes, shareRecordTypes, transactionRecordTypes } from '@odradek/protocol/coordinator-records'
import { type JsonValue, toRawJson } from '@odradek/protocol/json'
import { metadataRecordTypes, remoteLogRecordTypes } from '@odradek/protocol/metadata-records'

/** What is printed of a record: both undefined for one without a value. */
export interface ParsedRecord {
  readonly key?: string
  readonly payload?: string
}

/** Turns a record's bytes into text. Kafka: `MessageParser`. */
export type RecordParser = (record: KafkaRecord) => ParsedRecord

/** Keys and values as text. */
export const textParser: RecordParser = ({ key, value }) => {
  if (value === null) return {}
  const payload = Buffer.from(value).toString()
  return key === null ? { payload } : { key: Buffer.from(key).toString(), payload }
}

/** Records of `__consumer_offsets`. */
export const offsetsParser = coordinatorParser(groupRecordTypes, embedSubscriptions)

/** Records of `__transaction_state`. */
export const transactionLogParser = coordinatorParser(transactionRecordTypes)

/** Records of `__share_group_state`. */
export const shareGroupStateParser = coordinatorParser(shareRecordTypes)

/** Records of `__cluster_metadata`. */
export const clusterMetadataParser: RecordParser = ({ value }) => {
  if (value === null) return {}
  return parsedPayload(metadataTypeNames, { bytes: value, frameVersion: true })
}

/** Records of `__remote_log_metadata`. */
export const remoteLogMetadataParser: RecordParser = ({ key, value }) => {
  if (value === null) return {}
  const parsed = parsedPayload(remoteLogTypeNames, { bytes: value, frameVersion: false })
  return key === null ? parsed : { key: Buffer.from(key).toString(), ...parsed }
}

type TypeNames = ReadonlyMap<number, string>
const metadataTypeNames = namesByKey(metadataRecordTypes)
const remoteLogTypeNames = namesByKey(remoteLogRecordTypes)

function namesByKey(types: Readonly<Record<string, { readonly apiKey: number }>>): TypeNames {
  return new Map(Object.entries(types).map(([name, { apiKey }]) => [apiKey, name]))
}

function parsedPayload(
  names: TypeNames,
  { bytes, frameVersion }: { readonly bytes: Uint8Array; readonly frameVersion: boolean },
): ParsedRecord {
  try {
    const start = frameVersion ? 1 : 0
    const type = readUnsignedVarint(bytes, start)
    const version = readUnsignedVarint(bytes, type.end)
    const name = names.get(type.value)
    if (name === undefined) throw new Error(`Unknown metadata id ${type.value}`)
    const data = toRawJson(name, version.value, bytes.subarray(version.end))
    return { payload: JSON.stringify({ type: constantCase(name), version: version.value, data }) }
  } catch (error) {
    return { payload: `Error at ${error instanceof Error ? error.message : String(error)}` }
  }
}

function readUnsignedVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0
  for (let at = start; at < start + 5; at++) {
    const byte = bytes[at]
    if (byte === undefined) break
    value |= (byte & 0x7f) << (7 * (at - start))
    if (byte < 0x80) return { value, end: at + 1 }
  }
  throw new Error('the record has no type and version')
}

function constantCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()
}

type CoordinatorTypes = Readonly<Record<string, { readonly key: { readonly apiKey: number } }>>
type Embed = (name: string, value: JsonValue) => JsonValue

function coordinatorParser(types: CoordinatorTypes, embed: Embed = (_name, value) => value): RecordParser {
  const names = new Map(Object.entries(types).map(([name, { key }]) => [key.apiKey, name]))
  return ({ key, value, offset }) => {
    if (key === null || key.length < 2) {
      throw new Error(
        `Failed to decode message at offset ${offset} using the specified decoder (message had a missing key)`,
      )
    }
    const type = readInt16(key)
    const name = names.get(type)
    if (name === undefined) return { key: `Unknown record type ${type} at offset ${offset}, skipping.` }
    try {
      return {
        key: JSON.stringify({ type: String(type), data: toRawJson(`${name}Key`, 0, key.subarray(2)) }),
        payload: value === null ? '<DELETE>' : coordinatorValue(name, value, embed),
      }
    } catch (error) {
      return { key: `Error at offset ${offset}, skipping. ${error instanceof Error ? error.message : String(error)}` }
    }
  }
}

function coordinatorValue(name: string, value: Uint8Array, embed: Embed): string {
  const version = readInt16(value)
  const data = embed(name, toRawJson(`${name}Value`, version, value.subarray(2)))
  return JSON.stringify({ version: String(version), data })
}

/** Members of a classic group of consumers carry bytes of the consumer protocol: they are shown as what they mean. */
function embedSubscriptions(name: string, value: JsonValue): JsonValue {
  const group = value as { protocolType?: JsonValue; members?: JsonValue[] }
  if (name !== 'GroupMetadata' || group.protocolType !== 'consumer' || group.members === undefined) return value
  const members = group.members.map((member) => {
    const fields = member as { subscription: string; assignment: string }
    return {
      ...fields,
      subscription: embedded('ConsumerProtocolSubscription', fields.subscription),
      assignment: embedded('ConsumerProtocolAssignment', fields.assignment),
    }
  })
  return { ...(value as { [field: string]: JsonValue }), members }
}

function embedded(name: string, base64: string): JsonValue {
  const bytes = Buffer.from(base64, 'base64')
  return bytes.length < 2 ? base64 : toRawJson(name, readInt16(bytes), bytes.subarray(2))
}

function readInt16(bytes: Uint8Array): number {
  return ((bytes[0]! << 24) >> 16) | bytes[1]!
}
