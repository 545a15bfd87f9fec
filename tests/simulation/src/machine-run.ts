import { type BrokerEvents, type RunningBroker, startBroker } from '@odradek/broker-core'
import { staticLayers } from '@odradek/broker-core/config'
import { Hooks, TransportError } from '@odradek/runtime'
import { type SimNode, type SimProcess, type SimRandom, SimWorld } from '@odradek/runtime/sim'
import { ClientConnection } from './client-connection.ts'
import { type Loss, PartitionLedger } from './partition-ledger.ts'
import { PartitionProducer } from './partition-producer.ts'
import { TopicAdmin } from './topic-admin.ts'

const port = 9092
const partitions = 2

/** How a round of work ends; `switch off` is a power failure after a clean shutdown, which takes nothing. */
export type EndOfRound = 'clean shutdown' | 'switch off' | 'kill' | 'power failure'

/** True when the broker stops by itself. */
export function isOrderly(end: EndOfRound): boolean {
  return end === 'clean shutdown' || end === 'switch off'
}

/** The topics of a run: what `durable` acknowledges was synced before, what `cached` acknowledges is in the page cache. */
const topics = {
  durable: { 'flush.messages': '1' },
  cached: {},
}

/** Who writes to each partition: true for a producer with idempotence. */
const producersOfPartition = [true, true, false]

const config: Readonly<Record<string, string>> = {
  'node.id': '1',
  'process.roles': 'broker,controller',
  'controller.listener.names': 'CONTROLLER',
  'log.dirs': 'data',
  'offsets.topic.replication.factor': '1',
  // A round lasts a second or two; what a broker does every few minutes is to happen in it as well.
  'log.flush.offset.checkpoint.interval.ms': '300',
  'log.flush.start.offset.checkpoint.interval.ms': '300',
  'replica.high.watermark.checkpoint.interval.ms': '200',
  'log.retention.check.interval.ms': '400',
  'log.initial.task.delay.ms': '100',
}

/**
 * A whole broker on a simulated machine, with clients and their network, from one seed: producers with and without idempotence and
 * an admin client work while the broker is killed, loses its power or its disk. What was acknowledged is compared with what
 * consumers find afterwards.
 */
export class MachineRun {
  readonly world: SimWorld
  readonly random: SimRandom
  readonly ledgers: PartitionLedger[] = []
  readonly #admin: TopicAdmin
  readonly #node: SimNode
  readonly #client: SimProcess
  readonly #producers: { readonly producer: PartitionProducer; readonly topic: string }[] = []
  readonly #connections = new Set<ClientConnection>()
  readonly #producerIds = new Set<number>()
  readonly #work = new Set<Promise<void>>()
  readonly #resetRate: number
  #running: RunningBroker | undefined
  #over = true
  #pauses = 0
  #failure: unknown
  /** How often the log directory of the present process went offline. */
  offline = 0

  constructor(seed: number) {
    this.world = new SimWorld({ seed })
    this.random = this.world.random.fork('workload')
    this.#admin = new TopicAdmin(this.random.fork('admin'))
    this.#node = this.world.node('broker', { disk: { syncDelayMs: [0, 10], readDelayMs: [0, 2] } })
    this.#client = this.world.node('client').start()
    this.#resetRate = this.random.chance(0.4) ? 0.003 : 0
  }

  get disk(): SimNode['disk'] {
    return this.#node.disk
  }

  /** How often a producer was answered KAFKA_STORAGE_ERROR. */
  get storageErrors(): number {
    return this.#producers.reduce((sum, { producer }) => sum + producer.storageErrors, 0)
  }

  /** The first start: formats the disk, creates the topics, makes the producers. */
  async create(): Promise<void> {
    await this.start()
    for (const [topic, configs] of Object.entries(topics)) {
      const segmentBytes = String(2000 + this.random.nextInt(10_000))
      const options = { partitions, configs: { ...configs, 'internal.segment.bytes': segmentBytes } }
      await this.#ask((client) => this.#admin.create(client, topic, options))
      for (let partition = 0; partition < partitions; partition++) {
        const ledger = new PartitionLedger(topic, partition)
        this.ledgers.push(ledger)
        for (const isIdempotent of producersOfPartition) this.#hire(ledger, isIdempotent)
      }
    }
  }

