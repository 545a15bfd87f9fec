/** What DescribeConfigs (API key 32) answers for each kind of resource. */
import type { BrokerConfigLayers } from './broker-config-layers.ts'
import { brokerConfigText } from './broker-config-layers.ts'
import { alterableBrokerConfigs, brokerConfigRow, brokerConfigs, brokerSynonyms } from './broker-configs.ts'
import { clientMetricsConfigs } from './client-metrics-configs.ts'
import type { ConfigRow, ConfigTable } from './config-row.ts'
import type { ConfigSource } from './config-source.ts'
import { configSource, configTypeCode } from './config-source.ts'
import { rowOf } from './config-table.ts'
import { canonicalText, configText } from './config-value.ts'
import { groupConfigs } from './group-configs.ts'
import type { ConfigOverrides } from './topic-config.ts'
import { inheritedText } from './topic-config.ts'
import { topicConfigs } from './topic-configs.ts'

/** A value one of a config's names has, and where. */
export interface DescribedSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigSource
}

/** One config as DescribeConfigs returns it. */
export interface DescribedConfig {
  readonly name: string
  readonly value: string | null
  /** Cannot be altered at run time. */
  readonly readOnly: boolean
  readonly configSource: ConfigSource
  /** Its value is kept secret. */
  readonly isSensitive: boolean
  /** Strongest first; the first one is where the value comes from. */
  readonly synonyms: readonly DescribedSynonym[]
  /** Code of its type. */
  readonly configType: number
  /** Null for a config Kafka does not know, and for one with a listener's prefix. */
  readonly documentation: string | null
}

/** The configs of a topic: its own, and for the rest what the broker's configs make of them. */
export function describeTopicConfigs(overrides: ConfigOverrides, layers: BrokerConfigLayers): DescribedConfig[] {
  return visible(topicConfigs, overrides).map((name) => {
    const row = rowOf(topicConfigs, name)!
    const own = ownText(name, row, overrides)
    const first = row.synonyms[0]?.name
    const inherited = first === undefined ? [] : layeredSynonyms(first, layers)
    return described(name, row, {
      value: own ?? inheritedText(topicConfigs, name, layers),
      synonyms: [...ownSynonym(own, name, configSource.TOPIC_CONFIG), ...inherited],
    })
  })
}

/** The configs of a group; those it does not set come from the broker. */
export function describeGroupConfigs(overrides: ConfigOverrides, layers: BrokerConfigLayers): DescribedConfig[] {
  return visible(groupConfigs, overrides).map((name) => {
    const row = rowOf(groupConfigs, name)!
    const own = ownText(name, row, overrides)
    const first = row.synonyms[0]?.name
    const inherited = first === undefined ? defaultSynonym(name, row) : layeredSynonyms(first, layers)
    return described(name, row, {
      value: own ?? firstEntry(row, inheritedText(groupConfigs, name, layers)),
      synonyms: [...ownSynonym(own, name, configSource.GROUP_CONFIG), ...inherited],
    })
  })
}

/** The configs of a client metrics subscription. */
export function describeClientMetricsConfigs(overrides: ConfigOverrides): DescribedConfig[] {
  return visible(clientMetricsConfigs, overrides).map((name) => {
    const row = rowOf(clientMetricsConfigs, name)!
    const own = ownText(name, row, overrides)
    return described(name, row, {
      value: own,
      synonyms: ownSynonym(own, name, configSource.CLIENT_METRICS_CONFIG),
    })
  })
}

/** The configs of this broker, those of its file included that Kafka does not know. */
export function describeBrokerConfigs(layers: BrokerConfigLayers): DescribedConfig[] {
  const names = new Set([...visible(brokerConfigs, layers.static), ...layers.static.keys(), ...alteredNames(layers)])
  return [...names].map((name) => {
    const row = brokerConfigRow(name)
    const text = brokerConfigText(layers, name)
    const value = text === undefined || row === undefined ? text : (canonicalText(name, row, text) ?? undefined)
    return described(name, row, { value, synonyms: layeredSynonyms(name, layers), readOnly: isReadOnly(name) })
  })
}

