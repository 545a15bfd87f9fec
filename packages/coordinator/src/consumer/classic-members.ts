/**
 * Members that still speak the classic protocol in a consumer group, while a group moves from one protocol to the other. To them
 * the member epoch is the generation, and a heartbeat that tells REBALANCE_IN_PROGRESS makes them join again: so they are led
 * through the same steps as the others, one JoinGroup and SyncGroup at a time, and without waiting for each other.
 */
import { type ErrorName, errors, type Input, ProtocolError } from '@odradek/protocol'
import type {
  HeartbeatRequest,
  HeartbeatResponse,
  JoinGroupRequest,
  JoinGroupResponse,
  SyncGroupRequest,
  SyncGroupResponse,
} from '@odradek/protocol/messages'
import { consumerProtocolType, decodeSubscription, type Subscription } from '@odradek/strategies'
import type { CoordinatorContext, Requester, TopicsView } from '../coordinator-context.ts'
import { type GroupError, groupError, isGroupError } from '../group-error.ts'
import { answer, type CoordinatorResult } from '../result.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { updateSubscription } from './consumer-heartbeat.ts'
import type { ClassicMemberMetadata, ConsumerMember } from './consumer-member.ts'
import { ConsumerStep, consumerJoinKey, consumerSyncKey } from './consumer-step.ts'
import type { OwnedPartitions } from './current-assignment.ts'
import {
  assignmentBytes,
  consumerProtocolVersionOf,
  convertToClassicGroup,
  maySwitchToClassicFor,
} from './downgrade.ts'
import { findMember, joinDynamicMember, joinStaticMember } from './join-member.ts'
import { partitionsIn } from './partition-epochs.ts'
import { updateTarget } from './target-assignment.ts'

type JoinResult = CoordinatorResult<Input<JoinGroupResponse>>

interface Join {
  readonly request: JoinGroupRequest
  readonly requester: Requester
}

/** The first version whose clients have to come back with the id they are given (KIP-394). */
const requiresKnownMemberIdSince = 4

/** JoinGroup to a consumer group that has members. */
export function joinConsumerGroup(group: ConsumerGroup, join: Join, context: CoordinatorContext): JoinResult {
  const { request, requester } = join
  const memberId = request.memberId === '' ? context.randomKafkaUuid() : request.memberId
  const problem = joinProblem(group, { ...request, memberId }, context)
  if (problem !== undefined) return joinRefusal(problem)
  const mustComeBack =
    request.memberId === '' && request.groupInstanceId === null && requester.apiVersion >= requiresKnownMemberIdSince
  if (mustComeBack) return answer({ memberId, errorCode: errors.MEMBER_ID_REQUIRED.code })
  const subscription = readSubscription(request)
  if (isGroupError(subscription)) return joinRefusal(subscription)
  const result = joinWith(group, { ...join, memberId, subscription }, context)
  return isGroupError(result) ? joinRefusal(result) : result
}

function joinRefusal({ error }: GroupError): JoinResult {
  return answer({ memberId: '', errorCode: errors[error].code })
}

function joinProblem(
  group: ConsumerGroup,
  request: JoinGroupRequest,
  { config }: CoordinatorContext,
): GroupError | undefined {
  if (config.groupConsumerMigrationPolicy.toUpperCase() === 'DISABLED') {
    const message = `Cannot join the consumer group ${group.groupId} with the classic protocol because the group migration is disabled.`
    return groupError('INCONSISTENT_GROUP_PROTOCOL', message)
  }
  const isThere = group.staticMember(request.groupInstanceId) !== undefined || group.members.has(request.memberId)
  if (!isThere && group.members.size >= config.groupConsumerMaxSize) {
    const message = `The consumer group has reached its maximum capacity of ${config.groupConsumerMaxSize} members.`
    return groupError('GROUP_MAX_SIZE_REACHED', message)
  }
  if (supportsProtocols(group, request)) return undefined
  return groupError('INCONSISTENT_GROUP_PROTOCOL', `Member ${request.memberId}'s protocols are not supported.`)
}

/** All classic members have to share a protocol, in case the group becomes a classic one again. */
function supportsProtocols(group: ConsumerGroup, { protocolType, protocols }: JoinGroupRequest): boolean {
  if (protocolType !== consumerProtocolType) return false
  const classic = [...group.members.values()].flatMap((member) => member.classic ?? [])
  const isShared = (name: string) =>
    classic.every(({ supportedProtocols }) => supportedProtocols.some((protocol) => protocol.name === name))
  return protocols.some(({ name }) => isShared(name))
}

