import { type ErrorName, errors, type Input } from '@odradek/protocol'
import type {
  LeaveGroupRequest,
  LeaveGroupRequestMemberIdentity,
  LeaveGroupResponse,
  LeaveGroupResponseMemberResponse,
} from '@odradek/protocol/messages'
import type { ConsumerGroup } from '../consumer/consumer-group.ts'
import { fenceMembers } from '../consumer/consumer-leave.ts'
import type { ConsumerMember } from '../consumer/consumer-member.ts'
import { findMember } from '../consumer/join-member.ts'
import type { CoordinatorContext, Requester } from '../coordinator-context.ts'
import type { GroupCoordinatorState } from '../group-coordinator-state.ts'
import { type GroupError, groupError, isGroupError } from '../group-error.ts'
import { answer, type CoordinatorResult } from '../result.ts'
import { memberError, staticMemberId } from './classic-group.ts'
import { ClassicStep } from './classic-step.ts'
import { completeJoinIfAllJoined, rebalanceOrCompleteJoin } from './rebalance.ts'

type Response = Input<LeaveGroupResponse>
type Identity = Pick<LeaveGroupRequestMemberIdentity, 'memberId' | 'groupInstanceId'>

/** The first version in which several members can leave at once, static ones by their instance id (KIP-345). */
const leavesInBulkSince = 3

/** LeaveGroup, versions 0 to 5. */
export function leaveGroup(
  state: GroupCoordinatorState,
  { request, requester }: { readonly request: LeaveGroupRequest; readonly requester: Requester },
  context: CoordinatorContext,
): CoordinatorResult<Response> {
  const inBulk = requester.apiVersion >= leavesInBulkSince
  const leaving = inBulk ? request.members : [{ memberId: request.memberId, groupInstanceId: null }]
  const result = leave(state, { groupId: request.groupId, leaving }, context)
  if (inBulk || result.response === 'later') return result
  // Older clients hear only one error, that of the one member that leaves.
  const { errorCode = 0, members = [] } = result.response
  return { ...result, response: { errorCode: errorCode || (members[0]?.errorCode ?? 0) } }
}

function leave(
  state: GroupCoordinatorState,
  { groupId, leaving }: { readonly groupId: string; readonly leaving: readonly Identity[] },
  context: CoordinatorContext,
): CoordinatorResult<Response> {
  if (groupId === '') return answer({ errorCode: errors.INVALID_GROUP_ID.code })
  const group = state.group(groupId)
  if (group === undefined)
    return answer({ members: leaving.map((identity) => memberResponse(identity, 'UNKNOWN_MEMBER_ID')) })
  if (group.type === 'consumer') return leaveConsumerGroupAsClassic(group, leaving, context)
  const step = new ClassicStep(group, context)
  const members = leaving.map((identity) => memberResponse(identity, leaveOne(step, identity)))
  if (members.some(({ errorCode }) => errorCode === errors.NONE.code)) {
    if (group.state === 'PreparingRebalance') completeJoinIfAllJoined(step)
    else if (group.state !== 'Empty') rebalanceOrCompleteJoin(step)
  }
  return step.result({ members })
}

/** Removes one member, and tells why it cannot. */
function leaveOne(step: ClassicStep, { memberId, groupInstanceId }: Identity): ErrorName {
  const { group } = step
  if (memberId === '') {
    const holder = groupInstanceId === null ? undefined : staticMemberId(group, groupInstanceId)
    if (holder === undefined) return 'UNKNOWN_MEMBER_ID'
    return remove(step, holder)
  }
  if (group.pendingMembers.has(memberId)) return remove(step, memberId)
  return memberError(group, { memberId, groupInstanceId }) ?? remove(step, memberId)
}

/** Members of a consumer group may leave this way too, whatever protocol they speak. */
function leaveConsumerGroupAsClassic(
  group: ConsumerGroup,
  leaving: readonly Identity[],
  context: CoordinatorContext,
): CoordinatorResult<Response> {
  const left = new Set<ConsumerMember>()
  const members = leaving.map((identity) => {
    const member = findLeaving(group, identity)
    if (isGroupError(member)) return memberResponse(identity, member.error)
    left.add(member)
    return memberResponse(identity, 'NONE')
  })
  return fenceMembers<Response>(group, [...left], { response: { members }, context })
}

/** A static member is found by its instance id alone, as an administrator names it. */
function findLeaving(
  group: ConsumerGroup,
  { memberId, groupInstanceId: instanceId }: Identity,
): ConsumerMember | GroupError {
  if (instanceId !== null && memberId === '') return group.staticMember(instanceId) ?? groupError('UNKNOWN_MEMBER_ID')
  return findMember(group, { memberId, instanceId })
}

function remove(step: ClassicStep, memberId: string): ErrorName {
  step.endSession(memberId)
  step.remove(memberId)
  return 'NONE'
}

function memberResponse(identity: Identity, error: ErrorName): Input<LeaveGroupResponseMemberResponse> {
  const { memberId, groupInstanceId } = identity
  return { memberId, groupInstanceId, errorCode: errors[error].code }
}
