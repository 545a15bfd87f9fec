import { errors, type Input } from '@odradek/protocol'
import type { JoinGroupResponse, JoinGroupResponseMember } from '@odradek/protocol/messages'
import {
  type ClassicGroup,
  computeSubscribedTopics,
  groupFields,
  hasAllMembersJoined,
  type JoiningMember,
  metadataOf,
  type PreparingRebalanceGroup,
  rebalanceTimeoutMs,
  selectProtocol,
} from './classic-group.ts'
import { type ClassicStep, joinKey, syncKey } from './classic-step.ts'
import { groupMetadataRecord } from './group-metadata-record.ts'

/** A member that has just joined, and the request it waits with. */
export interface Joiner extends JoiningMember {
  readonly memberId: string
}

/** A member of the group has joined: a running join phase may be over now, else a new one begins. */
export function joinAndRebalance(step: ClassicStep, joiner: Joiner): void {
  const { group } = step
  if (group.state !== 'PreparingRebalance') {
    prepareRebalance(step, joiner)
    return
  }
  const { memberId, reply, isNew } = joiner
  const former = group.joining.get(memberId)
  // The client has given up waiting for its first answer.
  if (former !== undefined) step.replyToJoin(former.reply, { memberId, errorCode: errors.REBALANCE_IN_PROGRESS.code })
  const joining = new Map(group.joining).set(memberId, { reply, isNew: isNew || former?.isNew === true })
  const initial = group.initial === null ? null : { newMemberAdded: group.initial.newMemberAdded || isNew }
  step.group = { ...group, joining, initial }
  completeJoinIfAllJoined(step)
}

/** Members came, went or changed: a running join phase may be over now, else a new one begins. */
export function rebalanceOrCompleteJoin(step: ClassicStep): void {
  if (step.group.state === 'PreparingRebalance') completeJoinIfAllJoined(step)
  else prepareRebalance(step)
}

/** Begins a join phase. The first one of a group gives other members time to come. */
export function prepareRebalance(step: ClassicStep, joiner?: Joiner): void {
  const { config } = step.context
  if (step.group.state === 'CompletingRebalance') step.dropAssignment('REBALANCE_IN_PROGRESS')
  const { groupId } = step.group
  const joining = new Map<string, JoiningMember>()
  if (joiner !== undefined) joining.set(joiner.memberId, { reply: joiner.reply, isNew: joiner.isNew })
  step.cancelTimer(syncKey(groupId))
  if (step.group.state === 'Empty') {
    const delayMs = config.groupInitialRebalanceDelayMs
    const remainingMs = Math.max(rebalanceTimeoutMs(step.group) - delayMs, 0)
    step.setTimer(joinKey(groupId), delayMs, { type: 'classic-initial-join', groupId, delayMs, remainingMs })
    const initial = { newMemberAdded: false }
    step.transition({ ...groupFields(step.group), state: 'PreparingRebalance', joining, initial })
    return
  }
  step.transition({ ...groupFields(step.group), state: 'PreparingRebalance', joining, initial: null })
  waitForMembers(step)
}

/** Goes on at once when nobody is missing; else as long as the most patient member allows. */
export function waitForMembers(step: ClassicStep): void {
  const { group } = step
  if (group.state !== 'PreparingRebalance') return
  if (hasAllMembersJoined(group)) {
    completeJoin(step)
    return
  }
  const { groupId } = group
  step.setTimer(joinKey(groupId), rebalanceTimeoutMs(group), { type: 'classic-join', groupId })
}

/** Ends the join phase when all have joined; a first rebalance is ended by its timer alone. */
export function completeJoinIfAllJoined(step: ClassicStep): void {
  const { group } = step
  if (group.state === 'PreparingRebalance' && group.initial === null && hasAllMembersJoined(group)) completeJoin(step)
}

/**
 * Ends the join phase: drops dynamic members that have not joined, begins the next generation and answers those that have. When
 * only static members are left that have not come back, it waits on for one of them.
 */
export function completeJoin(step: ClassicStep): void {
  const { groupId } = step.group
  step.cancelTimer(joinKey(groupId))
  for (const member of step.group.members.values()) {
    if (isMissing(step.group, member.memberId) && member.groupInstanceId === null) {
      step.remove(member.memberId)
      step.endSession(member.memberId)
    }
  }
  const { group } = step
  if (group.state !== 'PreparingRebalance') throw new Error(`group ${groupId} is in no join phase`)
  if (group.members.size === 0) {
    becomeEmpty(step, group)
    return
  }
  const leaderId = joinedLeader(group)
  if (leaderId === undefined) {
    step.setTimer(joinKey(groupId), rebalanceTimeoutMs(group), { type: 'classic-join', groupId })
    return
  }
  nextGeneration(step, group, leaderId)
}

function isMissing(group: ClassicGroup, memberId: string): boolean {
  return group.state === 'PreparingRebalance' && !group.joining.has(memberId)
}

/** The leader stays when it has joined; else the first member that has. */
function joinedLeader(group: PreparingRebalanceGroup): string | undefined {
  const { leaderId, joining } = group
  if (leaderId !== null && joining.has(leaderId)) return leaderId
  for (const memberId of group.members.keys()) if (joining.has(memberId)) return memberId
  return undefined
}

function becomeEmpty(step: ClassicStep, group: PreparingRebalanceGroup): void {
  const next = {
    ...groupFields(group),
    state: 'Empty',
    generationId: group.generationId + 1,
    protocolName: null,
  } as const
  step.transition({ ...next, subscribedTopics: computeSubscribedTopics(next) })
  step.append(groupMetadataRecord(step.group))
}

function nextGeneration(step: ClassicStep, group: PreparingRebalanceGroup, leaderId: string): void {
  const generationId = group.generationId + 1
  const generation = { ...groupFields(group), leaderId, generationId, protocolName: selectProtocol(group) }
  step.transition({
    ...generation,
    state: 'CompletingRebalance',
    subscribedTopics: computeSubscribedTopics(generation),
    syncing: new Map(),
    pendingSync: new Set(group.members.keys()),
  })
  for (const [memberId, member] of group.members) {
    const waiting = group.joining.get(memberId)
    if (waiting !== undefined) step.replyToJoin(waiting.reply, joinedResponse(step.group, memberId))
    step.restartSession(member)
  }
  const { groupId } = group
  const event = { type: 'classic-sync', groupId, generationId } as const
  step.setTimer(syncKey(groupId), rebalanceTimeoutMs(step.group), event)
}

/** What a member of the current generation is told; only the leader hears about the others. */
export function joinedResponse(group: ClassicGroup, memberId: string): Input<JoinGroupResponse> {
  return {
    errorCode: errors.NONE.code,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leaderId ?? '',
    skipAssignment: false,
    memberId,
    members: group.leaderId === memberId ? membersForLeader(group) : [],
  }
}

/** The members with what they said for the protocol of the generation. */
export function membersForLeader(group: ClassicGroup): Input<JoinGroupResponseMember>[] {
  const { protocolName } = group
  if (protocolName === null) throw new Error(`group ${group.groupId} has no protocol to lead in`)
  return [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    metadata: metadataOf(member, protocolName),
  }))
}
