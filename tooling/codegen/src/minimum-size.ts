import { type Field, includes, type Message, type Struct, versionsOf } from './schema.ts'

const fixedSizes: Readonly<Record<string, number>> = {
  bool: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  float64: 8,
  uuid: 16,
}

/** The fewest bytes that one element of an array field takes in any version, at least 1. */
export function minimumElementSize(message: Message, field: Field): number {
  const sizes = versionsOf(field.versions).map((version) => elementSize(message, field, version))
  return Math.max(1, Math.min(...sizes))
}

function elementSize(message: Message, field: Field, version: number): number {
  if (typeof field.type !== 'string') return structSize(message, field.type, version)
  const compact = version >= message.flexibleFrom && !field.neverCompact
  return fixedSizes[field.type] ?? (compact ? 1 : field.type === 'string' ? 2 : 4)
}

function structSize(message: Message, struct: Struct, version: number): number {
  let size = version >= message.flexibleFrom ? 1 : 0
  for (const field of struct.fields) {
    if (field.tag >= 0 || !includes(field.versions, version)) continue
    if (field.isArray) size += version >= message.flexibleFrom ? 1 : 4
    else if (typeof field.type !== 'string' && includes(field.nullable, version)) size += 1
    else size += elementSize(message, field, version)
  }
  return size
}
