import { NodeClock, NodeTransport } from '@odradek/runtime/node'
import { SimRandom } from '@odradek/runtime/sim'
import { BrokerChild } from './broker-child.ts'
import { ClientConnection } from './client-connection.ts'
import { PartitionLedger } from './partition-ledger.ts'
import { PartitionProducer } from './partition-producer.ts'
import { TopicAdmin } from './topic-admin.ts'

const topic = 'orders'
const partitions = 3

/** A real broker on a real disk, killed again and again under load. The seed draws the load and the instants, not what happens. */
export class KillRun {
  readonly ledgers: PartitionLedger[] = []
  readonly #dataDir: string
  readonly #random: SimRandom
  readonly #admin: TopicAdmin
  readonly #clock = new NodeClock()
  readonly #transport = new NodeTransport()
  readonly #producers: PartitionProducer[] = []
  readonly #producerIds = new Set<number>()
  #pauses = 0

  constructor(dataDir: string, seed: number) {
    this.#dataDir = dataDir
    this.#random = new SimRandom(seed)
    this.#admin = new TopicAdmin(this.#random.fork('admin'))
    for (let partition = 0; partition < partitions; partition++) {
      const ledger = new PartitionLedger(topic, partition)
      this.ledgers.push(ledger)
      this.#hire(ledger, true)
      this.#hire(ledger, partition > 0)
    }
  }

  /** Makes the topic; the broker then stops cleanly. */
  async create(): Promise<void> {
    const child = new BrokerChild(this.#dataDir)
    const client = await this.#connect(await child.port())
    await this.#admin.create(client, topic, { partitions, configs: { 'segment.bytes': '1048576' } })
    client.close()
    await child.stop('SIGTERM')
  }

  /** Starts the broker, compares what it has with what was acknowledged, and kills it under load; now and then while it starts. */
  async killUnderLoad(): Promise<void> {
    const child = new BrokerChild(this.#dataDir)
    try {
      if (this.#random.chance(0.15)) {
        await this.#wait(100 + this.#random.nextInt(400))
        return
      }
      const port = await child.port()
      await this.#check(port)
      const work = this.#work(port)
      await this.#wait(20 + this.#random.nextInt(300))
      await child.stop('SIGKILL')
      await work
    } finally {
      await child.stop('SIGKILL')
    }
  }

  /** Starts the broker, compares, works a little more, and stops it cleanly. */
  async finish(): Promise<void> {
    const child = new BrokerChild(this.#dataDir)
    try {
      const port = await child.port()
      await this.#check(port)
      const work = this.#work(port)
      await this.#wait(100)
      if ((await child.stop('SIGTERM')) !== 0) throw new Error('the broker did not stop cleanly')
      await work
    } finally {
      await child.stop('SIGKILL')
      this.#clock.cancelAll()
    }
  }

  async #check(port: number | undefined): Promise<void> {
    const client = await this.#connect(port)
    await this.#admin.check(client)
    for (const ledger of this.ledgers) await ledger.check(client, 'nothing')
    client.close()
  }

  /** All clients at once, until the broker is gone. */
  async #work(port: number | undefined): Promise<void> {
    const work = this.#producers.map(async (producer) => producer.run(await this.#connect(port), () => this.#pause(10)))
    work.push(this.#connect(port).then((client) => this.#admin.run(client, () => this.#pause(20))))
    await Promise.all(work)
  }

  #hire(ledger: PartitionLedger, isIdempotent: boolean): void {
    const name = `p${this.#producers.length}`
    this.#producers.push(
      new PartitionProducer({
        name,
        ledger,
        random: this.#random.fork(name),
        isIdempotent,
        maxValueLength: 8000,
        now: () => this.#clock.now(),
        gotProducerId: (id) => {
          if (this.#producerIds.has(id)) throw new Error(`producer id ${id} was given twice`)
          this.#producerIds.add(id)
        },
      }),
    )
  }

  async #connect(port: number | undefined): Promise<ClientConnection> {
    if (port === undefined) throw new Error('the broker is gone')
    return new ClientConnection(await this.#transport.connect({ host: '127.0.0.1', port }))
  }

  #pause(maxMs: number): Promise<void> {
    return this.#wait(1 + this.#random.nextInt(maxMs))
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.setTimer(`wait ${this.#pauses++}`, ms, resolve))
  }
}
