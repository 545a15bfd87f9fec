import type { BrokerEndpoint, TopicMetadata } from '@odradek/client'
import type { Input } from '@odradek/protocol'
import type { ProduceRequest, ProduceResponse } from '@odradek/protocol/messages'
import type { PartitionQueue } from './partition-queue.ts'
import type { ProducerBatch } from './producer-batch.ts'

/** How a request is written. */
export interface ProduceRequestOptions {
  readonly acks: number
  readonly timeoutMs: number
  /** Where the ids of topics are, when the version writes ids instead of names (KIP-516). */
  readonly topicIds: ReadonlyMap<string, TopicMetadata> | undefined
}

/** A Produce request with one batch for each of some partitions. */
export function produceRequestOf(
  batches: readonly ProducerBatch[],
  options: ProduceRequestOptions,
): Input<ProduceRequest> {
  const { acks, timeoutMs, topicIds } = options
  const byTopic = new Map<string, { index: number; records: Uint8Array }[]>()
  for (const batch of batches) {
    const { topic, partition } = batch.queue
    const data = { index: partition, records: batch.close() }
    const partitions = byTopic.get(topic)
    if (partitions === undefined) byTopic.set(topic, [data])
    else partitions.push(data)
  }
  const topicData = [...byTopic].map(([name, partitionData]) => {
    const topicId = topicIds?.get(name)?.topicId
    return topicId === undefined ? { name, partitionData } : { topicId, partitionData }
  })
  return { transactionalId: null, acks, timeoutMs, topicData }
}

/** What a broker answered about one partition. */
export interface PartitionAnswer {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly logStartOffset: number
  /** The new leader, when the broker knows it (KIP-951). */
  readonly leader:
    | { readonly leaderId: number; readonly leaderEpoch: number; readonly endpoints: readonly BrokerEndpoint[] }
    | undefined
}

/** A good answer tells where the batch was written. */
export interface WrittenAnswer extends PartitionAnswer {
  readonly baseOffset: number
  readonly logAppendTimeMs: number
}

/** What a broker answered about the partitions of one request. */
export interface PartitionAnswers {
  /** For so long the broker wants no more requests (KIP-219). */
  readonly throttleTimeMs: number
  /** The answer about a queue's partition; undefined when it was left out. */
  of(queue: PartitionQueue): WrittenAnswer | undefined
}

/** Takes a response apart. `topics` is what was known when the request was written: ids may have changed since. */
export function partitionAnswers(
  response: ProduceResponse,
  topics: ReadonlyMap<string, TopicMetadata>,
): PartitionAnswers {
  const { nodeEndpoints: endpoints, throttleTimeMs } = response
  return {
    throttleTimeMs,
    of({ topic, partition }) {
      const topicId = topics.get(topic)?.topicId
      for (const { name, topicId: id, partitionResponses } of response.responses) {
        if (name === '' ? id !== topicId : name !== topic) continue
        const row = partitionResponses.find(({ index }) => index === partition)
        if (row === undefined) continue
        const { leaderId, leaderEpoch } = row.currentLeader
        const { errorCode, errorMessage, logStartOffset, baseOffset, logAppendTimeMs } = row
        const leader = leaderId < 0 ? undefined : { leaderId, leaderEpoch, endpoints }
        return { errorCode, errorMessage, logStartOffset, baseOffset, logAppendTimeMs, leader }
      }
      return undefined
    },
  }
}
