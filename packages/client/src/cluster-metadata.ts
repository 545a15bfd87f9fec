import { errors, zeroUuid } from '@odradek/protocol'
import type { MetadataResponse, MetadataResponsePartition, MetadataResponseTopic } from '@odradek/protocol/messages'

/** A broker as the cluster announces it. */
export interface BrokerEndpoint {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** A partition as the cluster announces it. */
export interface PartitionMetadata {
  readonly partition: number
  /** -1 when there is none. */
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly offlineReplicas: readonly number[]
}

/** A topic as the cluster announces it. */
export interface TopicMetadata {
  readonly topic: string
  readonly topicId: string
  readonly isInternal: boolean
  /** By partition number. */
  readonly partitions: readonly PartitionMetadata[]
}

/** What is known of a cluster at one time. A change makes a new one. */
export interface ClusterMetadata {
  readonly clusterId: string | null
  readonly controllerId: number
  readonly brokers: ReadonlyMap<number, BrokerEndpoint>
  readonly topics: ReadonlyMap<string, TopicMetadata>
  /** Topics the cluster refused to tell about, with the code: unknown, not authorized, invalid. */
  readonly topicErrors: ReadonlyMap<string, number>
}

/** Nothing is known. */
export const emptyClusterMetadata: ClusterMetadata = {
  clusterId: null,
  controllerId: -1,
  brokers: new Map(),
  topics: new Map(),
  topicErrors: new Map(),
}

/**
 * What is known after an answer. Topics that were not asked for keep what was known; a partition keeps its leader when the answer has an
 * older leader epoch, which a broker that lags behind may give. `isAll` when every topic was asked for: then there are no others.
 */
export function withMetadataResponse(
  before: ClusterMetadata,
  response: MetadataResponse,
  isAll = false,
): ClusterMetadata {
  const topics = new Map(isAll ? [] : before.topics)
  const topicErrors = new Map<string, number>()
  for (const topic of response.topics) {
    const { name, errorCode } = topic
    if (name === null) continue
    if (errorCode === 0) topics.set(name, topicMetadata(topic, before.topics.get(name)))
    else {
      topicErrors.set(name, errorCode)
      if (errorCode === errors.UNKNOWN_TOPIC_OR_PARTITION.code) topics.delete(name)
    }
  }
  return {
    clusterId: response.clusterId,
    controllerId: response.controllerId,
    brokers: new Map(response.brokers.map(({ nodeId, host, port, rack }) => [nodeId, { nodeId, host, port, rack }])),
    topics,
    topicErrors,
  }
}

/** A leader that a broker told in an error (KIP-951). */
export interface LeaderUpdate {
  readonly topic: string
  readonly partition: number
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly endpoints: readonly BrokerEndpoint[]
}

/** What is known after a broker told the new leader; undefined when it is not news. */
export function withLeader(before: ClusterMetadata, update: LeaderUpdate): ClusterMetadata | undefined {
  const topic = before.topics.get(update.topic)
  const known = topic?.partitions[update.partition]
  if (topic === undefined || known === undefined || known.leaderEpoch >= update.leaderEpoch) return undefined
  const { leaderId, leaderEpoch } = update
  const brokers = new Map(before.brokers)
  for (const endpoint of update.endpoints) brokers.set(endpoint.nodeId, endpoint)
  if (!brokers.has(leaderId)) return undefined
  const partitions = topic.partitions.with(update.partition, { ...known, leaderId, leaderEpoch })
  return { ...before, brokers, topics: new Map(before.topics).set(update.topic, { ...topic, partitions }) }
}

function topicMetadata(topic: MetadataResponseTopic, before: TopicMetadata | undefined): TopicMetadata {
  const same = before !== undefined && (topic.topicId === zeroUuid || before.topicId === topic.topicId)
  const partitions: PartitionMetadata[] = []
  for (const row of topic.partitions) {
    const known = same ? before.partitions[row.partitionIndex] : undefined
    const isStale = known !== undefined && row.leaderEpoch >= 0 && row.leaderEpoch < known.leaderEpoch
    partitions[row.partitionIndex] = isStale ? known : partitionMetadata(row)
  }
  // A partition the answer leaves out has no leader to be told.
  for (let index = 0; index < partitions.length; index++) partitions[index] ??= leaderless(index)
  return { topic: topic.name ?? '', topicId: topic.topicId, isInternal: topic.isInternal, partitions }
}

function partitionMetadata(row: MetadataResponsePartition): PartitionMetadata {
  return {
    partition: row.partitionIndex,
    leaderId: row.errorCode === errors.LEADER_NOT_AVAILABLE.code ? -1 : row.leaderId,
    leaderEpoch: row.leaderEpoch,
    replicas: row.replicaNodes,
    isr: row.isrNodes,
    offlineReplicas: row.offlineReplicas,
  }
}

function leaderless(partition: number): PartitionMetadata {
  return { partition, leaderId: -1, leaderEpoch: -1, replicas: [], isr: [], offlineReplicas: [] }
}
