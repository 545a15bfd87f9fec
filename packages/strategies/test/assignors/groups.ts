import type { Assignor, ClusterView, Subscription } from '../../src/index.ts'
import { print } from './kafka-assignors.ts'

/** A member that subscribes to `topics` and says nothing else of itself, unless told. */
export function member(topics: string[], more: Partial<Subscription> = {}): Subscription {
  return { topics, userData: null, ownedPartitions: [], generationId: -1, rackId: null, groupInstanceId: null, ...more }
}

/** What each member gets, printed. */
export function assigned(
  assignor: Assignor,
  cluster: ClusterView,
  group: Record<string, Subscription>,
): Record<string, string[]> {
  const assignment = assignor.assign(cluster, new Map(Object.entries(group)))
  return Object.fromEntries(Array.from(assignment, ([memberId, { partitions }]) => [memberId, partitions.map(print)]))
}
