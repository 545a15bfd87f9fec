import { type ErrorName, errors, type Input } from '@odradek/protocol'
import type { DeleteGroupsResponseDeletableGroupResult } from '@odradek/protocol/messages'
import type { ClassicGroup } from './classic/classic-group.ts'
import { joinKey, sessionKey, syncKey } from './classic/classic-step.ts'
import type { GroupCoordinatorState } from './group-coordinator-state.ts'
import { groupTombstones } from './group-tombstones.ts'
import { offsetCommitTombstone } from './offsets/committed-offsets.ts'
import { answer, type CoordinatorRecord, type CoordinatorResult, type TimerChange } from './result.ts'

type Results = readonly Input<DeleteGroupsResponseDeletableGroupResult>[]

/** DeleteGroups, versions 0 to 3: removes groups without members, and what they have committed. */
export function deleteGroups(state: GroupCoordinatorState, groupIds: readonly string[]): CoordinatorResult<Results> {
  const records: CoordinatorRecord[] = []
  const timers: TimerChange[] = []
  const deleted = new Set<string>()
  const results = groupIds.map((groupId) => {
    const error = deletionError(state, groupId)
    if (error !== undefined || deleted.has(groupId))
      return { groupId, errorCode: errors[error ?? 'GROUP_ID_NOT_FOUND'].code }
    deleted.add(groupId)
    for (const [topic, partitions] of state.offsets.ofGroup(groupId) ?? []) {
      for (const partition of partitions.keys()) {
        records.push(offsetCommitTombstone({ group: groupId, topic, partition }))
      }
    }
    for (const key of state.transactionalOffsets.ofGroup(groupId)) {
      const isTold = state.offsets.get(groupId, key.topic, key.partition) !== undefined
      if (!isTold) records.push(offsetCommitTombstone(key))
    }
    const group = state.group(groupId)
    if (group === undefined) return { groupId, errorCode: errors.GROUP_ID_NOT_FOUND.code }
    records.push(...groupTombstones(group))
    if (group.type === 'classic') timers.push(...timersOf(group))
    return { groupId, errorCode: errors.NONE.code }
  })
  return { ...answer(results), records, timers }
}

function deletionError(state: GroupCoordinatorState, groupId: string): ErrorName | undefined {
  const group = state.group(groupId)
  if (group === undefined) return 'GROUP_ID_NOT_FOUND'
  return group.state === 'Empty' ? undefined : 'NON_EMPTY_GROUP'
}

function timersOf({ groupId, pendingMembers }: ClassicGroup): TimerChange[] {
  const keys = [
    joinKey(groupId),
    syncKey(groupId),
    ...[...pendingMembers].map((memberId) => sessionKey(groupId, memberId)),
  ]
  return keys.map((key) => ({ key, delayMs: 0, event: null }))
}
