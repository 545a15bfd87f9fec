/** What the controller asks about the configs of any resource; `ControllerContext` of @odradek/quorum takes these. */
import type { BrokerConfigLayers } from './broker-config-layers.ts'
import { brokerConfigText } from './broker-config-layers.ts'
import { brokerConfigRow } from './broker-configs.ts'
import { validateClientMetricsConfigs } from './client-metrics-config.ts'
import { clientMetricsConfigs } from './client-metrics-configs.ts'
import { ConfigError } from './config-error.ts'
import type { ConfigRow, ConfigTable } from './config-row.ts'
import { rowOf } from './config-table.ts'
import { configText } from './config-value.ts'
import { validateGroupConfigs } from './group-config.ts'
import { groupConfigs } from './group-configs.ts'
import type { ConfigOverrides } from './topic-config.ts'
import { inheritedText, validateTopicConfigs } from './topic-config.ts'
import { topicConfigs } from './topic-configs.ts'

/** Kafka's resource types that have configs. */
export const configResourceType = { TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const

/** A resource as DescribeConfigs and IncrementalAlterConfigs name it. */
export interface ResourceOfConfigs {
  /** One of `configResourceType`. */
  readonly type: number
  readonly name: string
}

/**
 * Checks the whole set of configs a resource is to have, as Kafka's controller does. Configs of brokers are checked
 * before they reach the controller, by `validateDynamicBrokerConfigs`.
 */
export function validateResourceConfigs(
  resource: ResourceOfConfigs,
  values: ConfigOverrides,
  layers: BrokerConfigLayers,
): ConfigError | undefined {
  switch (resource.type) {
    case configResourceType.TOPIC:
      return validateTopicConfigs(values, layers)
    case configResourceType.GROUP:
      return validateGroupConfigs(values, layers)
    case configResourceType.CLIENT_METRICS:
      return validateClientMetricsConfigs(values)
    case configResourceType.BROKER:
      return undefined
    default:
      return new ConfigError(`Unknown resource type ${resource.type}`, { error: 'INVALID_REQUEST' })
  }
}

/** True when entries can be appended to the config and subtracted from it. */
export function isListConfig(type: number, name: string): boolean {
  return rowOfResource(type, name)?.type === 'LIST'
}

/** The text a config has while the resource does not set it; null when it has none. */
export function defaultConfigValue(type: number, name: string, layers: BrokerConfigLayers): string | null {
  const row = rowOfResource(type, name)
  if (row === undefined) return null
  const table = tableOf(type)
  const inherited = table === undefined ? brokerConfigText(layers, name) : inheritedText(table, name, layers)
  return inherited ?? configText(row, row.default ?? null)
}

function rowOfResource(type: number, name: string): ConfigRow | undefined {
  const table = tableOf(type)
  if (table !== undefined) return rowOf(table, name)
  return type === configResourceType.BROKER ? brokerConfigRow(name) : undefined
}

function tableOf(type: number): ConfigTable | undefined {
  switch (type) {
    case configResourceType.TOPIC:
      return topicConfigs
    case configResourceType.GROUP:
      return groupConfigs
    case configResourceType.CLIENT_METRICS:
      return clientMetricsConfigs
    default:
      return undefined
  }
}
