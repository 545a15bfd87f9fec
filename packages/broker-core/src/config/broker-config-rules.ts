/**
 * Kafka's checks of configs against each other, which run when a node starts and before a dynamic change is accepted.
 * Messages are Kafka's, `requirement failed: ` included where Kafka has it.
 */
import type { BrokerConfigLayers } from './broker-config-layers.ts'
import { brokerConfigOf, brokerConfigText, logDirsOf } from './broker-config-layers.ts'
import type { BrokerConfig } from './broker-configs.ts'
import { ConfigError, configErrorIn } from './config-error.ts'
import { camelCaseOf } from './config-table.ts'
import type { NodeListeners } from './listeners.ts'
import { listenersOf, parseVoter, splitList } from './listeners.ts'
import { topicConfigOf } from './topic-config.ts'

/** The first thing that is wrong with a node's configs as a whole; undefined when it may start. */
export function brokerConfigProblem(layers: BrokerConfigLayers): ConfigError | undefined {
  return configErrorIn(() => {
    const config = brokerConfigOf(layers)
    checkRanges(config)
    if (config.controllerQuorumVoters.length === 0 && config.controllerQuorumBootstrapServers.length === 0)
      throw new ConfigError(
        'If using process.roles, either controller.quorum.bootstrap.servers must contain the set of bootstrap controllers or controller.quorum.voters must contain a parseable set of controllers.',
        { configName: 'controller.quorum.bootstrap.servers' },
      )
    const unroutable = config.controllerQuorumVoters.map(parseVoter).find((voter) => voter.host === '0.0.0.0')
    if (unroutable !== undefined)
      throw new ConfigError('Host string (0.0.0.0) is not routeable', { configName: 'controller.quorum.voters' })
    checkLogs(config, layers)
    checkReplication(config)
    const listeners = listenersOf(layers)
    checkRoles(config, listeners)
    checkListeners(config, listeners)
    checkConnections(config, listeners)
    checkNames(config)
  })
}

function require(holds: boolean, message: string, configName: string): void {
  if (!holds) throw new ConfigError(`requirement failed: ${message}`, { configName })
}

function checkLogs(config: BrokerConfig, layers: BrokerConfigLayers): void {
  const segmentMs = config.logRollMs ?? config.logRollHours * 3_600_000
  require(segmentMs >= 1, 'log.roll.ms must be greater than or equal to 1', 'log.roll.ms')
  const jitterMs = config.logRollJitterMs ?? config.logRollJitterHours * 3_600_000
  require(jitterMs >= 0, 'log.roll.jitter.ms must be greater than or equal to 0', 'log.roll.jitter.ms')
  const names = ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours']
  const set = names.find((name) => brokerConfigText(layers, name) !== undefined)
  const retention = config.logRetentionMs ?? config.logRetentionMinutes ?? config.logRetentionHours
  require(retention !== 0, 'log.retention.ms must be unlimited (-1) or, greater than or equal to 1', set ?? names[0]!)
  checkCordonedLogDirs(config)
  require(config.logCleanerDedupeBufferSize / config.logCleanerThreads >
    1024 *
      1024, 'log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.', 'log.cleaner.dedupe.buffer.size')
  topicConfigOf(new Map(), layers)
}

function checkCordonedLogDirs(config: BrokerConfig): void {
  const name = 'cordoned.log.dirs'
  const cordoned = config.cordonedLogDirs ?? []
  if (cordoned.includes('*')) {
    require(cordoned.length === 1, 'When cordoned.log.dirs is set to *, it must not contain other values', name)
    return
  }
  const missing = cordoned.filter((dir) => !logDirsOf(config).includes(dir))
  require(missing.length ===
    0, `All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : ${missing.join(',')}`, name)
}

function checkReplication(config: BrokerConfig): void {
  require(config.replicaFetchWaitMaxMs <=
    config.replicaSocketTimeoutMs, 'replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts', 'replica.socket.timeout.ms')
  require(config.replicaFetchWaitMaxMs <=
    config.replicaLagTimeMaxMs, 'replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR', 'replica.fetch.wait.max.ms')
}

