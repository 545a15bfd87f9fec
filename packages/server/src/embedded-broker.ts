import { type Broker, type BrokerEvents, startBroker as startBrokerCore } from '@odradek/broker-core'
import { staticLayers } from '@odradek/broker-core/config'
import { printUuid } from '@odradek/protocol'
import { Hooks, type Logger, MemoryStorage, silentLogger, type Transport } from '@odradek/runtime'
import { NodeClock, NodeRandom, NodeStorage } from '@odradek/runtime/node'
import { EmbeddedTransport } from './embedded-transport.ts'

/** What may be chosen about an embedded broker; everything has a default. */
export interface EmbeddedBrokerOptions {
  /** Directory of the data, made when missing: the broker then finds its topics again. In memory when left out. */
  readonly dataDir?: string
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string
  /** Port to listen on; default 0, any that is free. */
  readonly port?: number
  /** False listens on no socket: only clients of this process, by `EmbeddedBroker.transport`. Default true. */
  readonly tcp?: boolean
  /** Kafka's broker configs by their dotted names, such as `{ 'num.partitions': '3' }`. */
  readonly config?: Readonly<Record<string, string | number | boolean>>
  /** `cluster.id` of a directory that is not formatted yet; default a random one. */
  readonly clusterId?: string
  /** Where log lines go; default nowhere. */
  readonly logger?: Logger
}

/** A broker in this process. `await using broker = await startBroker()` closes it at the end of the block. */
export interface EmbeddedBroker extends AsyncDisposable {
  /** `host:port` for any Kafka client's bootstrap servers. */
  readonly bootstrap: string
  readonly host: string
  readonly port: number
  readonly clusterId: string
  /** What the broker does, as typed events. */
  readonly hooks: Hooks<BrokerEvents>
  /** Reaches the broker at `host` and `port` without a socket. */
  readonly transport: Transport
  readonly broker: Broker
  /** A clean stop. With a data directory everything is on disk afterwards. Further calls do nothing. */
  close(): Promise<void>
  /** Drops everything at once and writes nothing, as `kill -9` does, for tests of recovery. */
  abandon(): Promise<void>
}

/**
 * Starts a broker in this process and resolves when it takes requests.
 * @throws ConfigError, StorageError when the data directory is in use or fails, TransportError when the port is taken
 */
export async function startBroker(options: EmbeddedBrokerOptions = {}): Promise<EmbeddedBroker> {
  const { dataDir, host = '127.0.0.1', port = 0, logger = silentLogger } = options
  const clock = new NodeClock()
  const random = new NodeRandom()
  const transport = new EmbeddedTransport({ clock, tcp: options.tcp ?? true })
  const running = await startBrokerCore({
    layers: staticLayers(configEntries(options)),
    listeners: [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host, port }],
    formatWithClusterId: options.clusterId ?? printUuid(random.nextBytes(16)),
    storage: dataDir === undefined ? new MemoryStorage() : new NodeStorage(),
    inMemory: dataDir === undefined,
    transport,
    clock,
    random,
    logger,
    hooks: new Hooks<BrokerEvents>(),
  })
  const [listener] = running.listeners
  const { broker } = running
  let closed: Promise<void> | undefined
  const end = (how: () => Promise<void>) => {
    closed ??= how().finally(() => clock.cancelAll())
    return closed
  }
  const close = () => end(() => running.close())
  return {
    bootstrap: `${host}:${listener!.port}`,
    host,
    port: listener!.port,
    clusterId: broker.clusterId,
    hooks: broker.hooks,
    transport,
    broker,
    close,
    abandon: () => end(() => running.abandon()),
    [Symbol.asyncDispose]: close,
  }
}

/** Internal topics of one replica, groups without a delay: what a single broker in a test needs, as Kafka's own test kit sets it. */
function configEntries({ dataDir, config = {} }: EmbeddedBrokerOptions): [string, string][] {
  const entries: Record<string, string | number | boolean> = {
    'node.id': 1,
    'process.roles': 'broker,controller',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': dataDir ?? '/memory',
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    ...config,
  }
  return Object.entries(entries).map(([name, value]) => [name, String(value)])
}
