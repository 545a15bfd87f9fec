import { assignConstrained } from '../../balance/constrained-assignment.ts'
import { assignGeneral } from '../../balance/general-assignment.ts'
import type { Assignment, ClusterView, GroupSubscription, Subscription } from '../assignor.ts'
import { type MemberData, StickyGroup } from './sticky-group.ts'

/** What the two sticky assignors do differently. */
export interface StickyRules {
  readonly memberData: (subscription: Subscription) => MemberData
  /** Withhold a partition from its next owner until its present one has given it up (KIP-429). */
  readonly cooperative: boolean
}

/** Balances first, and then moves as little as possible. Kafka: `AbstractStickyAssignor.assignPartitions`. */
export function assignSticky(
  cluster: ClusterView,
  subscriptions: GroupSubscription,
  rules: StickyRules,
): Map<string, Assignment> {
  const result = new Map<string, Assignment>()
  if (subscriptions.size === 0) return result
  const group = new StickyGroup(cluster, subscriptions, rules.memberData)
  const assigned = group.sameSubscriptions ? assignConstrained(group) : assignGeneral(group)
  group.memberIds.forEach((memberId, member) => {
    let partitions = assigned[member]!
    if (rules.cooperative) partitions = partitions.filter((partition) => !mustBeRevokedFirst(group, partition, member))
    result.set(memberId, { partitions: partitions.map((partition) => group.topicPartition(partition)) })
  })
  return result
}

/** Somebody else still reads the partition, or two members do and both have to stop. */
function mustBeRevokedFirst(group: StickyGroup, partition: number, member: number): boolean {
  const owner = group.owner[partition]!
  return group.contested[partition] === 1 || (owner >= 0 && owner !== member)
}