  /** Starts a broker on whatever the disk holds. With `interruptedBy` that may happen on the way; then it is started once more. */
  async start(options: { readonly interruptedBy?: EndOfRound } = {}): Promise<void> {
    const end = options.interruptedBy === undefined ? undefined : this.#stopAtDiskCall(options.interruptedBy, 150)
    await this.#startOnce()
    end?.()
    if (!this.#node.running) await this.#startOnce()
  }

  /** Lets the clients work, and ends the broker at any event: of the clock and the network, or in the middle of its disk calls. */
  async work(end: EndOfRound): Promise<void> {
    this.#begin()
    if (!isOrderly(end) && this.random.chance(0.5)) {
      const done = this.#stopAtDiskCall(end, 1500)
      for (let waits = 0; waits < 20 && this.#node.running; waits++) await this.#runFor(50)
      done()
    } else {
      await this.#runFor(50 + this.random.nextInt(800))
      if (this.random.chance(0.3)) this.world.network.reset()
      await this.#runFor(this.random.nextInt(100))
    }
    await this.end(end)
  }

  /** Lets clients work on a disk that fails until the log directory is offline, and a while longer. */
  async workUntilOffline(): Promise<void> {
    this.#begin()
    for (let waits = 0; waits < 400 && this.offline === 0; waits++) await this.#runFor(50)
    await this.#runFor(200)
  }

  /** Ends broker and work in the given way. */
  async end(end: EndOfRound): Promise<void> {
    this.#over = true
    const running = this.#running
    if (isOrderly(end) && running !== undefined) await this.world.settle(running.close())
    this.#stop(end)
    for (const connection of this.#connections) connection.close()
    this.#connections.clear()
    await this.world.settle(Promise.all(this.#work))
    this.#work.clear()
    if (this.#failure !== undefined) throw this.#failure
    if (end !== 'power failure') return
    for (const { producer, topic } of this.#producers) if (topic === 'cached') producer.reset()
  }

  /** Everything acknowledged is there, once, in order, but for ends of segments that were not durable when the power failed. */
  async check(end: EndOfRound): Promise<void> {
    await this.#ask(async (client) => {
      await this.#admin.check(client)
      for (const ledger of this.ledgers) {
        const loses = end === 'power failure' && ledger.topic === 'cached'
        const loss: Loss = loses ? { endsBefore: this.#segmentsOf(ledger) } : 'nothing'
        const logEndOffset = await ledger.check(client, loss)
        if (isOrderly(end)) ledger.flushed(logEndOffset)
      }
    })
  }

  /** A connection of the test's own. */
  async connect(): Promise<ClientConnection> {
    const client = await this.world.settle(this.#connect())
    if (client === undefined) throw new Error('the broker takes no connection')
    return client
  }

  /** Base offsets of the partition's segments. */
  #segmentsOf({ name }: PartitionLedger): ReadonlySet<number> {
    const files = this.disk.mount().list(`${config['log.dirs']}/${name}`)
    return new Set(files.flatMap((file) => (file.name.endsWith('.log') ? [Number.parseInt(file.name, 10)] : [])))
  }

  #begin(): void {
    this.#over = false
    this.world.network.configureLink('client', 'broker', { resetRate: this.#resetRate })
    for (const { producer } of this.#producers) this.#employ((client) => producer.run(client, () => this.#pause(20)))
    this.#employ((client) => this.#admin.run(client, () => this.#pause(60)))
  }

  async #runFor(durationMs: number): Promise<void> {
    await this.world.runFor(durationMs)
    if (this.#failure !== undefined) throw this.#failure
  }

  /** @throws what the start fails with, unless the machine stopped under it */
  async #startOnce(): Promise<void> {
    const { storage, transport, clock, random } = this.#node.start()
    this.#running = undefined
    let failure: unknown
    startBroker({
      layers: staticLayers(Object.entries(config)),
      listeners: [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'broker', port }],
      formatWithClusterId: 'c2ltdWxhdGVkLWNsdXN0ZQ',
      storage,
      inMemory: false,
      transport,
      clock,
      random,
      hooks: this.#watchedHooks(),
    }).then(
      (running) => {
        this.#running = running
      },
      (error: unknown) => {
        failure = error
      },
    )
    await this.world.runUntil(() => this.#running !== undefined || failure !== undefined || !this.#node.running)
    if (failure !== undefined && this.#node.running) throw failure
  }

  #watchedHooks(): Hooks<BrokerEvents> {
    const hooks = new Hooks<BrokerEvents>()
    this.offline = 0
    hooks.on('offline', () => {
      if (this.#node.running) this.offline++
    })
    hooks.on('flushed', ({ topic, partition, endOffset }) => {
      if (!this.#node.running) return
      this.ledgers.find((ledger) => ledger.topic === topic && ledger.partition === partition)?.flushed(endOffset)
    })
    return hooks
  }

  /** Stops the machine at one of its next disk calls; answers the function that takes this back. */
  #stopAtDiskCall(end: EndOfRound, calls: number): () => void {
    const last = this.disk.callCount + 1 + this.random.nextInt(calls)
    return this.disk.observe(({ number }) => {
      if (number === last) this.#stop(end)
    })
  }

  #stop(end: EndOfRound): void {
    if (!this.#node.running) return
    if (end === 'power failure' || end === 'switch off') this.#node.crash()
    else this.#node.kill()
    this.#running = undefined
  }

  #hire(ledger: PartitionLedger, isIdempotent: boolean): void {
    const name = `p${this.#producers.length}`
    const producer = new PartitionProducer({
      name,
      ledger,
      random: this.random.fork(name),
      isIdempotent,
      maxValueLength: 400,
      now: () => Math.floor(this.#client.clock.now()),
      gotProducerId: (id) => {
        if (this.#producerIds.has(id)) throw new Error(`producer id ${id} was given twice`)
        this.#producerIds.add(id)
      },
    })
    this.#producers.push({ producer, topic: ledger.topic })
  }

  #employ(work: (client: ClientConnection) => Promise<void>): void {
    const loop = async () => {
      while (!this.#over) {
        const client = await this.#connect()
        if (client !== undefined && !this.#over) await work(client)
        await this.#pause(30)
      }
    }
    this.#work.add(
      loop().catch((error: unknown) => {
        this.#failure ??= error
      }),
    )
  }

  async #connect(): Promise<ClientConnection | undefined> {
    try {
      const connecting = this.#client.transport.connect({ host: 'broker', port, timeoutMs: 100 })
      const client = new ClientConnection(await connecting)
      this.#connections.add(client)
      return client
    } catch (error) {
      if (error instanceof TransportError) return undefined
      throw error
    }
  }

  /** Asks over a connection that nothing resets. */
  async #ask(work: (client: ClientConnection) => Promise<unknown>): Promise<void> {
    this.world.network.configureLink('client', 'broker', { resetRate: 0 })
    const client = await this.connect()
    await this.world.settle(work(client))
    client.close()
  }

  #pause(maxMs: number): Promise<void> {
    if (this.#over) return Promise.resolve()
    const delayMs = 1 + this.random.nextInt(maxMs)
    return new Promise((resolve) => this.#client.clock.setTimer(`pause ${this.#pauses++}`, delayMs, resolve))
  }
}
