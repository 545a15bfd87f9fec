import { fieldTables } from '../generated/json-tables.ts'
import { messageType } from '../lookup.ts'
import { decode, type RawTaggedField } from '../message-type.ts'
import { ProtocolError } from '../protocol-error.ts'
import { zeroUuid } from '../uuid.ts'
import { toBase64 } from './base64.ts'
import type { FieldRow, StructTables } from './field-table.ts'

/** What `JSON.stringify` takes and `JSON.parse` gives. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue }

const longMax = '9223372036854775807'

/**
 * A message as JSON: field names in camelCase, int64 as decimal strings, bytes and records as base64, UUIDs as Kafka prints them.
 * Fields that the version lacks and tagged fields at their defaults are left out; unknown tagged fields are listed under
 * `unknownTaggedFields`.
 * @throws ProtocolError when the bytes are not that message, or no message has the name.
 */
export function toJson(name: string, version: number, bytes: Uint8Array): JsonValue {
  return messageToJson(name, version, { bytes, int64: String })
}

/**
 * The same with int64 as numbers, as Kafka's own JSON converters print it. The value is for `JSON.stringify` alone: nothing else keeps all
 * digits.
 * @throws ProtocolError when the bytes are not that message, or no message has the name.
 */
export function toRawJson(name: string, version: number, bytes: Uint8Array): JsonValue {
  return messageToJson(name, version, { bytes, int64: rawJson })
}

function messageToJson(
  name: string,
  version: number,
  { bytes, int64 }: { readonly bytes: Uint8Array; readonly int64: Context['int64'] },
): JsonValue {
  const type = messageType(name)
  const tables = fieldTables[name]
  if (type === undefined || tables === undefined) throw new ProtocolError(`no message is called ${name}`)
  return structToJson({ tables, version, int64 }, name, decode(type, bytes, version))
}

/** Makes of text what `JSON.stringify` prints as it is. Not yet among TypeScript's own declarations. */
const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => JsonValue }

interface Context {
  readonly tables: StructTables
  readonly version: number
  readonly int64: (text: string) => JsonValue
}

function structToJson(context: Context, struct: string, value: object): JsonValue {
  const fields = value as Readonly<Record<string, unknown>>
  const json: { [name: string]: JsonValue } = {}
  for (const row of context.tables[struct] ?? []) {
    const [name, , from, to, , , tag = -1] = row
    const field = fields[name]
    if (context.version < from || context.version > to) continue
    if (tag >= 0 && isDefault(context.tables, row, field)) continue
    json[name] = fieldToJson(context, row, field)
  }
  const unknown = fields['unknownTaggedFields'] as readonly RawTaggedField[] | undefined
  if (unknown !== undefined) {
    json['unknownTaggedFields'] = unknown.map(({ tag, bytes }) => ({ tag, bytes: toBase64(bytes) }))
  }
  return json
}

function fieldToJson(context: Context, [, type]: FieldRow, value: unknown): JsonValue {
  if (value === null) return null
  if (!type.startsWith('[]')) return elementToJson(context, type, value)
  return (value as readonly unknown[]).map((element) => elementToJson(context, type.slice(2), element))
}

function elementToJson(context: Context, type: string, value: unknown): JsonValue {
  switch (type) {
    case 'int64':
    case 'bigint':
      return context.int64(value === Number.POSITIVE_INFINITY ? longMax : String(value))
    case 'bytes':
    case 'records':
      return toBase64(value as Uint8Array)
    case 'float64':
      return Number.isFinite(value) ? (value as number) : String(value)
    default:
      return context.tables[type] === undefined ? (value as JsonValue) : structToJson(context, type, value as object)
  }
}

function isDefault(tables: StructTables, row: FieldRow, value: unknown): boolean {
  const [, type, , , , , , defaultText = null] = row
  if (defaultText === 'null' || value === null) return value === null && defaultText === 'null'
  if (type.startsWith('[]') || type === 'bytes' || type === 'records') return (value as { length: number }).length === 0
  if (type === 'uuid') return value === zeroUuid
  if (type === 'bool') return value === (defaultText === 'true')
  if (type === 'string') return value === (defaultText ?? '')
  const rows = tables[type]
  if (rows === undefined)
    return Number(value) === (defaultText === 'infinity' ? Number.POSITIVE_INFINITY : Number(defaultText))
  const fields = value as Readonly<Record<string, unknown>>
  if (fields['unknownTaggedFields'] !== undefined) return false
  return rows.every((inner) => isDefault(tables, inner, fields[inner[0]]))
}
