import type { SimRandom } from '@odradek/runtime/sim'
import { apis } from './client-apis.ts'
import { type ClientConnection, ConnectionEnded } from './client-connection.ts'

const topicResource = 2
const set = 0

/** What is known of a topic. */
interface KnownTopic {
  /** Undefined until its creation was acknowledged. */
  id: string | undefined
  /** Values of `delete.retention.ms` that it may have: the acknowledged one, and those that were asked for since. */
  retentions: string[]
}

/** Creates topics and changes configs all the time, and compares what the broker says of them with what it acknowledged. */
export class TopicAdmin {
  readonly #random: SimRandom
  readonly #topics = new Map<string, KnownTopic>()
  #count = 0
  acknowledgedCount = 0

  constructor(random: SimRandom) {
    this.#random = random
  }

  /** Creates a topic; true when that was acknowledged. @throws ConnectionEnded */
  async create(
    client: ClientConnection,
    name: string,
    options: { readonly partitions: number; readonly configs: Readonly<Record<string, string>> },
  ): Promise<boolean> {
    const retention = '1000'
    const entries = Object.entries({ ...options.configs, 'delete.retention.ms': retention })
    const configs = entries.map(([key, value]) => ({ name: key, value }))
    this.#topics.set(name, { id: undefined, retentions: [retention] })
    const topics = [{ name, numPartitions: options.partitions, replicationFactor: 1, configs }]
    const response = await client.request(apis.createTopics, { topics, timeoutMs: 30_000 })
    const [created] = response.topics
    if (created?.errorCode !== 0) return false
    this.#topics.get(name)!.id = created.topicId
    this.acknowledgedCount++
    return true
  }

  /** Works until the connection ends. */
  async run(client: ClientConnection, pause: () => Promise<void>): Promise<void> {
    try {
      for (; client.isOpen; await pause()) {
        if (this.#random.chance(0.3)) await this.create(client, `made-${this.#count++}`, { partitions: 1, configs: {} })
        else await this.#alter(client)
      }
    } catch (error) {
      if (!(error instanceof ConnectionEnded)) throw error
    }
  }

  /** @throws Error with what is wrong */
  async check(client: ClientConnection): Promise<void> {
    const { topics } = await client.request(apis.metadata, { topics: null, allowAutoTopicCreation: false })
    const found = new Map(topics.map(({ name, topicId }) => [name ?? '', topicId]))
    for (const [name, known] of this.#topics) {
      const id = found.get(name)
      if (known.id !== undefined && id !== known.id)
        throw new Error(`${name} has id ${id}, acknowledged was ${known.id}`)
      if (id === undefined) this.#topics.delete(name)
      else known.id = id
    }
    for (const name of found.keys()) if (!this.#topics.has(name)) throw new Error(`nobody created ${name}`)
    await this.#checkConfigs(client)
  }

  async #checkConfigs(client: ClientConnection): Promise<void> {
    const resources = [...this.#topics.keys()].map((resourceName) => ({
      resourceType: topicResource,
      resourceName,
      configurationKeys: ['delete.retention.ms'],
    }))
    const { results } = await client.request(apis.describeConfigs, { resources })
    for (const { resourceName, configs } of results) {
      const known = this.#topics.get(resourceName)!
      const value = configs[0]?.value ?? 'nothing'
      if (!known.retentions.includes(value)) {
        throw new Error(`delete.retention.ms of ${resourceName} is ${value}, not one of ${known.retentions.join()}`)
      }
      known.retentions = [value]
    }
  }

  async #alter(client: ClientConnection): Promise<void> {
    const acknowledged = [...this.#topics].filter(([, { id }]) => id !== undefined)
    if (acknowledged.length === 0) return
    const [resourceName, known] = this.#random.pick(acknowledged)
    const value = String(this.#random.nextInt(1_000_000))
    known.retentions.push(value)
    const configs = [{ name: 'delete.retention.ms', configOperation: set, value }]
    const resources = [{ resourceType: topicResource, resourceName, configs }]
    const { responses } = await client.request(apis.incrementalAlterConfigs, { resources, validateOnly: false })
    if (responses[0]?.errorCode !== 0) return
    known.retentions = [value]
    this.acknowledgedCount++
  }
}
