import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import {
  type GroupMemberSpec,
  PartitionAssignorError,
  type PartitionsByTopicId,
  type SubscribedTopicDescriber,
  type SubscriptionType,
} from '@odradek/strategies'
import type { CoordinatorContext, TopicsView } from '../coordinator-context.ts'
import { type GroupError, groupError } from '../group-error.ts'
import { type ConsumerGroup, noTarget } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'
import { targetAssignmentRecord, targetEpochRecord } from './consumer-records.ts'
import { samePartitions } from './partition-epochs.ts'
import { membersWith, preferredAssignor, subscribedTopicIds } from './subscriptions.ts'

/** The target of the member that asks, and the epoch it is for. */
export interface MemberTarget {
  readonly epoch: number
  readonly target: PartitionsByTopicId
  /** What makes a new target true; empty while the last one holds. */
  readonly records: readonly GroupRecord[]
}

/**
 * Computes a new target assignment when the group has changed since the last one, unless that was less than
 * `consumer.assignment.interval.ms` ago: then the members go on with what they have, and a later heartbeat does it.
 */
export function updateTarget(
  group: ConsumerGroup,
  change: {
    readonly updated: ConsumerMember
    readonly groupEpoch: number
    readonly subscriptionType: SubscriptionType
  },
  context: CoordinatorContext,
): MemberTarget | GroupError {
  const { updated, groupEpoch, subscriptionType } = change
  const last = {
    epoch: group.assignmentEpoch,
    target: group.targetOf(updated.memberId, updated.instanceId),
    records: [],
  }
  if (group.assignmentEpoch >= groupEpoch || !intervalHasPassed(group, context)) return last
  const members = membersWith(group, updated)
  const former = targetsWith(group, updated)
  const specs = memberSpecs(members, former, { group, topics: context.topics })
  const assignor = assignorOf(members.values(), context)
  try {
    const assignment = assignor.assign({ members: specs, subscriptionType }, describer(context.topics))
    const records: GroupRecord[] = []
    for (const memberId of members.keys()) {
      const [before, target] = [former.get(memberId), assignment.get(memberId) ?? noTarget]
      if (before === undefined || !samePartitions(before, target))
        records.push(targetAssignmentRecord(group.groupId, memberId, target))
    }
    const epoch = { assignmentEpoch: groupEpoch, assignmentTimestamp: context.now }
    records.push(targetEpochRecord(group.groupId, epoch))
    return { epoch: groupEpoch, target: assignment.get(updated.memberId) ?? noTarget, records }
  } catch (error) {
    if (!(error instanceof PartitionAssignorError)) throw error
    const message = `Failed to compute a new target assignment for epoch ${groupEpoch}: ${error.message}`
    return groupError('UNKNOWN_SERVER_ERROR', message)
  }
}

function intervalHasPassed(group: ConsumerGroup, context: CoordinatorContext): boolean {
  const { consumerAssignmentIntervalMs } = context.groupConfig(group.groupId)
  if (group.assignmentTimestampMs === 0 || consumerAssignmentIntervalMs === 0) return true
  return context.now >= group.assignmentTimestampMs + consumerAssignmentIntervalMs
}

/** A static member that comes under a new id inherits the target. */
function targetsWith(group: ConsumerGroup, updated: ConsumerMember): ReadonlyMap<string, PartitionsByTopicId> {
  const replaced = group.staticMember(updated.instanceId)
  if (replaced === undefined || replaced.memberId === updated.memberId) return group.targetAssignment
  const targets = new Map(group.targetAssignment)
  const target = targets.get(replaced.memberId)
  targets.delete(replaced.memberId)
  return target === undefined ? targets : targets.set(updated.memberId, target)
}

function memberSpecs(
  members: ReadonlyMap<string, ConsumerMember>,
  targets: ReadonlyMap<string, PartitionsByTopicId>,
  { group, topics }: { readonly group: ConsumerGroup; readonly topics: TopicsView },
): ReadonlyMap<string, GroupMemberSpec> {
  // Members mostly subscribe to the same topics, and share the set of their ids.
  const idsBySubscription = new Map<string, ReadonlySet<string>>()
  const idsOf = (member: ConsumerMember): ReadonlySet<string> => {
    const key = JSON.stringify([[...member.subscribedTopicNames].sort(), member.subscribedTopicRegex])
    const ids = idsBySubscription.get(key) ?? subscribedTopicIds(member, group.resolvedRegexes, topics)
    idsBySubscription.set(key, ids)
    return ids
  }
  const specs = new Map<string, GroupMemberSpec>()
  for (const [memberId, member] of members) {
    const { instanceId, rackId } = member
    const partitions = targets.get(memberId) ?? noTarget
    specs.set(memberId, { instanceId, rackId, subscribedTopicIds: idsOf(member), partitions })
  }
  return specs
}

function assignorOf(members: Iterable<ConsumerMember>, { assignors }: CoordinatorContext) {
  const [defaultAssignor] = assignors.values()
  const assignor = assignors.get(preferredAssignor(members) ?? '') ?? defaultAssignor
  if (assignor === undefined) throw new Error('group.consumer.assignors names no assignor')
  return assignor
}

function describer(topics: TopicsView): SubscribedTopicDescriber {
  return {
    numPartitions: (topicId) => topics.byId(topicId)?.partitionCount ?? -1,
    racksForPartition: (topicId, partition) => new Set(topics.byId(topicId)?.racksOf(partition) ?? []),
  }
}
