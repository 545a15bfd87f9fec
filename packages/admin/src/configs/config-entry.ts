/** Where values of configs come from, by codes. Kafka: `ConfigEntry.ConfigSource`. */
const configSources = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
] as const

/** Where the value of a config comes from. Kafka: `ConfigEntry.ConfigSource`. */
export type ConfigSource = (typeof configSources)[number]

const configTypes = [
  'UNKNOWN',
  'BOOLEAN',
  'STRING',
  'INT',
  'SHORT',
  'LONG',
  'DOUBLE',
  'LIST',
  'CLASS',
  'PASSWORD',
] as const

/** What kind of value a config has. Kafka: `ConfigEntry.ConfigType`. */
export type ConfigType = (typeof configTypes)[number]

/** A place that a value may come from. Kafka: `ConfigEntry.ConfigSynonym`. */
export interface ConfigSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigSource
}

/** A config and its value. Kafka: `ConfigEntry`. */
export interface ConfigEntry {
  readonly name: string
  /** Null when it has none, or is sensitive. */
  readonly value: string | null
  readonly source: ConfigSource
  readonly isSensitive: boolean
  readonly isReadOnly: boolean
  /** Where the value comes from and what it would be without that; empty unless asked for. */
  readonly synonyms: readonly ConfigSynonym[]
  readonly type: ConfigType
  /** Null unless asked for. */
  readonly documentation: string | null
}

interface ConfigRow {
  readonly name: string
  readonly value: string | null
  readonly readOnly: boolean
  readonly configSource: number
  readonly isSensitive: boolean
  readonly synonyms?: readonly { readonly name: string; readonly value: string | null; readonly source: number }[]
  readonly configType?: number
  readonly documentation?: string | null
}

/** A config as an answer tells it. */
export function configEntry(row: ConfigRow): ConfigEntry {
  const { name, value, readOnly, isSensitive, synonyms = [], documentation = null } = row
  return {
    name,
    value,
    source: sourceOf(row.configSource),
    isSensitive,
    isReadOnly: readOnly,
    synonyms: synonyms.map((row) => ({ name: row.name, value: row.value, source: sourceOf(row.source) })),
    type: configTypes[row.configType ?? 0] ?? 'UNKNOWN',
    documentation,
  }
}

function sourceOf(code: number): ConfigSource {
  return configSources[code] ?? 'UNKNOWN'
}
