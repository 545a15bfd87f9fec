import { type ErrorName, errors, type Input } from '@odradek/protocol'
import type { SyncGroupRequest, SyncGroupResponse } from '@odradek/protocol/messages'
import { syncConsumerGroup } from '../consumer/classic-members.ts'
import type { CoordinatorContext, Requester } from '../coordinator-context.ts'
import type { GroupCoordinatorState } from '../group-coordinator-state.ts'
import { responseError } from '../response-error.ts'
import { answer, type CoordinatorResult } from '../result.ts'
import { type ClassicGroup, type ClassicMember, type CompletingRebalanceGroup, memberError } from './classic-group.ts'
import { ClassicStep, syncKey, without } from './classic-step.ts'
import { groupMetadataRecord } from './group-metadata-record.ts'
import { prepareRebalance } from './rebalance.ts'

type Result = CoordinatorResult<Input<SyncGroupResponse>>

/** The first version that tells protocol type and name, which are then mandatory (KIP-559). */
const tellsProtocolSince = 5

/** SyncGroup, versions 0 to 5: the leader brings the assignment, everybody takes a part of it home. */
export function syncGroup(
  state: GroupCoordinatorState,
  sync: { readonly request: SyncGroupRequest; readonly requester: Requester },
  context: CoordinatorContext,
): Result {
  const { request, requester } = sync
  const { protocolType, protocolName } = request
  if (requester.apiVersion >= tellsProtocolSince && (protocolType === null || protocolName === null)) {
    return refusal('INCONSISTENT_GROUP_PROTOCOL')
  }
  if (request.groupId === '') return refusal('INVALID_GROUP_ID')
  const group = state.group(request.groupId)
  if (group === undefined || group.state === 'Empty') return refusal('UNKNOWN_MEMBER_ID')
  if (group.type === 'consumer') return syncConsumerGroup(group, request, context)
  const error = syncError(group, request)
  if (error !== undefined) return refusal(error)
  const step = new ClassicStep(group, context)
  switch (group.state) {
    case 'PreparingRebalance':
      return refusal('REBALANCE_IN_PROGRESS')
    case 'CompletingRebalance':
      return group.leaderId === request.memberId ? assign(step, group, request) : waitForLeader(step, group, sync)
    case 'Stable': {
      const pendingSync = without(group.pendingSync, request.memberId)
      if (pendingSync !== group.pendingSync) step.group = { ...group, pendingSync }
      if (pendingSync.size === 0) step.cancelTimer(syncKey(group.groupId))
      return step.result(assigned(group, group.members.get(request.memberId)!))
    }
  }
}

function refusal(error: ErrorName): Result {
  return answer({ errorCode: errors[error].code })
}

function syncError(group: ClassicGroup, request: SyncGroupRequest): ErrorName | undefined {
  const error = memberError(group, request)
  if (error !== undefined) return error
  if (request.generationId !== group.generationId) return 'ILLEGAL_GENERATION'
  const differs = (mine: string | null, theirs: string | null) => mine !== null && theirs !== null && mine !== theirs
  const isInconsistent =
    differs(request.protocolType, group.protocolType) || differs(request.protocolName, group.protocolName)
  return isInconsistent ? 'INCONSISTENT_GROUP_PROTOCOL' : undefined
}

function waitForLeader(
  step: ClassicStep,
  group: CompletingRebalanceGroup,
  { request, requester }: { readonly request: SyncGroupRequest; readonly requester: Requester },
): Result {
  const former = group.syncing.get(request.memberId)
  // The client has given up waiting for its first answer.
  if (former !== undefined) step.replyToSync(former, { errorCode: errors.REBALANCE_IN_PROGRESS.code })
  const syncing = new Map(group.syncing).set(request.memberId, requester.reply)
  const pendingSync = without(group.pendingSync, request.memberId)
  if (pendingSync.size === 0) step.cancelTimer(syncKey(group.groupId))
  step.group = { ...group, syncing, pendingSync }
  return step.later()
}

/** The leader's assignment makes the group stable, once it is written down. Members it forgot get nothing. */
function assign(step: ClassicStep, group: CompletingRebalanceGroup, request: SyncGroupRequest): Result {
  const assignments = new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment.slice()]))
  const members = new Map<string, ClassicMember>()
  for (const [memberId, member] of group.members) {
    members.set(memberId, { ...member, assignment: assignments.get(memberId) ?? new Uint8Array(0) })
  }
  const pendingSync = without(group.pendingSync, request.memberId)
  if (pendingSync.size === 0) step.cancelTimer(syncKey(group.groupId))
  const { syncing, ...fields } = group
  step.append(groupMetadataRecord({ ...group, members }))
  step.transition({ ...fields, state: 'Stable', members, pendingSync })
  for (const [memberId, reply] of syncing) step.replyToSync(reply, assigned(step.group, members.get(memberId)!))
  for (const memberId of [...syncing.keys(), request.memberId]) step.restartSession(members.get(memberId)!)
  const response = assigned(step.group, members.get(request.memberId)!)
  return step.result(response, (error) => notAssigned(group, step.context, error))
}

/** The assignment could not be written down: everybody hears of it, and joins again. */
function notAssigned(group: CompletingRebalanceGroup, context: CoordinatorContext, error: ErrorName): Result {
  const step = new ClassicStep(group, context)
  const told = responseError(error)
  step.dropAssignment(told)
  prepareRebalance(step)
  return step.result({ errorCode: errors[told].code })
}

function assigned(
  { protocolType, protocolName }: ClassicGroup,
  { assignment }: ClassicMember,
): Input<SyncGroupResponse> {
  return { errorCode: errors.NONE.code, protocolType, protocolName, assignment }
}