/** What is altered for all brokers: the resource BROKER with an empty name. */
export function describeDefaultBrokerConfigs(layers: BrokerConfigLayers): DescribedConfig[] {
  return [...layers.dynamicDefault].map(([name, value]) => {
    const row = brokerConfigRow(name)
    const synonyms = layeredSynonyms(name, layers).filter(
      (s) => s.source === configSource.DYNAMIC_DEFAULT_BROKER_CONFIG,
    )
    return described(name, row, { value, synonyms, readOnly: isReadOnly(name) })
  })
}

function described(
  name: string,
  row: ConfigRow | undefined,
  found: { value?: string | undefined; synonyms: readonly DescribedSynonym[]; readOnly?: boolean },
): DescribedConfig {
  const isSensitive = row === undefined || row.type === 'PASSWORD'
  return {
    name,
    value: isSensitive ? null : (found.value ?? configText(row, row.default ?? null)),
    readOnly: found.readOnly ?? false,
    configSource: found.synonyms[0]?.source ?? configSource.DEFAULT_CONFIG,
    isSensitive,
    synonyms: found.synonyms,
    configType: configTypeCode[row?.type ?? 'UNKNOWN'],
    documentation: name.startsWith('listener.name.') ? null : (row?.doc ?? null),
  }
}

/**
 * All values the synonyms of a broker config have, strongest layer first. Kafka drops what stands before the first entry
 * of the name itself, so a topic whose retention comes from `log.retention.hours` alone has no synonym and claims its
 * default; clients see the same here.
 */
function layeredSynonyms(name: string, layers: BrokerConfigLayers): DescribedSynonym[] {
  const names = brokerSynonyms(name)
  const isSensitive = (brokerConfigRow(name)?.type ?? 'PASSWORD') === 'PASSWORD'
  const inLayer = (texts: (name: string) => string | undefined, source: ConfigSource) =>
    names.flatMap((synonym) => {
      const text = texts(synonym)
      return text === undefined ? [] : [{ name: synonym, value: isSensitive ? null : text, source }]
    })
  const all = [
    ...inLayer((n) => layers.dynamicBroker.get(n), configSource.DYNAMIC_BROKER_CONFIG),
    ...inLayer((n) => layers.dynamicDefault.get(n), configSource.DYNAMIC_DEFAULT_BROKER_CONFIG),
    ...inLayer((n) => layers.static.get(n), configSource.STATIC_BROKER_CONFIG),
    ...inLayer(defaultText, configSource.DEFAULT_CONFIG),
  ]
  const own = all.findIndex((s) => s.name === name)
  return own < 0 ? [] : all.slice(own)
}

function defaultText(name: string): string | undefined {
  const row = rowOf(brokerConfigs, name)
  return row === undefined ? undefined : (configText(row, row.default ?? null) ?? undefined)
}

function defaultSynonym(name: string, row: ConfigRow): DescribedSynonym[] {
  const value = configText(row, row.default ?? null)
  return value === null ? [] : [{ name, value, source: configSource.DEFAULT_CONFIG }]
}

function ownSynonym(value: string | undefined, name: string, source: ConfigSource): DescribedSynonym[] {
  return value === undefined ? [] : [{ name, value, source }]
}

function ownText(name: string, row: ConfigRow, overrides: ConfigOverrides): string | undefined {
  const text = overrides.get(name)
  return text === undefined ? undefined : (canonicalText(name, row, text) ?? undefined)
}

/** A group names one assignor where the broker lists several. */
function firstEntry(row: ConfigRow, text: string | undefined): string | undefined {
  return row.type === 'LIST' ? text : text?.split(',')[0]
}

function visible(table: ConfigTable, set: ReadonlyMap<string, string>): string[] {
  return Object.keys(table).filter((name) => !rowOf(table, name)!.internal || set.has(name))
}

function alteredNames(layers: BrokerConfigLayers): string[] {
  return [...layers.dynamicDefault.keys(), ...layers.dynamicBroker.keys()]
}

/** A name with a listener's prefix counts as read-only in Kafka's answers, although it can be altered. */
function isReadOnly(name: string): boolean {
  return (rowOf(alterableBrokerConfigs, name)?.update ?? 'read-only') === 'read-only'
}
