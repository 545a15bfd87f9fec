/**
 * A member of a KIP-848 group as it sees itself, as data, and the transitions between its states. Nothing here sends or waits;
 * `ConsumerMembership` does. (Kafka: `MemberState`, `AbstractMembershipManager`.)
 *
 *   UNSUBSCRIBED     not in a group
 *   JOINING          the next heartbeat has epoch 0 and everything the coordinator has to know
 *   RECONCILING      the assignment differs from what the member has: revoke, commit, acknowledge, assign
 *   ACKNOWLEDGING    what it has now goes out with the next heartbeat
 *   STABLE           it has what it is to have
 *   FENCED           the coordinator does not know it any more: what it had is lost, then it joins again
 *   PREPARE_LEAVING  gives up its partitions before it leaves
 *   LEAVING          the next heartbeat has epoch -1, or -2 for a static member that will be back
 *   STALE            left because the application did not poll; what it had is lost, and it joins at the next poll
 *   FATAL            an error that no retry mends
 */

/** The names of the states; see the top of the file. */
export type ConsumerMemberState =
  | 'UNSUBSCRIBED'
  | 'JOINING'
  | 'RECONCILING'
  | 'ACKNOWLEDGING'
  | 'STABLE'
  | 'FENCED'
  | 'PREPARE_LEAVING'
  | 'LEAVING'
  | 'STALE'
  | 'FATAL'

const active: readonly ConsumerMemberState[] = ['JOINING', 'STABLE', 'RECONCILING', 'ACKNOWLEDGING']

/** From which states each may be entered. */
export const consumerMemberTransitions: Readonly<Record<ConsumerMemberState, readonly ConsumerMemberState[]>> = {
  UNSUBSCRIBED: ['PREPARE_LEAVING', 'LEAVING', 'FENCED'],
  JOINING: ['FENCED', 'UNSUBSCRIBED', 'STALE'],
  RECONCILING: ['STABLE', 'JOINING', 'ACKNOWLEDGING', 'RECONCILING'],
  ACKNOWLEDGING: ['RECONCILING'],
  STABLE: ['JOINING', 'ACKNOWLEDGING', 'RECONCILING'],
  FENCED: [...active, 'PREPARE_LEAVING', 'LEAVING'],
  PREPARE_LEAVING: [...active, 'UNSUBSCRIBED'],
  LEAVING: [...active, 'PREPARE_LEAVING'],
  STALE: ['LEAVING'],
  FATAL: [...active, 'PREPARE_LEAVING', 'LEAVING', 'UNSUBSCRIBED'],
}

/** Epoch with which a member joins. */
export const joinEpoch = 0
/** Epoch with which a member leaves for good. */
export const leaveEpoch = -1
/** Epoch with which a static member leaves for a while. */
export const leaveStaticEpoch = -2

/** Partition numbers by topic id. */
export type PartitionsByTopicId = ReadonlyMap<string, readonly number[]>

/** An assignment, numbered by this member in the order in which assignments came. Kafka: `LocalAssignment`. */
export interface LocalAssignment {
  /** -1 for none. */
  readonly localEpoch: number
  readonly partitions: PartitionsByTopicId
}

/** No assignment has come. */
export const noAssignment: LocalAssignment = { localEpoch: -1, partitions: new Map() }

/** A KIP-848 member. */
export interface ConsumerMember {
  readonly state: ConsumerMemberState
  readonly memberId: string
  /** 0 before the first answer, -1 and -2 when it left. */
  readonly memberEpoch: number
  /** What the coordinator wants it to have. */
  readonly target: LocalAssignment
  /** What it has. */
  readonly current: LocalAssignment
  /** The name of the assignment that is being reconciled; undefined when none is. */
  readonly reconciling: number | undefined
}

/** A member that is in no group. The id is made by the member and kept for as long as it lives (KIP-1082). */
export function newConsumerMember(memberId: string): ConsumerMember {
  return {
    state: 'UNSUBSCRIBED',
    memberId,
    memberEpoch: joinEpoch,
    target: noAssignment,
    current: noAssignment,
    reconciling: undefined,
  }
}

/** The member in another state. @throws Error for a transition that does not exist, which is a bug */
export function inState(member: ConsumerMember, state: ConsumerMemberState): ConsumerMember {
  if (member.state !== state && !consumerMemberTransitions[state].includes(member.state)) {
    throw new Error(`a member in state ${member.state} cannot come to ${state}`)
  }
  return member.state === state ? member : { ...member, state }
}

/** Whether the member is in a group, as far as it knows. */
export function isActive({ state }: ConsumerMember): boolean {
  return active.includes(state)
}

