import type { Input } from '@odradek/protocol'
import { errors } from '@odradek/protocol'
import type {
  CreateTopicsRequest,
  CreateTopicsRequestCreatableTopic,
  CreateTopicsResponse,
  CreateTopicsResponseCreatableTopicResult,
} from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { configResourceTypes } from '../image/configs-image.ts'
import { recordVersionsAt } from '../metadata-version.ts'
import { manualAssignment } from './manual-assignment.ts'
import { newPartition } from './new-partition.ts'
import {
  type ApiError,
  type ControllerContext,
  type ControllerResult,
  maxRecordsPerOperation,
  noError,
} from './operation.ts'
import { placeReplicas, type UsableBroker } from './replica-placement.ts'
import { topicNameProblem, unifiedTopicName } from './topic-name.ts'

type TopicRequest = CreateTopicsRequestCreatableTopic
type TopicResult = Input<CreateTopicsResponseCreatableTopicResult>

/** CreateTopics: each topic succeeds or fails by itself; a name given twice fails once, as in Kafka. */
export function createTopics(
  request: CreateTopicsRequest,
  context: ControllerContext,
): ControllerResult<Input<CreateTopicsResponse>> {
  if (partitionCount(request, context) > maxRecordsPerOperation) {
    return refuseAll(request, 'Excessively large number of partitions per request.')
  }
  const records: MetadataRecord[] = []
  const counts = new Map<string, number>()
  for (const topic of request.topics) counts.set(topic.name, (counts.get(topic.name) ?? 0) + 1)
  const taken = new Map([...context.image.topics.all()].map((topic) => [unifiedTopicName(topic.name), topic.name]))
  const topics: TopicResult[] = []
  for (const [name, count] of counts) {
    const topic = request.topics.find((candidate) => candidate.name === name)!
    const result: CreatedTopic | TopicResult =
      count > 1 ? failure(name, duplicateName) : createTopic(topic, taken, context)
    if (!('records' in result)) {
      topics.push(result)
      continue
    }
    taken.set(unifiedTopicName(name), name)
    records.push(...result.records)
    topics.push(success(result))
  }
  if (records.length > maxRecordsPerOperation) {
    return refuseAll(request, 'Unable to perform excessively large batch operation.')
  }
  return { records: request.validateOnly ? [] : records, response: { topics } }
}

/** Partitions of all topics together, those that are refused in the end as well. */
function partitionCount({ topics }: CreateTopicsRequest, { defaults }: ControllerContext): number {
  return topics.reduce((sum, { assignments, numPartitions }) => {
    if (assignments.length > 0) return sum + assignments.length
    return sum + (numPartitions === -1 ? defaults.partitions : Math.max(numPartitions, 0))
  }, 0)
}

function refuseAll(
  { topics }: CreateTopicsRequest,
  errorMessage: string,
): ControllerResult<Input<CreateTopicsResponse>> {
  const names = new Set(topics.map(({ name }) => name))
  const error = { errorCode: errors.POLICY_VIOLATION.code, errorMessage }
  return { records: [], response: { topics: [...names].map((name) => failure(name, error)) } }
}

interface CreatedTopic {
  readonly name: string
  readonly topicId: string
  readonly replicas: readonly (readonly number[])[]
  readonly records: readonly MetadataRecord[]
}

const duplicateName: ApiError = { errorCode: errors.INVALID_REQUEST.code, errorMessage: 'Duplicate topic name.' }

function createTopic(
  topic: TopicRequest,
  taken: ReadonlyMap<string, string>,
  context: ControllerContext,
): CreatedTopic | TopicResult {
  const nameError = checkName(topic.name, taken, context)
  if (nameError !== null) return failure(topic.name, nameError)
  const configs = new Map<string, string>()
  for (const config of topic.configs) {
    if (config.value !== null) configs.set(config.name, config.value)
  }
  const configError = checkConfigs(topic, configs, context)
  if (configError !== null) return failure(topic.name, configError)
  const placed = assignReplicas(topic, context)
  if ('errorCode' in placed) return failure(topic.name, placed)
  const topicId = context.randomUuid()
  const version = recordVersionsAt(context.image.features.metadataVersion).partition
  const records: MetadataRecord[] = [{ type: 'TopicRecord', version: 0, record: { name: topic.name, topicId } }]
  for (const [name, value] of configs) {
    const record = { resourceType: configResourceTypes.TOPIC, resourceName: topic.name, name, value }
    records.push({ type: 'ConfigRecord', version: 0, record })
  }
  placed.replicas.forEach((replicas, id) => {
    records.push({ type: 'PartitionRecord', version, record: newPartition(context.image, topicId, { id, replicas }) })
  })
  return { name: topic.name, topicId, replicas: placed.replicas, records }
}

