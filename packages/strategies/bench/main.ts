/**
 * What the strategies cost: placing a record, beside kafkajs, and dividing a large group. `npm run bench -w @odradek/strategies`.
 */
import kafkajs from 'kafkajs'
import {
  type Assignor,
  type ClusterView,
  defaultPartitioner,
  encodeStickyUserData,
  rangeAssignor,
  roundRobinAssignor,
  type Subscription,
  stickyAssignor,
  type TopicPartition,
} from '../src/index.ts'
import { seededRandom, topicView } from '../src/testing/index.ts'

/** Microseconds per run: the median of some rounds, the code warmed up. */
function microseconds(run: () => void, times: number): number {
  const rounds = Array.from({ length: 9 }, () => {
    const started = performance.now()
    for (let i = 0; i < times; i++) run()
    return ((performance.now() - started) * 1000) / times
  })
  return rounds.toSorted((a, b) => a - b)[4]!
}

function partitioners(): void {
  const topic = topicView('orders', 12, { queueSize: (partition) => partition % 3 })
  const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => {
    return { partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] }
  })
  const key = Buffer.from('0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9')
  const value = Buffer.alloc(100)
  const ours = defaultPartitioner({ random: seededRandom(1) })
  const theirs = kafkajs.Partitioners.DefaultPartitioner()
  const record = { key: null, partition: 0, bytes: 110, allBatchesFull: true }
  const rows = {
    'key of 36 bytes': {
      odradek: microseconds(() => ours.partition(topic, key, value), 200_000),
      kafkajs: microseconds(() => theirs({ topic: 'orders', partitionMetadata, message: { key, value } }), 20_000),
    },
    'no key, with onAppend': {
      odradek: microseconds(() => {
        record.partition = ours.partition(topic, null, value)
        ours.onAppend?.(topic, record)
      }, 200_000),
      kafkajs: microseconds(() => theirs({ topic: 'orders', partitionMetadata, message: { value } }), 20_000),
    },
  }
  console.log('microseconds per record')
  console.table(rows)
}

const topics = Array.from({ length: 100 }, (_, topic) => `topic-${String(topic).padStart(3, '0')}`)
const cluster: ClusterView = { partitionCount: () => 100 }

function member(number: number, alike: boolean, owned: readonly TopicPartition[]): Subscription {
  return {
    topics: alike ? topics : topics.filter((_, topic) => (topic * 7 + number) % 3 > 0),
    userData: owned.length > 0 ? encodeStickyUserData({ partitions: owned, generation: 1 }) : null,
    ownedPartitions: [],
    generationId: -1,
    rackId: null,
    groupInstanceId: null,
  }
}

/** Milliseconds for the first assignment of 500 members, and for the one after a tenth of them was replaced. */
function milliseconds(assignor: Assignor, alike: boolean): { first: number; after: number } {
  const group = new Map(Array.from({ length: 500 }, (_, number) => [`m-${number}`, member(number, alike, [])] as const))
  const started = performance.now()
  const assignment = assignor.assign(cluster, group)
  const first = performance.now() - started
  const next = new Map(
    Array.from({ length: 500 }, (_, number) => {
      const stays = number % 10 > 0
      const owned = stays ? assignment.get(`m-${number}`)!.partitions : []
      return [stays ? `m-${number}` : `n-${number}`, member(number, alike, owned)] as const
    }),
  )
  const again = performance.now()
  assignor.assign(cluster, next)
  return { first: Math.round(first), after: Math.round(performance.now() - again) }
}

function assignors(): void {
  console.log(
    'milliseconds to divide 10,000 partitions of 100 topics among 500 members, at first and after 50 were replaced',
  )
  console.table({
    'range, same topics': milliseconds(rangeAssignor(), true),
    'roundrobin, same topics': milliseconds(roundRobinAssignor(), true),
    'sticky, same topics': milliseconds(stickyAssignor(), true),
    'sticky, different topics': milliseconds(stickyAssignor(), false),
  })
}

partitioners()
assignors()
