import { type ErrorName, errors, type Input } from '@odradek/protocol'
import type { JoinGroupRequest, JoinGroupResponse } from '@odradek/protocol/messages'
import { joinConsumerGroup } from '../consumer/classic-members.ts'
import { consumerGroupTombstones } from '../consumer/consumer-records.ts'
import type { CoordinatorContext, Requester } from '../coordinator-context.ts'
import type { GroupCoordinatorState } from '../group-coordinator-state.ts'
import { responseError } from '../response-error.ts'
import { answer, type CoordinatorResult } from '../result.ts'
import {
  type ClassicGroup,
  type ClassicMember,
  type ClassicProtocol,
  emptyClassicGroup,
  hasSameProtocols,
  memberError,
  selectProtocol,
  staticMemberId,
  supportsProtocols,
} from './classic-group.ts'
import { ClassicStep, newMemberJoinTimeoutMs } from './classic-step.ts'
import { groupMetadataRecord, newGroupRecord } from './group-metadata-record.ts'
import { joinAndRebalance, joinedResponse, membersForLeader, prepareRebalance } from './rebalance.ts'

type Result = CoordinatorResult<Input<JoinGroupResponse>>

/** The first version whose clients have to come back with the id they are given (KIP-394). */
const requiresKnownMemberIdSince = 4
/** The first version whose clients know `skipAssignment` (KIP-814). */
const skipsAssignmentSince = 9

/** JoinGroup, versions 0 to 9. The answer of a member that has to wait for others comes later. */
export function joinGroup(
  state: GroupCoordinatorState,
  join: { readonly request: JoinGroupRequest; readonly requester: Requester },
  context: CoordinatorContext,
): Result {
  const { request } = join
  const { sessionTimeoutMs, groupId, memberId } = request
  const { groupMinSessionTimeoutMs, groupMaxSessionTimeoutMs } = context.config
  if (groupId === '') return refusal(memberId, 'INVALID_GROUP_ID')
  if (sessionTimeoutMs < groupMinSessionTimeoutMs || sessionTimeoutMs > groupMaxSessionTimeoutMs) {
    return refusal(memberId, 'INVALID_SESSION_TIMEOUT')
  }
  const known = state.group(groupId)
  if (known?.type === 'consumer' && known.members.size > 0) return joinConsumerGroup(known, join, context)
  if (known?.type !== 'classic' && memberId !== '') return refusal(memberId, 'UNKNOWN_MEMBER_ID')
  const isNew = known?.type !== 'classic'
  const step = new ClassicStep(isNew ? emptyClassicGroup(groupId, context.now) : known, context, isNew)
  // An empty group takes either protocol.
  if (known?.type === 'consumer') for (const record of consumerGroupTombstones(known)) step.append(record)
  return new JoinStep(step, join).run(isNew)
}

function refusal(memberId: string, error: ErrorName): Result {
  return answer({ memberId, errorCode: errors[error].code })
}

/** One JoinGroup to a classic group. */
class JoinStep {
  readonly #step: ClassicStep
  readonly #request: JoinGroupRequest
  readonly #requester: Requester
  readonly #protocols: readonly ClassicProtocol[]
  readonly #recordsBefore: number

  constructor(
    step: ClassicStep,
    { request, requester }: { readonly request: JoinGroupRequest; readonly requester: Requester },
  ) {
    this.#step = step
    this.#request = request
    this.#requester = requester
    this.#recordsBefore = step.recordCount
    // The request's bytes may be a view on a whole frame.
    this.#protocols = request.protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() }))
  }

  run(isNewGroup: boolean): Result {
    const { memberId, protocolType } = this.#request
    const { group } = this.#step
    if (!this.#hasRoom()) {
      this.#step.remove(memberId)
      return this.#step.result({ memberId: '', errorCode: errors.GROUP_MAX_SIZE_REACHED.code })
    }
    const result = !supportsProtocols(group, protocolType, this.#protocols)
      ? this.#refuse(memberId, 'INCONSISTENT_GROUP_PROTOCOL')
      : memberId === ''
        ? this.#joinNew()
        : this.#joinKnown()
    if (!isNewGroup) return result
    // Nothing about a new group would be written down otherwise before its first rebalance ends.
    const records = [...result.records]
    records.splice(this.#recordsBefore, 0, newGroupRecord(group))
    return { ...result, records }
  }

  #refuse(memberId: string, error: ErrorName): Result {
    return this.#step.result({ memberId, errorCode: errors[error].code })
  }

  #hasRoom(): boolean {
    const { group, context } = this.#step
    const { memberId } = this.#request
    const { groupMaxSize } = context.config
    switch (group.state) {
      case 'Empty':
        return true
      case 'PreparingRebalance':
        return group.joining.has(memberId) || group.joining.size < groupMaxSize
      case 'CompletingRebalance':
      case 'Stable':
        return group.members.has(memberId) || group.members.size < groupMaxSize
    }
  }

