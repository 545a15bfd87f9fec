import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { deleteRecords } from '../../src/handlers/21-delete-records.ts'
import { TestBroker } from '../test-broker.ts'
import { batchOf, valuesIn } from '../test-records.ts'
import { fetchOne, produceBatch, produceValues } from '../test-requests.ts'

async function deleted(broker: TestBroker, offset: number, { topic = 'orders', partition = 0 } = {}) {
  const topics = [{ name: topic, partitions: [{ partitionIndex: partition, offset }] }]
  const response = await broker.request(deleteRecords, 2, { topics, timeoutMs: 1000 })
  return response.topics[0]?.partitions[0]
}

describe('DeleteRecords', () => {
  it.each([
    ['up to an offset', 2, 2, ['c']],
    ['up to the high watermark with -1', -1, 3, []],
    ['nothing below the start', 0, 0, ['a', 'b', 'c']],
  ])('deletes %s', async (_, offset, lowWatermark, expected) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    await produceValues(broker, ['a', 'b', 'c'])
    expect(await deleted(broker, offset)).toEqual({ partitionIndex: 0, lowWatermark, errorCode: 0 })
    const answer = await fetchOne(broker, { offset: lowWatermark })
    expect([answer.logStartOffset, valuesIn(answer.records)]).toEqual([lowWatermark, expected])
  })

  it.each(['close', 'abandon'] as const)('is remembered over a restart (%s)', async (how) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    await produceValues(broker, ['a', 'b', 'c'])
    await deleted(broker, 2)
    // A killed broker remembers what the checkpoint says.
    await broker.clock.advance(60_000)
    await broker.restart(how)
    expect((await fetchOne(broker, { offset: 1 })).errorCode).toBe(errors.OFFSET_OUT_OF_RANGE.code)
  })

  it.each([
    ['an offset behind the high watermark', 4, {}, errors.OFFSET_OUT_OF_RANGE.code],
    ['a negative offset', -2, {}, errors.OFFSET_OUT_OF_RANGE.code],
    ['an unknown topic', 0, { topic: 'nowhere' }, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['an unknown partition', 0, { partition: 5 }, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['a topic that is only compacted', 0, { topic: 'table' }, errors.POLICY_VIOLATION.code],
  ])('refuses %s', async (_, offset, at, errorCode) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    await broker.createTopic('table', { configs: { 'cleanup.policy': 'compact' } })
    await produceValues(broker, ['a', 'b', 'c'])
    await produceBatch(broker, batchOf([{ key: 'k', value: 'v' }]), { topic: 'table' })
    const partitionIndex = 'partition' in at ? at.partition : 0
    expect(await deleted(broker, offset, at)).toEqual({ partitionIndex, lowWatermark: -1, errorCode })
  })
})
