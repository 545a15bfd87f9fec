/**
 * Whether matching racks can gain anything (KIP-881): consumers and replicas must have a rack in common, and some partition must lack
 * a replica in some rack; if every rack holds a replica of everything, every assignment is local.
 * Kafka: `AbstractPartitionAssignor.useRackAwareAssignment`.
 */
export function racksMatter(
  consumerRacks: ReadonlySet<string>,
  partitionRacks: Iterable<ReadonlySet<string>>,
): boolean {
  if (consumerRacks.size === 0) return false
  const all = new Set<string>()
  const each: ReadonlySet<string>[] = []
  for (const racks of partitionRacks) {
    each.push(racks)
    for (const rack of racks) all.add(rack)
  }
  const inCommon = [...consumerRacks].some((rack) => all.has(rack))
  return inCommon && each.some((racks) => racks.size !== all.size)
}
