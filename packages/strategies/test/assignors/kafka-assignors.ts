import {
  type Assignor,
  type ClusterView,
  cooperativeStickyAssignor,
  rangeAssignor,
  roundRobinAssignor,
  type Subscription,
  stickyAssignor,
  type TopicPartition,
} from '../../src/index.ts'

/** A member as the vectors describe it. */
export interface VectorMember {
  memberId: string
  topics: string[]
  userDataHex?: string
  ownedPartitions: string[]
  generation: number
  rack?: string
  groupInstanceId?: string
  /** Kafka's bytes for it. */
  subscriptionHex?: string
}

/** What Kafka's assignor made of a group. */
export interface VectorRound {
  members: VectorMember[]
  assignment: Record<string, string[]>
  assignmentHex?: Record<string, string>
}

/** Some rounds of one group, each starting from the assignment of the one before. */
export interface AssignorVector {
  assignor: string
  topics: { name: string; partitions: number; partitionRacks?: string[][] }[]
  rounds: VectorRound[]
}

const assignors: Record<string, () => Assignor> = {
  range: rangeAssignor,
  roundrobin: roundRobinAssignor,
  sticky: stickyAssignor,
  'cooperative-sticky': cooperativeStickyAssignor,
}

function clusterOf({ topics }: AssignorVector): ClusterView {
  const byName = new Map(topics.map((topic) => [topic.name, topic]))
  return {
    partitionCount: (topic) => byName.get(topic)?.partitions ?? 0,
    replicaRacks: (topic, partition) => byName.get(topic)?.partitionRacks?.[partition] ?? [],
  }
}

export function subscriptionOf(assignor: string, member: VectorMember): Subscription {
  return {
    topics: member.topics,
    userData: member.userDataHex === undefined ? null : Uint8Array.from(Buffer.from(member.userDataHex, 'hex')),
    // Eager members have given everything up when they join.
    ownedPartitions: assignor === 'cooperative-sticky' ? member.ownedPartitions.map(parse) : [],
    generationId: member.generation,
    rackId: member.rack ?? null,
    groupInstanceId: member.groupInstanceId ?? null,
  }
}

export function parse(text: string): TopicPartition {
  const dash = text.lastIndexOf('-')
  return { topic: text.slice(0, dash), partition: Number(text.slice(dash + 1)) }
}

export function print({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

/** Assigns a round of a vector and prints what each member gets. */
export function assignRound(vector: AssignorVector, round: VectorRound): Record<string, string[]> {
  const group = new Map(round.members.map((member) => [member.memberId, subscriptionOf(vector.assignor, member)]))
  const assignment = assignors[vector.assignor]!().assign(clusterOf(vector), group)
  return Object.fromEntries(Array.from(assignment, ([memberId, { partitions }]) => [memberId, partitions.map(print)]))
}

/** The sum of the differences between all pairs of members: 0 is a perfect balance. */
export function imbalance(assignment: Record<string, string[]>): number {
  const sizes = Object.values(assignment).map((partitions) => partitions.length)
  let sum = 0
  for (const a of sizes) for (const b of sizes) sum += Math.abs(a - b)
  return sum / 2
}

/** How many partitions a member has to give up. */
export function moves(round: VectorRound, assignment: Record<string, string[]>): number {
  let count = 0
  for (const { memberId, topics, ownedPartitions } of round.members) {
    for (const owned of ownedPartitions) {
      if (topics.includes(parse(owned).topic) && !assignment[memberId]!.includes(owned)) count++
    }
  }
  return count
}

/**
 * What Kafka assigned, without topics nobody subscribes to: the vectors were made below the step that leaves those out, and the sticky
 * assignors deal out whatever they are handed there.
 */
export function subscribedOnly(round: VectorRound): VectorRound {
  const topics = new Set(round.members.flatMap((member) => member.topics))
  const keep = (partitions: string[]): string[] => partitions.filter((partition) => topics.has(parse(partition).topic))
  return {
    members: round.members,
    assignment: Object.fromEntries(
      Object.entries(round.assignment).map(([memberId, partitions]) => [memberId, keep(partitions)]),
    ),
  }
}
