import { describe, expect, it } from 'vitest'
import { createPartitioner, randomPartitioner, roundRobinPartitioner } from '../../src/index.ts'
import { seededRandom, topicView } from '../../src/testing/index.ts'

const someKey = Uint8Array.of(1, 2, 3)

describe('roundRobinPartitioner', () => {
  it('takes the available partitions of each topic in turn, whatever the key', () => {
    const partitioner = roundRobinPartitioner()
    const a = topicView('a', 5, { availablePartitions: [0, 2, 4] })
    const b = topicView('b', 2)
    const order = [a, a, b, a, a, b, b].map((topic) => partitioner.partition(topic, someKey, null))
    expect(order).toEqual([0, 2, 0, 4, 0, 1, 0])
  })

  it('takes all partitions in turn when none is available', () => {
    const partitioner = roundRobinPartitioner()
    const topic = topicView('t', 3, { availablePartitions: [] })
    expect([1, 2, 3, 4].map(() => partitioner.partition(topic, null, null))).toEqual([0, 1, 2, 0])
  })
})

describe('randomPartitioner', () => {
  it('reaches all available partitions about equally often', () => {
    const partitioner = randomPartitioner({ random: seededRandom(1) })
    const topic = topicView('t', 5, { availablePartitions: [1, 3] })
    const counts = [0, 0, 0, 0, 0]
    for (let record = 0; record < 1000; record++) counts[partitioner.partition(topic, someKey, null)]!++
    expect(counts[0]! + counts[2]! + counts[4]!).toBe(0)
    expect(Math.abs(counts[1]! - 500)).toBeLessThan(50)
  })
})

describe('createPartitioner', () => {
  it('takes a plain function for a partitioner', () => {
    const byTenant = createPartitioner(() => (topic, key) => (key?.[0] ?? 0) % topic.partitionCount, {
      random: seededRandom(1),
    })
    expect(
      [Uint8Array.of(7), Uint8Array.of(9), null].map((key) => byTenant.partition(topicView('t', 4), key, null)),
    ).toEqual([3, 1, 0])
  })
})
