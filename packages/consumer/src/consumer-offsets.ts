import { type ClientCore, KafkaError, type PartitionMetadata } from '@odradek/client'
import { metadataRequest, metadataResponse } from '@odradek/protocol/messages'
import type { ConsumerConfig } from './config/consumer-config.ts'
import { earliestTimestamp, latestTimestamp } from './fetch/list-offsets.ts'
import type { OffsetFetcher } from './fetch/offset-fetcher.ts'
import { awaitTopic } from './fetch/topic-metadata.ts'
import { type OffsetAndTimestamp, PartitionMap, type TopicPartition } from './topic-partition.ts'

const metadataApi = { request: metadataRequest, response: metadataResponse }

/** What the questions are asked with. */
export interface ConsumerOffsetsOptions {
  readonly core: ClientCore
  readonly config: ConsumerConfig
  readonly fetcher: OffsetFetcher
}

interface Bound {
  readonly timeoutMs?: number | undefined
}

/** What a consumer may be asked of topics and offsets, whether it reads them or not. */
export class ConsumerOffsets {
  readonly #options: ConsumerOffsetsOptions

  constructor(options: ConsumerOffsetsOptions) {
    this.#options = options
  }

  /** @throws KafkaError API_TIMED_OUT */
  beginning(partitions: readonly TopicPartition[], bound?: Bound): Promise<PartitionMap<number>> {
    return this.#at(partitions, earliestTimestamp, bound)
  }

  /** @throws KafkaError API_TIMED_OUT */
  end(partitions: readonly TopicPartition[], bound?: Bound): Promise<PartitionMap<number>> {
    return this.#at(partitions, latestTimestamp, bound)
  }

  /** @throws KafkaError API_TIMED_OUT, or ILLEGAL_STATE for a timestamp that is none */
  async forTimes(
    timestamps: Iterable<readonly [TopicPartition, number]>,
    bound?: Bound,
  ): Promise<PartitionMap<OffsetAndTimestamp | null>> {
    const asked = new PartitionMap(timestamps)
    for (const [{ topic, partition }, timestamp] of asked) {
      if (Number.isSafeInteger(timestamp) && timestamp >= 0) continue
      throw new KafkaError(
        'ILLEGAL_STATE',
        `the timestamp for ${topic}-${partition} is ${timestamp}; it cannot be negative`,
      )
    }
    return await this.#find(asked, bound)
  }

  /** @throws KafkaError API_TIMED_OUT */
  async partitionsFor(topic: string, bound?: Bound): Promise<readonly PartitionMetadata[]> {
    const { partitions } = await awaitTopic(this.#options.core, topic, { timeoutMs: this.#timeoutMs(bound) })
    return partitions
  }

  /** @throws KafkaError */
  async listTopics(bound?: Bound): Promise<ReadonlyMap<string, readonly PartitionMetadata[]>> {
    const { network } = this.#options.core
    const connection = await network.leastLoadedNode().connect()
    const { topics } = await connection.request(metadataApi, { topics: null }, { timeoutMs: this.#timeoutMs(bound) })
    const listed = new Map<string, readonly PartitionMetadata[]>()
    for (const { name, errorCode, partitions } of topics) {
      if (name === null || errorCode !== 0) continue
      const rows = partitions.map((row) => ({
        partition: row.partitionIndex,
        leaderId: row.leaderId,
        leaderEpoch: row.leaderEpoch,
        replicas: row.replicaNodes,
        isr: row.isrNodes,
        offlineReplicas: row.offlineReplicas,
      }))
      listed.set(
        name,
        rows.toSorted((a, b) => a.partition - b.partition),
      )
    }
    return listed
  }

  async #at(
    partitions: readonly TopicPartition[],
    timestamp: number,
    bound: Bound | undefined,
  ): Promise<PartitionMap<number>> {
    const asked = new PartitionMap(partitions.map((partition) => [partition, timestamp] as const))
    const found = await this.#find(asked, bound)
    return new PartitionMap([...found].map(([partition, at]) => [partition, at?.offset ?? 0]))
  }

  /** In the order asked: leaders answer in any, and a partition that moved is asked again. */
  async #find(asked: PartitionMap<number>, bound: Bound | undefined): Promise<PartitionMap<OffsetAndTimestamp | null>> {
    const found = await this.#options.fetcher.offsetsByTimestamp(asked, this.#timeoutMs(bound))
    return new PartitionMap([...asked.keys()].map((partition) => [partition, found.get(partition) ?? null] as const))
  }

  #timeoutMs(bound: Bound | undefined): number {
    return bound?.timeoutMs ?? this.#options.config.defaultApiTimeoutMs
  }
}
