import { errors, type Input } from '@odradek/protocol'
import type { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from '@odradek/protocol/messages'
import type { CoordinatorContext, Requester } from '../coordinator-context.ts'
import type { GroupCoordinatorState } from '../group-coordinator-state.ts'
import { type GroupError, groupError, isGroupError } from '../group-error.ts'
import { answer, type CoordinatorResult } from '../result.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { leaveConsumerGroup } from './consumer-leave.ts'
import { type ConsumerMember, leaveEpoch, leaveStaticEpoch, sameMetadata, sameNames } from './consumer-member.ts'
import { groupEpochRecord, memberMetadataRecord, subscriptionMetadataTombstone } from './consumer-records.ts'
import type { ConsumerStep } from './consumer-step.ts'
import { heartbeatProblem } from './heartbeat-request.ts'
import { joinDynamicMember, joinStaticMember } from './join-member.ts'
import { openConsumerGroup } from './open-consumer-group.ts'
import { samePartitionEpochs } from './partition-epochs.ts'
import { type RegexChange, updateRegexes } from './regular-expressions.ts'
import { membersWith, preferredAssignor, subscriptionOf } from './subscriptions.ts'
import { updateTarget } from './target-assignment.ts'

type Response = Input<ConsumerGroupHeartbeatResponse>
type Result = CoordinatorResult<Response>

interface Heartbeat {
  readonly request: ConsumerGroupHeartbeatRequest
  readonly requester: Requester
}

/** ConsumerGroupHeartbeat, versions 0 and 1 (KIP-848): a member joins, says what it has, learns what it is to have, leaves. */
export function consumerGroupHeartbeat(
  state: GroupCoordinatorState,
  heartbeat: Heartbeat,
  context: CoordinatorContext,
): Result {
  const { request, requester } = heartbeat
  const problem = heartbeatProblem(request, requester.apiVersion, context)
  if (problem !== undefined) return refusal(problem)
  const result =
    request.memberEpoch === leaveEpoch || request.memberEpoch === leaveStaticEpoch
      ? leaveConsumerGroup(state, request, context)
      : beat(state, heartbeat, context)
  return isGroupError(result) ? refusal(result) : result
}

function refusal({ error, message }: GroupError): Result {
  return answer({ errorCode: errors[error].code, errorMessage: message })
}

function beat(
  state: GroupCoordinatorState,
  { request, requester }: Heartbeat,
  context: CoordinatorContext,
): Result | GroupError {
  const opened = openConsumerGroup(state, { groupId: request.groupId, mayCreate: request.memberEpoch === 0 }, context)
  if (isGroupError(opened)) return opened
  const { step, group } = opened
  const full = fullError(group, request, context)
  if (full !== undefined) return full
  const memberId = request.memberId === '' ? context.randomKafkaUuid() : request.memberId
  const { memberEpoch, instanceId, topicPartitions: owned } = request
  const joining = { memberId, memberEpoch, owned, mayJoin: memberEpoch === 0, isClassic: false }
  const member =
    instanceId === null ? joinDynamicMember(group, joining) : joinStaticMember(step, { ...joining, instanceId })
  if (isGroupError(member)) return member

  const updated = updatedMember(member, request, requester)
  const change = updateSubscription(step, { member, updated })
  if (isGroupError(change)) return change
  const target = updateTarget(group, { updated, ...change }, context)
  if (isGroupError(target)) return target
  step.append(...target.records)
  const hasSubscriptionChanged = change.hasChanged
  const reconciled = step.reconcile(updated, { ...target, hasSubscriptionChanged, owned })
  if (reconciled === undefined) return groupError('FENCED_MEMBER_EPOCH', unknownState)
  const config = context.groupConfig(group.groupId)
  step.startSession(memberId, config.consumerSessionTimeoutMs)
  const response = {
    memberId,
    memberEpoch: reconciled.memberEpoch,
    heartbeatIntervalMs: config.consumerHeartbeatIntervalMs,
  }
  const isTold =
    memberEpoch === 0 ||
    isFullRequest(request) ||
    !samePartitionEpochs(member.assignedPartitions, reconciled.assignedPartitions)
  return step.result(isTold ? { ...response, assignment: assignmentOf(reconciled) } : response)
}

const unknownState =
  'The consumer group member is in a unknown state. The member must abandon all its partitions and rejoin.'

function fullError(
  group: ConsumerGroup,
  { memberId, instanceId }: ConsumerGroupHeartbeatRequest,
  { config }: CoordinatorContext,
): GroupError | undefined {
  if (group.staticMember(instanceId) !== undefined || group.members.has(memberId)) return undefined
  if (group.members.size < config.groupConsumerMaxSize) return undefined
  const message = `The consumer group has reached its maximum capacity of ${config.groupConsumerMaxSize} members.`
  return groupError('GROUP_MAX_SIZE_REACHED', message)
}

/** What a heartbeat leaves out stays as it is. A member that beats speaks the consumer protocol, whatever it spoke before. */
function updatedMember(
  member: ConsumerMember,
  request: ConsumerGroupHeartbeatRequest,
  { clientId, clientHost }: Requester,
): ConsumerMember {
  const { subscribedTopicNames } = request
  return {
    ...member,
    instanceId: request.instanceId ?? member.instanceId,
    rackId: request.rackId ?? member.rackId,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : request.rebalanceTimeoutMs,
    serverAssignorName: request.serverAssignor ?? member.serverAssignorName,
    subscribedTopicNames: subscribedTopicNames === null ? member.subscribedTopicNames : new Set(subscribedTopicNames),
    subscribedTopicRegex: request.subscribedTopicRegex ?? member.subscribedTopicRegex,
    clientId,
    clientHost,
    classic: null,
  }
}

/** What a member's new subscription means for the group. */
export interface SubscriptionChange {
  readonly groupEpoch: number
  readonly subscriptionType: 'HOMOGENEOUS' | 'HETEROGENEOUS'
  /** The member subscribes to something else than before. */
  readonly hasChanged: boolean
}

/** Writes down what changed about the member, and bumps the group epoch when the assignment depends on it. */
export function updateSubscription(
  step: ConsumerStep,
  change: {
    readonly member: ConsumerMember
    readonly updated: ConsumerMember
    /** A classic member makes the group look again as soon as its pattern goes; another one when the pattern is resolved. */
    readonly isClassic?: boolean
  },
): SubscriptionChange | GroupError {
  const { group, context } = step
  const { member, updated, isClassic = false } = change
  const isNewMetadata = !sameMetadata(member, updated)
  if (isNewMetadata) step.append(memberMetadataRecord(group.groupId, updated))
  const namesChanged = isNewMetadata && !sameNames(member.subscribedTopicNames, updated.subscribedTopicNames)
  const regex = updateRegexes(step, { member, updated })
  if (isRegexError(regex)) return regex
  const members = membersWith(group, updated)
  const isBump = isClassic
    ? namesChanged || regex !== 'unchanged'
    : namesChanged || regex === 'resolved' || assignorChanged(step, { member, updated, members: members.values() })
  const hasChanged = namesChanged || regex !== 'unchanged'
  if (!isBump && group.topicsVersion >= context.topics.version) {
    // Nothing moves, and the type matters only for a target that is still to be computed.
    const isDue = group.assignmentEpoch < group.groupEpoch
    const type = isDue ? subscriptionOf(members, group.resolvedRegexes, context.topics).type : 'HOMOGENEOUS'
    return { groupEpoch: group.groupEpoch, subscriptionType: type, hasChanged }
  }
  const { metadataHash, type } = subscriptionOf(members, group.resolvedRegexes, context.topics)
  let { groupEpoch } = group
  if (isBump || metadataHash !== group.metadataHash) {
    groupEpoch++
    step.append(groupEpochRecord(group.groupId, groupEpoch, metadataHash))
  }
  step.append({ type: 'ConsumerGroupChecked', groupId: group.groupId, topicsVersion: context.topics.version })
  if (group.hasSubscriptionMetadataRecord) step.append(subscriptionMetadataTombstone(group.groupId))
  return { groupEpoch, subscriptionType: type, hasChanged }
}

function isRegexError(regex: RegexChange | GroupError): regex is GroupError {
  return typeof regex === 'object'
}

function assignorChanged(
  { group, context }: ConsumerStep,
  change: {
    readonly member: ConsumerMember
    readonly updated: ConsumerMember
    readonly members: Iterable<ConsumerMember>
  },
): boolean {
  const { member, updated, members } = change
  if (member.serverAssignorName === updated.serverAssignorName) return false
  const [defaultName] = context.assignors.keys()
  return (preferredAssignor(group.members.values()) ?? defaultName) !== (preferredAssignor(members) ?? defaultName)
}

/** A member that says everything has lost track, or begins; it is told everything. */
function isFullRequest(request: ConsumerGroupHeartbeatRequest): boolean {
  const { rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, topicPartitions } = request
  return (
    rebalanceTimeoutMs !== -1 &&
    (subscribedTopicNames !== null || subscribedTopicRegex !== null) &&
    topicPartitions !== null
  )
}

function assignmentOf({ assignedPartitions }: ConsumerMember): Response['assignment'] {
  const topicPartitions = Array.from(assignedPartitions, ([topicId, partitions]) => ({
    topicId,
    partitions: [...partitions.keys()],
  }))
  return { topicPartitions }
}
