import type { ConsumerGroupHeartbeatRequest } from '@odradek/protocol/messages'
import type { CoordinatorContext } from '../coordinator-context.ts'
import { type GroupError, groupError } from '../group-error.ts'
import { leaveEpoch, leaveStaticEpoch } from './consumer-member.ts'

/** From version 1 on members make their own ids. */
const ownMemberIdSince = 1

/** What is wrong with a ConsumerGroupHeartbeat by itself, in Kafka's words. */
export function heartbeatProblem(
  request: ConsumerGroupHeartbeatRequest,
  apiVersion: number,
  context: CoordinatorContext,
): GroupError | undefined {
  const { memberEpoch } = request
  const needsMemberId = apiVersion >= ownMemberIdSince || memberEpoch > 0 || memberEpoch === leaveEpoch
  if (needsMemberId && isBlank(request.memberId)) return invalid("MemberId can't be empty.")
  if (isBlank(request.groupId)) return invalid("GroupId can't be empty.")
  if (isBlank(request.instanceId)) return invalid("InstanceId can't be empty.")
  if (isBlank(request.rackId)) return invalid("RackId can't be empty.")
  return epochProblem(request) ?? assignorProblem(request.serverAssignor, context)
}

function epochProblem(request: ConsumerGroupHeartbeatRequest): GroupError | undefined {
  const { memberEpoch } = request
  if (memberEpoch === leaveStaticEpoch && request.instanceId === null) return invalid("InstanceId can't be null.")
  if (memberEpoch < leaveStaticEpoch) return invalid('MemberEpoch is invalid.')
  if (memberEpoch !== 0) return undefined
  if (request.rebalanceTimeoutMs === -1) return invalid('RebalanceTimeoutMs must be provided in first request.')
  if (request.topicPartitions?.length !== 0) return invalid('TopicPartitions must be empty when (re-)joining.')
  if (request.subscribedTopicNames === null && request.subscribedTopicRegex === null)
    return invalid('Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.')
  return undefined
}

function assignorProblem(name: string | null, { assignors }: CoordinatorContext): GroupError | undefined {
  if (name === null || assignors.has(name)) return undefined
  const message = `ServerAssignor ${name} is not supported. Supported assignors: ${[...assignors.keys()].join(', ')}.`
  return groupError('UNSUPPORTED_ASSIGNOR', message)
}

function isBlank(text: string | null): boolean {
  return text !== null && text.trim() === ''
}

function invalid(message: string): GroupError {
  return groupError('INVALID_REQUEST', message)
}
