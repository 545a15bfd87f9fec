/** Tables of configs as types: dotted names become camelCase, mechanically. */
import { ConfigError } from './config-error.ts'
import type { ConfigRow, ConfigTable, ConfigValue } from './config-row.ts'
import { parseConfigValue } from './config-value.ts'

/** `log.retention.ms` as `logRetentionMs`. */
export type CamelCase<S extends string> = S extends `${infer Head}.${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S

/** The parsed values of a table. LONG values beyond the safe integers are `Infinity`. */
export type ConfigValues<T extends ConfigTable> = {
  readonly [N in keyof T & string as CamelCase<N>]: T[N] extends ConfigRow<infer V> ? V : never
}

/** What `camelCaseOf` returned before: a broker reads all its configs at every change, and names do not change. */
const optionNames = new Map<string, string>()

/** Turns Kafka's name of a config into the name of its option: `log.retention.ms` into `logRetentionMs`. */
export function camelCaseOf(name: string): string {
  let option = optionNames.get(name)
  if (option === undefined) {
    option = name.replace(/\.([a-z])/g, (_, letter: string) => letter.toUpperCase())
    optionNames.set(name, option)
  }
  return option
}

/** The row of `name`, if the table has one. */
export function rowOf(table: ConfigTable, name: string): ConfigRow | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/**
 * Reads every config of a table. `textOf` gives the text that was set, or undefined. Throws ConfigError for the first
 * value that does not fit, and for a required config that is not set. Names the table does not know are not asked for.
 */
export function parseConfigs<T extends ConfigTable>(
  table: T,
  textOf: (name: string) => string | undefined,
): ConfigValues<T> {
  const values: Record<string, ConfigValue> = {}
  for (const name of Object.keys(table)) {
    const row: ConfigRow = table[name]!
    const text = textOf(name)
    if (text !== undefined) values[camelCaseOf(name)] = parseConfigValue(name, row, text)
    else if (row.default !== undefined) values[camelCaseOf(name)] = row.default
    else
      throw new ConfigError(`Missing required configuration "${name}" which has no default value.`, {
        configName: name,
      })
  }
  return values as ConfigValues<T>
}