/** Whether heartbeats are pointless. Kafka: `shouldSkipHeartbeat`. */
export function skipsHeartbeat({ state }: ConsumerMember): boolean {
  return (
    state === 'UNSUBSCRIBED' ||
    state === 'FATAL' ||
    state === 'STALE' ||
    state === 'FENCED' ||
    state === 'PREPARE_LEAVING'
  )
}

/** Whether it has what it is to have. Kafka: `targetAssignmentReconciled`. */
export function isReconciled({ current, target }: ConsumerMember): boolean {
  return current.localEpoch === target.localEpoch
}

/** It enters the group, or enters it anew. */
export function joiningMember(member: ConsumerMember): ConsumerMember {
  const joining = inState(member, 'JOINING')
  return { ...joining, memberEpoch: joinEpoch, target: noAssignment, current: noAssignment, reconciling: undefined }
}

/** The coordinator does not know it any more. */
export function fencedMember(member: ConsumerMember): ConsumerMember {
  return { ...inState(member, 'FENCED'), memberEpoch: joinEpoch, target: noAssignment, reconciling: undefined }
}

/** It gives up its partitions, and then leaves. */
export function preparingToLeave(member: ConsumerMember): ConsumerMember {
  return { ...inState(member, 'PREPARE_LEAVING'), reconciling: undefined }
}

/** It leaves with the next heartbeat. */
export function leavingMember(member: ConsumerMember, memberEpoch: number): ConsumerMember {
  return {
    ...inState(member, 'LEAVING'),
    memberEpoch,
    target: noAssignment,
    current: noAssignment,
    reconciling: undefined,
  }
}

/** A heartbeat with its present state was sent. Kafka: `onHeartbeatRequestGenerated`. */
export function heartbeatSent(
  member: ConsumerMember,
  { isPollLate }: { readonly isPollLate: boolean },
): ConsumerMember {
  switch (member.state) {
    case 'ACKNOWLEDGING':
      return inState(member, isReconciled(member) ? 'STABLE' : 'RECONCILING')
    case 'LEAVING':
      return inState(member, isPollLate ? 'STALE' : 'UNSUBSCRIBED')
    default:
      return member
  }
}

/** What a heartbeat was answered with. */
export interface HeartbeatAnswer {
  readonly memberEpoch: number
  /** Undefined when the assignment is unchanged. */
  readonly assignment: PartitionsByTopicId | undefined
}

/** A heartbeat was answered. What comes after the member left has no meaning. Kafka: `onHeartbeatSuccess`. */
export function heartbeatAnswered(
  member: ConsumerMember,
  { memberEpoch, assignment }: HeartbeatAnswer,
): ConsumerMember {
  if (!isActive(member) || memberEpoch < 0) return member
  const updated = { ...member, memberEpoch }
  return assignment === undefined ? updated : withTarget(updated, assignment)
}

function withTarget(member: ConsumerMember, partitions: PartitionsByTopicId): ConsumerMember {
  const isSame = member.target.localEpoch >= 0 && samePartitions(member.target.partitions, partitions)
  const target = isSame ? member.target : { localEpoch: member.target.localEpoch + 1, partitions }
  const next = { ...member, target }
  if (!isReconciled(next)) return inState(next, 'RECONCILING')
  return next.state === 'RECONCILING' || next.state === 'JOINING' ? inState(next, 'STABLE') : next
}

/** Work on the present target begins. */
export function reconciliationBegun(member: ConsumerMember): ConsumerMember {
  return { ...member, reconciling: member.target.localEpoch }
}

/**
 * It has what it could get of the target. `isWhole` is false when some topics are not in the metadata yet: then it acknowledges what it
 * has and goes on reconciling.
 */
export function reconciliationDone(
  member: ConsumerMember,
  { localEpoch, partitions, isWhole }: LocalAssignment & { readonly isWhole: boolean },
): ConsumerMember {
  const current = { localEpoch: isWhole ? localEpoch : member.current.localEpoch, partitions }
  return { ...inState({ ...member, current }, 'ACKNOWLEDGING'), reconciling: undefined }
}

/** Work on the target ended without a result: it was overtaken, or a callback threw. */
export function reconciliationAborted(member: ConsumerMember): ConsumerMember {
  return { ...member, reconciling: undefined }
}

/** Whether two assignments have the same partitions. */
export function samePartitions(a: PartitionsByTopicId, b: PartitionsByTopicId): boolean {
  const [left, right] = [a, b].map(nonEmpty) as [PartitionsByTopicId, PartitionsByTopicId]
  if (left.size !== right.size) return false
  for (const [topicId, partitions] of left) {
    const others = right.get(topicId)
    if (others === undefined || others.length !== partitions.length) return false
    const known = new Set(others)
    if (!partitions.every((partition) => known.has(partition))) return false
  }
  return true
}

function nonEmpty(partitions: PartitionsByTopicId): PartitionsByTopicId {
  return new Map([...partitions].filter(([, numbers]) => numbers.length > 0))
}