function readSubscription({ protocols }: JoinGroupRequest): Subscription | GroupError {
  try {
    return decodeSubscription(protocols[0]?.metadata ?? new Uint8Array(0))
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const message = 'Malformed embedded consumer protocol in subscription deserialization.'
    return groupError('INCONSISTENT_GROUP_PROTOCOL', message)
  }
}

interface WholeJoin extends Join {
  readonly memberId: string
  readonly subscription: Subscription
}

function joinWith(group: ConsumerGroup, join: WholeJoin, context: CoordinatorContext): JoinResult | GroupError {
  const { request, requester, memberId } = join
  const step = new ConsumerStep(group, context)
  const { groupInstanceId: instanceId } = request
  const joining = { memberId, memberEpoch: -1, owned: [], isClassic: true }
  const member =
    instanceId === null
      ? joinDynamicMember(group, { ...joining, mayJoin: true })
      : joinStaticMember(step, { ...joining, instanceId, mayJoin: request.memberId === '' })
  if (isGroupError(member)) return member
  const replaced = group.staticMember(instanceId)
  const isDowngrade = replaced !== undefined && maySwitchToClassicFor(group, replaced, context)
  const updated = updatedMember(member, join)
  const change = updateSubscription(step, { member, updated, isClassic: true })
  if (isGroupError(change)) return change
  const owned = ownedPartitions(join.subscription, context.topics)
  if (isDowngrade) return downgrade(step, { updated, change, owned })
  const target = updateTarget(group, { updated, ...change }, context)
  if (isGroupError(target)) return target
  step.append(...target.records)
  const reconciled = step.reconcile(updated, { ...target, hasSubscriptionChanged: change.hasChanged, owned })
  if (reconciled === undefined) return groupError('FENCED_MEMBER_EPOCH')
  step.cancelTimer(consumerJoinKey(group.groupId, memberId))
  step.startSession(memberId, request.sessionTimeoutMs)
  step.startSyncTimer(memberId, rebalanceTimeoutOf(request, requester))
  return step.result(joinedResponse(reconciled))
}

/** The group goes on as a classic one; when the target is stale it rebalances at once. */
function downgrade(
  step: ConsumerStep,
  options: {
    readonly updated: ConsumerMember
    readonly change: { readonly groupEpoch: number; readonly hasChanged: boolean }
    readonly owned: OwnedPartitions
  },
): JoinResult | GroupError {
  const { group, context } = step
  const { updated, change, owned } = options
  const rebalance = group.assignmentEpoch < change.groupEpoch
  const target = group.targetOf(updated.memberId, updated.instanceId)
  const reconciled = rebalance
    ? updated
    : step.reconcile(updated, {
        ...{ epoch: group.assignmentEpoch, target, records: [], owned },
        hasSubscriptionChanged: change.hasChanged,
      })
  if (reconciled === undefined) return groupError('FENCED_MEMBER_EPOCH')
  step.cancelTimer(consumerJoinKey(group.groupId, updated.memberId))
  const before = step.result(undefined)
  const converted = convertToClassicGroup(group, { leaving: [], joining: reconciled, rebalance }, context)
  return {
    ...converted,
    records: [...before.records, ...converted.records],
    timers: [...before.timers, ...converted.timers],
    response: joinedResponse(reconciled),
  }
}

function updatedMember(member: ConsumerMember, { request, requester, subscription }: WholeJoin): ConsumerMember {
  const { rackId, topics } = subscription
  const classic: ClassicMemberMetadata = {
    sessionTimeoutMs: request.sessionTimeoutMs,
    supportedProtocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() })),
  }
  const rebalanceTimeoutMs = rebalanceTimeoutOf(request, requester)
  return {
    ...member,
    instanceId: request.groupInstanceId ?? member.instanceId,
    rackId: rackId === null || rackId === '' ? member.rackId : rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
    subscribedTopicNames: new Set(topics),
    subscribedTopicRegex: '',
    clientId: requester.clientId,
    clientHost: requester.clientHost,
    classic,
  }
}

/** Version 0 has one time-out for both. */
function rebalanceTimeoutOf(request: JoinGroupRequest, { apiVersion }: Requester): number {
  return apiVersion === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs
}

