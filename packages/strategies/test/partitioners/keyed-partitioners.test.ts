import { describe, expect, it } from 'vitest'
import {
  consistentRandomPartitioner,
  defaultPartitioner,
  murmur2RandomPartitioner,
  partitionForKey,
  uniformStickyPartitioner,
} from '../../src/index.ts'
import { seededRandom, topicView } from '../../src/testing/index.ts'
import { readVectors } from '../vectors/read-vectors.ts'

interface KeyVector {
  keyHex: string
  partition: Record<string, number>
}

const keys = readVectors<KeyVector>('murmur2.jsonl.gz').map(({ keyHex, partition }) => ({
  key: Uint8Array.from(Buffer.from(keyHex, 'hex')),
  partitions: Object.entries(partition).map(([count, expected]) => [Number(count), expected] as const),
}))

describe('partitionForKey', () => {
  it('puts every key where the Java client puts it', () => {
    expect(keys).toHaveLength(200)
    for (const { key, partitions } of keys) {
      for (const [count, expected] of partitions) expect(partitionForKey(key, count)).toBe(expected)
    }
  })
})

describe.each([
  ['defaultPartitioner', defaultPartitioner],
  ['murmur2RandomPartitioner', murmur2RandomPartitioner],
] as const)('%s', (_name, create) => {
  it('puts every key where the Java client puts it, also an empty one and one whose partition has no leader', () => {
    const partitioner = create({ random: seededRandom(1) })
    for (const { key, partitions } of keys) {
      for (const [count, expected] of partitions) {
        const topic = topicView('t', count, { availablePartitions: [0] })
        expect(partitioner.partition(topic, key, null)).toBe(expected)
      }
    }
  })
})

describe('defaultPartitioner', () => {
  it('does not count the bytes of keyed records against the partition that keyless ones fill', () => {
    const partitioner = defaultPartitioner({ random: seededRandom(3), batchSize: 100 })
    const topic = topicView('t', 50)
    const sticky = partitioner.partition(topic, null, null)
    const key = keys.find(({ key: candidate }) => partitionForKey(candidate, 50) === sticky)!.key
    for (let record = 0; record < 10; record++) {
      const partition = partitioner.partition(topic, key, null)
      partitioner.onAppend!(topic, { key, partition, bytes: 100, allBatchesFull: true })
    }
    expect(partitioner.partition(topic, null, null)).toBe(sticky)
  })

  it('with ignoreKeys places keyed records like keyless ones', () => {
    const ignoring = defaultPartitioner({ random: seededRandom(7), ignoreKeys: true })
    const sticky = uniformStickyPartitioner({ random: seededRandom(7) })
    const topic = topicView('t', 12)
    for (const { key } of keys) {
      const partition = ignoring.partition(topic, key, null)
      expect(partition).toBe(sticky.partition(topic, null, null))
      const appended = { key, partition, bytes: 5000, allBatchesFull: true }
      ignoring.onAppend!(topic, appended)
      sticky.onAppend(topic, appended)
    }
  })
})

describe('consistentRandomPartitioner', () => {
  const crcs: [key: string, crc32: number][] = [
    ['123456789', 0xcbf43926],
    ['a', 0xe8b7be43],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
  ]

  it.each(crcs)('puts the key %j at the remainder of its CRC-32', (key, crc32) => {
    const partitioner = consistentRandomPartitioner({ random: seededRandom(1) })
    const bytes = Uint8Array.from(Buffer.from(key))
    for (const count of [1, 3, 12, 1000]) {
      expect(partitioner.partition(topicView('t', count), bytes, null)).toBe(crc32 % count)
    }
  })

  it('takes an empty key for none, as librdkafka does', () => {
    const partitioner = consistentRandomPartitioner({ random: seededRandom(1) })
    const empty = new Uint8Array(0)
    const reached = new Set(Array.from({ length: 100 }, () => partitioner.partition(topicView('t', 4), empty, null)))
    expect(reached).toEqual(new Set([0, 1, 2, 3]))
  })
})