function checkRoles(config: BrokerConfig, listeners: NodeListeners): void {
  const roles = config.processRoles
  const voters = config.controllerQuorumVoters.map((entry) => parseVoter(entry).id)
  const names = 'controller.listener.names'
  if (!roles.includes('controller')) {
    require(!voters.includes(
      config.nodeId,
    ), `If process.roles contains just the 'broker' role, the node id ${config.nodeId} must not be included in the set of voters controller.quorum.voters=${scalaSet(voters)}`, 'controller.quorum.voters')
    require(listeners.controller.length ===
      0, "controller.listener.names must not contain a value appearing in the 'listeners' configuration when running KRaft with just the broker role", names)
    const unmapped = config.controllerListenerNames.find((name) => !listeners.securityProtocols.has(name.toUpperCase()))
    require(unmapped ===
      undefined, `Controller listener with name ${unmapped} defined in controller.listener.names not found in listener.security.protocol.map  (an explicit security mapping for each controller listener is required if listener.security.protocol.map is non-empty, or if there are security protocols other than PLAINTEXT in use)`, names)
    require(!config.controllerQuorumAutoJoinEnable, "controller.quorum.auto.join.enable is only supported when process.roles contains the 'controller' role.", 'controller.quorum.auto.join.enable')
    return
  }
  require(voters.length === 0 ||
    voters.includes(
      config.nodeId,
    ), `If process.roles contains the 'controller' role, the node id ${config.nodeId} must be included in the set of voters controller.quorum.voters=${scalaSet(voters)}`, 'controller.quorum.voters')
  require(listeners.controller.length >
    0, "controller.listener.names must contain at least one value appearing in the 'listeners' configuration when running the KRaft controller role", names)
  if (roles.includes('broker')) return
  require(listeners.controller.length ===
    listeners.all
      .length, 'The listeners config must only contain KRaft controller listeners from controller.listener.names when process.roles=controller', 'listeners')
  require(config.interBrokerListenerName === null ||
    !config.controllerListenerNames.includes(
      listeners.interBrokerListenerName,
    ), "controller.listener.names must not contain an explicitly set inter.broker.listener.name configuration value when process.roles=controller'", names)
}

function checkListeners(config: BrokerConfig, listeners: NodeListeners): void {
  const advertised = listeners.advertised.map((listener) => listener.name)
  if (config.processRoles.includes('broker')) {
    require(advertised.length >
      0, 'There must be at least one broker advertised listener. Perhaps all listeners appear in controller.listener.names?', 'listeners')
    require(advertised.includes(
      listeners.interBrokerListenerName,
    ), `inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are ${advertised.join(',')}`, 'inter.broker.listener.name')
    const names = listeners.all.map((listener) => listener.name)
    require(advertised.every((name) =>
      names.includes(name),
    ), `advertised.listeners listener names must be equal to or a subset of the ones defined in listeners. Found ${advertised.join(',')}. The valid options based on the current configuration are ${names.join(',')}`, 'advertised.listeners')
  }
  require(![...listeners.advertised, ...listeners.advertisedController].some(
    (listener) => listener.host === '0.0.0.0',
  ), 'advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.', 'advertised.listeners')
  const protocol = listeners.securityProtocols.get(listeners.interBrokerListenerName)
  require(!protocol?.startsWith('SASL_') ||
    config.saslEnabledMechanisms.includes(config.saslMechanismInterBrokerProtocol) ||
    !config.processRoles.includes(
      'broker',
    ), 'sasl.mechanism.inter.broker.protocol must be included in sasl.enabled.mechanisms when SASL is used for inter-broker communication', 'sasl.mechanism.inter.broker.protocol')
}

