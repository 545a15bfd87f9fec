import { errors, type Input } from '@odradek/protocol'
import type {
  CreatePartitionsRequest,
  CreatePartitionsRequestTopic,
  CreatePartitionsResponse,
} from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import type { TopicImage } from '../image/topics-image.ts'
import { recordVersionsAt } from '../metadata-version.ts'
import { usableBrokers } from './create-topics.ts'
import { replicasProblem } from './manual-assignment.ts'
import { newPartition } from './new-partition.ts'
import {
  type ApiError,
  type ControllerContext,
  type ControllerResult,
  maxRecordsPerOperation,
  noError,
} from './operation.ts'
import { placeReplicas } from './replica-placement.ts'

type TopicRequest = CreatePartitionsRequestTopic

/** CreatePartitions: adds partitions at the end of a topic; existing records stay where they are. */
export function createPartitions(
  request: CreatePartitionsRequest,
  context: ControllerContext,
): ControllerResult<Input<CreatePartitionsResponse>> {
  if (additionalPartitions(request, context) > maxRecordsPerOperation) return refuseAll(request)
  const records: MetadataRecord[] = []
  const counts = new Map<string, number>()
  for (const topic of request.topics) counts.set(topic.name, (counts.get(topic.name) ?? 0) + 1)
  const results = [...counts].map(([name, count]) => {
    if (count > 1) return { name, errorCode: errors.INVALID_REQUEST.code, errorMessage: 'Duplicate topic name.' }
    const added = addPartitions(request.topics.find((topic) => topic.name === name)!, context)
    if ('errorCode' in added) return { name, ...added }
    if (!request.validateOnly) records.push(...added.records)
    return { name, ...noError }
  })
  return { records, response: { results } }
}

/** Partitions that all topics together would get. */
function additionalPartitions({ topics }: CreatePartitionsRequest, { image }: ControllerContext): number {
  return topics.reduce((sum, { name, count }) => {
    const present = image.topics.byName(name)?.partitions.size ?? count
    return sum + Math.max(count - present, 0)
  }, 0)
}

function refuseAll({ topics }: CreatePartitionsRequest): ControllerResult<Input<CreatePartitionsResponse>> {
  const { code: errorCode } = errors.POLICY_VIOLATION
  const errorMessage = 'Excessively large number of additional partitions per request.'
  const names = new Set(topics.map(({ name }) => name))
  return { records: [], response: { results: [...names].map((name) => ({ name, errorCode, errorMessage })) } }
}

function addPartitions(
  request: TopicRequest,
  context: ControllerContext,
): { readonly records: readonly MetadataRecord[] } | ApiError {
  const topic = context.image.topics.byName(request.name)
  if (topic === undefined) return { errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION.code, errorMessage: null }
  const present = topic.partitions.size
  if (request.count === present) return invalidPartitions(`Topic already has ${present} partition(s).`)
  if (request.count < present) {
    return invalidPartitions(
      `The topic ${request.name} currently has ${present} partition(s); ${request.count} would not be an increase.`,
    )
  }
  const placed = assignReplicas(request, topic, context)
  if ('errorCode' in placed) return placed
  const version = recordVersionsAt(context.image.features.metadataVersion).partition
  const records = placed.replicas.map((replicas, index): MetadataRecord => {
    const record = newPartition(context.image, topic.topicId, { id: present + index, replicas })
    return { type: 'PartitionRecord', version, record }
  })
  return { records }
}

function assignReplicas(
  request: TopicRequest,
  topic: TopicImage,
  context: ControllerContext,
): { readonly replicas: readonly (readonly number[])[] } | ApiError {
  const additional = request.count - topic.partitions.size
  const replicationFactor = topic.partitions.get(0)?.replicas.length ?? context.defaults.replicationFactor
  if (request.assignments === null) {
    const placement = { startPartition: topic.partitions.size, partitions: additional, replicationFactor }
    const placed = placeReplicas(placement, usableBrokers(context), (bound) => context.randomInt(bound))
    if ('replicas' in placed) return placed
    return { errorCode: errors.INVALID_REPLICATION_FACTOR.code, errorMessage: placed.problem }
  }
  if (request.assignments.length !== additional) {
    return invalidAssignment(
      `Attempted to add ${additional} additional partition(s), but only ${request.assignments.length} assignment(s) were specified.`,
    )
  }
  for (const { brokerIds } of request.assignments) {
    const problem = replicasProblem(brokerIds, replicationFactor, context.image)
    if (problem !== null) return invalidAssignment(problem)
  }
  return { replicas: request.assignments.map((assignment) => assignment.brokerIds) }
}

function invalidPartitions(errorMessage: string): ApiError {
  return { errorCode: errors.INVALID_PARTITIONS.code, errorMessage }
}

function invalidAssignment(errorMessage: string): ApiError {
  return { errorCode: errors.INVALID_REPLICA_ASSIGNMENT.code, errorMessage }
}
