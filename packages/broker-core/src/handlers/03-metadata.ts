import { errors, type Input, zeroUuid } from '@odradek/protocol'
import {
  type MetadataRequest,
  type MetadataRequestTopic,
  type MetadataResponse,
  type MetadataResponsePartition,
  type MetadataResponseTopic,
  metadataRequest,
  metadataResponse,
} from '@odradek/protocol/messages'
import { isInternalTopic, type PartitionRegistration, type TopicImage, topicNameProblem } from '@odradek/quorum'
import { authorizedOperations } from '../authorized-operations.ts'
import type { RequestContext } from '../connection/request-context.ts'
import { defineHandler } from '../handler.ts'
import { autoCreateTopics } from '../metadata/auto-create-topics.ts'
import { aliveBrokers, endpointOf } from '../metadata/endpoints.ts'

type TopicResult = Input<MetadataResponseTopic>

/**
 * Metadata, versions 0 to 13. Version 0 takes an empty list for "all topics", later ones null; auto creation can be declined
 * since 4; leader epochs since 7 (KIP-320); authorized operations 8 to 10 (KIP-430); topic ids since 10 (KIP-516); a top level
 * error since 13 (KIP-1102), which tells a client to bootstrap anew.
 */
export const metadata = defineHandler<MetadataRequest, MetadataResponse>({
  request: metadataRequest,
  response: metadataResponse,
  async handle(request, context) {
    const { broker, apiVersion } = context
    const wanted = apiVersion === 0 && request.topics?.length === 0 ? null : request.topics
    if (wanted !== null && apiVersion < firstVersionWithIds && wanted.some(needsId)) return refuseAll(wanted)
    const topics = wanted === null ? allTopics(request, context) : await namedTopics(request, wanted, context)
    return {
      brokers: aliveBrokers(broker.metadata.image).flatMap((registration) => {
        const endpoint = endpointOf(registration, context.connection.listenerName)
        const { brokerId, rack } = registration
        return endpoint === undefined ? [] : [{ nodeId: brokerId, host: endpoint.host, port: endpoint.port, rack }]
      }),
      clusterId: broker.clusterId,
      controllerId: broker.metadata.activeBrokerForControllers(broker.random),
      topics,
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
        ? authorizedOperations.cluster
        : undefined,
    }
  },
})

/** Topics can be asked for by id since version 12 only, though the field is there since 10 (KIP-516). */
const firstVersionWithIds = 12

function needsId({ name, topicId }: MetadataRequestTopic): boolean {
  return name === null || topicId !== zeroUuid
}

function refuseAll(wanted: readonly MetadataRequestTopic[]): Input<MetadataResponse> {
  const { code: errorCode } = errors.INVALID_REQUEST
  return { clusterId: null, topics: wanted.map(({ name, topicId }) => ({ errorCode, name: name ?? '', topicId })) }
}

function allTopics(request: MetadataRequest, context: RequestContext): TopicResult[] {
  return [...context.broker.metadata.image.topics.all()].map((topic) => describe(topic, request, context))
}

async function namedTopics(
  request: MetadataRequest,
  wanted: readonly MetadataRequestTopic[],
  context: RequestContext,
): Promise<TopicResult[]> {
  const { broker } = context
  const { topics } = broker.metadata.image
  const results: TopicResult[] = []
  const missing: string[] = []
  const ids = new Set(wanted.map(({ topicId }) => topicId).filter((topicId) => topicId !== zeroUuid))
  // With one id in the request Kafka looks at ids alone.
  const names = ids.size > 0 ? [] : new Set(wanted.map(({ name }) => name ?? ''))
  for (const topicId of ids) {
    const known = topics.byId(topicId)
    results.push(known === undefined ? unknownId(topicId) : describe(known, request, context))
  }
  for (const name of names) {
    const known = topics.byName(name)
    if (known === undefined) missing.push(name)
    else results.push(describe(known, request, context))
  }
  if (missing.length === 0) return results
  const mayCreate = request.allowAutoTopicCreation && broker.configs.broker.autoCreateTopicsEnable
  const created = mayCreate ? await autoCreateTopics(missing, broker.controller) : new Map<string, number>()
  for (const name of missing) {
    const topic = broker.metadata.image.topics.byName(name)
    if (topic !== undefined) results.push(describe(topic, request, context))
    else
      results.push({ errorCode: created.get(name) ?? unknownTopicError(name), name, isInternal: isInternalTopic(name) })
  }
  return results
}

function unknownId(topicId: string): TopicResult {
  return { errorCode: errors.UNKNOWN_TOPIC_ID.code, name: null, topicId }
}

function unknownTopicError(name: string): number {
  const error = topicNameProblem(name) === null ? errors.UNKNOWN_TOPIC_OR_PARTITION : errors.INVALID_TOPIC_EXCEPTION
  return error.code
}

function describe(topic: TopicImage, request: MetadataRequest, context: RequestContext): TopicResult {
  return {
    name: topic.name,
    topicId: context.apiVersion >= 10 ? topic.topicId : zeroUuid,
    isInternal: isInternalTopic(topic.name),
    partitions: [...topic.partitions.values()].map((partition) => describePartition(partition, context)),
    topicAuthorizedOperations: request.includeTopicAuthorizedOperations ? authorizedOperations.topic : undefined,
  }
}

function describePartition(
  partition: PartitionRegistration,
  context: RequestContext,
): Input<MetadataResponsePartition> {
  const { cluster } = context.broker.metadata.image
  const leader = cluster.broker(partition.leader)
  const isAlive = (id: number) => cluster.broker(id)?.fenced === false
  const hasLeader = leader !== undefined && isAlive(partition.leader)
  const reachable = hasLeader && endpointOf(leader, context.connection.listenerName) !== undefined
  const error = !hasLeader ? errors.LEADER_NOT_AVAILABLE : reachable ? errors.NONE : errors.LISTENER_NOT_FOUND
  return {
    errorCode: error.code,
    partitionIndex: partition.partitionId,
    leaderId: reachable ? partition.leader : -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    offlineReplicas: partition.replicas.filter((id) => !isAlive(id)),
  }
}
