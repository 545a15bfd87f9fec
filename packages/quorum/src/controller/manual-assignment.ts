import { errors } from '@odradek/protocol'
import type { CreateTopicsRequestCreatableTopic } from '@odradek/protocol/messages'
import type { MetadataImage } from '../image/metadata-image.ts'
import type { ApiError, ControllerContext } from './operation.ts'

type Assigned = { readonly replicas: readonly (readonly number[])[] }

/** The replicas a CreateTopics request names itself, checked as Kafka checks them. */
export function manualAssignment(
  topic: CreateTopicsRequestCreatableTopic,
  context: ControllerContext,
): Assigned | ApiError {
  if (topic.replicationFactor !== -1) {
    const errorMessage = 'A manual partition assignment was specified, but replication factor was not set to -1.'
    return { errorCode: errors.INVALID_REQUEST.code, errorMessage }
  }
  if (topic.numPartitions !== -1) {
    const errorMessage = 'A manual partition assignment was specified, but numPartitions was not set to -1.'
    return { errorCode: errors.INVALID_REQUEST.code, errorMessage }
  }
  const byPartition = new Map<number, readonly number[]>()
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (byPartition.has(partitionIndex)) {
      return invalid(`Found multiple manual partition assignments for partition ${partitionIndex}`)
    }
    const problem = replicasProblem(brokerIds, byPartition.get(0)?.length ?? brokerIds.length, context.image)
    if (problem !== null) return invalid(problem)
    if (!brokerIds.some((id) => context.image.cluster.isActive(id))) {
      return invalid(
        `All brokers specified in the manual partition assignment for partition ${partitionIndex} are fenced or in controlled shutdown.`,
      )
    }
    byPartition.set(partitionIndex, brokerIds)
  }
  const replicas: (readonly number[])[] = []
  for (let id = 0; id < byPartition.size; id++) {
    const brokerIds = byPartition.get(id)
    if (brokerIds === undefined) return invalid('partitions should be a consecutive 0-based integer sequence')
    replicas.push(brokerIds)
  }
  return { replicas }
}

/** What is wrong with the replicas somebody names for one partition, in Kafka's words, or null. */
export function replicasProblem(
  replicas: readonly number[],
  expectedCount: number,
  image: MetadataImage,
): string | null {
  if (replicas.length === 0) return 'The manual partition assignment includes an empty replica list.'
  const seen = new Set<number>()
  for (const id of [...replicas].sort((a, b) => a - b)) {
    if (image.cluster.broker(id) === undefined) {
      return `The manual partition assignment includes broker ${id}, but no such broker is registered.`
    }
    if (image.cluster.isCordoned(id)) {
      return `The manual partition assignment includes broker ${id}, but all its log directories are cordoned.`
    }
    if (seen.has(id)) return `The manual partition assignment includes the broker ${id} more than once.`
    seen.add(id)
  }
  if (replicas.length === expectedCount) return null
  return `The manual partition assignment includes a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${expectedCount} replica(s).`
}

function invalid(errorMessage: string): ApiError {
  return { errorCode: errors.INVALID_REPLICA_ASSIGNMENT.code, errorMessage }
}
