import { utf8Length } from '../utf8.ts'
import type { NewRecordHeader } from './record.ts'
import { putVarint, varintLength } from './varint-writer.ts'

/** Up to this length a loop over the elements is faster than a call into the platform. */
const shortField = 24

/** Bytes a key or value takes, -1 for null. */
export function byteLength(value: Uint8Array | string | null): number {
  if (value === null) return -1
  return typeof value === 'string' ? utf8Length(value) : value.length
}

/** Bytes a field takes with its length in front, given the length of its value, -1 for null. */
export function fieldLength(length: number): number {
  return length < 0 ? 1 : varintLength(length * 2) + length
}

/** Bytes the headers take with their count in front. */
export function headersLength(headers: readonly NewRecordHeader[] | undefined): number {
  if (headers === undefined || headers.length === 0) return 1
  let total = varintLength(headers.length * 2)
  for (const { key, value } of headers) total += fieldLength(utf8Length(key)) + fieldLength(byteLength(value))
  return total
}

/** Writes a field with its length in front and answers the position behind it. */
export function putField(
  bytes: Buffer,
  position: number,
  field: { readonly value: Uint8Array | string | null; readonly length: number },
): number {
  const { value, length } = field
  if (value === null) {
    bytes[position] = 1
    return position + 1
  }
  const at = putVarint(bytes, position, length * 2)
  if (typeof value === 'string') putString(bytes, at, { text: value, length })
  else if (length > shortField) bytes.set(value, at)
  else for (let i = 0; i < length; i++) bytes[at + i] = value[i]!
  return at + length
}

/** Writes headers with their count in front and answers the position behind them. */
export function putHeaders(bytes: Buffer, position: number, headers: readonly NewRecordHeader[] | undefined): number {
  if (headers === undefined || headers.length === 0) {
    bytes[position] = 0
    return position + 1
  }
  let at = putVarint(bytes, position, headers.length * 2)
  for (const { key, value } of headers) {
    at = putField(bytes, at, { value: key, length: utf8Length(key) })
    at = putField(bytes, at, { value, length: byteLength(value) })
  }
  return at
}

/** Text whose UTF-8 length is its own length is ASCII. */
function putString(bytes: Buffer, at: number, field: { readonly text: string; readonly length: number }): void {
  const { text, length } = field
  if (length !== text.length) bytes.write(text, at, length, 'utf8')
  else if (length > shortField) bytes.write(text, at, length, 'latin1')
  else for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i)
}
