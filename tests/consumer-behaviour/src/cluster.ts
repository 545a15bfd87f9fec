import { randomBytes } from 'node:crypto'
import { type ClientCore, ConfigTable, clientConfigs, createClientCore, securityConfigs } from '@odradek/client'
import { Producer, type ProducerOptions } from '@odradek/producer'
import {
  createTopicsRequest,
  createTopicsResponse,
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '@odradek/protocol/messages'

const table = new ConfigTable({ ...clientConfigs, ...securityConfigs })
const createTopicsApi = { request: createTopicsRequest, response: createTopicsResponse }
const deleteRecordsApi = { request: deleteRecordsRequest, response: deleteRecordsResponse }

/** Makes topics and fills them, for tests. */
export class Cluster implements Disposable {
  readonly bootstrap: string
  readonly #core: ClientCore

  constructor(bootstrap: string) {
    this.bootstrap = bootstrap
    const { values: config } = table.parse({ bootstrapServers: bootstrap })
    this.#core = createClientCore({ config, ports: {}, metadataMaxIdleMs: 300_000, allowAutoTopicCreation: false })
  }

  /** A name that no other test uses. */
  topicName(): string {
    return `topic-${randomBytes(6).toString('hex')}`
  }

  /** Makes a topic, and waits until it is known. */
  async createTopic(options: { readonly partitions?: number; readonly name?: string } = {}): Promise<string> {
    const { partitions: numPartitions = 1, name = this.topicName() } = options
    const { network, metadata } = this.#core
    const answer = await network.request(network.leastLoadedNode(), createTopicsApi, {
      timeoutMs: 10_000,
      topics: [{ name, numPartitions, replicationFactor: 1 }],
    })
    const failed = answer.topics.find(({ errorCode }) => errorCode !== 0)
    if (failed !== undefined) throw new Error(`${name}: ${failed.errorMessage}`)
    await metadata.awaitTopic(name, { timeoutMs: 10_000, partition: numPartitions - 1 })
    return name
  }

  /** Sends values to a partition, each in a batch of its own unless options say otherwise. */
  async send(
    topic: string,
    values: readonly (string | null)[],
    options: Partial<ProducerOptions> & { readonly partition?: number; readonly firstTimestamp?: number } = {},
  ): Promise<void> {
    const { partition = 0, firstTimestamp, ...rest } = options
    await using producer = new Producer({ bootstrapServers: this.bootstrap, lingerMs: 0, ...rest })
    await producer.send(
      values.map((value, index) => ({
        topic,
        partition,
        value,
        ...(firstTimestamp === undefined ? {} : { timestamp: firstTimestamp + index }),
      })),
    )
  }

  /** Deletes the records before an offset. */
  async deleteRecords(topic: string, offset: number): Promise<void> {
    const { network, metadata } = this.#core
    const { partitions } = await metadata.awaitTopic(topic, { timeoutMs: 10_000 })
    const answer = await network.request(network.node(partitions[0]!.leaderId)!, deleteRecordsApi, {
      timeoutMs: 10_000,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }],
    })
    const code = answer.topics[0]?.partitions[0]?.errorCode
    if (code !== 0) throw new Error(`records of ${topic} were not deleted: error ${code}`)
  }

  [Symbol.dispose](): void {
    this.#core.close()
  }
}
