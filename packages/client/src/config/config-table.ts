import { ConfigError } from '../kafka-error.ts'
import type { ConfigRow, RefusedRow } from './config-row.ts'
import { nearestName } from './nearest-name.ts'
import { readProperties } from './properties.ts'

/** Kafka's dotted name as an option: `linger.ms` is `lingerMs`. */
export type OptionName<Name> = Name extends `${infer Head}.${infer Rest}`
  ? `${Head}${Capitalize<OptionName<Rest>>}`
  : Name

/** What a user may give: every row by its option name, each of which may be left out. */
export type ConfigOptions<Rows> = {
  readonly [Name in keyof Rows as Rows[Name] extends ConfigRow<infer _Value, infer _Input> ? OptionName<Name> : never]?:
    | (Rows[Name] extends ConfigRow<infer _Value, infer Input> ? Input : never)
    | undefined
}

/** What the code reads: every row by its option name, defaults filled in. */
export type ConfigValues<Rows> = {
  readonly [Name in keyof Rows as Rows[Name] extends ConfigRow<infer _Value, infer _Input>
    ? OptionName<Name>
    : never]: Rows[Name] extends ConfigRow<infer Value, infer _Input> ? Value : never
}

/** Options that were read. */
export interface ParsedConfig<Rows> {
  readonly values: ConfigValues<Rows>
  /** Whether the option was given by name, also when it is at its default. */
  isSet(option: keyof ConfigValues<Rows>): boolean
}

/** The options of one kind of client: one row a config, from which parser, types and documentation come. */
export class ConfigTable<const Rows extends object> {
  readonly #rows: ReadonlyMap<string, { readonly name: string; readonly row: AnyRow }>
  readonly #otherOptions: ReadonlySet<string>

  /** `otherOptions` are allowed beside the rows and left to the caller: ports, for instance. */
  constructor(rows: Rows, otherOptions: Iterable<string> = []) {
    this.#rows = new Map(
      Object.entries(rows).map(([name, row]) => [optionName(name), { name, row: row as AnyRow }] as const),
    )
    this.#otherOptions = new Set(otherOptions)
  }

  /** Options with defaults filled in. @throws ConfigError that names what is unknown, refused, missing or out of range. */
  parse(options: object): ParsedConfig<Rows> {
    const given = new Map(Object.entries(options).filter(([, value]) => value !== undefined))
    for (const option of given.keys()) this.#refuseUnknown(option)
    const values: Record<string, unknown> = {}
    for (const [option, { name, row }] of this.#rows) {
      if ('refused' in row) continue
      if (given.has(option)) values[option] = parseValue(option, row, given.get(option))
      else if (row.required) throw new ConfigError(`${option} (${name}) has to be given: ${row.doc}`)
      else values[option] = row.default
    }
    return { values: values as ConfigValues<Rows>, isSet: (option) => given.has(option as string) }
  }

  /**
   * Options from Kafka's `.properties` format, as text or already taken apart.
   * @throws ConfigError as `parse` does
   */
  fromProperties(properties: string | Readonly<Record<string, string>>): ConfigOptions<Rows> {
    const entries = typeof properties === 'string' ? readProperties(properties) : Object.entries(properties)
    const options: Record<string, unknown> = {}
    for (const [name, text] of entries) {
      const option = optionName(name)
      const found = this.#rows.get(option)
      if (found === undefined || found.name !== name) throw unknown(name, this.#dottedNames())
      if ('refused' in found.row) throw new ConfigError(`${name} is not taken here: ${found.row.refused}`)
      options[option] = parseValue(name, found.row, found.row.fromText(text))
    }
    return options as ConfigOptions<Rows>
  }

  /** The table for a README, in Markdown: option, default, what it is; then what is refused and why. */
  toMarkdown(): string {
    const taken: string[] = ['| option | default | what it is |', '| --- | --- | --- |']
    const refusals: string[] = ['| config of Kafka | why it is refused |', '| --- | --- |']
    for (const [option, { name, row }] of this.#rows) {
      if ('refused' in row) refusals.push(`| \`${name}\` | ${row.refused} |`)
      else taken.push(`| \`${option}\` (${row.type}) | ${printDefault(row)} | ${row.doc} |`)
    }
    return `${taken.join('\n')}\n\n${refusals.join('\n')}`
  }

  /** Kafka's names of all rows, the refused ones included. */
  get names(): readonly string[] {
    return this.#dottedNames()
  }

  #refuseUnknown(option: string): void {
    const found = this.#rows.get(option)
    if (found !== undefined && 'refused' in found.row) {
      throw new ConfigError(`${option} (${found.name}) is not taken here: ${found.row.refused}`)
    }
    if (found !== undefined || this.#otherOptions.has(option)) return
    throw unknown(option, [...this.#rows.keys(), ...this.#otherOptions])
  }

  #dottedNames(): string[] {
    return [...this.#rows.values()].map(({ name }) => name)
  }
}

type AnyRow = ConfigRow<unknown, unknown> | RefusedRow

function parseValue(option: string, row: ConfigRow<unknown, unknown>, given: unknown): unknown {
  const result = row.schema.safeParse(given)
  if (result.success) return result.data
  const shown = typeof given === 'string' ? `"${given}"` : String(given)
  const why = result.error.issues.map(({ message }) => message).join('; ')
  throw new ConfigError(`${option}: ${why}, got ${shown} (expected ${row.type.replaceAll('\\', '')})`)
}

function unknown(name: string, known: readonly string[]): ConfigError {
  const nearest = nearestName(name, known)
  return new ConfigError(`unknown option ${name}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`)
}

function optionName(name: string): string {
  return name.replaceAll(/\.(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function printDefault(row: ConfigRow<unknown, unknown>): string {
  if (row.required) return '(required)'
  const value = row.default
  if (value === null || value === undefined || typeof value === 'function' || value === '') return ''
  if (Array.isArray(value)) return value.length === 0 ? '' : `\`${value.join(',')}\``
  return `\`${String(value)}\``
}
