/** A broker as Kafka's file describes it, with its log and its metrics, in this process. */
import { hostname, networkInterfaces } from 'node:os'
import { type BrokerEvents, type ListenerConfig, type OpenListener, startBroker } from '@odradek/broker-core'
import { ConfigError, type Listener, parseVoter } from '@odradek/broker-core/config'
import { zeroUuid } from '@odradek/protocol'
import { Hooks, type Logger, type Storage } from '@odradek/runtime'
import { NodeClock, NodeRandom, NodeStorage, NodeTransport } from '@odradek/runtime/node'
import { BrokerMetrics } from './metrics/broker-metrics.ts'
import { type MetricsServer, serveMetrics } from './metrics/metrics-server.ts'
import { ProcessMetrics } from './metrics/process-metrics.ts'
import type { ServerProperties } from './server-properties.ts'
import { tlsOf } from './tls-files.ts'

/** A server that takes requests. */
export interface RunningServer {
  /** The listeners with the ports in use. */
  readonly listeners: readonly OpenListener[]
  /** `host:port` of the listeners for clients, comma separated: what `bootstrap.servers` takes. */
  readonly bootstrapServers: string
  /** Where metrics are served, if they are. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  /** The broker's events, as DESIGN calls them: for traces, tests, further metrics. */
  readonly hooks: Hooks<BrokerEvents>
  /** Kafka's clean shutdown: leadership is given up, logs are closed, the marker is written. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts the node that `properties` describe. Throws ConfigError, StorageError or TransportError. */
export async function startServer(
  properties: ServerProperties,
  options: { readonly logger: Logger; readonly hooks?: Hooks<BrokerEvents> },
): Promise<RunningServer> {
  const { config, layers, listeners, own } = properties
  const hooks = options.hooks ?? new Hooks<BrokerEvents>()
  const storage = new NodeStorage()
  const metrics = own.metricsListener === undefined ? undefined : new ServedMetrics(hooks)
  const running = await startBroker({
    layers,
    listeners: listeners.all.map((listener) => listenerConfigOf(listener, properties, storage)),
    advertised: listeners.advertised.map(({ name, host, port }) => ({ name, host: host ?? hostname(), port })),
    controllerListenerNames: listeners.controller.map((listener) => listener.name),
    staticVoters:
      config.controllerQuorumVoters.length === 0
        ? null
        : config.controllerQuorumVoters.map((entry) => ({ id: parseVoter(entry).id, directoryId: zeroUuid })),
    storage,
    inMemory: false,
    transport: new NodeTransport(),
    clock: new NodeClock(),
    random: new NodeRandom(),
    logger: options.logger,
    hooks,
  })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= running.close().finally(() => metrics?.close())
    return closing
  }
  try {
    metrics?.broker.attach(running.broker)
    await metrics?.serve(own.metricsListener!)
  } catch (error) {
    await close()
    throw error
  }
  return {
    listeners: running.listeners,
    bootstrapServers: bootstrapServersOf(running.listeners, properties),
    metrics: metrics?.address,
    hooks,
    close,
    [Symbol.asyncDispose]: close,
  }
}

class ServedMetrics {
  readonly broker: BrokerMetrics
  readonly #process = new ProcessMetrics()
  #server: MetricsServer | undefined

  constructor(hooks: Hooks<BrokerEvents>) {
    this.broker = new BrokerMetrics(hooks)
  }

  get address(): { readonly host: string; readonly port: number } | undefined {
    return this.#server === undefined ? undefined : { host: this.#server.host, port: this.#server.port }
  }

  async serve(address: { readonly host: string; readonly port: number }): Promise<void> {
    this.#server = await serveMetrics(address, [this.broker, this.#process])
  }

  async close(): Promise<void> {
    this.broker.close()
    this.#process.close()
    await this.#server?.close()
  }
}

function listenerConfigOf(listener: Listener, { layers }: ServerProperties, storage: Storage): ListenerConfig {
  const { name, securityProtocol, host, port } = listener
  if (securityProtocol.startsWith('SASL_'))
    throw new ConfigError(`Listener ${name} asks for ${securityProtocol}: SASL is not served by this release`, {
      configName: 'listener.security.protocol.map',
    })
  const tls = securityProtocol === 'SSL' ? { tls: tlsOf(listener, layers, storage) } : {}
  return { name, securityProtocol, host: host ?? anyAddress(), port, ...tls }
}

/** All interfaces: IPv6 takes IPv4 along where the machine has it. */
function anyAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  return addresses.some((address) => address.family === 'IPv6') ? '::' : '0.0.0.0'
}

function bootstrapServersOf(open: readonly OpenListener[], { listeners }: ServerProperties): string {
  return listeners.advertised
    .map(({ name, host, port }) => {
      const actual = open.find((listener) => listener.name === name)
      const place = host ?? 'localhost'
      return `${place.includes(':') ? `[${place}]` : place}:${port === 0 ? actual?.port : port}`
    })
    .join(',')
}
