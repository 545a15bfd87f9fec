/** Kafka's server.properties: read, checked as a whole, and told what is odd about it. */
import {
  type BrokerConfig,
  type BrokerConfigLayers,
  brokerConfigOf,
  brokerConfigProblem,
  brokerConfigRow,
  brokerConfigs,
  ConfigError,
  listenersOf,
  type NodeListeners,
  staticLayers,
} from '@odradek/broker-core/config'
import { nearestName } from './nearest-name.ts'
import { type OwnConfig, ownConfigOf, ownConfigs } from './own-configs.ts'
import { PropertiesSyntaxError, type Property, parseProperties } from './properties-file.ts'
import { removedConfigs } from './removed-configs.ts'

/** A file that a node cannot start with. The message is one line: place, config, value, what was expected. */
export class ServerPropertiesError extends Error {
  override readonly name = 'ServerPropertiesError'
}

/** What to read. */
export interface ServerPropertiesSource {
  /** Name of the file, for messages. */
  readonly path: string
  /** Its content. */
  readonly text: string
  /** `key=value` of every --override, in order; the last one of a key wins. */
  readonly overrides?: readonly string[]
}

/** A node's configs as its file and command line give them. */
export interface ServerProperties {
  /** The texts, for DescribeConfigs and for configs that are altered later. */
  readonly layers: BrokerConfigLayers
  readonly config: BrokerConfig
  readonly listeners: NodeListeners
  /** Configs that Kafka does not have: log level, metrics listener. */
  readonly own: OwnConfig
  /** One line for each thing that is odd but does not keep the node from starting. */
  readonly warnings: readonly string[]
  /** Configs that are set and valid, and have no effect in this broker. */
  readonly ignored: readonly string[]
}

interface Given extends Property {
  /** `file:line`, or the option it came from. */
  readonly place: string
}

/** Reads and checks server.properties. Throws ServerPropertiesError for the first thing that is wrong. */
export function readServerProperties(source: ServerPropertiesSource): ServerProperties {
  const given = givenProperties(source)
  const last = new Map(given.map((property) => [property.name, property]))
  const fail = (error: ConfigError) => new ServerPropertiesError(oneLine(error, last, source.path))
  try {
    const all = [...last.values()].map((property) => [property.name, property.value] as const)
    const own = ownConfigOf(new Map(all))
    const layers = staticLayers(all.filter(([name]) => !(name in ownConfigs)))
    const problem = brokerConfigProblem(layers)
    if (problem !== undefined) throw problem
    return {
      layers,
      config: brokerConfigOf(layers),
      listeners: listenersOf(layers),
      own,
      warnings: warningsAbout(given, last),
      ignored: [...last.keys()].filter((name) => brokerConfigRow(name)?.used === false),
    }
  } catch (error) {
    if (error instanceof ConfigError) throw fail(error)
    throw error
  }
}

function givenProperties({ path, text, overrides = [] }: ServerPropertiesSource): Given[] {
  const inFile = propertiesOf(text, path).map((property) => ({ ...property, place: `${path}:${property.line}` }))
  const onCommandLine = overrides.map((override): Given => {
    const equals = override.indexOf('=')
    if (equals <= 0) throw new ServerPropertiesError(`--override ${override}: expected property=value`)
    const name = override.slice(0, equals).trim()
    return { name, value: override.slice(equals + 1), line: 0, place: `--override ${name}` }
  })
  return [...inFile, ...onCommandLine]
}

function propertiesOf(text: string, path: string): Property[] {
  try {
    return parseProperties(text)
  } catch (error) {
    if (error instanceof PropertiesSyntaxError)
      throw new ServerPropertiesError(`${path}:${error.line}: ${error.message}`)
    throw error
  }
}

function oneLine(error: ConfigError, given: ReadonlyMap<string, Given>, path: string): string {
  const name = error.configName
  const place = (name === undefined ? undefined : given.get(name)?.place) ?? path
  const message = error.message.replace(/^requirement failed: /, '').replace(/\s+/g, ' ')
  const row = name === undefined ? undefined : (ownConfigs[name] ?? brokerConfigRow(name))
  const isValueProblem = message.startsWith('Invalid value')
  if (row === undefined || !isValueProblem) return `${place}: ${message}`
  const expected = [row.type, row.valid?.expected].filter(Boolean).join(' ')
  return `${place}: ${message} (expected ${expected})`
}

function warningsAbout(given: readonly Given[], last: ReadonlyMap<string, Given>): string[] {
  return given.flatMap((property) => {
    const { name, place } = property
    const winner = last.get(name)
    if (winner !== property && winner?.line !== 0)
      return [`${place}: ${name} is set again at ${winner?.place}, which wins`]
    if (brokerConfigRow(name) !== undefined || name in ownConfigs) return []
    const removed = removedConfigs.get(name) ?? (name.startsWith('zookeeper.') ? 'there is no ZooKeeper' : undefined)
    if (removed !== undefined) return [`${place}: ${name} is ignored: ${removed}`]
    const nearest = nearestName(name, [...Object.keys(brokerConfigs), ...Object.keys(ownConfigs)])
    const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`
    return [`${place}: ${name} is not a config of Kafka and is ignored${hint}`]
  })
}
