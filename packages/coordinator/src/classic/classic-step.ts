import type { ErrorName } from '@odradek/protocol'
import { errors, type Input } from '@odradek/protocol'
import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import type { JoinGroupResponse, SyncGroupResponse } from '@odradek/protocol/messages'
import type { CoordinatorContext } from '../coordinator-context.ts'
import {
  type CoordinatorRecord,
  type CoordinatorResult,
  type LaterReply,
  later,
  type ReplyId,
  type TimerChange,
  type TimerEvent,
} from '../result.ts'
import type { ClassicGroup, ClassicMember } from './classic-group.ts'
import { type ClassicState, classicTransitions } from './classic-transitions.ts'

type JoinResponse = Input<JoinGroupResponse>
type SyncResponse = Input<SyncGroupResponse>

const emptyAssignment = new Uint8Array(0)

/** Delay after which a client that was given an id or joined for the first time is given up (Kafka's fixed five minutes). */
export const newMemberJoinTimeoutMs = 300_000

/**
 * One operation on a classic group while it is worked out: the group as it will be, and what goes with that. Nothing of it is seen
 * by anybody before its result is replayed.
 */
export class ClassicStep {
  readonly context: CoordinatorContext
  readonly #before: ClassicGroup | undefined
  group: ClassicGroup
  readonly #records: GroupRecord[] = []
  readonly #replies: LaterReply[] = []
  readonly #timers: TimerChange[] = []

  /** `isNew` when no group of that id exists yet. */
  constructor(group: ClassicGroup, context: CoordinatorContext, isNew = false) {
    this.context = context
    this.group = group
    this.#before = isNew ? undefined : group
  }

  get recordCount(): number {
    return this.#records.length
  }

  append(record: GroupRecord): void {
    this.#records.push(record)
  }

  /** The result of the operation, with the group's step as its last record when the group changed. */
  result<Response>(
    response: Response,
    refused?: (error: ErrorName) => CoordinatorResult<Response>,
  ): CoordinatorResult<Response> {
    return { ...this.later(), response, ...(refused && { refused }) }
  }

