import { errors, type Input } from '@odradek/protocol'
import {
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
  type DescribeTopicPartitionsResponseCursor,
  type DescribeTopicPartitionsResponseTopic,
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '@odradek/protocol/messages'
import { isInternalTopic, type TopicImage, topicNameProblem } from '@odradek/quorum'
import { authorizedOperations } from '../authorized-operations.ts'
import type { Broker } from '../broker.ts'
import { defineHandler } from '../handler.ts'

/**
 * DescribeTopicPartitions, version 0 (KIP-966): topics in order of their names, page by page. The cursor names the partition that
 * the next page begins with.
 */
export const describeTopicPartitions = defineHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>({
  request: describeTopicPartitionsRequest,
  response: describeTopicPartitionsResponse,
  handle(request, { broker }) {
    const { cursor } = request
    if (cursor !== null && !isValid(cursor, request)) return refuseAll(request)
    const { topics: known } = broker.metadata.image
    const all = request.topics.length === 0
    const names = all ? [...known.all()].map((topic) => topic.name) : request.topics.map((topic) => topic.name)
    const wanted = [...new Set(names)].sort().filter((name) => cursor === null || name >= cursor.topicName)
    let room = Math.max(1, Math.min(request.responsePartitionLimit, broker.configs.broker.maxRequestPartitionSizeLimit))
    const topics: Input<DescribeTopicPartitionsResponseTopic>[] = []
    let nextCursor: DescribeTopicPartitionsResponseCursor | null = null
    for (const name of wanted) {
      const topic = known.byName(name)
      if (topic === undefined) {
        topics.push(unknownTopic(name))
        continue
      }
      const from = cursor?.topicName === name ? cursor.partitionIndex : 0
      const partitions = pageOf(topic, { from, room }, broker)
      room -= partitions.length
      const isWhole = from + partitions.length >= topic.partitions.size
      if (partitions.length > 0 || isWhole) topics.push({ ...descriptionOf(topic), partitions })
      if (isWhole) continue
      nextCursor = { topicName: name, partitionIndex: from + partitions.length }
      break
    }
    return { topics, nextCursor }
  },
})

/** A cursor names a partition, and a topic of the request unless that asks for all. */
function isValid(cursor: DescribeTopicPartitionsResponseCursor, { topics }: DescribeTopicPartitionsRequest): boolean {
  return cursor.partitionIndex >= 0 && (topics.length === 0 || topics.some(({ name }) => name === cursor.topicName))
}

function refuseAll({ topics }: DescribeTopicPartitionsRequest): Input<DescribeTopicPartitionsResponse> {
  return { topics: topics.map(({ name }) => ({ name, errorCode: errors.INVALID_REQUEST.code })), nextCursor: null }
}

function pageOf(topic: TopicImage, page: { readonly from: number; readonly room: number }, broker: Broker) {
  const { cluster } = broker.metadata.image
  const isAlive = (id: number) => cluster.broker(id)?.fenced === false
  const partitions = [...topic.partitions.values()].sort((a, b) => a.partitionId - b.partitionId)
  return partitions.slice(page.from, page.from + page.room).map((partition) => ({
    errorCode: isAlive(partition.leader) ? 0 : errors.LEADER_NOT_AVAILABLE.code,
    partitionIndex: partition.partitionId,
    leaderId: isAlive(partition.leader) ? partition.leader : -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    eligibleLeaderReplicas: partition.eligibleLeaderReplicas ?? [],
    lastKnownElr: partition.lastKnownElr ?? [],
    offlineReplicas: partition.replicas.filter((id) => !isAlive(id)),
  }))
}

function descriptionOf({ name, topicId }: TopicImage): Input<DescribeTopicPartitionsResponseTopic> {
  return { name, topicId, isInternal: isInternalTopic(name), topicAuthorizedOperations: authorizedOperations.topic }
}

function unknownTopic(name: string): Input<DescribeTopicPartitionsResponseTopic> {
  const error = topicNameProblem(name) === null ? errors.UNKNOWN_TOPIC_OR_PARTITION : errors.INVALID_TOPIC_EXCEPTION
  const { topic: topicAuthorizedOperations } = authorizedOperations
  return { errorCode: error.code, name, isInternal: isInternalTopic(name), topicAuthorizedOperations }
}
