/** The listeners of a node as its configs name them: `listeners`, `advertised.listeners` and what hangs on them. */
import type { BrokerConfigLayers } from './broker-config-layers.ts'
import { brokerConfigOf, brokerConfigText } from './broker-config-layers.ts'
import type { BrokerConfig } from './broker-configs.ts'
import { ConfigError } from './config-error.ts'
import { hostPortOf } from './validators.ts'

/** Kafka's security protocols. */
export const securityProtocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const

/** One of Kafka's security protocols. */
export type SecurityProtocol = (typeof securityProtocols)[number]

/** An address a node listens on or advertises. */
export interface Listener {
  /** Name in upper case: PLAINTEXT, CONTROLLER, EXTERNAL. */
  readonly name: string
  readonly securityProtocol: SecurityProtocol
  /** Host or address; null for all interfaces, which is advertised as the name of the machine. */
  readonly host: string | null
  /** Port; 0 for any that is free. */
  readonly port: number
}

/** All listeners of a node. */
export interface NodeListeners {
  /** What the node listens on, controller listeners included. */
  readonly all: readonly Listener[]
  /** Those of `all` that belong to the controller. */
  readonly controller: readonly Listener[]
  /** What clients are told. */
  readonly advertised: readonly Listener[]
  /** What brokers are told of this controller. */
  readonly advertisedController: readonly Listener[]
  /** Listener over which brokers talk to each other. */
  readonly interBrokerListenerName: string
  /** Protocol of every listener name, those of other nodes' controllers included. */
  readonly securityProtocols: ReadonlyMap<string, SecurityProtocol>
}

/** Reads the listeners. Throws ConfigError with Kafka's message. */
export function listenersOf(layers: BrokerConfigLayers): NodeListeners {
  const config = brokerConfigOf(layers)
  const protocols = protocolsOf(config, layers)
  const controllerNames = config.controllerListenerNames.map((name) => name.toUpperCase())
  const isController = (listener: Listener) => controllerNames.includes(listener.name)
  const all = parseListeners('listeners', config.listeners, protocols)
  const given = config.advertisedListeners
  const advertised = given === null ? all : parseListeners('advertised.listeners', given, protocols)
  const controller = all.filter(isController)
  return {
    all,
    controller,
    advertised: advertised.filter((listener) => !isController(listener)),
    advertisedController: controllerNames.flatMap((name) => {
      const own = given === null ? undefined : advertised.find((listener) => listener.name === name)
      return (
        own ??
        addressOfController(
          controller.find((listener) => listener.name === name),
          config,
        ) ??
        []
      )
    }),
    interBrokerListenerName: interBrokerListenerNameOf(config, protocols, layers),
    securityProtocols: protocols,
  }
}

/** A controller that advertises nothing is found where the voters say, else where it listens. */
function addressOfController(listener: Listener | undefined, config: BrokerConfig): Listener | undefined {
  if (listener === undefined) return undefined
  const voter = config.controllerQuorumVoters.map(parseVoter).find((v) => v.id === config.nodeId)
  if (voter !== undefined) return { ...listener, host: voter.host, port: voter.port }
  return listener.host === '0.0.0.0' ? { ...listener, host: null } : listener
}

/** Splits `id@host:port`, an entry of `controller.quorum.voters` that has been checked. */
export function parseVoter(entry: string): { readonly id: number; readonly host: string; readonly port: number } {
  const at = entry.indexOf('@')
  const address = hostPortOf(entry.slice(at + 1))
  if (address === undefined) throw new ConfigError(`Not a voter: ${entry}`, { configName: 'controller.quorum.voters' })
  return { id: Number(entry.slice(0, at)), ...address }
}

function parseListeners(
  property: 'listeners' | 'advertised.listeners',
  entries: readonly string[],
  protocols: ReadonlyMap<string, SecurityProtocol>,
): Listener[] {
  const text = `[${entries.join(', ')}]`
  const refuse = (reason: string) =>
    new ConfigError(`Error creating broker listeners from '${text}': ${reason}`, {
      configName: property,
      value: entries.join(','),
    })
  const listeners = entries.map((entry): Listener => {
    const match = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/.exec(entry)
    if (match === null) throw refuse(`Unable to parse ${entry} to a broker endpoint`)
    const name = match[1]!.toUpperCase()
    const securityProtocol = protocols.get(name)
    if (securityProtocol === undefined) throw refuse(`No security protocol defined for listener ${name}`)
    return { name, securityProtocol, host: match[2] === '' ? null : match[2]!, port: Number(match[3]) }
  })
  if (new Set(listeners.map((l) => l.name)).size !== listeners.length)
    throw refuse(`Each listener must have a different name, listeners: ${text}`)
  if (property === 'listeners') {
    const problem = portProblem(listeners, text)
    if (problem !== undefined) throw refuse(problem)
  }
  return listeners
}