function checkConnections(config: BrokerConfig, listeners: NodeListeners): void {
  require(config.queuedMaxRequestBytes <= 0 ||
    config.queuedMaxRequestBytes >=
      config.socketRequestMaxBytes, 'queued.max.request.bytes must be larger or equal to socket.request.max.bytes', 'queued.max.request.bytes')
  const property = 'max.connections.per.ip.overrides'
  const addresses = maxConnectionsPerIpOverridesOf(config)
  require(config.maxConnectionsPerIp !== 0 ||
    addresses.size >
      0, 'max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.', 'max.connections.per.ip')
  const invalid = [...addresses.keys()].filter((address) => !/^[0-9a-zA-Z\-%._:]+$/.test(address))
  if (invalid.length > 0)
    throw new ConfigError(`max.connections.per.ip.overrides contains invalid addresses : ${invalid.join(',')}`, {
      configName: property,
    })
  require(config.connectionsMaxIdleMs < 0 ||
    config.connectionFailedAuthenticationDelayMs <
      config.connectionsMaxIdleMs, `connection.failed.authentication.delay.ms=${config.connectionFailedAuthenticationDelayMs} should always be less than connections.max.idle.ms=${config.connectionsMaxIdleMs} to prevent failed authentication responses from timing out`, 'connection.failed.authentication.delay.ms')
  const known = [...listeners.all.map((listener) => listener.name), ...config.controllerListenerNames]
  const early = config.earlyStartListeners?.find((name) => !known.includes(name.toUpperCase()))
  if (early !== undefined)
    throw new ConfigError(
      `early.start.listeners contains listener ${early.toUpperCase()}, but this is not contained in listeners or controller.listener.names`,
      { configName: 'early.start.listeners' },
    )
}

/** `max.connections.per.ip.overrides` as most connections by address. Throws ConfigError. */
export function maxConnectionsPerIpOverridesOf(config: BrokerConfig): Map<string, number> {
  const property = 'max.connections.per.ip.overrides'
  const text = config.maxConnectionsPerIpOverrides
  const counts = new Map<string, number>()
  for (const entry of splitList(text)) {
    const colon = entry.lastIndexOf(':')
    if (colon < 0)
      throw new ConfigError(
        `Error parsing configuration property '${property}': begin 0, end -1, length ${entry.length}`,
        {
          configName: property,
          value: text,
        },
      )
    const count = entry.slice(colon + 1).trim()
    if (!/^\d+$/.test(count))
      throw new ConfigError(`For input string: "${count}"`, { configName: property, value: text })
    counts.set(entry.slice(0, colon).trim(), Number(count))
  }
  return counts
}

function checkNames(config: BrokerConfig): void {
  if (!config.groupCoordinatorRebalanceProtocols.includes('classic'))
    throw new ConfigError("Disabling the 'classic' protocol is not supported.", {
      configName: 'group.coordinator.rebalance.protocols',
    })
  for (const name of ['offsets.topic.compression.codec', 'share.coordinator.state.topic.compression.codec'] as const) {
    const codec = config[camelCaseOf(name) as 'offsetsTopicCompressionCodec']
    if (codec < 0 || codec > 4) throw new ConfigError(`Unknown compression type id: ${codec}`, { configName: name })
  }
}

const consumerRanges = ['session.timeout.ms', 'heartbeat.interval.ms', 'assignment.interval.ms']
const shareRanges = [...consumerRanges, 'record.lock.duration.ms', 'delivery.count.limit', 'partition.max.record.locks']

/** A default that groups may override lies between what groups may choose. */
function checkRanges(config: BrokerConfig): void {
  const values = new Map<string, unknown>(Object.entries(config))
  const numberAt = (name: string) => Number(values.get(camelCaseOf(name)))
  const atLeast = (name: string, other: string) => {
    if (numberAt(name) < numberAt(other))
      throw new ConfigError(`${name} must be greater than or equal to ${other}`, { configName: name })
  }
  for (const [kind, ranges] of [
    ['consumer', consumerRanges],
    ['share', shareRanges],
    ['streams', consumerRanges],
  ] as const) {
    for (const range of ranges) {
      const [min, name, max] = [`group.${kind}.min.${range}`, `group.${kind}.${range}`, `group.${kind}.max.${range}`]
      atLeast(max, min)
      atLeast(name, min)
      if (numberAt(name) > numberAt(max))
        throw new ConfigError(`${name} must be less than or equal to ${max}`, { configName: name })
    }
  }
  atLeast('group.share.max.share.sessions', 'group.share.max.size')
}

function scalaSet(values: readonly number[]): string {
  return `${values.length > 4 ? 'HashSet' : 'Set'}(${values.join(', ')})`
}