function checkName(name: string, taken: ReadonlyMap<string, string>, context: ControllerContext): ApiError | null {
  const problem = topicNameProblem(name)
  if (problem !== null) return { errorCode: errors.INVALID_TOPIC_EXCEPTION.code, errorMessage: problem }
  if (name === '__cluster_metadata') {
    const errorMessage = 'Creation of internal topic __cluster_metadata is prohibited.'
    return { errorCode: errors.INVALID_REQUEST.code, errorMessage }
  }
  if (context.image.topics.byName(name) !== undefined) {
    return { errorCode: errors.TOPIC_ALREADY_EXISTS.code, errorMessage: `Topic '${name}' already exists.` }
  }
  const other = taken.get(unifiedTopicName(name))
  if (other === undefined) return null
  const errorMessage = `Topic '${name}' collides with existing topic: ${other}`
  return { errorCode: errors.INVALID_TOPIC_EXCEPTION.code, errorMessage }
}

function checkConfigs(
  topic: TopicRequest,
  configs: ReadonlyMap<string, string>,
  context: ControllerContext,
): ApiError | null {
  const nulls = topic.configs.filter((config) => config.value === null).map((config) => config.name)
  if (nulls.length === 0) return context.validateConfigs(configResourceTypes.TOPIC, topic.name, configs)
  const errorMessage = `Null value not supported for topic configs: ${nulls.join(', ')}`
  return { errorCode: errors.INVALID_CONFIG.code, errorMessage }
}

function assignReplicas(
  topic: TopicRequest,
  context: ControllerContext,
): { readonly replicas: readonly (readonly number[])[] } | ApiError {
  if (topic.assignments.length > 0) return manualAssignment(topic, context)
  if (topic.replicationFactor < -1 || topic.replicationFactor === 0) {
    const errorMessage = 'Replication factor must be larger than 0, or -1 to use the default value.'
    return { errorCode: errors.INVALID_REPLICATION_FACTOR.code, errorMessage }
  }
  if (topic.numPartitions < -1 || topic.numPartitions === 0) {
    const errorMessage = 'Number of partitions was set to an invalid non-positive value.'
    return { errorCode: errors.INVALID_PARTITIONS.code, errorMessage }
  }
  const partitions = topic.numPartitions === -1 ? context.defaults.partitions : topic.numPartitions
  const replicationFactor =
    topic.replicationFactor === -1 ? context.defaults.replicationFactor : topic.replicationFactor
  const placed = placeReplicas({ startPartition: 0, partitions, replicationFactor }, usableBrokers(context), (bound) =>
    context.randomInt(bound),
  )
  if ('replicas' in placed) return placed
  const errorMessage = `Unable to replicate the partition ${replicationFactor} time(s): ${placed.problem}`
  return { errorCode: errors.INVALID_REPLICATION_FACTOR.code, errorMessage }
}

/** Brokers that may take replicas: all that are registered, not on their way out, and have a log directory for them. */
export function usableBrokers(context: ControllerContext): readonly UsableBroker[] {
  const { cluster } = context.image
  return cluster
    .brokers()
    .filter((broker) => !broker.inControlledShutdown && !cluster.isCordoned(broker.brokerId))
    .map((broker) => ({ id: broker.brokerId, rack: broker.rack, fenced: broker.fenced }))
}

function failure(name: string, error: ApiError): TopicResult & ApiError {
  return { name, ...error, numPartitions: -1, replicationFactor: -1 }
}

function success(topic: CreatedTopic): TopicResult {
  return {
    name: topic.name,
    topicId: topic.topicId,
    ...noError,
    numPartitions: topic.replicas.length,
    replicationFactor: topic.replicas[0]?.length ?? -1,
  }
}
