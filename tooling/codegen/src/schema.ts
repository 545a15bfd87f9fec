/**
 * The schema notation, parsed. A file holds messages, separated by empty lines; one field is one line; two spaces of indent put
 * a field into the struct above it:
 *
 *     request FetchRequest, key 1, versions 4-18, flexible 12+, listeners broker controller
 *       struct Shared 7+                          a struct that several fields use
 *       topics: []FetchTopic                      an array of a struct whose fields follow
 *         topicId: uuid 13+, ignorable            in versions 13 and later; dropped silently when writing earlier ones
 *         highWatermark: int64 18+ = infinity, tag 1
 *       records: records?                         nullable; `nullable 2+` when only in some versions
 *
 * A field without versions is in all versions of what holds it. A field without a default has its type's empty value.
 */

/** An inclusive range of versions. */
export interface VersionRange {
  readonly from: number
  readonly to: number
}

/** A request, a response, a header, or a record. */
export interface Message {
  readonly kind: string
  readonly name: string
  /** API key, or the type number of a record; -1 when it has none. */
  readonly key: number
  readonly versions: VersionRange
  /** The first flexible version; Infinity when there is none. */
  readonly flexibleFrom: number
  readonly listeners: readonly string[]
  readonly latestVersionUnstable: boolean
  /** All structs, the message's own fields last. */
  readonly structs: readonly Struct[]
  readonly root: Struct
}

/** A named list of fields. */
export interface Struct {
  /** The name in the schema. */
  readonly name: string
  /** The name of the TypeScript interface, unique over all messages. */
  readonly typeName: string
  /** The versions in which it can occur. */
  readonly versions: VersionRange
  readonly fields: readonly Field[]
}

export type Primitive =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'records'

export interface Field {
  readonly name: string
  readonly type: Primitive | Struct
  readonly isArray: boolean
  readonly versions: VersionRange
  /** The versions in which it may be null. */
  readonly nullable: VersionRange | null
  /** The default as written in the schema; null when it is the type's empty value. */
  readonly defaultText: string | null
  /** The tag, or -1 for a field in the fixed part. */
  readonly tag: number
  readonly ignorable: boolean
  /** Represented as a bigint, because all 64 bits matter. */
  readonly bigint: boolean
  /** Never in compact form, even in flexible versions (the client id in the request header). */
  readonly neverCompact: boolean
}

/** Whether `outer` holds all of `inner`. */
export function covers(outer: VersionRange, inner: VersionRange): boolean {
  return outer.from <= inner.from && outer.to >= inner.to
}

/** Every version of a range, ascending. */
export function versionsOf(range: VersionRange): number[] {
  return Array.from({ length: range.to - range.from + 1 }, (_, index) => range.from + index)
}

/** Whether `version` is in `range`. */
export function includes(range: VersionRange | null, version: number): boolean {
  return range !== null && version >= range.from && version <= range.to
}
