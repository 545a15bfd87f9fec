/**
 * One config is one row. A table maps Kafka's dotted names to rows; parser, types, DescribeConfigs and the reference
 * in the docs are all made of the same tables, so a config cannot be known to one and unknown to another.
 */
import type { Validator } from './validators.ts'

/** Kafka's types of configs. */
export type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD'

/** Kafka's importance of a config. */
export type Importance = 'HIGH' | 'MEDIUM' | 'LOW'

/**
 * Where a broker config can be changed: only in the file, at run time for one broker, or at run time for one broker and
 * for all of them.
 */
export type UpdateMode = 'read-only' | 'per-broker' | 'cluster-wide'

/** A parsed value. LONG values beyond the safe integers are `Infinity` (or `-Infinity`). */
export type ConfigValue = boolean | number | string | readonly string[] | null

/** A broker config a topic or group config falls back to, and how its value is turned into the other's unit. */
export interface BrokerSynonym {
  readonly name: string
  /** What a value is multiplied by: 3,600,000 from hours to milliseconds. */
  readonly factor: number
}

/** One config. */
export interface ConfigRow<V extends ConfigValue = ConfigValue> {
  readonly type: ConfigType
  /** What holds when nothing is set; `undefined` when it has to be set. */
  readonly default: V | undefined
  /** One line: what it does and, where it is not plain, the unit. */
  readonly doc: string
  readonly importance: Importance
  readonly valid: Validator | undefined
  readonly update: UpdateMode
  /** Kafka keeps it out of its documentation and of DescribeConfigs. */
  readonly internal: boolean
  /** Whether it has an effect in this broker; the others are accepted, checked, described and ignored. */
  readonly used: boolean
  /** Broker configs that stand in for a topic or group config, first one first. */
  readonly synonyms: readonly BrokerSynonym[]
}

/** A table of configs by dotted name. */
export type ConfigTable = Readonly<Record<string, ConfigRow>>

type Facts = Partial<Omit<ConfigRow, 'type' | 'default' | 'doc'>>
type RowOf<V extends ConfigValue, D> = ConfigRow<D extends null ? V | null : V>

/** Kafka's 9223372036854775807, which no number can hold: no limit. */
export const LONG_MAX = Number.POSITIVE_INFINITY
/** In the place of a default: the config has to be set. */
export const required = undefined
/** Importance HIGH; MEDIUM when nothing is said. */
export const high: Facts = { importance: 'HIGH' }
/** Importance LOW. */
export const low: Facts = { importance: 'LOW' }
/** Can be altered for a single broker. */
export const perBroker: Facts = { update: 'per-broker' }
/** Can be altered for a single broker and for all. */
export const clusterWide: Facts = { update: 'cluster-wide' }
/** Kept out of documentation and DescribeConfigs. */
export const internal: Facts = { internal: true }
/** Has an effect in this broker. */
export const used: Facts = { used: true }

/** The values that are allowed. */
export function valid(validator: Validator): Facts {
  return { valid: validator }
}

/** The broker config that stands in when a topic or group sets nothing. */
export function from(...synonyms: readonly (string | BrokerSynonym)[]): Facts {
  return { synonyms: synonyms.map((s) => (typeof s === 'string' ? { name: s, factor: 1 } : s)) }
}

/** A synonym that counts in hours. */
export function hours(name: string): BrokerSynonym {
  return { name, factor: 3_600_000 }
}

/** A synonym that counts in minutes. */
export function minutes(name: string): BrokerSynonym {
  return { name, factor: 60_000 }
}

/** A row of type BOOLEAN. */
export function boolean<D extends boolean | null | undefined>(value: D, doc: string, ...facts: readonly Facts[]) {
  return row<boolean, D>('BOOLEAN', value, { doc, facts })
}

/** A row of type STRING. */
export function string<D extends string | null | undefined>(value: D, doc: string, ...facts: readonly Facts[]) {
  return row<string, D>('STRING', value, { doc, facts })
}

/** A row of type INT: 32 bits. */
export function int<D extends number | null | undefined>(value: D, doc: string, ...facts: readonly Facts[]) {
  return row<number, D>('INT', value, { doc, facts })
}

/** A row of type SHORT: 16 bits. */
export function short<D extends number | null | undefined>(value: D, doc: string, ...facts: readonly Facts[]) {
  return row<number, D>('SHORT', value, { doc, facts })
}

/** A row of type LONG: 64 bits; `Infinity` stands for 9223372036854775807. */
export function long<D extends number | null | undefined>(value: D, doc: string, ...facts: readonly Facts[]) {
  return row<number, D>('LONG', value, { doc, facts })
}

/** A row of type DOUBLE. */
export function double<D extends number | null | undefined>(value: D, doc: string, ...facts: readonly Facts[]) {
  return row<number, D>('DOUBLE', value, { doc, facts })
}

/** A row of type LIST: comma separated in text. */
export function list<D extends readonly string[] | null | undefined>(
  value: D,
  doc: string,
  ...facts: readonly Facts[]
) {
  return row<readonly string[], D>('LIST', value, { doc, facts })
}

/** A row of type CLASS: the name of a Java class, which is kept as text. */
export function javaClass<D extends string | null | undefined>(value: D, doc: string, ...facts: readonly Facts[]) {
  return row<string, D>('CLASS', value, { doc, facts })
}

/** A row of type PASSWORD: never shown. */
export function password<D extends string | null | undefined>(value: D, doc: string, ...facts: readonly Facts[]) {
  return row<string, D>('PASSWORD', value, { doc, facts })
}

function row<V extends ConfigValue, D>(
  type: ConfigType,
  value: D & (V | null | undefined),
  rest: { readonly doc: string; readonly facts: readonly Facts[] },
): RowOf<V, D> {
  const plain: ConfigRow<V | null> = {
    type,
    default: value,
    doc: rest.doc,
    importance: 'MEDIUM',
    valid: undefined,
    update: 'read-only',
    internal: false,
    used: false,
    synonyms: [],
  }
  return Object.assign(plain, ...rest.facts) as RowOf<V, D>
}
