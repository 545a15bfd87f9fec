import { z } from 'zod'

/** How much an option matters to most users, in Kafka's words. */
export type Importance = 'high' | 'medium' | 'low'

/** One option: Kafka's dotted name is its key in the table. `Input` is what may be given, `Value` what the code reads. */
export interface ConfigRow<Value, Input = Value> {
  readonly schema: z.ZodType<Value, Input>
  /** `undefined` when the option has to be given. */
  readonly default: Value | undefined
  readonly required: boolean
  readonly doc: string
  readonly importance: Importance
  /** Reads the text of a `.properties` file; what it answers is held against the schema. */
  readonly fromText: (text: string) => unknown
  /** The kind of value and its range, for tables and messages. */
  readonly type: string
}

/** A config of Kafka's that has no meaning here: who sets it is told why and what to do. */
export interface RefusedRow {
  readonly refused: string
}

/** What the constructors of rows take beside default and text. */
export interface RowOptions {
  readonly importance?: Importance
  readonly min?: number
  readonly max?: number
}

/** A whole number of at most 32 bits. */
export function int(value: number, doc: string, options: RowOptions = {}): ConfigRow<number> {
  return whole(value, doc, { ...options, max: options.max ?? 2_147_483_647 })
}

/** A whole number; text above what a number holds exactly is read as the largest that it does. */
export function long(value: number, doc: string, options: RowOptions = {}): ConfigRow<number> {
  return whole(value, doc, options)
}

/** True or false. */
export function boolean(value: boolean, doc: string, importance: Importance = 'low'): ConfigRow<boolean> {
  const fromText = (text: string) => (/^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text)
  return row({ schema: z.boolean(), default: value, doc, importance, fromText, type: 'boolean' })
}

/** A text. */
export function string(value: string, doc: string, importance: Importance = 'low'): ConfigRow<string> {
  return row({ schema: z.string(), default: value, doc, importance, fromText: (text) => text, type: 'string' })
}

/** A text that may be missing. */
export function optionalString(doc: string, importance: Importance = 'low'): ConfigRow<string | null> {
  const schema = z.string().min(1).nullable()
  return row({ schema, default: null, doc, importance, fromText: (text) => text, type: 'string' })
}

/** One of several words, in any case; the code reads it as it is spelled here. */
export function oneOf<const Word extends string>(
  words: readonly [Word, ...Word[]],
  value: Word,
  { doc, importance = 'low' }: { readonly doc: string; readonly importance?: Importance },
): ConfigRow<Word> {
  const spelled = (given: unknown) =>
    typeof given === 'string' ? (words.find((word) => word.toLowerCase() === given.toLowerCase()) ?? given) : given
  const schema = z.preprocess(spelled, z.enum(words)) as unknown as z.ZodType<Word, Word>
  return row({ schema, default: value, doc, importance, fromText: (text) => text, type: words.join(' \\| ') })
}

/** Something only code can give: a function, an object. A property file that names it is refused, unless `names` knows the text. */
export function code<Value>(
  isValue: (value: unknown) => boolean,
  value: Value,
  options: {
    readonly doc: string
    readonly type: string
    readonly importance?: Importance
    readonly names?: Readonly<Record<string, Value>>
  },
): ConfigRow<Value> {
  const { doc, type, importance = 'low', names = {} } = options
  const schema = z.custom<Value>((given) => given === value || isValue(given), `expected ${type}`)
  return row({
    schema,
    default: value,
    doc,
    importance,
    type,
    fromText: (text) => (text in names ? names[text] : text),
  })
}

/** Makes a row of its parts. */
export function row<Value, Input = Value>(
  parts: Omit<ConfigRow<Value, Input>, 'required'> & { readonly required?: boolean },
): ConfigRow<Value, Input> {
  return { required: false, ...parts }
}

/** A config that is refused, with the reason and what to do instead. */
export function refused(reason: string): RefusedRow {
  return { refused: reason }
}

function whole(value: number, doc: string, { min, max, importance = 'low' }: RowOptions): ConfigRow<number> {
  const [least, most] = [min ?? Number.MIN_SAFE_INTEGER, max ?? Number.MAX_SAFE_INTEGER]
  const schema = z.number().int().min(least).max(most)
  const fromText = (text: string) =>
    /^[-+]?\d+$/.test(text.trim()) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : text
  const type = min === undefined ? 'number' : `number, ${min} or more`
  return row({ schema, default: value, doc, importance, fromText, type })
}
