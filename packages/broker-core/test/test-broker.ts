import type { PartitionLog } from '@odradek/log'
import type { Input } from '@odradek/protocol'
import { type LogFields, type Logger, MemoryStorage, MemoryTransport, type Storage } from '@odradek/runtime'
import { SimRandom } from '@odradek/runtime/sim'
import { staticLayers } from '../src/config.ts'
import { createTopics } from '../src/handlers/19-create-topics.ts'
import { type Broker, type RunningBroker, startBroker } from '../src/index.ts'
import { TestClock, turns } from './test-clock.ts'
import { type Api, TestConnection } from './test-connection.ts'

export interface TestBrokerOptions {
  /** Broker configs beside those every test broker has. */
  readonly config?: Readonly<Record<string, string | number | boolean>>
  /** Where the data is, such as a disk that fails or that of a former broker; memory by default. */
  readonly storage?: Storage
}

/** One line that a broker logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: LogFields | undefined
}

export const clusterId = 'test-cluster-id-000000'
const port = 9092

/**
 * A broker on memory, with a clock that the test moves and chance from a fixed seed. Requests go as frames over a connection in
 * memory, through everything a client of a real socket meets.
 */
export class TestBroker implements AsyncDisposable {
  readonly clock = new TestClock()
  readonly storage: Storage
  readonly log: LogLine[] = []
  readonly #options: TestBrokerOptions
  readonly #random = new SimRandom('test broker')
  #transport = new MemoryTransport()
  #running: RunningBroker | undefined
  #connection: TestConnection | undefined

  private constructor(options: TestBrokerOptions) {
    this.#options = options
    this.storage = options.storage ?? new MemoryStorage({ clock: this.clock })
  }

  static async start(options: TestBrokerOptions = {}): Promise<TestBroker> {
    const broker = new TestBroker(options)
    await broker.#start()
    return broker
  }

  /** The broker's insides, for what no request tells. */
  get broker(): Broker {
    return this.#started.broker
  }

  /** Lines of level `error`: bugs, and failures of the disk. */
  get errors(): readonly LogLine[] {
    return this.log.filter(({ level }) => level === 'error')
  }

  /** Sends a request over the broker's first connection and resolves with the answer. */
  async request<Request extends object, Response extends object>(
    api: Api<Request, Response>,
    version: number,
    body: Input<Request>,
  ): Promise<Response> {
    if (this.#connection?.isOpen !== true) this.#connection = await this.connect()
    return this.#connection.request(api, version, body)
  }

  /** A connection of its own. */
  async connect(): Promise<TestConnection> {
    return new TestConnection(await this.#transport.connect({ host: 'localhost', port }))
  }

  /** Makes a topic and answers its id. */
  async createTopic(
    name: string,
    options: { readonly partitions?: number; readonly configs?: Readonly<Record<string, string | number>> } = {},
  ): Promise<string> {
    const configs = Object.entries(options.configs ?? {}).map(([key, value]) => ({ name: key, value: String(value) }))
    const topic = { name, numPartitions: options.partitions ?? 1, replicationFactor: 1, configs }
    const { topics } = await this.request(createTopics, 7, { topics: [topic], timeoutMs: 1000 })
    const [created] = topics
    if (created === undefined || created.errorCode !== 0) throw new Error(`topic ${name}: ${created?.errorMessage}`)
    return created.topicId
  }

  /** The log of a partition. */
  partitionLog(topic: string, partition = 0): PartitionLog {
    const found = this.broker.partitions.findByName(topic, partition)
    if ('error' in found) throw new Error(`${topic}-${partition}: ${found.error}`)
    return found.log
  }

  /** Stops the broker, cleanly or as `kill -9` does, and starts it again on the same data. */
  async restart(how: 'close' | 'abandon' = 'close', config: TestBrokerOptions['config'] = {}): Promise<void> {
    await this.#stop(how)
    await this.#start(config)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop('close')
  }

  get #started(): RunningBroker {
    if (this.#running === undefined) throw new Error('the broker is not running')
    return this.#running
  }

  async #start(config: TestBrokerOptions['config'] = {}): Promise<void> {
    this.#transport = new MemoryTransport()
    this.#running = await startBroker({
      layers: staticLayers(Object.entries({ ...defaults, ...this.#options.config, ...config }).map(asText)),
      listeners: [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'localhost', port }],
      formatWithClusterId: clusterId,
      storage: this.storage,
      inMemory: this.storage instanceof MemoryStorage,
      transport: this.#transport,
      clock: this.clock,
      random: this.#random,
      logger: recorder(this.log),
    })
  }

  async #stop(how: 'close' | 'abandon'): Promise<void> {
    const running = this.#running
    this.#running = undefined
    await running?.[how]()
    await turns()
    this.clock.cancelAll()
    this.#connection = undefined
  }
}

const defaults: Readonly<Record<string, string | number | boolean>> = {
  'node.id': 1,
  'process.roles': 'broker,controller',
  'controller.listener.names': 'CONTROLLER',
  'log.dirs': '/data',
  'offsets.topic.replication.factor': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'group.initial.rebalance.delay.ms': 0,
}

function asText([name, value]: [string, string | number | boolean]): [string, string] {
  return [name, String(value)]
}

function recorder(log: LogLine[]): Logger {
  const at = (level: LogLine['level']) => (message: string, fields?: LogFields) => {
    log.push({ level, message, fields })
  }
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  }
  return logger
}
