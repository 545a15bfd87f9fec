import { describe, expect, it } from 'vitest'
import {
  type GroupAssignment,
  type GroupMemberSpec,
  type GroupPartitionAssignor,
  type PartitionsByTopicId,
  rangeGroupAssignor,
  type SubscriptionType,
  uniformGroupAssignor,
} from '../../src/index.ts'
import { readVectors } from '../vectors/read-vectors.ts'

type Partitions = Record<string, number[]>

interface VectorMember {
  memberId: string
  instanceId: string | null
  topics: string[]
  partitions: Partitions
}

interface VectorRound {
  type: SubscriptionType
  members: VectorMember[]
  assignment: Record<string, Partitions>
}

interface GroupVector {
  assignor: 'range' | 'uniform'
  topics: Record<string, number>
  rounds: VectorRound[]
}

const vectors = readVectors<GroupVector>('group-assignors.jsonl.gz')

function assignRound(
  assignor: GroupPartitionAssignor,
  vector: GroupVector,
  round: VectorRound,
): Record<string, Partitions> {
  const members = new Map<string, GroupMemberSpec>(
    round.members.map(({ memberId, instanceId, topics, partitions }) => [
      memberId,
      { instanceId, rackId: null, subscribedTopicIds: new Set(topics), partitions: fromVector(partitions) },
    ]),
  )
  const assignment = assignor.assign(
    { members, subscriptionType: round.type },
    { numPartitions: (topicId) => vector.topics[topicId] ?? -1, racksForPartition: () => new Set() },
  )
  return toVector(assignment)
}

function fromVector(partitions: Partitions): PartitionsByTopicId {
  return new Map(Object.entries(partitions).map(([topicId, numbers]) => [topicId, new Set(numbers)]))
}

function toVector(assignment: GroupAssignment): Record<string, Partitions> {
  const numbers = (partitions: PartitionsByTopicId): Partitions =>
    Object.fromEntries(Array.from(partitions, ([topicId, set]) => [topicId, [...set].sort((a, b) => a - b)]))
  return Object.fromEntries(Array.from(assignment, ([memberId, partitions]) => [memberId, numbers(partitions)]))
}

function imbalance(assignment: Record<string, Partitions>): number {
  const sizes = Object.values(assignment).map((partitions) => Object.values(partitions).flat().length)
  let sum = 0
  for (const a of sizes) for (const b of sizes) sum += Math.abs(a - b)
  return sum / 2
}

function moves(round: VectorRound, assignment: Record<string, Partitions>): number {
  let count = 0
  for (const { memberId, partitions } of round.members) {
    for (const [topicId, numbers] of Object.entries(partitions)) {
      const kept = new Set(assignment[memberId]?.[topicId])
      count += numbers.filter((number) => !kept.has(number)).length
    }
  }
  return count
}

describe('target assignments of the group coordinator of Apache Kafka 4.4', () => {
  it('has the vectors it promises', () => {
    expect(vectors).toHaveLength(200)
  })

  it('range assigns exactly as Kafka does', () => {
    const range = vectors.filter(({ assignor }) => assignor === 'range')
    for (const vector of range) {
      for (const round of vector.rounds) {
        expect(assignRound(rangeGroupAssignor(), vector, round)).toEqual(round.assignment)
      }
    }
  })

  it('uniform is at least as balanced as Kafka and moves no more', () => {
    const uniform = vectors.filter(({ assignor }) => assignor === 'uniform')
    for (const vector of uniform) {
      for (const round of vector.rounds) {
        const ours = assignRound(uniformGroupAssignor(), vector, round)
        const where = JSON.stringify(vector)
        expect(imbalance(ours), where).toBeLessThanOrEqual(imbalance(round.assignment))
        expect(moves(round, ours), where).toBeLessThanOrEqual(moves(round, round.assignment))
      }
    }
  })
})
