/**
 * Topics with their partitions. By name DescribeTopicPartitions is asked (KIP-966), page by page, so that topics of many partitions need no
 * answer that holds them all; brokers that do not serve it, and questions by id, are answered by Metadata.
 */
import { KafkaError } from '@odradek/client'
import {
  type DescribeTopicPartitionsResponse,
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
  type MetadataResponse,
  metadataRequest,
  metadataResponse,
} from '@odradek/protocol/messages'
import type { AclOperation } from '../acls/acl-names.ts'
import type { AdminCall, Answer, CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { resultOf } from '../core/answer-error.ts'
import { authorizedOperations } from '../core/authorized-operations.ts'
import { needsVersion } from '../core/needs-version.ts'
import type { Result, Results } from '../core/results.ts'
import { selectTopics, type TopicSelection } from './topic-selection.ts'

/** A partition and who keeps it, by the ids of brokers. Kafka: `TopicPartitionInfo`. */
export interface TopicPartitionInfo {
  readonly partition: number
  /** -1 when there is none. */
  readonly leaderId: number
  /** -1 when the broker does not tell. */
  readonly leaderEpoch: number
  /** The preferred leader first. */
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly offlineReplicas: readonly number[]
  /** Eligible leader replicas (KIP-966); null when the broker does not tell. */
  readonly elr: readonly number[] | null
  readonly lastKnownElr: readonly number[] | null
}

/** A topic. Kafka: `TopicDescription`. */
export interface TopicDescription {
  readonly topic: string
  readonly topicId: string
  readonly isInternal: boolean
  /** By partition number. */
  readonly partitions: readonly TopicPartitionInfo[]
  /** What the user may do; null unless asked for. */
  readonly authorizedOperations: readonly AclOperation[] | null
}

/** How topics are described. */
export interface DescribeTopicsOptions extends CallOptions {
  readonly includeAuthorizedOperations?: boolean | undefined
  /** Partitions of one answer at most; 2,000 when left out. */
  readonly partitionSizeLimitPerResponse?: number | undefined
}

type PartitionsTopic = DescribeTopicPartitionsResponse['topics'][number]
type MetadataTopic = MetadataResponse['topics'][number]

const describeTopicPartitionsApi = {
  request: describeTopicPartitionsRequest,
  response: describeTopicPartitionsResponse,
}
const metadataApi = { request: metadataRequest, response: metadataResponse }
const firstVersionOfIds = 10

/** Describes topics by name or id. */
export function describeTopics(
  core: AdminCore,
  topics: TopicSelection,
  options: DescribeTopicsOptions = {},
): Promise<Results<TopicDescription>> {
  const { names, topicIds } = selectTopics(topics)
  return core.run('describeTopics', options, async (call) => {
    if (topicIds !== undefined) return await describeByMetadata(call, { topicIds: [...topicIds.keys()] }, options)
    const wanted = [...names.keys()]
    if (wanted.length === 0) return new Map()
    const isServed = await call.retrying(async () => {
      return { value: await call.supports(await call.node('any'), describeTopicPartitionsApi) }
    })
    if (!isServed) return await describeByMetadata(call, { names: wanted }, options)
    return await describeByPages(call, wanted, options)
  })
}

async function describeByPages(
  call: AdminCall,
  wanted: readonly string[],
  options: DescribeTopicsOptions,
): Promise<Results<TopicDescription>> {
  const found = new Map<string, { readonly row: PartitionsTopic; readonly partitions: TopicPartitionInfo[] }>()
  // The cursor goes by the order of names in Java, which is that of UTF-16 code units, as here.
  const sorted = [...wanted].sort()
  let cursor: DescribeTopicPartitionsResponse['nextCursor'] = null
  do {
    const from: string = cursor?.topicName ?? ''
    const { response }: Answer<DescribeTopicPartitionsResponse> = await call.ask({
      api: describeTopicPartitionsApi,
      to: 'any',
      body: {
        topics: sorted.filter((name) => name >= from).map((name) => ({ name })),
        responsePartitionLimit: options.partitionSizeLimitPerResponse ?? 2_000,
        cursor,
      },
    })
    for (const row of response.topics) {
      const partitions = row.partitions.map((partition) => partitionInfo(partition))
      const before = found.get(row.name ?? '')
      if (before === undefined) found.set(row.name ?? '', { row, partitions })
      else before.partitions.push(...partitions)
    }
    cursor = response.nextCursor
  } while (cursor !== null)
  return inOrder(wanted, (topic) => {
    const entry = found.get(topic)
    if (entry === undefined) return undefined
    return resultOf(entry.row, { topic }, () => description(topic, entry, options))
  })
}

async function describeByMetadata(
  call: AdminCall,
  { names, topicIds }: { readonly names?: readonly string[]; readonly topicIds?: readonly string[] },
  options: DescribeTopicsOptions,
): Promise<Results<TopicDescription>> {
  const { response } = await call.ask({
    api: metadataApi,
    to: 'any',
    body: (version) => {
      if (topicIds !== undefined) needsVersion(version, firstVersionOfIds, 'topic ids')
      const topics = names?.map((name) => ({ name })) ?? topicIds!.map((topicId) => ({ name: null, topicId }))
      const includeTopicAuthorizedOperations = version >= 8 && options.includeAuthorizedOperations === true
      return version < 4 ? { topics } : { topics, allowAutoTopicCreation: false, includeTopicAuthorizedOperations }
    },
  })
  call.core.view.takeMetadata(response)
  const rows = new Map(
    response.topics.map((row) => [names === undefined ? row.topicId : (row.name ?? ''), row] as const),
  )
  return inOrder(names ?? topicIds!, (asked) => {
    const row = rows.get(asked)
    if (row === undefined) return undefined
    return resultOf(row, { topic: asked }, () => {
      const partitions = row.partitions.map((partition) => partitionInfo(partition))
      return description(row.name ?? '', { row, partitions }, options)
    })
  })
}

function inOrder(
  asked: readonly string[],
  find: (asked: string) => Result<TopicDescription> | undefined,
): Results<TopicDescription> {
  const results = new Map<string, Result<TopicDescription>>()
  for (const topic of asked) {
    const unknown = () => new KafkaError('UNKNOWN_SERVER_ERROR', `the answer says nothing of topic ${topic}`)
    results.set(topic, find(topic) ?? { error: unknown() })
  }
  return results
}

function description(
  topic: string,
  { row, partitions }: { readonly row: PartitionsTopic | MetadataTopic; readonly partitions: TopicPartitionInfo[] },
  options: DescribeTopicsOptions,
): TopicDescription {
  const { topicId, isInternal, topicAuthorizedOperations } = row
  const isAsked = options.includeAuthorizedOperations === true
  return {
    topic,
    topicId,
    isInternal,
    partitions: partitions.sort((a, b) => a.partition - b.partition),
    authorizedOperations: isAsked ? authorizedOperations(topicAuthorizedOperations) : null,
  }
}

interface PartitionRow {
  readonly partitionIndex: number
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly replicaNodes: readonly number[]
  readonly isrNodes: readonly number[]
  readonly offlineReplicas: readonly number[]
  readonly eligibleLeaderReplicas?: readonly number[] | null
  readonly lastKnownElr?: readonly number[] | null
}

function partitionInfo(row: PartitionRow): TopicPartitionInfo {
  return {
    partition: row.partitionIndex,
    leaderId: row.leaderId,
    leaderEpoch: row.leaderEpoch,
    replicas: row.replicaNodes,
    isr: row.isrNodes,
    offlineReplicas: row.offlineReplicas,
    elr: row.eligibleLeaderReplicas ?? null,
    lastKnownElr: row.lastKnownElr ?? null,
  }
}
