import { zeroUuid } from '@odradek/protocol'
import { consumerProtocolType } from '@odradek/strategies'
import type { CoordinatorContext } from '../coordinator-context.ts'
import type { Group, GroupCoordinatorState } from '../group-coordinator-state.ts'
import { isSubscribedToTopic } from '../group-subscription.ts'
import { groupTombstones } from '../group-tombstones.ts'
import { answer, type CoordinatorRecord, type CoordinatorResult, type TimerChange } from '../result.ts'
import { type CommittedOffset, offsetCommitTombstone } from './committed-offsets.ts'

const msPerMinute = 60_000

/**
 * Forgets offsets that nobody has used for `offsets.retention.minutes` and groups that are left with none (KIP-211). The time
 * counts from when the group became empty; for topics a living group of consumers does not read any more, and for groups
 * without members of their own, from the commit.
 */
export function expireOffsets(state: GroupCoordinatorState, context: CoordinatorContext): CoordinatorResult<undefined> {
  const records: CoordinatorRecord[] = []
  for (const group of state.groups()) {
    const allExpired = expireGroup(state, group, { context, records })
    if (allExpired && group.state === 'Empty') records.push(...groupTombstones(group))
  }
  return { ...answer(undefined), records, timers: [expirationTimer(context)], isSplittable: true }
}

/** The timer of the next search. */
export function expirationTimer({ config }: CoordinatorContext): TimerChange {
  const delayMs = config.offsetsRetentionCheckIntervalMs
  return { key: 'expire-offsets', delayMs, event: { type: 'expire-offsets' } }
}

function expireGroup(
  state: GroupCoordinatorState,
  group: Group,
  { context, records }: { readonly context: CoordinatorContext; readonly records: CoordinatorRecord[] },
): boolean {
  const topics = state.offsets.ofGroup(group.groupId)
  const { transactionalOffsets } = state
  if (topics === undefined) return !transactionalOffsets.hasOpen(group.groupId)
  const since = unusedSince(group)
  if (since === undefined) return false
  const retentionMs = context.config.offsetsRetentionMinutes * msPerMinute
  let allExpired = true
  for (const [topic, partitions] of topics) {
    const isInUse = isSubscribedToTopic(group, topic)
    for (const [partition, committed] of partitions) {
      const isExpired =
        committed.expireTimestampMs === -1
          ? context.now - since(committed) >= retentionMs
          : context.now >= committed.expireTimestampMs
      const key = { group: group.groupId, topic, partition }
      if (isInUse || !isExpired || transactionalOffsets.isOpen(key)) allExpired = false
      else records.push(offsetCommitTombstone(key))
    }
  }
  return allExpired && !transactionalOffsets.hasOpen(group.groupId)
}

/** From when the retention of a group's offsets counts; undefined while it does not. */
function unusedSince(group: Group): ((committed: CommittedOffset) => number) | undefined {
  const byCommit = (committed: CommittedOffset) => committed.commitTimestampMs
  if (group.type === 'consumer' || group.protocolType === null) return byCommit
  if (group.state === 'Empty') return (committed) => group.stateTimestampMs ?? committed.commitTimestampMs
  const isReadable = group.protocolType === consumerProtocolType && group.subscribedTopics !== null
  return group.state === 'Stable' && isReadable ? byCommit : undefined
}

/** Forgets what was committed for topics that are gone. */
export function onTopicsDeleted(
  state: GroupCoordinatorState,
  deleted: readonly { readonly name: string; readonly topicId: string }[],
): CoordinatorResult<undefined> {
  const records: CoordinatorRecord[] = []
  for (const group of state.offsets.groupIds()) {
    for (const { name: topic, topicId } of deleted) {
      for (const [partition, committed] of state.offsets.ofGroup(group)?.get(topic) ?? []) {
        if (isOf(topicId, committed)) records.push(offsetCommitTombstone({ group, topic, partition }))
      }
    }
  }
  for (const { name, topicId } of deleted) {
    for (const { key, committed } of state.transactionalOffsets.ofTopic(name)) {
      if (isOf(topicId, committed)) records.push(offsetCommitTombstone(key))
    }
  }
  return { ...answer(undefined), records, isSplittable: true }
}

function isOf(topicId: string, committed: CommittedOffset): boolean {
  return committed.topicId === zeroUuid || committed.topicId === topicId
}
