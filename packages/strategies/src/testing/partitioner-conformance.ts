import {
  createPartitioner,
  type Partitioner,
  type PartitionerContext,
  type PartitionerFactory,
  type TopicView,
} from '../partitioners/partitioner.ts'
import type { Random } from '../random.ts'
import { type ConformanceCheck, type ConformanceOptions, check, expect } from './conformance-check.ts'
import { seededRandom } from './seeded-random.ts'
import { topicView } from './topic-view.ts'

/** What a partitioner claims beyond always choosing a partition that exists. */
export interface PartitionerConformanceOptions extends ConformanceOptions {
  /** The same key goes to the same partition, whatever else happens. */
  readonly keyed?: boolean
  /** Records without a key reach every partition that has a leader, and no other. */
  readonly spreads?: boolean
  /** Options for the partitioner itself; chance is filled in. */
  readonly context?: Omit<PartitionerContext, 'random'>
}

/** The promises of a partitioner. Give each check to the test runner: `it(check.name, check.run)`. */
export function partitionerConformance(
  factory: PartitionerFactory,
  options: PartitionerConformanceOptions = {},
): ConformanceCheck[] {
  const create = (random: Random): Partitioner => createPartitioner(factory, { ...options.context, random })
  const checks = [
    check('every chosen partition exists', options, (random) => {
      const partitioner = create(random)
      for (let record = 0; record < 50; record++) place(partitioner, randomTopic(random), randomRecord(random))
    }),
    check('a topic may lose and gain partitions', options, (random) => {
      const partitioner = create(random)
      for (const partitionCount of [9, 2, 1, 12]) {
        for (let record = 0; record < 20; record++) {
          place(partitioner, topicView('t', partitionCount), randomRecord(random))
        }
      }
    }),
    check('a topic without any leader still gets partitions', options, (random) => {
      const partitioner = create(random)
      const topic = topicView('t', 1 + random.nextInt(5), { availablePartitions: [] })
      for (let record = 0; record < 20; record++) place(partitioner, topic, randomRecord(random))
    }),
    check('two partitioners share no state', options, (random) => {
      const seed = random.nextInt(1_000_000)
      const alone = placements(create(seededRandom(seed)), seed)
      const disturber = create(seededRandom(seed + 1))
      const together = placements(create(seededRandom(seed)), seed, (topic) =>
        place(disturber, topic, randomRecord(random)),
      )
      expect(
        same(alone, together),
        () => `expected ${alone.join()}, but with another one at work it chose ${together.join()}`,
      )
    }),
    check('key and value stay as they are', options, (random) => {
      const { key, value } = { key: randomBytes(random), value: randomBytes(random) }
      const before = [...key, -1, ...value]
      place(create(random), randomTopic(random), { key, value })
      expect(same(before, [...key, -1, ...value]), () => 'the partitioner wrote into the key or the value')
    }),
  ]
  if (options.keyed) checks.push(...keyedChecks(create, options))
  if (options.spreads) checks.push(...spreadChecks(create, options))
  return checks
}

function keyedChecks(create: (random: Random) => Partitioner, options: ConformanceOptions): ConformanceCheck[] {
  return [
    check('the same key goes to the same partition', options, (random) => {
      const partitioner = create(random)
      const partitionCount = 1 + random.nextInt(20)
      const key = Uint8Array.of(1, ...randomBytes(random))
      const first = place(partitioner, topicView('t', partitionCount), { key, value: null })
      for (let record = 0; record < 20; record++) {
        place(partitioner, topicView('t', partitionCount), randomRecord(random))
        const topic = topicView('t', partitionCount, { availablePartitions: randomSubset(random, partitionCount) })
        const again = place(record % 2 === 0 ? partitioner : create(random), topic, { key, value: randomBytes(random) })
        expect(again === first, () => `key [${key.join()}] went to partition ${first} and then to ${again}`)
      }
    }),
  ]
}

function spreadChecks(create: (random: Random) => Partitioner, options: ConformanceOptions): ConformanceCheck[] {
  return [
    check('records without a key reach the partitions that have a leader, and no others', options, (random) => {
      const partitioner = create(random)
      const partitionCount = 1 + random.nextInt(8)
      const availablePartitions = randomSubset(random, partitionCount)
      if (availablePartitions.length === 0) return
      const topic = topicView('t', partitionCount, { availablePartitions })
      const reached = new Set<number>()
      for (let record = 0; record < 40 * partitionCount; record++) {
        // As large as a batch, so that a sticky partitioner moves on often.
        reached.add(place(partitioner, topic, { key: null, value: null, bytes: 16384 }))
      }
      const partitions = [...reached].sort((a, b) => a - b)
      expect(same(partitions, availablePartitions), () => {
        return `partitions ${availablePartitions.join()} have a leader, but ${partitions.join()} got records`
      })
    }),
  ]
}

interface PlacedRecord {
  key: Uint8Array | null
  value: Uint8Array | null
  /** What a batch grows by; by default key, value and a little more. */
  bytes?: number
}

/** Does what a producer does with one record, and checks the partition. */
function place(partitioner: Partitioner, topic: TopicView, record: PlacedRecord): number {
  const { key, value, bytes = (key?.length ?? 0) + (value?.length ?? 0) + 10 } = record
  const partition = partitioner.partition(topic, key, value)
  const exists = Number.isInteger(partition) && partition >= 0 && partition < topic.partitionCount
  expect(exists, () => `the topic has ${topic.partitionCount} partitions, but partition ${partition} was chosen`)
  partitioner.onAppend?.(topic, { key, partition, bytes, allBatchesFull: bytes > 8192 })
  return partition
}

function placements(partitioner: Partitioner, seed: number, between?: (topic: TopicView) => void): number[] {
  const random = seededRandom(seed)
  return Array.from({ length: 30 }, () => {
    const topic = topicView(`t${random.nextInt(2)}`, 6)
    const record = randomRecord(random)
    between?.(topic)
    return place(partitioner, topic, record)
  })
}

function randomTopic(random: Random): TopicView {
  const partitionCount = 1 + random.nextInt(12)
  const queueSizes = Array.from({ length: partitionCount }, () => random.nextInt(5))
  return topicView(`t${random.nextInt(3)}`, partitionCount, {
    availablePartitions: randomSubset(random, partitionCount),
    queueSize: (partition) => queueSizes[partition],
    leaderLatencyMs: (partition) => (queueSizes[partition] ?? 0) * 100,
    leaderRack: (partition) => `rack-${partition % 2}`,
  })
}

function randomSubset(random: Random, partitionCount: number): number[] {
  const all = Array.from({ length: partitionCount }, (_, partition) => partition)
  return all.filter(() => random.nextInt(4) > 0)
}

function randomRecord(random: Random): PlacedRecord {
  const key = random.nextInt(2) === 0 ? null : randomBytes(random)
  const value = random.nextInt(10) === 0 ? null : randomBytes(random)
  return { key, value, bytes: random.nextInt(20_000) }
}

function randomBytes(random: Random): Uint8Array {
  return Uint8Array.from({ length: random.nextInt(20) }, () => random.nextInt(256))
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}
