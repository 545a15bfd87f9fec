import { describe, expect, it } from 'vitest'
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from '../../src/index.ts'
import { readVectors } from '../vectors/read-vectors.ts'
import {
  type AssignorVector,
  assignRound,
  imbalance,
  moves,
  parse,
  subscribedOnly,
  subscriptionOf,
} from './kafka-assignors.ts'

const golden = readVectors<AssignorVector>('assignors.jsonl.gz')
const withRacksAndBytes = readVectors<AssignorVector>('assignors-racks-and-bytes.jsonl.gz')

const of = (vectors: AssignorVector[], ...names: string[]): AssignorVector[] =>
  vectors.filter(({ assignor }) => names.includes(assignor))

describe('assignments of Apache Kafka 4.4', () => {
  it('has the vectors it promises', () => {
    expect([golden.length, withRacksAndBytes.length]).toEqual([240, 360])
  })

  it.each([
    ['range', golden],
    ['roundrobin', golden],
    ['range', withRacksAndBytes],
    ['roundrobin', withRacksAndBytes],
  ] as const)('%s assigns exactly as Kafka does', (name, vectors) => {
    const selected = of([...vectors], name)
    expect(selected.length).toBeGreaterThan(50)
    for (const vector of selected) {
      for (const round of vector.rounds) expect(assignRound(vector, round)).toEqual(round.assignment)
    }
  })

  it.each(['sticky', 'cooperative-sticky'])('%s is at least as balanced as Kafka and moves no more', (name) => {
    const selected = of([...golden, ...withRacksAndBytes], name)
    expect(selected.length).toBeGreaterThan(120)
    for (const vector of selected) {
      for (const round of vector.rounds) {
        const kafka = subscribedOnly(round)
        const ours = assignRound(vector, round)
        expect(moves(round, ours), JSON.stringify(vector)).toBeLessThanOrEqual(moves(round, kafka.assignment))
        // Partitions in transfer are with nobody, so only complete assignments can be compared.
        const size = (assignment: Record<string, string[]>): number => Object.values(assignment).flat().length
        if (size(ours) !== size(kafka.assignment)) continue
        expect(imbalance(ours), JSON.stringify(vector)).toBeLessThanOrEqual(imbalance(kafka.assignment))
      }
    }
  })
})

describe('the bytes of the embedded consumer protocol', () => {
  const members = withRacksAndBytes.flatMap(({ assignor, rounds }) =>
    rounds.flatMap((round) => round.members.map((member) => ({ assignor, round, member }))),
  )

  it('writes subscriptions byte for byte as Kafka does', () => {
    for (const { assignor, member } of members) {
      const bytes = Buffer.from(encodeSubscription(subscriptionOf(assignor, member)))
      expect(bytes.toString('hex')).toBe(member.subscriptionHex)
    }
  })

  it('reads from a subscription what Kafka wrote', () => {
    for (const { assignor, member } of members) {
      const { groupInstanceId: _, ...expected } = subscriptionOf(assignor, member)
      const { groupInstanceId, ...read } = decodeSubscription(Buffer.from(member.subscriptionHex!, 'hex'))
      const sort = (partitions: readonly { topic: string; partition: number }[]): string =>
        partitions
          .map(({ topic, partition }) => `${topic}-${partition}`)
          .sort()
          .join()
      expect({ ...read, ownedPartitions: sort(read.ownedPartitions) }).toEqual({
        ...expected,
        ownedPartitions: sort(expected.ownedPartitions),
      })
      expect(groupInstanceId).toBeNull()
    }
  })

  it('writes assignments byte for byte as Kafka does, and reads them', () => {
    for (const { round, member } of members) {
      const partitions = round.assignment[member.memberId]!.map(parse)
      const bytes = Buffer.from(encodeAssignment({ partitions }))
      expect(bytes.toString('hex')).toBe(round.assignmentHex![member.memberId])
      const sort = (list: readonly { topic: string; partition: number }[]): string[] =>
        list.map(({ topic, partition }) => `${topic}-${partition}`).sort()
      expect(sort(decodeAssignment(bytes).partitions)).toEqual(sort(partitions))
    }
  })
})
