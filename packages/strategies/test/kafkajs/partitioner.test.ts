import kafkajs from 'kafkajs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { roundRobinPartitioner } from '../../src/index.ts'
import { kafkajsPartitioner } from '../../src/kafkajs/index.ts'
import { seededRandom } from '../../src/testing/index.ts'
import { readVectors } from '../vectors/read-vectors.ts'
import { groupMessagesPerPartition } from './kafkajs-internals.ts'

/** Metadata as kafkajs decodes it, in the order of the broker; partitions in `leaderless` have no leader. */
const metadata = (count: number, leaderless: number[] = []) =>
  Array.from({ length: count }, (_, index) => {
    const partitionId = count - 1 - index
    const leader = leaderless.includes(partitionId) ? -1 : 1
    return { partitionErrorCode: 0, partitionId, leader, replicas: [1], isr: [1] }
  })

describe('kafkajsPartitioner', () => {
  it('is what kafkajs takes as createPartitioner', () => {
    expectTypeOf(kafkajsPartitioner()).toExtend<kafkajs.ICustomPartitioner>()
    const kafka = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'], logLevel: kafkajs.logLevel.NOTHING })
    const producer = kafka.producer({ createPartitioner: kafkajsPartitioner() })
    expect(producer.send).toBeTypeOf('function')
  })

  it('puts keys where the Java client and the default partitioner of kafkajs put them', () => {
    const ours = kafkajsPartitioner()()
    const theirs = kafkajs.Partitioners.DefaultPartitioner()
    for (const { keyHex, partition } of readVectors<{ keyHex: string; partition: Record<string, number> }>(
      'murmur2.jsonl.gz',
    )) {
      const message = { key: Buffer.from(keyHex, 'hex'), value: null }
      for (const [count, expected] of Object.entries(partition)) {
        const args = { topic: 't', partitionMetadata: metadata(Number(count)), message }
        expect([ours(args), theirs(args)]).toEqual([expected, expected])
      }
    }
  })

  it('takes keys and values as text, too', () => {
    const partitioner = kafkajsPartitioner()()
    const partitionMetadata = metadata(100)
    const place = (key: string | Buffer): number =>
      partitioner({ topic: 't', partitionMetadata, message: { key, value: 'v' } })
    for (const key of ['', 'key', 'schlüssel', 'ключ']) expect(place(key)).toBe(place(Buffer.from(key)))
  })

  it('leaves a message where it says it goes', () => {
    const message = { key: 'key', value: null, partition: 7 }
    expect(kafkajsPartitioner()()({ topic: 't', partitionMetadata: metadata(9), message })).toBe(7)
  })

  it('fills up one partition after the other with keyless messages of a producer of kafkajs', () => {
    const partitioner = kafkajsPartitioner(undefined, { random: seededRandom(2), batchSize: 1000 })()
    const messages = Array.from({ length: 100 }, () => ({ value: Buffer.alloc(88) }))
    const partitionMetadata = metadata(50, [3, 4])
    const grouped = groupMessagesPerPartition({ topic: 't', partitionMetadata, messages, partitioner })
    expect(Object.values(grouped).flat()).toHaveLength(100)
    expect(Object.values(grouped).every((batch) => batch.length % 10 === 0)).toBe(true)
    expect(Object.keys(grouped)).not.toContain('3')
  })

  it('runs any partitioner, each producer with its own', () => {
    const create = kafkajsPartitioner(roundRobinPartitioner)
    const [a, b] = [create(), create()]
    const args = { topic: 't', partitionMetadata: metadata(4, [2]), message: { value: 'v' } }
    expect([a(args), a(args), b(args), a(args), a(args), b(args)]).toEqual([0, 1, 0, 3, 0, 1])
  })

  it('draws its chance from the system when none is given', () => {
    const args = { topic: 't', partitionMetadata: metadata(1000), message: { value: 'v' } }
    const starts = new Set(Array.from({ length: 20 }, () => kafkajsPartitioner()()(args)))
    expect(starts.size).toBeGreaterThan(10)
  })
})
