import type { ClassicGroup, ConsumerGroup, GroupCoordinatorState } from '../../src/index.ts'

/** What of a coordinator's state has to survive a restart, as plain values in a fixed order. */
export function durableState(state: GroupCoordinatorState): unknown {
  const groups = [...state.groups()].map((group) =>
    group.type === 'consumer' ? consumerState(group) : classicState(group),
  )
  const offsets = [...state.offsets.groupIds()].map((groupId) => [groupId, plain(state.offsets.ofGroup(groupId))])
  return { groups: sorted(groups), offsets: sorted(offsets) }
}

/** A join phase is not kept: groups in one are left out, as are ids that were given out. */
function classicState(group: ClassicGroup): unknown {
  if (group.state !== 'Stable' && group.state !== 'Empty') return { groupId: group.groupId, type: 'classic' }
  const { groupId, generationId, protocolType, protocolName, leaderId } = group
  const members = [...group.members.values()].map(({ memberId, groupInstanceId, assignment }) => ({
    memberId,
    groupInstanceId,
    assignment: Buffer.from(assignment).toString('hex'),
  }))
  return { groupId, generationId, protocolType, protocolName, leaderId, members: sorted(members) }
}

function consumerState(group: ConsumerGroup): unknown {
  const { groupId, groupEpoch, assignmentEpoch, assignmentTimestampMs, metadataHash, state } = group
  return {
    ...{ groupId, groupEpoch, assignmentEpoch, assignmentTimestampMs, state },
    metadataHash: String(metadataHash),
    members: plain(group.members),
    targets: plain(group.targetAssignment),
    regexes: plain(group.resolvedRegexes),
    regexMembers: plain(group.regexMembers),
    classicMembers: group.classicMembers,
  }
}

/** Maps and sets as sorted arrays, bytes as text. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof Map) return sorted([...value].map(([key, element]) => [key, plain(element)]))
  if (value instanceof Set) return sorted([...value].map(plain))
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, plain(element)]))
  return value
}

function sorted(values: readonly unknown[]): unknown[] {
  return values.map((value) => JSON.stringify(value)).sort()
}
