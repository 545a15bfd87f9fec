/**
 * A member of a classic group as it sees itself, as data, and what each answer of the coordinator makes of it. Nothing here sends or
 * waits; `ClassicMembership` does. (Kafka: `AbstractCoordinator.MemberState`, `Generation`, and the four response handlers.)
 *
 *   UNJOINED              no JoinGroup is under way; the generation tells whether the partitions are still this member's
 *   PREPARING_REBALANCE   JoinGroup was sent; the coordinator gathers the members, which keep no heartbeat meanwhile
 *   COMPLETING_REBALANCE  joined; SyncGroup waits for the leader's assignment; heartbeats from here on
 *   STABLE                assigned; `rejoinReason` says why it will join again at the next turn of the application
 *
 * A refusal takes away nothing, the generation (the partitions are lost, the member id is kept), or the membership with its id.
 */
import type { ErrorName } from '@odradek/protocol'

/** A member's place in a group. Kafka: `AbstractCoordinator.Generation`. */
export interface Generation {
  /** -1 while there is none. */
  readonly generationId: number
  /** Empty until the coordinator gave one. */
  readonly memberId: string
  /** The assignor the group agreed on. */
  readonly protocolName: string | null
}

/** No membership. Kafka: `Generation.NO_GENERATION`. */
export const noGeneration: Generation = { generationId: -1, memberId: '', protocolName: null }

/** A classic member; see the top of the file. */
export type ClassicMember =
  | { readonly state: 'UNJOINED'; readonly generation: Generation; readonly rejoinReason: string }
  | { readonly state: 'PREPARING_REBALANCE'; readonly generation: Generation }
  | { readonly state: 'COMPLETING_REBALANCE'; readonly generation: Generation }
  | { readonly state: 'STABLE'; readonly generation: Generation; readonly rejoinReason: string | undefined }

/** A member that has not joined. */
export const newClassicMember: ClassicMember = {
  state: 'UNJOINED',
  generation: noGeneration,
  rejoinReason: 'the consumer joins for the first time',
}

/** The APIs whose refusals change a membership. */
export type MembershipApi = 'JoinGroup' | 'SyncGroup' | 'Heartbeat' | 'OffsetCommit'

/** What follows a refusal. */
export interface Refusal {
  /** What of the generation is no longer valid. */
  readonly forget: 'nothing' | 'generation' | 'member'
  /**
   * `retry` the same after a back-off; `findCoordinator` first; `rejoin` at once from JoinGroup; `rejoinOnPoll` when the application's
   * turn comes, because partitions may have to be given up; `fail` for good; `fence` for good, another instance has taken the place.
   */
  readonly next: 'retry' | 'findCoordinator' | 'rejoin' | 'rejoinOnPoll' | 'fail' | 'fence'
}

const retry: Refusal = { forget: 'nothing', next: 'retry' }
const findCoordinator: Refusal = { forget: 'nothing', next: 'findCoordinator' }
const rejoin: Refusal = { forget: 'nothing', next: 'rejoin' }
const fence: Refusal = { forget: 'member', next: 'fence' }
const fail: Refusal = { forget: 'nothing', next: 'fail' }

/** What each error means for the membership; errors without a row are not expected and fail. */
export const classicRefusals: Readonly<Record<MembershipApi, Readonly<Partial<Record<ErrorName, Refusal>>>>> = {
  JoinGroup: {
    COORDINATOR_LOAD_IN_PROGRESS: retry,
    COORDINATOR_NOT_AVAILABLE: findCoordinator,
    NOT_COORDINATOR: findCoordinator,
    REBALANCE_IN_PROGRESS: retry,
    MEMBER_ID_REQUIRED: rejoin,
    UNKNOWN_MEMBER_ID: { forget: 'member', next: 'rejoin' },
    FENCED_INSTANCE_ID: fence,
  },
  SyncGroup: {
    COORDINATOR_LOAD_IN_PROGRESS: rejoin,
    COORDINATOR_NOT_AVAILABLE: findCoordinator,
    NOT_COORDINATOR: findCoordinator,
    REBALANCE_IN_PROGRESS: rejoin,
    ILLEGAL_GENERATION: { forget: 'generation', next: 'rejoin' },
    UNKNOWN_MEMBER_ID: { forget: 'member', next: 'rejoin' },
    FENCED_INSTANCE_ID: fence,
  },
  Heartbeat: {
    COORDINATOR_LOAD_IN_PROGRESS: retry,
    COORDINATOR_NOT_AVAILABLE: findCoordinator,
    NOT_COORDINATOR: findCoordinator,
    REBALANCE_IN_PROGRESS: { forget: 'nothing', next: 'rejoinOnPoll' },
    ILLEGAL_GENERATION: { forget: 'generation', next: 'rejoinOnPoll' },
    UNKNOWN_MEMBER_ID: { forget: 'member', next: 'rejoinOnPoll' },
    FENCED_INSTANCE_ID: fence,
  },
  OffsetCommit: {
    REBALANCE_IN_PROGRESS: { forget: 'nothing', next: 'rejoinOnPoll' },
    ILLEGAL_GENERATION: { forget: 'generation', next: 'rejoinOnPoll' },
    UNKNOWN_MEMBER_ID: { forget: 'member', next: 'rejoinOnPoll' },
    FENCED_INSTANCE_ID: fence,
  },
}

