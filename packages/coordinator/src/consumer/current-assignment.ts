/**
 * Leads one member a step towards its target assignment. What the member has beyond the target it gives up first, and stays at its
 * epoch until its heartbeat no longer names those partitions: revocation before assignment. Then it moves to the target's epoch
 * and gets the partitions that nobody has; for the others it waits, and gets them one by one as their owners give them up.
 * (Kafka: `CurrentAssignmentBuilder`.)
 */
import type { PartitionsByTopicId } from '@odradek/strategies'
import type { ConsumerMember } from './consumer-member.ts'
import { noPartitions, type PartitionEpochs } from './partition-epochs.ts'

/** Topic partitions as a heartbeat names them. */
export type OwnedPartitions = readonly { readonly topicId: string; readonly partitions: readonly number[] }[]

/** What a step depends on. */
export interface ReconcileOptions {
  readonly targetEpoch: number
  readonly target: PartitionsByTopicId
  /** Ids of the topics the member subscribes to, as far as they exist. */
  readonly subscribedTopicIds: ReadonlySet<string>
  readonly hasSubscriptionChanged: boolean
  /** Epoch of the owner of a partition, -1 when nobody owns it. */
  partitionEpoch(topicId: string, partition: number): number
  /** What the member says it has; null when it does not say. */
  readonly owned: OwnedPartitions | null
}

/** The member a step further, the same object when there is none to make; undefined when it has to start anew. */
export function reconcile(member: ConsumerMember, options: ReconcileOptions): ConsumerMember | undefined {
  switch (member.state) {
    case 'STABLE':
      if (member.memberEpoch !== options.targetEpoch) return nextAssignment(member, member.memberEpoch, options)
      return options.hasSubscriptionChanged ? withoutUnsubscribed(member, options) : member
    case 'UNREVOKED_PARTITIONS':
      if (!ownsAnyOf(member.partitionsPendingRevocation, options.owned))
        return nextAssignment(member, member.memberEpoch, options)
      return options.hasSubscriptionChanged ? withoutUnsubscribed(member, options) : member
    case 'UNRELEASED_PARTITIONS':
      return nextAssignment(member, member.memberEpoch, options)
    case 'UNKNOWN':
      // A newer version wrote a state this one does not know: the member may go on if it has nothing to lose.
      if (options.owned === null || options.owned.length > 0) return undefined
      return nextAssignment(member, options.targetEpoch, options)
  }
}

/** A member that does not say what it has may still have everything. */
function ownsAnyOf(partitions: PartitionEpochs, owned: OwnedPartitions | null): boolean {
  if (owned === null) return true
  return owned.some((topic) => topic.partitions.some((partition) => partitions.get(topic.topicId)?.has(partition)))
}

/** A topic the member does not subscribe to any more is taken away at once, before a new target says so. */
function withoutUnsubscribed(member: ConsumerMember, { subscribedTopicIds, owned }: ReconcileOptions): ConsumerMember {
  const unsubscribed = [...member.assignedPartitions].filter(([topicId]) => !subscribedTopicIds.has(topicId))
  if (unsubscribed.length === 0) return member
  const assignedPartitions = new Map(member.assignedPartitions)
  const pending = new Map(member.partitionsPendingRevocation)
  for (const [topicId, partitions] of unsubscribed) {
    assignedPartitions.delete(topicId)
    pending.set(topicId, new Map([...(pending.get(topicId) ?? []), ...partitions]))
  }
  const next = { ...member, previousMemberEpoch: member.memberEpoch, assignedPartitions }
  if (!ownsAnyOf(pending, owned)) return next
  return { ...next, state: 'UNREVOKED_PARTITIONS', partitionsPendingRevocation: pending }
}

interface Difference {
  readonly kept: Map<string, Map<number, number>>
  readonly revoked: Map<string, Map<number, number>>
  readonly free: Map<string, readonly number[]>
  readonly hasUnreleased: boolean
}

function nextAssignment(member: ConsumerMember, memberEpoch: number, options: ReconcileOptions): ConsumerMember {
  const { kept, revoked, free, hasUnreleased } = compare(member, options)
  if (revoked.size > 0 && ownsAnyOf(revoked, options.owned)) {
    return {
      ...member,
      state: 'UNREVOKED_PARTITIONS',
      memberEpoch,
      previousMemberEpoch: member.memberEpoch,
      assignedPartitions: kept,
      partitionsPendingRevocation: revoked,
    }
  }
  for (const [topicId, partitions] of free) {
    const epochs = kept.get(topicId) ?? new Map<number, number>()
    for (const partition of partitions) epochs.set(partition, options.targetEpoch)
    kept.set(topicId, epochs)
  }
  return {
    ...member,
    state: hasUnreleased ? 'UNRELEASED_PARTITIONS' : 'STABLE',
    memberEpoch: options.targetEpoch,
    previousMemberEpoch: member.memberEpoch,
    assignedPartitions: kept,
    partitionsPendingRevocation: noPartitions,
  }
}

/** What the member keeps, has to give up, and could get; and whether others still have some of its target. */
function compare(member: ConsumerMember, options: ReconcileOptions): Difference {
  const { target, subscribedTopicIds, partitionEpoch } = options
  const [kept, revoked] = [new Map<string, Map<number, number>>(), new Map<string, Map<number, number>>()]
  const free = new Map<string, readonly number[]>()
  let hasUnreleased = false
  for (const topicId of new Set([...target.keys(), ...member.assignedPartitions.keys()])) {
    const wanted = (subscribedTopicIds.has(topicId) ? target.get(topicId) : undefined) ?? new Set<number>()
    const assigned = member.assignedPartitions.get(topicId) ?? new Map<number, number>()
    for (const [partition, epoch] of assigned) put(wanted.has(partition) ? kept : revoked, topicId, [partition, epoch])
    // What the member itself has just given up is free for it.
    const isFree = (partition: number) =>
      partitionEpoch(topicId, partition) === -1 ||
      member.partitionsPendingRevocation.get(topicId)?.has(partition) === true
    const missing = [...wanted].filter((partition) => !assigned.has(partition))
    const available = missing.filter(isFree)
    if (available.length < missing.length) hasUnreleased = true
    if (available.length > 0) free.set(topicId, available)
  }
  return { kept, revoked, free, hasUnreleased }
}

function put(
  partitions: Map<string, Map<number, number>>,
  topicId: string,
  [partition, epoch]: readonly [number, number],
): void {
  const epochs = partitions.get(topicId) ?? new Map<number, number>()
  epochs.set(partition, epoch)
  partitions.set(topicId, epochs)
}
