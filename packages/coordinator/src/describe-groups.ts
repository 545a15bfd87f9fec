import { errors, type Input } from '@odradek/protocol'
import type {
  DescribeGroupsResponseDescribedGroup,
  DescribeGroupsResponseDescribedGroupMember,
  ListGroupsRequest,
  ListGroupsResponseListedGroup,
} from '@odradek/protocol/messages'
import { consumerProtocolType } from '@odradek/strategies'
import { type ClassicMember, metadataOf } from './classic/classic-group.ts'
import type { GroupCoordinatorState } from './group-coordinator-state.ts'

type DescribedGroup = Input<DescribeGroupsResponseDescribedGroup>

/** The first version that tells a group that does not exist by an error (KIP-1043). */
const tellsUnknownGroupSince = 6

/** DescribeGroups, versions 0 to 6: one classic group. A group that does not exist is `Dead`. */
export function describeGroup(state: GroupCoordinatorState, groupId: string, apiVersion: number): DescribedGroup {
  const group = state.group(groupId)
  if (group?.type !== 'classic') {
    const dead = { groupId, groupState: 'Dead' }
    if (apiVersion < tellsUnknownGroupSince) return dead
    const errorMessage =
      group === undefined ? `Group ${groupId} not found.` : `Group ${groupId} is not a classic group.`
    return { ...dead, errorCode: errors.GROUP_ID_NOT_FOUND.code, errorMessage }
  }
  const { protocolType, protocolName, members } = group
  const described = { groupId, groupState: group.state, protocolType: protocolType ?? '' }
  // Between generations members have no assignment, and their subscriptions are about to change.
  if (group.state !== 'Stable' || protocolName === null) {
    return { ...described, members: [...members.values()].map(describeMember) }
  }
  return {
    ...described,
    protocolData: protocolName,
    members: [...members.values()].map((member) => ({
      ...describeMember(member),
      memberMetadata: metadataOf(member, protocolName),
    })),
  }
}

function describeMember(member: ClassicMember): Input<DescribeGroupsResponseDescribedGroupMember> {
  const { memberId, groupInstanceId, clientId, clientHost, assignment: memberAssignment } = member
  return { memberId, groupInstanceId, clientId, clientHost, memberAssignment }
}

/** ListGroups, versions 0 to 5: groups in one of the states and of one of the types, in whatever case they are written. */
export function listGroups(
  state: GroupCoordinatorState,
  { statesFilter, typesFilter }: Pick<ListGroupsRequest, 'statesFilter' | 'typesFilter'>,
): Input<ListGroupsResponseListedGroup>[] {
  const states = new Set(statesFilter.map((name) => name.trim().toLowerCase()))
  const types = new Set(typesFilter.map((name) => name.toLowerCase()))
  return [...state.groups()]
    .map((group) => ({
      groupId: group.groupId,
      protocolType: group.type === 'consumer' ? consumerProtocolType : (group.protocolType ?? ''),
      groupState: group.state,
      groupType: group.type,
    }))
    .filter(({ groupState }) => states.size === 0 || states.has(groupState.toLowerCase()))
    .filter(({ groupType }) => types.size === 0 || types.has(groupType))
}