  /** The result of an operation that waits for other members. */
  later<Response>(): CoordinatorResult<Response> {
    const records: CoordinatorRecord[] = [...this.#records]
    if (this.group !== this.#before) records.push({ type: 'ClassicGroupStep', group: this.group })
    return { records, response: later, replies: this.#replies, timers: this.#timers }
  }

  /** Moves the group to another state; the move has to be a row of the transition table. */
  transition(next: ClassicGroup): void {
    assertTransition(this.group.state, next.state)
    this.group = { ...next, stateTimestampMs: this.context.now }
  }

  replyToJoin(id: ReplyId, response: JoinResponse): void {
    this.#replies.push({ type: 'join', id, response })
  }

  replyToSync(id: ReplyId, response: SyncResponse): void {
    this.#replies.push({ type: 'sync', id, response })
  }

  setTimer(key: string, delayMs: number, event: TimerEvent): void {
    this.#timers.push({ key, delayMs, event })
  }

  cancelTimer(key: string): void {
    this.#timers.push({ key, delayMs: 0, event: null })
  }

  /** The member's session begins anew. */
  restartSession({ memberId, sessionTimeoutMs }: ClassicMember, delayMs = sessionTimeoutMs): void {
    this.startSession(memberId, delayMs)
  }

  startSession(memberId: string, delayMs: number): void {
    const { groupId } = this.group
    this.setTimer(sessionKey(groupId, memberId), delayMs, { type: 'classic-session', groupId, memberId })
  }

  endSession(memberId: string): void {
    this.cancelTimer(sessionKey(this.group.groupId, memberId))
  }

  /** Adds a member that waits for the end of the join phase; the first one says what kind of group it is, and leads. */
  add(member: ClassicMember, protocolType: string): void {
    const { group } = this
    const pendingMembers = without(group.pendingMembers, member.memberId)
    this.group = {
      ...group,
      members: new Map(group.members).set(member.memberId, member),
      pendingMembers,
      protocolType: group.members.size === 0 ? protocolType : group.protocolType,
      leaderId: group.leaderId ?? member.memberId,
    }
  }

  /** Removes a member or a pending one; who waited for it in vain is told what to do. */
  remove(memberId: string): void {
    const { group } = this
    const members = new Map(group.members)
    members.delete(memberId)
    const leaderId = group.leaderId === memberId ? (members.keys().next().value ?? null) : group.leaderId
    const fields = { members, leaderId, pendingMembers: without(group.pendingMembers, memberId) }
    switch (group.state) {
      case 'Empty':
        this.group = { ...group, ...fields }
        break
      case 'PreparingRebalance': {
        const joining = new Map(group.joining)
        const waiting = joining.get(memberId)
        if (waiting !== undefined)
          this.replyToJoin(waiting.reply, { memberId: '', errorCode: errors.UNKNOWN_MEMBER_ID.code })
        joining.delete(memberId)
        this.group = { ...group, ...fields, joining }
        break
      }
      case 'CompletingRebalance': {
        const syncing = new Map(group.syncing)
        const waiting = syncing.get(memberId)
        if (waiting !== undefined) this.replyToSync(waiting, { errorCode: errors.UNKNOWN_MEMBER_ID.code })
        syncing.delete(memberId)
        this.group = { ...group, ...fields, syncing, pendingSync: without(group.pendingSync, memberId) }
        break
      }
      case 'Stable':
        this.group = { ...group, ...fields, pendingSync: without(group.pendingSync, memberId) }
        break
    }
  }

  /** A static member came back under a new id: it takes over what the old one had, and the old one is fenced. */
  replaceStaticMember(oldMemberId: string, member: ClassicMember): void {
    const { group } = this
    const members = new Map<string, ClassicMember>()
    for (const [id, former] of group.members) {
      if (id === oldMemberId) members.set(member.memberId, member)
      else members.set(id, former)
    }
    const fields = {
      members,
      leaderId: group.leaderId === oldMemberId ? member.memberId : group.leaderId,
    }
    const errorCode = errors.FENCED_INSTANCE_ID.code
    switch (group.state) {
      case 'PreparingRebalance': {
        const joining = new Map(group.joining)
        const waiting = joining.get(oldMemberId)
        if (waiting !== undefined)
          this.replyToJoin(waiting.reply, { memberId: oldMemberId, protocolName: null, errorCode })
        joining.delete(oldMemberId)
        this.group = { ...group, ...fields, joining }
        break
      }
      case 'CompletingRebalance': {
        const syncing = new Map(group.syncing)
        const waiting = syncing.get(oldMemberId)
        if (waiting !== undefined) this.replyToSync(waiting, { errorCode })
        syncing.delete(oldMemberId)
        this.group = { ...group, ...fields, syncing, pendingSync: without(group.pendingSync, oldMemberId) }
        break
      }
      case 'Stable':
        this.group = { ...group, ...fields, pendingSync: without(group.pendingSync, oldMemberId) }
        break
      case 'Empty':
        throw new Error(`group ${group.groupId}: an empty group has no static member to replace`)
    }
    this.endSession(oldMemberId)
    this.restartSession(member)
  }

  /** Gives up what members were assigned; those that wait for it are answered with the error. */
  dropAssignment(error: ErrorName): void {
    const { group } = this
    if (group.state !== 'CompletingRebalance') throw new Error(`group ${group.groupId} completes no rebalance`)
    const members = new Map(
      [...group.members].map(([id, member]) => [id, { ...member, assignment: emptyAssignment }] as const),
    )
    for (const [memberId, reply] of group.syncing) {
      this.replyToSync(reply, { errorCode: errors[error].code })
      this.restartSession(members.get(memberId)!)
    }
    this.group = { ...group, members, syncing: new Map() }
  }
}

/** Timer of a member's session, and of a given-out member id. */
export function sessionKey(groupId: string, memberId: string): string {
  return `session-${groupId}-${memberId}`
}

/** Timer of a join phase. */
export function joinKey(groupId: string): string {
  return `rebalance-${groupId}`
}

/** Timer of the phase in which members fetch their assignment. */
export function syncKey(groupId: string): string {
  return `sync-${groupId}`
}

/** A set without one of its elements; the same set when it was not in it. */
export function without<T>(set: ReadonlySet<T>, element: T): ReadonlySet<T> {
  if (!set.has(element)) return set
  const rest = new Set(set)
  rest.delete(element)
  return rest
}

function assertTransition(from: ClassicState, to: ClassicState): void {
  if (classicTransitions.some((row) => row.from === from && row.to === to)) return
  throw new Error(`a classic group does not go from ${from} to ${to}`)
}
