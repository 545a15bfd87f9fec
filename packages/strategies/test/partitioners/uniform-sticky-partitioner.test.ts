import { describe, expect, it } from 'vitest'
import { type PartitionerContext, type TopicView, uniformStickyPartitioner } from '../../src/index.ts'
import { seededRandom, topicView } from '../../src/testing/index.ts'

type Options = Omit<PartitionerContext, 'random'>

/** Appends records of the given sizes and says where each went. */
function produce(
  options: Options & { allBatchesFull?: boolean },
  topic: TopicView,
  sizes: readonly number[],
): number[] {
  const { allBatchesFull = true } = options
  const partitioner = uniformStickyPartitioner({ ...options, random: seededRandom(11) })
  return sizes.map((bytes) => {
    const partition = partitioner.partition(topic, null, null)
    partitioner.onAppend(topic, { key: null, partition, bytes, allBatchesFull })
    return partition
  })
}

/** How often each partition is chosen when every record fills a batch, as shares of the whole. */
function shares(topic: TopicView, options: Options = {}): number[] {
  const records = 40_000
  const counts = new Array<number>(topic.partitionCount).fill(0)
  for (const partition of produce({ ...options, batchSize: 1 }, topic, new Array(records).fill(1))) counts[partition]!++
  return counts.map((count) => Math.round((count / records) * 100) / 100)
}

/** The lengths of runs on one partition. */
function runs(partitions: readonly number[]): number[] {
  const lengths: number[] = []
  partitions.forEach((partition, index) => {
    if (partition === partitions[index - 1]) lengths[lengths.length - 1]!++
    else lengths.push(1)
  })
  return lengths
}

describe('uniformStickyPartitioner', () => {
  it('stays on a partition until batch.size bytes are in it', () => {
    // With a thousand partitions the next one is, for this seed, always another one.
    const partitions = produce({ batchSize: 100 }, topicView('t', 1000), new Array(40).fill(25))
    expect(runs(partitions)).toEqual(new Array(10).fill(4))
  })

  it('waits for a batch that still has room, but not for more than another batch.size', () => {
    const partitions = produce({ batchSize: 100, allBatchesFull: false }, topicView('t', 1000), new Array(40).fill(25))
    expect(runs(partitions)).toEqual(new Array(5).fill(8))
  })

  it('moves on with every record when batch.size is 0', () => {
    const partitions = produce({ batchSize: 0 }, topicView('t', 1000), new Array(20).fill(1))
    expect(runs(partitions)).toEqual(new Array(20).fill(1))
  })

  it('keeps a place for each topic', () => {
    const partitioner = uniformStickyPartitioner({ random: seededRandom(5), batchSize: 100 })
    const a = topicView('a', 1000)
    const b = topicView('b', 1000)
    const first = [partitioner.partition(a, null, null), partitioner.partition(b, null, null)]
    partitioner.onAppend(a, { key: null, partition: first[0]!, bytes: 100, allBatchesFull: true })
    expect(partitioner.partition(a, null, null)).not.toBe(first[0])
    expect(partitioner.partition(b, null, null)).toBe(first[1])
  })

  it('refuses a batch size that is no size', () => {
    expect(() => uniformStickyPartitioner({ random: seededRandom(1), batchSize: -1 })).toThrow(RangeError)
    expect(() => uniformStickyPartitioner({ random: seededRandom(1), batchSize: Number.NaN })).toThrow(RangeError)
  })
})

describe('where uniformStickyPartitioner goes next', () => {
  const queues = (sizes: readonly (number | undefined)[], more: Partial<TopicView> = {}): TopicView =>
    topicView('t', sizes.length, { queueSize: (partition) => sizes[partition], ...more })
  const racks = ['a', 'b', 'a', 'b']
  const latencies = [0, 0, 0, 900]
  const inRacks = { leaderRack: (partition: number) => racks[partition] ?? null }
  const withLatency = { leaderLatencyMs: (partition: number) => latencies[partition]! }

  const cases: [title: string, topic: TopicView, options: Options, expected: number[]][] = [
    ['uniform without queues', topicView('t', 4), {}, [0.25, 0.25, 0.25, 0.25]],
    ['uniform over those with a leader', topicView('t', 4, { availablePartitions: [1, 3] }), {}, [0, 0.5, 0, 0.5]],
    ['uniform when queues are equal', queues([2, 2, 2, 2]), {}, [0.25, 0.25, 0.25, 0.25]],
    ['weighted 4, 1, 3 when queues are 0, 3, 1', queues([0, 3, 1]), {}, [0.5, 0.13, 0.38]],
    ['weighted, leaderless ones left out', queues([0, 3, 1], { availablePartitions: [1, 2] }), {}, [0, 0.25, 0.75]],
    ['uniform when not adaptive', queues([0, 3, 0, 3]), { adaptivePartitioning: false }, [0.25, 0.25, 0.25, 0.25]],
    ['uniform until every partition was used', queues([0, 9, undefined, 9]), {}, [0.25, 0.25, 0.25, 0.25]],
    [
      'away from a broker that is stuck',
      queues([1, 1, 1, 1], withLatency),
      { availabilityTimeoutMs: 500 },
      [0.33, 0.33, 0.33, 0],
    ],
    [
      'to a slow broker that is not stuck',
      queues([1, 1, 1, 1], withLatency),
      { availabilityTimeoutMs: 900 },
      [0.25, 0.25, 0.25, 0.25],
    ],
    ['to the own rack', topicView('t', 4, inRacks), { rackAware: true, rack: 'b' }, [0, 0.5, 0, 0.5]],
    [
      'anywhere when the rack has no leader',
      topicView('t', 4, inRacks),
      { rackAware: true, rack: 'c' },
      [0.25, 0.25, 0.25, 0.25],
    ],
    ['by load within the own rack', queues([0, 0, 5, 2], inRacks), { rackAware: true, rack: 'b' }, [0, 0.75, 0, 0.25]],
    [
      'by load anywhere when the rack has no leader',
      queues([0, 2], inRacks),
      { rackAware: true, rack: 'c' },
      [0.75, 0.25],
    ],
  ]

  it.each(cases)('%s', (_title, topic, options, expected) => {
    const actual = shares(topic, options)
    actual.forEach((share, partition) => {
      expect(Math.abs(share - expected[partition]!), `${actual.join()}`).toBeLessThanOrEqual(0.011)
      if (expected[partition] === 0) expect(share).toBe(0)
    })
  })
})
