import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { describeProducers } from '../../src/handlers/61-describe-producers.ts'
import { TestBroker } from '../test-broker.ts'
import { testStartMs } from '../test-clock.ts'
import { idempotentBatch } from '../test-records.ts'
import { produceBatch } from '../test-requests.ts'

describe('DescribeProducers', () => {
  it('tells the producers of a partition', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    await produceBatch(broker, idempotentBatch({ id: 7, epoch: 2, sequence: 5 }, 'a', 'b'))
    const { topics } = await broker.request(describeProducers, 0, {
      topics: [{ name: 'orders', partitionIndexes: [0] }],
    })
    expect(topics[0]?.partitions[0]?.activeProducers).toEqual([
      {
        producerId: 7,
        producerEpoch: 2,
        lastSequence: 6,
        lastTimestamp: testStartMs,
        coordinatorEpoch: -1,
        currentTxnStartOffset: -1,
      },
    ])
  })

  it.each([
    ['orders', 9, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['nowhere', 0, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['not a name', 0, errors.INVALID_TOPIC_EXCEPTION.code],
  ])('refuses %s-%i', async (name, index, errorCode) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const { topics } = await broker.request(describeProducers, 0, { topics: [{ name, partitionIndexes: [index] }] })
    expect(topics[0]?.partitions[0]).toMatchObject({ partitionIndex: index, errorCode, activeProducers: [] })
  })

  it('knows no producer where nobody wrote with an id', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders', { partitions: 2 })
    await produceBatch(broker, idempotentBatch({ id: 7, epoch: 0, sequence: 0 }, 'a'))
    const { topics } = await broker.request(describeProducers, 0, {
      topics: [{ name: 'orders', partitionIndexes: [0, 1] }],
    })
    const told = topics[0]?.partitions.map(({ activeProducers }) => activeProducers.map(({ producerId }) => producerId))
    expect(told).toEqual([[7], []])
  })
})