/** Two listeners share a port only as one IPv4 and one IPv6 address. */
function portProblem(listeners: readonly Listener[], text: string): string | undefined {
  const ports = new Set(listeners.map((listener) => listener.port).filter((port) => port !== 0))
  for (const port of ports) {
    const sharing = listeners.filter((listener) => listener.port === port)
    if (sharing.length === 1) continue
    const kinds = sharing.map((listener) => addressKind(listener.host))
    if (kinds.includes('name')) return `Each listener must have a different port, listeners: ${text}`
    if (sharing.length > 2)
      return `Each listener must have a different port unless exactly one listener has an IPv4 address and the other IPv6 address, listeners: ${text}, port: ${port}`
    if (kinds[0] === kinds[1])
      return `If you have two listeners on the same port then one needs to be IPv4 and the other IPv6, listeners: ${text}, port: ${port}`
  }
  return undefined
}

function addressKind(host: string | null): 'IPv4' | 'IPv6' | 'name' {
  if (host === null) return 'name'
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return 'IPv4'
  return host.includes(':') ? 'IPv6' : 'name'
}

/**
 * Security protocols by listener name. When no map is given and nothing but PLAINTEXT is in use, controller listeners are
 * PLAINTEXT without being listed.
 */
function protocolsOf(config: BrokerConfig, layers: BrokerConfigLayers): Map<string, SecurityProtocol> {
  const property = 'listener.security.protocol.map'
  const protocols = new Map<string, SecurityProtocol>()
  for (const entry of splitList(config.listenerSecurityProtocolMap)) {
    const colon = entry.lastIndexOf(':')
    if (colon < 0)
      throw new ConfigError(
        `Error parsing configuration property '${property}': begin 0, end -1, length ${entry.length}`,
        {
          configName: property,
          value: config.listenerSecurityProtocolMap,
        },
      )
    const protocol = entry.slice(colon + 1).trim()
    protocols.set(entry.slice(0, colon).trim().toUpperCase(), securityProtocolOf(protocol, property))
  }
  if (brokerConfigText(layers, property) !== undefined) return protocols
  const names = [...config.controllerListenerNames, ...config.listeners.map(listenerNameIn)]
  if (names.some((name) => securityProtocols.slice(1).includes(name as SecurityProtocol))) return protocols
  for (const name of config.controllerListenerNames) protocols.set(name.toUpperCase(), 'PLAINTEXT')
  return protocols
}

function listenerNameIn(entry: string): string {
  const end = entry.indexOf(':')
  if (end < 0)
    throw new ConfigError(`Unable to parse a listener name from ${entry}`, { configName: 'listeners', value: entry })
  return entry.slice(0, end)
}

function securityProtocolOf(text: string, property: string): SecurityProtocol {
  const found = securityProtocols.find((protocol) => protocol === text.toUpperCase())
  if (found !== undefined) return found
  throw new ConfigError(`Invalid security protocol \`${text}\` defined in ${property}`, {
    configName: property,
    value: text,
  })
}

function interBrokerListenerNameOf(
  config: BrokerConfig,
  protocols: ReadonlyMap<string, SecurityProtocol>,
  layers: BrokerConfigLayers,
): string {
  if (config.interBrokerListenerName === null) return config.securityInterBrokerProtocol
  const name = config.interBrokerListenerName.toUpperCase()
  const at = { configName: 'inter.broker.listener.name', value: config.interBrokerListenerName }
  if (brokerConfigText(layers, 'security.inter.broker.protocol') !== undefined)
    throw new ConfigError(
      'Only one of inter.broker.listener.name and security.inter.broker.protocol should be set.',
      at,
    )
  if (!protocols.has(name))
    throw new ConfigError(
      `Listener with name ${name} defined in inter.broker.listener.name not found in listener.security.protocol.map.`,
      at,
    )
  return name
}

/** Splits a STRING config that holds a list. */
export function splitList(text: string): string[] {
  return text.trim() === '' ? [] : text.trim().split(/\s*,\s*/)
}
