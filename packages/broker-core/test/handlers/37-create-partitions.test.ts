import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { createPartitions } from '../../src/handlers/37-create-partitions.ts'
import { TestBroker } from '../test-broker.ts'
import { batchOf } from '../test-records.ts'
import { produceBatch } from '../test-requests.ts'

interface Wanted {
  readonly name?: string
  readonly count: number
  readonly assignments?: readonly { readonly brokerIds: readonly number[] }[]
}

async function grown(broker: TestBroker, wanted: Wanted, validateOnly = false): Promise<[number, string | null]> {
  const topics = [{ name: 'orders', assignments: null, ...wanted }]
  const { results } = await broker.request(createPartitions, 3, { topics, timeoutMs: 1000, validateOnly })
  return [results[0]?.errorCode ?? -1, results[0]?.errorMessage ?? null]
}

const partitionsOf = (broker: TestBroker) => broker.broker.metadata.image.topics.byName('orders')?.partitions.size

describe('CreatePartitions', () => {
  it('adds partitions that take records at once', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    expect(await grown(broker, { count: 3 })).toEqual([0, null])
    expect((await produceBatch(broker, batchOf(['a']), { partition: 2 })).errorCode).toBe(0)
  })

  it('takes the replicas of new partitions by hand', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    expect(await grown(broker, { count: 2, assignments: [{ brokerIds: [1] }] })).toEqual([0, null])
  })

  const { INVALID_PARTITIONS: badCount, INVALID_REPLICA_ASSIGNMENT: badAssignment } = errors
  it.each<[string, Wanted, number]>([
    ['as many as there are', { count: 2 }, badCount.code],
    ['fewer', { count: 1 }, badCount.code],
    ['none', { count: 0 }, badCount.code],
    ['a topic that is not there', { name: 'nowhere', count: 3 }, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['more than ten thousand new ones', { count: 10_003 }, errors.POLICY_VIOLATION.code],
    ['too few assignments', { count: 4, assignments: [{ brokerIds: [1] }] }, badAssignment.code],
    ['an unknown replica', { count: 3, assignments: [{ brokerIds: [7] }] }, badAssignment.code],
  ])('refuses %s', async (_, wanted, errorCode) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders', { partitions: 2 })
    const [code] = await grown(broker, wanted)
    expect([code, partitionsOf(broker)]).toEqual([errorCode, 2])
  })

  it('only checks when told to', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    expect([await grown(broker, { count: 3 }, true), partitionsOf(broker)]).toEqual([[0, null], 1])
  })
})
