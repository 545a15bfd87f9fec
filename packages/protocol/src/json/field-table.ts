/** One field: name, type, versions, nullable versions (-1 for never), and for a tagged field its tag and default. */
export type FieldRow =
  | readonly [name: string, type: string, from: number, to: number]
  | readonly [name: string, type: string, from: number, to: number, nullableFrom: number, nullableTo: number]
  | readonly [
      name: string,
      type: string,
      from: number,
      to: number,
      nullableFrom: number,
      nullableTo: number,
      tag: number,
      defaultText: string | null,
    ]

/** The fields of the structs of one message by the structs' names in the schema; `[]` in front of a type makes it an array. */
export type StructTables = Readonly<Record<string, readonly FieldRow[]>>

/** The struct tables of every message by its name. */
export type FieldTables = Readonly<Record<string, StructTables>>
