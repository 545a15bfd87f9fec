import type { Input } from '@odradek/protocol'
import type { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from '@odradek/protocol/messages'
import type { CoordinatorContext } from '../coordinator-context.ts'
import type { GroupCoordinatorState } from '../group-coordinator-state.ts'
import { type GroupError, groupError, isGroupError } from '../group-error.ts'
import type { CoordinatorResult } from '../result.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { type ConsumerMember, leaveStaticEpoch } from './consumer-member.ts'
import {
  currentAssignmentRecord,
  groupEpochRecord,
  memberTombstones,
  regexTombstone,
  targetEpochRecord,
} from './consumer-records.ts'
import { ConsumerStep } from './consumer-step.ts'
import { convertToClassicGroup, maySwitchToClassicWithout } from './downgrade.ts'
import { fencedError, findMember } from './join-member.ts'
import { partitionsIn, withEpoch } from './partition-epochs.ts'
import { subscriptionOf } from './subscriptions.ts'

type Response = Input<ConsumerGroupHeartbeatResponse>

/** A heartbeat with epoch -1 (for good) or -2 (a static member that will be back). */
export function leaveConsumerGroup(
  state: GroupCoordinatorState,
  request: ConsumerGroupHeartbeatRequest,
  context: CoordinatorContext,
): CoordinatorResult<Response> | GroupError {
  const { groupId, memberId, instanceId, memberEpoch } = request
  const group = state.consumerGroup(groupId)
  if (isGroupError(group)) return group
  const member = findLeaving(group, request)
  if (isGroupError(member)) return member
  if (instanceId !== null && memberEpoch === leaveStaticEpoch) return leaveForAWhile(group, member, context)
  return fenceMembers(group, [member], { response: { memberId, memberEpoch }, context })
}

function findLeaving(
  group: ConsumerGroup,
  { memberId, instanceId }: ConsumerGroupHeartbeatRequest,
): ConsumerMember | GroupError {
  if (instanceId === null) return findMember(group, { memberId, instanceId })
  const holder = group.staticMember(instanceId)
  if (holder === undefined) return groupError('UNKNOWN_MEMBER_ID', `Instance id ${instanceId} is unknown.`)
  return fencedError(holder, { memberId, instanceId }) ?? holder
}

/** The member keeps what it is assigned until its session ends; its session is not kept up. */
function leaveForAWhile(
  group: ConsumerGroup,
  member: ConsumerMember,
  context: CoordinatorContext,
): CoordinatorResult<Response> {
  const step = new ConsumerStep(group, context)
  const away = {
    ...member,
    memberEpoch: leaveStaticEpoch,
    partitionsPendingRevocation: new Map(),
    assignedPartitions: withEpoch(partitionsIn(member.assignedPartitions), 0),
  }
  step.append(currentAssignmentRecord(group.groupId, away))
  return step.result({ memberId: member.memberId, memberEpoch: leaveStaticEpoch })
}

/**
 * Removes members, and with them what they owned and their regular expressions. When all that are left speak the classic protocol,
 * the group becomes a classic one.
 */
export function fenceMembers<Response>(
  group: ConsumerGroup,
  members: readonly ConsumerMember[],
  { response, context }: { readonly response: Response; readonly context: CoordinatorContext },
): CoordinatorResult<Response> {
  const step = new ConsumerStep(group, context)
  if (members.length === 0) return step.result(response)
  for (const { memberId } of members) step.cancelTimersOf(memberId)
  if (maySwitchToClassicWithout(group, members, context)) {
    const { timers } = step.result(undefined)
    const converted = convertToClassicGroup(group, { leaving: members, rebalance: true }, context)
    return { ...converted, response, timers: [...timers, ...converted.timers] }
  }
  const { groupId, groupEpoch, resolvedRegexes } = group
  const left = new Map(group.members)
  for (const { memberId } of members) {
    left.delete(memberId)
    step.append(...memberTombstones(groupId, memberId))
  }
  for (const regex of abandonedRegexes(members, left)) step.append(regexTombstone(groupId, regex))
  const { metadataHash } = subscriptionOf(left, resolvedRegexes, context.topics)
  step.append(groupEpochRecord(groupId, groupEpoch + 1, metadataHash))
  if (left.size === 0) {
    step.append(targetEpochRecord(groupId, { assignmentEpoch: groupEpoch + 1, assignmentTimestamp: 0 }))
  }
  return step.result(response)
}

function abandonedRegexes(
  members: readonly ConsumerMember[],
  left: ReadonlyMap<string, ConsumerMember>,
): ReadonlySet<string> {
  const abandoned = new Set(members.map(({ subscribedTopicRegex }) => subscribedTopicRegex))
  abandoned.delete('')
  for (const { subscribedTopicRegex } of left.values()) abandoned.delete(subscribedTopicRegex)
  return abandoned
}