/** What follows when the coordinator refuses. */
export function classicRefusal(api: MembershipApi, error: ErrorName): Refusal {
  return classicRefusals[api][error] ?? fail
}

/** Whether heartbeats are due: the coordinator expects none before JoinGroup is answered. */
export function keepsHeartbeat(member: ClassicMember): boolean {
  return member.state === 'COMPLETING_REBALANCE' || member.state === 'STABLE'
}

/** Why the member has to join; undefined when it need not, or does already. */
export function rejoinReasonOf(member: ClassicMember): string | undefined {
  return member.state === 'UNJOINED' || member.state === 'STABLE' ? member.rejoinReason : undefined
}

/** Whether the partitions it had are no longer this member's. Kafka: `onJoinPrepare` with `NO_GENERATION`. */
export function hasLostPartitions({ generation }: ClassicMember): boolean {
  return generation.generationId === noGeneration.generationId || generation.memberId === noGeneration.memberId
}

/** JoinGroup goes out. */
export function joining(member: ClassicMember): ClassicMember {
  return { state: 'PREPARING_REBALANCE', generation: member.generation }
}

/** JoinGroup was answered: the member has a place in a generation, and its assignment is to come. */
export function joined(generation: Generation): ClassicMember {
  return { state: 'COMPLETING_REBALANCE', generation }
}

/** SyncGroup was answered. */
export function synced(member: ClassicMember): ClassicMember {
  return { state: 'STABLE', generation: member.generation, rejoinReason: undefined }
}

/** JoinGroup gave an id to come back with (KIP-394). */
export function withMemberId(memberId: string): ClassicMember {
  const rejoinReason = 'the coordinator requires a member id on join (KIP-394)'
  return { state: 'UNJOINED', generation: { ...noGeneration, memberId }, rejoinReason }
}

/** The coordinator, or time, made it necessary to join again; the first reason stays while there is one. */
export function wantsToRejoin(member: ClassicMember, reason: string): ClassicMember {
  if (member.state !== 'STABLE') return member
  return { ...member, rejoinReason: member.rejoinReason ?? reason }
}

/** A round of joining ended without an assignment, and the member is where it was before it. */
export function notJoined(member: ClassicMember, reason: string): ClassicMember {
  return { state: 'UNJOINED', generation: member.generation, rejoinReason: reason }
}

/** The generation, or the membership with its id, is no longer valid. Kafka: `resetStateOnResponseError`. */
export function forgotten(member: ClassicMember, what: 'generation' | 'member', reason: string): ClassicMember {
  const generation = what === 'member' ? noGeneration : { ...noGeneration, memberId: member.generation.memberId }
  return { state: 'UNJOINED', generation, rejoinReason: reason }
}

/** The member after a refusal. Heartbeats and commits that a newer generation has overtaken are the caller's to drop. */
export function refused(member: ClassicMember, refusal: Refusal, reason: string): ClassicMember {
  if (refusal.forget !== 'nothing') return forgotten(member, refusal.forget, reason)
  switch (member.state) {
    case 'PREPARING_REBALANCE':
    case 'COMPLETING_REBALANCE':
      return refusal.next === 'rejoinOnPoll' ? member : notJoined(member, reason)
    case 'STABLE':
      return refusal.next === 'rejoinOnPoll' ? wantsToRejoin(member, reason) : member
    case 'UNJOINED':
      return member
  }
}
