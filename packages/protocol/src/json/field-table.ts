/**
 * One field: its name and type (`[]` in front makes it an array), its versions, the versions in which it may be null (-1 for
 * never), its tag (-1 for none) and its default (null for the type's empty value). Cells at the end may be missing.
 */
export type FieldRow = readonly [
  name: string,
  type: string,
  from: number,
  to: number,
  nullableFrom?: number,
  nullableTo?: number,
  tag?: number,
  defaultText?: string | null,
]

/** The fields of the structs of one message by the structs' names in the schema. */
export type StructTables = Readonly<Record<string, readonly FieldRow[]>>

/** The struct tables of every message by its name. */
export type FieldTables = Readonly<Record<string, StructTables>>
