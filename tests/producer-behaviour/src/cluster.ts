import { randomBytes } from 'node:crypto'
import { type ClientCore, ConfigTable, clientConfigs, createClientCore, securityConfigs } from '@odradek/client'
import { fetchedRecordBatches } from '@odradek/protocol'
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
  createTopicsRequest,
  createTopicsResponse,
  fetchRequest,
  fetchResponse,
  metadataRequest,
  metadataResponse,
} from '@odradek/protocol/messages'

/** A record as it was read. */
export interface ReadRecord {
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, string | null])[]
  readonly codec: string
  readonly producerId: number
  /** Of the record within its partition; -1 without idempotence. */
  readonly sequence: number
}

/** What a broker keeps of a password. */
export interface ScramCredential {
  readonly mechanism: number
  readonly iterations: number
  readonly salt: Uint8Array
  readonly saltedPassword: Uint8Array
}

const table = new ConfigTable({ ...clientConfigs, ...securityConfigs })
const createTopicsApi = { request: createTopicsRequest, response: createTopicsResponse }
const scramApi = { request: alterUserScramCredentialsRequest, response: alterUserScramCredentialsResponse }
const metadataApi = { request: metadataRequest, response: metadataResponse }
const fetchApi = { request: fetchRequest, response: fetchResponse }

/** Makes topics and reads partitions, for tests. */
export class Cluster implements Disposable {
  readonly #core: ClientCore

  constructor(bootstrap: string) {
    const { values: config } = table.parse({ bootstrapServers: bootstrap })
    this.#core = createClientCore({ config, ports: {}, metadataMaxIdleMs: 300_000, allowAutoTopicCreation: false })
  }

  /** Makes a topic of a name that no other test uses, and waits until it is known. */
  async createTopic(
    options: {
      readonly partitions?: number
      readonly replicas?: number
      readonly configs?: Readonly<Record<string, string>>
    } = {},
  ): Promise<string> {
    const topic = `topic-${randomBytes(6).toString('hex')}`
    const { partitions: numPartitions = 1, replicas: replicationFactor = 1, configs = {} } = options
    const { network, metadata } = this.#core
    const answer = await network.request(network.leastLoadedNode(), createTopicsApi, {
      timeoutMs: 10_000,
      topics: [
        {
          name: topic,
          numPartitions,
          replicationFactor,
          configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
        },
      ],
    })
    const failed = answer.topics.find(({ errorCode }) => errorCode !== 0)
    if (failed !== undefined) throw new Error(`${topic}: ${failed.errorMessage}`)
    await metadata.awaitTopic(topic, { timeoutMs: 10_000, partition: numPartitions - 1 })
    return topic
  }

  /** The leader and the in-sync replicas of partition 0, as a broker tells them now. */
  async replicas(topic: string): Promise<{ readonly leaderId: number; readonly inSync: readonly number[] }> {
    const { network } = this.#core
    const answer = await network.request(network.leastLoadedNode(), metadataApi, { topics: [{ name: topic }] })
    const { leaderId, isrNodes } = answer.topics[0]!.partitions[0]!
    return { leaderId, inSync: isrNodes }
  }

  /** Makes a user for SCRAM, or gives it other credentials. */
  async makeScramUser(name: string, credential: ScramCredential): Promise<void> {
    const { network } = this.#core
    const body = { deletions: [], upsertions: [{ name, ...credential }] }
    const answer = await network.request(network.leastLoadedNode(), scramApi, body)
    const failed = answer.results.find(({ errorCode }) => errorCode !== 0)
    if (failed !== undefined) throw new Error(`${name}: ${failed.errorMessage}`)
  }

  /** Everything that is in a partition. */
  async read(topic: string, partition = 0): Promise<ReadRecord[]> {
    const { network, metadata } = this.#core
    const { topicId, partitions } = await metadata.awaitTopic(topic, { timeoutMs: 10_000, partition })
    const node = network.node(partitions[partition]!.leaderId)!
    const records: ReadRecord[] = []
    for (let fetchOffset = 0; ; ) {
      const answer = await network.request(node, fetchApi, {
        maxWaitMs: 0,
        minBytes: 0,
        maxBytes: 10_000_000,
        sessionId: 0,
        sessionEpoch: -1,
        topics: [{ topicId, partitions: [{ partition, fetchOffset, partitionMaxBytes: 10_000_000 }] }],
      })
      const found = answer.responses[0]?.partitions[0]
      if (found === undefined || found.errorCode !== 0)
        throw new Error(`cannot read ${topic}-${partition}: error ${found?.errorCode ?? answer.errorCode}`)
      for (const batch of fetchedRecordBatches(found.records ?? new Uint8Array())) {
        for (const record of batch.records()) {
          const headers = record.headers.map(({ key, value }) => [key, text(value)] as const)
          const { offset, timestamp } = record
          const [key, value] = [text(record.key), text(record.value)]
          records.push({
            offset,
            timestamp,
            key,
            value,
            headers,
            codec: batch.compression,
            producerId: batch.producerId,
            sequence: batch.baseSequence < 0 ? -1 : batch.baseSequence + (offset - batch.baseOffset),
          })
        }
        fetchOffset = batch.nextOffset
      }
      if (fetchOffset >= found.highWatermark) return records
    }
  }

  [Symbol.dispose](): void {
    this.#core.close()
  }
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes)
}