  /** A client without a member id: it gets one, and joins with it at once or comes back with it. */
  #joinNew(): Result {
    const { groupInstanceId } = this.#request
    const { group, context } = this.#step
    const memberId = `${groupInstanceId ?? this.#requester.clientId}-${context.randomUuid()}`
    if (groupInstanceId !== null) {
      const oldMemberId = staticMemberId(group, groupInstanceId)
      return oldMemberId === undefined ? this.#add(memberId) : this.#replace(oldMemberId, memberId)
    }
    if (this.#requester.apiVersion < requiresKnownMemberIdSince) return this.#add(memberId)
    this.#step.group = { ...group, pendingMembers: new Set(group.pendingMembers).add(memberId) }
    this.#step.startSession(memberId, this.#request.sessionTimeoutMs)
    return this.#refuse(memberId, 'MEMBER_ID_REQUIRED')
  }

  #joinKnown(): Result {
    const { memberId } = this.#request
    const { group } = this.#step
    if (group.pendingMembers.has(memberId)) return this.#add(memberId)
    const error = memberError(group, this.#request)
    if (error !== undefined) return this.#step.result({ memberId, protocolName: null, errorCode: errors[error].code })
    const member = group.members.get(memberId)!
    switch (group.state) {
      case 'Empty':
        return this.#refuse(memberId, 'UNKNOWN_MEMBER_ID')
      case 'PreparingRebalance':
        return this.#rejoin(member)
      case 'CompletingRebalance':
        // The member may have missed the answer to its first join.
        if (hasSameProtocols(member, this.#protocols)) return this.#step.result(joinedResponse(group, memberId))
        return this.#rejoin(member)
      case 'Stable':
        // The leader joins when it wants a rebalance, for example because topics have changed.
        if (group.leaderId !== memberId && hasSameProtocols(member, this.#protocols))
          return this.#step.result(joinedResponse(group, memberId))
        return this.#rejoin(member)
    }
  }

  #add(memberId: string): Result {
    const member = this.#member(memberId, { assignment: new Uint8Array(0) })
    this.#step.add(member, this.#request.protocolType)
    this.#step.restartSession(member, newMemberJoinTimeoutMs)
    joinAndRebalance(this.#step, { memberId, reply: this.#requester.reply, isNew: true })
    return this.#step.later()
  }

  #rejoin(member: ClassicMember): Result {
    this.#update({ ...member, ...this.#subscription() })
    joinAndRebalance(this.#step, { memberId: member.memberId, reply: this.#requester.reply, isNew: false })
    return this.#step.later()
  }

  /** A static member is back without its id (KIP-345). While it changes nothing, the group goes on as if it had not been away. */
  #replace(oldMemberId: string, memberId: string): Result {
    const step = this.#step
    const before = step.group
    const old = before.members.get(oldMemberId)!
    const renamed: ClassicMember = { ...old, memberId, ...this.#subscription() }
    step.replaceStaticMember(oldMemberId, renamed)
    switch (step.group.state) {
      case 'Stable':
        if (selectProtocol(step.group) !== before.protocolName) {
          joinAndRebalance(step, { memberId, reply: this.#requester.reply, isNew: false })
          return step.later()
        }
        step.append(groupMetadataRecord(step.group))
        return step.result(this.#unchangedResponse(before, memberId), (error) => this.#notReplaced(before, error))
      case 'CompletingRebalance':
        prepareRebalance(step, { memberId, reply: this.#requester.reply, isNew: false })
        return step.later()
      case 'PreparingRebalance':
        joinAndRebalance(step, { memberId, reply: this.#requester.reply, isNew: false })
        return step.later()
      case 'Empty':
        throw new Error(`group ${before.groupId}: an empty group has no static member`)
    }
  }

  /** Before version 9 the former leader is named, so that a leader under a new id does not assign anew for nothing (KIP-814). */
  #unchangedResponse(before: ClassicGroup, memberId: string): Input<JoinGroupResponse> {
    const { group } = this.#step
    const response = { ...joinedResponse(group, memberId), members: [] }
    if (this.#requester.apiVersion < skipsAssignmentSince) return { ...response, leader: before.leaderId ?? '' }
    const isLeader = group.leaderId === memberId
    return { ...response, skipAssignment: isLeader, members: isLeader ? membersForLeader(group) : [] }
  }

  #notReplaced(before: ClassicGroup, error: ErrorName): Result {
    const { generationId, protocolType, protocolName, leaderId: leader } = before
    const errorCode = errors[responseError(error)].code
    return answer({ memberId: '', generationId, protocolType, protocolName, leader: leader ?? '', errorCode })
  }

  #update(member: ClassicMember): void {
    const { group } = this.#step
    this.#step.group = { ...group, members: new Map(group.members).set(member.memberId, member) }
  }

  #member(memberId: string, { assignment }: { readonly assignment: Uint8Array }): ClassicMember {
    const { groupInstanceId } = this.#request
    const { clientId, clientHost } = this.#requester
    return { memberId, groupInstanceId, clientId, clientHost, ...this.#subscription(), assignment }
  }

  /** What a member says anew with each join. Version 0 has one time-out for both. */
  #subscription(): Pick<ClassicMember, 'protocols' | 'sessionTimeoutMs' | 'rebalanceTimeoutMs'> {
    const { sessionTimeoutMs } = this.#request
    const rebalanceTimeoutMs = this.#requester.apiVersion === 0 ? sessionTimeoutMs : this.#request.rebalanceTimeoutMs
    return { protocols: this.#protocols, sessionTimeoutMs, rebalanceTimeoutMs }
  }
}
