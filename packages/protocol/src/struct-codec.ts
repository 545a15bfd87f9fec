/** What the generated readers and writers share. */

import type { MessageType, RawTaggedField } from './message-type.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** The default of arrays when writing. */
export const noElements: readonly never[] = []

/** The default of bytes when writing. */
export const noBytes: Uint8Array = new Uint8Array(0)

/** The default of structs when writing: every field at its default. */
export const noFields: Readonly<Record<string, never>> = {}

/** Arrays up to this length get their room at once; longer ones grow with what is really there. */
const roomAtOnce = 1024

/** An array that will be filled with `length` elements. */
export function newArray<T>(length: number): T[] {
  return new Array<T>(length <= roomAtOnce ? length : 0)
}

/** The error for a version that a message does not have. */
export function unsupportedVersion(type: MessageType<object>, version: number): ProtocolError {
  const { name, minVersion, maxVersion } = type
  const range = minVersion === maxVersion ? `only version ${minVersion}` : `versions ${minVersion} to ${maxVersion}`
  return new ProtocolError(`${name} has ${range}, not ${version}`)
}

/** The error for a field that is set but does not exist in the version being written. */
export function notInVersion(version: number): ProtocolError {
  return new ProtocolError(`is set, but version ${version} has no such field`)
}

/** The error for a known tagged field that does not exist in the version being read. */
export function tagNotInVersion(reader: Reader, tag: number, version: number): ProtocolError {
  return reader.error(`tag ${tag} is not valid in version ${version}`)
}

/** The error for null in a version that does not allow it. */
export function mayNotBeNull(): ProtocolError {
  return new ProtocolError('is null, but may not be in this version')
}

/** `value`, which must not be null in the version being written. */
export function notNull<T>(value: T | null): T {
  if (value === null) throw mayNotBeNull()
  return value
}

/** Reads the size of a tagged field and returns where the field ends. */
export function readTaggedFieldEnd(reader: Reader): number {
  const at = reader.position
  const size = reader.readUnsignedVarint()
  if (size > reader.remaining)
    throw reader.error(`tagged field of ${size} bytes does not fit into ${reader.remaining}`, at)
  return reader.position + size
}

/** The error for a tagged field whose content is not as long as its size says. */
export function taggedFieldSize(reader: Reader, end: number): ProtocolError {
  return reader.error(`tagged field should end at byte ${end}`)
}

/** Keeps the content of a tagged field that this schema does not know. */
export function keepUnknownTaggedField(
  reader: Reader,
  value: { unknownTaggedFields?: RawTaggedField[] },
  { tag, end }: { readonly tag: number; readonly end: number },
): void {
  const field: RawTaggedField = { tag, bytes: reader.readRaw(end - reader.position) }
  if (value.unknownTaggedFields === undefined) value.unknownTaggedFields = [field]
  else value.unknownTaggedFields.push(field)
}

/** Reads the tagged fields of a struct that knows none. */
export function readUnknownTaggedFields(reader: Reader, value: { unknownTaggedFields?: RawTaggedField[] }): void {
  for (let left = reader.readUnsignedVarint(); left > 0; left--) {
    const tag = reader.readUnsignedVarint()
    keepUnknownTaggedField(reader, value, { tag, end: readTaggedFieldEnd(reader) })
  }
}

/** Refuses tagged fields in a version that has none. */
export function refuseTaggedFields(fields: readonly RawTaggedField[] | undefined, version: number): void {
  if (fields !== undefined && fields.length > 0) throw notInVersion(version)
}

/** Writes the tagged fields of a struct that knows none. */
export function writeUnknownTaggedFields(writer: Writer, fields: readonly RawTaggedField[] | undefined): void {
  writer.writeUnsignedVarint(fields === undefined ? 0 : fields.length)
  if (fields !== undefined) writeTaggedFieldsBelow(writer, fields, { next: 0, below: Number.POSITIVE_INFINITY })
}

/**
 * Writes `fields` from index `next` on that belong in front of the known tag `below`, and returns the index of the first one
 * that does not. Tags must ascend and must not repeat a known one.
 */
export function writeTaggedFieldsBelow(
  writer: Writer,
  fields: readonly RawTaggedField[],
  { next, below }: { readonly next: number; readonly below: number },
): number {
  let index = next
  for (; index < fields.length; index++) {
    const { tag, bytes } = fields[index] as RawTaggedField
    if (tag === below) throw new ProtocolError(`tag ${tag} is a known field, and is set as an unknown one too`)
    if (tag > below) break
    if (index > 0 && tag <= (fields[index - 1] as RawTaggedField).tag)
      throw new ProtocolError(`tag ${tag} is out of order`)
    writer.writeUnsignedVarint(tag)
    writer.writeUnsignedVarint(bytes.length)
    writer.writeRaw(bytes)
  }
  return index
}
