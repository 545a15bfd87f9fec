import type { BrokerConfigLayers } from './broker-config-layers.ts'
import { brokerConfigText } from './broker-config-layers.ts'
import { brokerConfigRow } from './broker-configs.ts'
import { ConfigError, configErrorIn } from './config-error.ts'
import type { ConfigRow } from './config-row.ts'
import type { ConfigValues } from './config-table.ts'
import { parseConfigs, rowOf } from './config-table.ts'
import { canonicalText, configText, parseConfigValue } from './config-value.ts'
import { longText } from './long-text.ts'
import { topicConfigs } from './topic-configs.ts'

/** A topic's configs, parsed: `retention.ms` is `retentionMs`. Kafka's 9223372036854775807 is `Infinity`. */
export interface TopicConfig extends ConfigValues<typeof topicConfigs> {}

/** What a topic sets itself: texts by dotted name. */
export type ConfigOverrides = ReadonlyMap<string, string>

/** The configs that hold for a topic: its own, else the broker's of the same meaning. Throws ConfigError. */
export function topicConfigOf(overrides: ConfigOverrides, layers: BrokerConfigLayers): TopicConfig {
  return parseConfigs(topicConfigs, (name) => overrides.get(name) ?? inheritedText(topicConfigs, name, layers))
}

/**
 * The text a topic or group config takes from the broker: the first of its synonyms that is set or has a default, in
 * the config's own unit. Undefined when it has no synonym.
 */
export function inheritedText(
  table: Readonly<Record<string, ConfigRow>>,
  name: string,
  layers: BrokerConfigLayers,
): string | undefined {
  for (const synonym of rowOf(table, name)?.synonyms ?? []) {
    const row = brokerConfigRow(synonym.name)
    if (row === undefined) continue
    const text = brokerConfigText(layers, synonym.name) ?? configText(row, row.default ?? null)
    if (text === null) continue
    if (synonym.factor !== 1) return longText(Number(text) < 0 ? -1 : Number(text) * synonym.factor)
    // Any negative retention means none, in the broker's configs only.
    if (name === 'retention.ms' && Number(text) < 0) return '-1'
    return canonicalText(synonym.name, row, text) ?? undefined
  }
  return undefined
}

/** Kafka's message when `value` does not fit the topic config `name`, undefined when it does. */
export function validateTopicConfig(name: string, value: string): ConfigError | undefined {
  const row = rowOf(topicConfigs, name)
  if (row === undefined) return new ConfigError(`Unknown topic config name: ${name}`, { configName: name, value })
  return configErrorIn(() => parseConfigValue(name, row, value))
}

/**
 * Checks all that a topic is to set, one by one and against each other, as Kafka does when a topic is created or
 * altered. The error belongs to INVALID_CONFIG.
 */
export function validateTopicConfigs(overrides: ConfigOverrides, layers: BrokerConfigLayers): ConfigError | undefined {
  const stranger = [...overrides.keys()].find((name) => rowOf(topicConfigs, name) === undefined)
  if (stranger !== undefined) return new ConfigError(`Unknown topic config name: ${stranger}`, { configName: stranger })
  return configErrorIn(() => {
    const config = topicConfigOf(overrides, layers)
    if (config.minCompactionLagMs > config.maxCompactionLagMs)
      throw new ConfigError(
        `conflict topic config setting min.compaction.lag.ms (${longText(config.minCompactionLagMs)}) > max.compaction.lag.ms (${longText(config.maxCompactionLagMs)})`,
        { configName: 'min.compaction.lag.ms' },
      )
    if (config.remoteStorageEnable)
      throw new ConfigError(
        'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
        { configName: 'remote.storage.enable' },
      )
  })
}