function ownedPartitions({ ownedPartitions: owned }: Subscription, topics: TopicsView): OwnedPartitions {
  return owned.flatMap(({ topic, partition }) => {
    const topicId = topics.byName(topic)?.topicId
    return topicId === undefined ? [] : [{ topicId, partitions: [partition] }]
  })
}

function joinedResponse({ memberId, memberEpoch, classic }: ConsumerMember): Input<JoinGroupResponse> {
  const protocolName = classic?.supportedProtocols[0]?.name ?? null
  return { memberId, generationId: memberEpoch, protocolType: consumerProtocolType, protocolName }
}

/** A member that speaks the classic protocol, at the generation it names. */
function findClassicMember(
  group: ConsumerGroup,
  request: { readonly memberId: string; readonly groupInstanceId: string | null; readonly generationId: number },
): (ConsumerMember & { readonly classic: ClassicMemberMetadata }) | GroupError {
  const { memberId, groupInstanceId: instanceId, generationId } = request
  const member = findMember(group, { memberId, instanceId })
  if (isGroupError(member)) return member
  const { classic } = member
  if (classic === null) return groupError('UNKNOWN_MEMBER_ID', `Member ${memberId} does not use the classic protocol.`)
  return member.memberEpoch === generationId ? { ...member, classic } : groupError('ILLEGAL_GENERATION')
}

/** SyncGroup to a consumer group: the member fetches what it is assigned. */
export function syncConsumerGroup(
  group: ConsumerGroup,
  request: SyncGroupRequest,
  context: CoordinatorContext,
): CoordinatorResult<Input<SyncGroupResponse>> {
  const refuse = (error: ErrorName) => ({ errorCode: errors[error].code })
  const member = findClassicMember(group, request)
  if (isGroupError(member)) return answer(refuse(member.error))
  const { protocolType, protocolName } = request
  const [protocol] = member.classic.supportedProtocols
  const isInconsistent =
    (protocolType !== null && protocolType !== consumerProtocolType) ||
    (protocolName !== null && protocolName !== protocol?.name)
  if (isInconsistent) return answer(refuse('INCONSISTENT_GROUP_PROTOCOL'))
  const step = new ConsumerStep(group, context)
  if (group.assignmentEpoch > member.memberEpoch && member.state !== 'UNREVOKED_PARTITIONS') {
    step.startJoinTimer(member)
    return step.result(refuse('REBALANCE_IN_PROGRESS'))
  }
  step.cancelTimer(consumerSyncKey(group.groupId, member.memberId))
  step.startSession(member.memberId, member.classic.sessionTimeoutMs)
  const version = consumerProtocolVersionOf(protocol?.metadata ?? new Uint8Array(0))
  const assignment = assignmentBytes(partitionsIn(member.assignedPartitions), version, context.topics)
  return step.result({ protocolType, protocolName, assignment })
}

/** Heartbeat to a consumer group: the member hears when it has a step to make. */
export function beatInConsumerGroup(
  group: ConsumerGroup,
  request: HeartbeatRequest,
  context: CoordinatorContext,
): CoordinatorResult<Input<HeartbeatResponse>> {
  const member = findClassicMember(group, request)
  if (isGroupError(member)) return answer({ errorCode: errors[member.error].code })
  const step = new ConsumerStep(group, context)
  step.startSession(member.memberId, member.classic.sessionTimeoutMs)
  const mustJoin =
    member.memberEpoch < group.assignmentEpoch ||
    member.state === 'UNREVOKED_PARTITIONS' ||
    (member.state === 'UNRELEASED_PARTITIONS' && !waitsForOthers(group, member))
  if (!mustJoin) return step.result({ errorCode: errors.NONE.code })
  step.startJoinTimer(member)
  return step.result({ errorCode: errors.REBALANCE_IN_PROGRESS.code })
}

/** True while another member has a partition of this member's target. */
function waitsForOthers(group: ConsumerGroup, member: ConsumerMember): boolean {
  for (const [topicId, partitions] of group.targetOf(member.memberId, null)) {
    for (const partition of partitions) {
      const isMine = member.assignedPartitions.get(topicId)?.has(partition) === true
      if (!isMine && group.partitionEpoch(topicId, partition) !== -1) return true
    }
  }
  return false
}
