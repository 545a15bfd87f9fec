/**
 * A broker's configs lie in layers: what DescribeConfigs has to tell apart is only known while they are kept apart.
 * Later layers win: default, file, altered for all brokers, altered for this broker.
 */
import type { BrokerConfig } from './broker-configs.ts'
import { brokerConfigRow, brokerConfigs } from './broker-configs.ts'
import { ConfigError } from './config-error.ts'
import { parseConfigs } from './config-table.ts'
import { parseConfigValue } from './config-value.ts'

/** The texts that were set, by dotted name. */
export interface BrokerConfigLayers {
  /** server.properties and --override. */
  readonly static: ReadonlyMap<string, string>
  /** Config records of the resource BROKER with an empty name. */
  readonly dynamicDefault: ReadonlyMap<string, string>
  /** Config records of the resource BROKER with this node's id. */
  readonly dynamicBroker: ReadonlyMap<string, string>
}

/**
 * Layers with nothing altered. As in Kafka, `node.id` and the older `broker.id` fill each other when one of them is
 * missing. Throws ConfigError when both are there and differ.
 */
export function staticLayers(entries: Iterable<readonly [string, string]>): BrokerConfigLayers {
  const given = new Map<string, string>(entries)
  const nodeId = given.get('node.id')
  const brokerId = given.get('broker.id')
  if (nodeId === undefined && brokerId !== undefined) given.set('node.id', brokerId)
  if (brokerId === undefined && nodeId !== undefined) given.set('broker.id', nodeId)
  if (nodeId !== undefined && brokerId !== undefined && nodeId.trim() !== brokerId.trim())
    throw new ConfigError(
      '`node.id` and `broker.id` must be set to the same value. `broker.id` is deprecated, please use `node.id` instead.',
      { configName: 'broker.id', value: brokerId },
    )
  return { static: given, dynamicDefault: new Map(), dynamicBroker: new Map() }
}

/**
 * The configs that hold. A bad text in the file throws ConfigError; a bad text among the altered ones is passed over, as
 * Kafka does, so that a record written by a newer broker cannot keep this one from starting.
 */
export function brokerConfigOf(layers: BrokerConfigLayers): BrokerConfig {
  return parseConfigs(brokerConfigs, (name) => brokerConfigText(layers, name))
}

/** The text that holds for `name`, or undefined when only its default does. */
export function brokerConfigText(layers: BrokerConfigLayers, name: string): string | undefined {
  return alteredText(layers.dynamicBroker, name) ?? alteredText(layers.dynamicDefault, name) ?? layers.static.get(name)
}

function alteredText(layer: ReadonlyMap<string, string>, name: string): string | undefined {
  const text = layer.get(name)
  const row = text === undefined ? undefined : brokerConfigRow(name)
  if (text === undefined || row === undefined || row.update === 'read-only') return undefined
  try {
    parseConfigValue(name, row, text)
    return text
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

/** The directories of the logs: `log.dirs`, else `log.dir`. */
export function logDirsOf(config: BrokerConfig): readonly string[] {
  return config.logDirs ?? config.logDir
}
