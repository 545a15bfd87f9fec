/**
 * What the leader of a classic group does for all members: decode what they want, ask the assignor, encode who gets what. Afterwards it
 * watches the topics of the whole group, and a change of their partitions is a reason to assign anew. Kafka: `onLeaderElected`,
 * `MetadataSnapshot`.
 */
import { type ClientCore, KafkaError } from '@odradek/client'
import type { JoinGroupResponse } from '@odradek/protocol/messages'
import {
  type Assignment,
  type Assignor,
  type ClusterView,
  decodeSubscription,
  encodeAssignment,
  type Subscription,
} from '@odradek/strategies'
import { partitionKey, type TopicPartition } from '../topic-partition.ts'

/** The one cooperative assignor that is trusted: it looks at the generations of what members claim to own. */
const trustedAssignor = 'cooperative-sticky'

/** What every member of the group said of itself. */
export function subscriptionsOf(response: JoinGroupResponse): Map<string, Subscription> {
  const subscriptions = new Map<string, Subscription>()
  for (const { memberId, groupInstanceId, metadata } of response.members) {
    subscriptions.set(memberId, { ...decodeSubscription(metadata), groupInstanceId })
  }
  return subscriptions
}

/** The topics that any member wants. */
export function topicsOf(group: ReadonlyMap<string, Subscription>): Set<string> {
  return new Set([...group.values()].flatMap(({ topics }) => [...topics]))
}

/** Who gets what. @throws KafkaError when an assignor that claims to be cooperative takes partitions from members that have them */
export function assignGroup(
  assignor: Assignor,
  { core, group }: { readonly core: ClientCore; readonly group: ReadonlyMap<string, Subscription> },
): Map<string, Assignment> {
  const assignments = assignor.assign(clusterView(core), group)
  const isCooperative = assignor.supportedProtocols.includes('COOPERATIVE')
  if (isCooperative && assignor.name !== trustedAssignor) checkCooperative(assignor, group, assignments)
  return assignments
}

/** The assignments as SyncGroup carries them. */
export function encodedAssignments(assignments: ReadonlyMap<string, Assignment>): {
  memberId: string
  assignment: Uint8Array
}[] {
  return Array.from(assignments, ([memberId, assignment]) => ({ memberId, assignment: encodeAssignment(assignment) }))
}

/** Partitions, and with `clientRack` their racks, of topics at one time, to be compared with those of another. */
export type MetadataSnapshot = ReadonlyMap<string, string>

/** How the topics are at present. */
export function metadataSnapshot({ metadata, context }: ClientCore, topics: Iterable<string>): MetadataSnapshot {
  const { brokers } = metadata.cluster
  const withRacks = context.config.clientRack !== ''
  const snapshot = new Map<string, string>()
  for (const name of topics) {
    const topic = metadata.topic(name)
    if (topic === undefined) continue
    const racks = topic.partitions.map(({ replicas }) =>
      withRacks ? [...new Set(replicas.map((id) => brokers.get(id)?.rack ?? ''))].sort().join() : '',
    )
    snapshot.set(name, racks.join(';'))
  }
  return snapshot
}

/** Whether something has changed between two times. */
export function sameSnapshot(a: MetadataSnapshot, b: MetadataSnapshot): boolean {
  return a.size === b.size && [...a].every(([topic, partitions]) => b.get(topic) === partitions)
}

function clusterView({ metadata }: ClientCore): ClusterView {
  const { cluster } = metadata
  const partitionCount = (topic: string) => cluster.topics.get(topic)?.partitions.length ?? 0
  const rackOf = (nodeId: number) => cluster.brokers.get(nodeId)?.rack ?? null
  if ([...cluster.brokers.values()].every(({ rack }) => rack === null)) return { partitionCount }
  return {
    partitionCount,
    replicaRacks(topic, partition) {
      const replicas = cluster.topics.get(topic)?.partitions[partition]?.replicas ?? []
      return replicas.map(rackOf).filter((rack) => rack !== null)
    },
  }
}

/** A partition goes to a new member only in a round in which nobody says to have it. Kafka: `validateCooperativeAssignment`. */
function checkCooperative(
  assignor: Assignor,
  group: ReadonlyMap<string, Subscription>,
  assignments: ReadonlyMap<string, Assignment>,
): void {
  const owners = new Map<string, string>()
  for (const [memberId, { ownedPartitions }] of group) {
    for (const partition of ownedPartitions) owners.set(partitionKey(partition), memberId)
  }
  const moved: TopicPartition[] = []
  for (const [memberId, { partitions }] of assignments) {
    for (const partition of partitions) {
      const owner = owners.get(partitionKey(partition))
      if (owner !== undefined && owner !== memberId) moved.push(partition)
    }
  }
  if (moved.length === 0) return
  const named = moved.map(partitionKey).join(', ')
  throw new KafkaError(
    'INCONSISTENT_GROUP_PROTOCOL',
    `assignor ${assignor.name} says it is cooperative, and gave ${named} to a new member while another has it`,
  )
}
