import type { ClusterView, GroupSubscription } from './assignor.ts'

/**
 * Member ids in the order in which range and roundrobin serve them: static members first, by group instance id, so that they keep
 * their place over a restart; then the others, by member id. Kafka: `AbstractPartitionAssignor.MemberInfo`.
 */
export function sortMembers(memberIds: Iterable<string>, instanceIdOf: (memberId: string) => string | null): string[] {
  return [...memberIds].sort((a, b) => {
    const instanceA = instanceIdOf(a)
    const instanceB = instanceIdOf(b)
    if (instanceA !== null && instanceB !== null) return compareText(instanceA, instanceB)
    if (instanceA !== null) return -1
    if (instanceB !== null) return 1
    return compareText(a, b)
  })
}

/** Java's `String.compareTo` as far as its sign matters: by UTF-16 code units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Every topic that some member subscribes to and that has partitions, sorted by name, with its partition count. */
export function subscribedTopics(cluster: ClusterView, group: GroupSubscription): Map<string, number> {
  const names = new Set<string>()
  for (const { topics } of group.values()) for (const topic of topics) names.add(topic)
  const counts = new Map<string, number>()
  for (const name of [...names].sort(compareText)) {
    const count = cluster.partitionCount(name)
    if (count > 0) counts.set(name, count)
  }
  return counts
}
