import { fieldTables } from '../generated/json-tables.ts'
import { messageType } from '../lookup.ts'
import { encode, type RawTaggedField } from '../message-type.ts'
import { atField, ProtocolError } from '../protocol-error.ts'
import { fromBase64 } from './base64.ts'
import type { FieldRow, StructTables } from './field-table.ts'
import type { JsonValue } from './to-json.ts'

const longMax = '9223372036854775807'

/**
 * The bytes of a message from the JSON that `toJson` gives. A field that is missing is at its default.
 * @throws ProtocolError when no message has the name, when a field has the wrong type or is not one of the message's, and when a
 * field is set that the version lacks.
 */
export function fromJson(name: string, version: number, value: JsonValue): Uint8Array {
  const type = messageType(name)
  const tables = fieldTables[name]
  if (type === undefined || tables === undefined) throw new ProtocolError(`no message is called ${name}`)
  return encode(type, structFromJson(tables, name, value), version)
}

function structFromJson(tables: StructTables, struct: string, json: JsonValue): object {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) throw wrongType('an object', json)
  const rows = new Map((tables[struct] ?? []).map((row) => [row[0], row]))
  const value: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(json)) {
    const row = rows.get(name)
    if (row !== undefined) value[name] = fieldFromJson(tables, row, field)
    else if (name === 'unknownTaggedFields') value[name] = rawTaggedFields(field)
    else throw new ProtocolError(`${struct} has no such field`, name)
  }
  return value
}

function fieldFromJson(tables: StructTables, row: FieldRow, json: JsonValue): unknown {
  const [name, type, , , nullableFrom = -1] = row
  let index = -1
  try {
    if (json === null) {
      if (nullableFrom < 0) throw new ProtocolError('is null, but may not be')
      return null
    }
    if (!type.startsWith('[]')) return elementFromJson(tables, type, json)
    if (!Array.isArray(json)) throw wrongType('an array', json)
    const elements: unknown[] = []
    for (index = 0; index < json.length; index++) {
      elements.push(elementFromJson(tables, type.slice(2), json[index] as JsonValue))
    }
    return elements
  } catch (error) {
    throw atField(error, name, index)
  }
}

function elementFromJson(tables: StructTables, type: string, json: JsonValue): unknown {
  switch (type) {
    case 'string':
    case 'uuid':
      return expectString(json)
    case 'bool':
      if (typeof json !== 'boolean') throw wrongType('a boolean', json)
      return json
    case 'bytes':
    case 'records':
      return bytesOf(json)
    case 'int64':
      return json === longMax ? Number.POSITIVE_INFINITY : Number(bigintOf(json))
    case 'bigint':
      return bigintOf(json)
    default:
      if (tables[type] !== undefined) return structFromJson(tables, type, json)
      return numberOf(json)
  }
}

function rawTaggedFields(json: JsonValue): RawTaggedField[] {
  if (!Array.isArray(json)) throw wrongType('an array', json)
  return json.map((element) => {
    if (element === null || typeof element !== 'object' || Array.isArray(element)) throw wrongType('an object', element)
    return { tag: numberOf(element['tag'] ?? null), bytes: bytesOf(element['bytes'] ?? null) }
  })
}

function expectString(json: JsonValue): string {
  if (typeof json !== 'string') throw wrongType('a string', json)
  return json
}

function bytesOf(json: JsonValue): Uint8Array {
  const bytes = fromBase64(expectString(json))
  if (bytes === undefined) throw wrongType('base64', json)
  return bytes
}

function bigintOf(json: JsonValue): bigint {
  const text = typeof json === 'number' ? String(json) : expectString(json)
  if (!/^-?\d+$/.test(text)) throw wrongType('a decimal integer', json)
  return BigInt(text)
}

/** A number, or the name of a float64 that JSON has no number for. */
function numberOf(json: JsonValue): number {
  if (typeof json === 'number') return json
  if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json)
  throw wrongType('a number', json)
}

function wrongType(expected: string, json: JsonValue): ProtocolError {
  return new ProtocolError(`expected ${expected}, got ${JSON.stringify(json).slice(0, 80)}`)
}
