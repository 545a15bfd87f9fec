import { type GroupError, groupError } from '../group-error.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { type ConsumerMember, leaveStaticEpoch } from './consumer-member.ts'
import {
  currentAssignmentRecord,
  memberMetadataRecord,
  memberTombstones,
  targetAssignmentRecord,
} from './consumer-records.ts'
import type { ConsumerStep } from './consumer-step.ts'
import type { OwnedPartitions } from './current-assignment.ts'

/** Who is to be found in the group, or to be added. */
export interface Joining {
  readonly memberId: string
  /** The epoch the member believes to be at. */
  readonly memberEpoch: number
  readonly owned: OwnedPartitions | null
  readonly mayJoin: boolean
  /** It speaks the classic protocol, which has no member epochs. */
  readonly isClassic: boolean
}

/** The member of that id, or a new one. */
export function joinDynamicMember(group: ConsumerGroup, joining: Joining): ConsumerMember | GroupError {
  const { memberId } = joining
  if (!joining.mayJoin && !group.members.has(memberId)) return unknownMember(group, memberId)
  const member = group.memberOrNew(memberId)
  return (joining.isClassic ? undefined : epochError(member, joining)) ?? member
}

/** The static member of that instance id, or a new one. A member that left for a while comes back under a new id. */
export function joinStaticMember(
  step: ConsumerStep,
  joining: Joining & { readonly instanceId: string },
): ConsumerMember | GroupError {
  const { group } = step
  const { memberId, instanceId, isClassic } = joining
  const holder = group.staticMember(instanceId)
  if (!joining.mayJoin) {
    if (holder === undefined) return groupError('UNKNOWN_MEMBER_ID', `Instance id ${instanceId} is unknown.`)
    const fenced = fencedError(holder, { memberId, instanceId })
    return fenced ?? (isClassic ? undefined : epochError(holder, joining)) ?? holder
  }
  if (holder === undefined) return group.memberOrNew(memberId)
  if (!isClassic && holder.classic === null && holder.memberEpoch !== leaveStaticEpoch) {
    const message = `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${holder.memberId} member.`
    return groupError('UNRELEASED_INSTANCE_ID', message)
  }
  const member = { ...holder, memberId, memberEpoch: 0, previousMemberEpoch: 0 }
  const { groupId } = group
  step.append(
    ...memberTombstones(groupId, holder.memberId),
    memberMetadataRecord(groupId, member),
    targetAssignmentRecord(groupId, memberId, group.targetOf(holder.memberId, null)),
    currentAssignmentRecord(groupId, member),
  )
  if (holder.memberId !== memberId) step.cancelTimersOf(holder.memberId)
  return member
}

/** The member of that id, which has to hold the instance id if one is given. */
export function findMember(
  group: ConsumerGroup,
  { memberId, instanceId }: { readonly memberId: string; readonly instanceId: string | null },
): ConsumerMember | GroupError {
  if (instanceId === null) return group.members.get(memberId) ?? unknownMember(group, memberId)
  const holder = group.staticMember(instanceId)
  if (holder === undefined) {
    const message = `Member with instance id ${instanceId} is not a member of group ${group.groupId}.`
    return groupError('UNKNOWN_MEMBER_ID', message)
  }
  return fencedError(holder, { memberId, instanceId }) ?? holder
}

/** The failure of a member id the group does not have. */
export function unknownMember({ groupId }: ConsumerGroup, memberId: string): GroupError {
  return groupError('UNKNOWN_MEMBER_ID', `Member ${memberId} is not a member of group ${groupId}.`)
}

/** The failure of a static member whose instance id another one has taken. */
export function fencedError(
  holder: ConsumerMember,
  { memberId, instanceId }: { readonly memberId: string; readonly instanceId: string },
): GroupError | undefined {
  if (holder.memberId === memberId) return undefined
  const message = `Static member ${memberId} with instance id ${instanceId} was fenced by member ${holder.memberId}.`
  return groupError('FENCED_INSTANCE_ID', message)
}

/** A member may be an epoch behind when it missed the last answer, if it has nothing that answer took away. */
function epochError(member: ConsumerMember, { memberEpoch, owned }: Joining): GroupError | undefined {
  if (memberEpoch === 0 || memberEpoch === member.memberEpoch) return undefined
  const isBehind = memberEpoch < member.memberEpoch
  if (isBehind && memberEpoch === member.previousMemberEpoch && ownsOnly(member, owned)) return undefined
  const message = `The consumer group member has a ${isBehind ? 'smaller' : 'greater'} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`
  return groupError('FENCED_MEMBER_EPOCH', message)
}

function ownsOnly({ assignedPartitions }: ConsumerMember, owned: OwnedPartitions | null): boolean {
  if (owned === null) return false
  return owned.every(({ topicId, partitions }) =>
    partitions.every((partition) => assignedPartitions.get(topicId)?.has(partition) === true),
  )
}
