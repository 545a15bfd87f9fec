import { errors, zeroUuid } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { metadata } from '../../src/handlers/03-metadata.ts'
import { deleteTopics } from '../../src/handlers/20-delete-topics.ts'
import { TestBroker } from '../test-broker.ts'
import { fetchOne, produceValues } from '../test-requests.ts'

const { INVALID_REQUEST: badRequest, UNKNOWN_TOPIC_OR_PARTITION: unknown } = errors
const unknownId = 'AAAAAAAAAAAAAAAAAAAAKQ'

async function left(broker: TestBroker): Promise<(string | null)[]> {
  const { topics } = await broker.request(metadata, 12, { topics: null })
  return topics.map(({ name }) => name)
}

describe('DeleteTopics', () => {
  it('deletes by name and by id, and answers which', async () => {
    await using broker = await TestBroker.start()
    const [a, b] = [await broker.createTopic('a'), await broker.createTopic('b')]
    await broker.createTopic('c')
    const topics = [{ name: 'a' }, { name: null, topicId: b }, { name: 'x' }, { name: null, topicId: unknownId }]
    const { responses } = await broker.request(deleteTopics, 6, { topics, timeoutMs: 1000 })
    expect(responses.map(({ name, topicId, errorCode }) => [name, topicId, errorCode])).toEqual([
      ['a', a, 0],
      ['b', b, 0],
      ['x', zeroUuid, unknown.code],
      [null, unknownId, errors.UNKNOWN_TOPIC_ID.code],
    ])
    expect(await left(broker)).toEqual(['c'])
  })

  it('knows names alone before version 6', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('a')
    const { responses } = await broker.request(deleteTopics, 5, { topicNames: ['a', 'x'], timeoutMs: 1000 })
    expect(responses.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['a', 0],
      ['x', unknown.code],
    ])
  })

  it('takes the records with it: a topic of the same name begins anew', async () => {
    await using broker = await TestBroker.start()
    const former = await broker.createTopic('orders')
    await produceValues(broker, ['a'])
    await broker.request(deleteTopics, 6, { topics: [{ name: 'orders' }], timeoutMs: 1000 })
    expect(await broker.createTopic('orders')).not.toBe(former)
    expect((await fetchOne(broker)).highWatermark).toBe(0)
    await broker.restart()
    expect((await fetchOne(broker)).highWatermark).toBe(0)
  })

  it('removes the files after file.delete.delay.ms', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders', { configs: { 'file.delete.delay.ms': 5000 } })
    await broker.request(deleteTopics, 6, { topics: [{ name: 'orders' }], timeoutMs: 1000 })
    const directories = () => broker.storage.list('/data').filter(({ name }) => name.startsWith('orders'))
    expect(directories()).toHaveLength(1)
    await broker.clock.advance(5000)
    expect(directories()).toEqual([])
  })

  it.each([
    ['both name and id', 'a', true, 'You may not specify both topic name and topic id.'],
    ['neither', null, false, 'Neither topic name nor id were specified.'],
  ])('refuses %s', async (_, name, withId, message) => {
    await using broker = await TestBroker.start()
    const topicId = await broker.createTopic('a')
    const topics = [{ name, ...(withId ? { topicId } : {}) }]
    const { responses } = await broker.request(deleteTopics, 6, { topics, timeoutMs: 1000 })
    expect(responses.map(({ errorCode, errorMessage }) => [errorCode, errorMessage])).toEqual([
      [badRequest.code, message],
    ])
    expect(await left(broker)).toEqual(['a'])
  })

  it('refuses a topic that is named twice, by the same name or by name and id, and keeps it', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('a')
    const topicId = await broker.createTopic('b')
    const topics = [{ name: 'a' }, { name: 'a' }, { name: 'b' }, { name: null, topicId }]
    const { responses } = await broker.request(deleteTopics, 6, { topics, timeoutMs: 1000 })
    expect(responses.map(({ name, errorCode, errorMessage }) => [name, errorCode, errorMessage])).toEqual([
      ['a', badRequest.code, 'Duplicate topic name.'],
      ['b', badRequest.code, 'The provided topic name maps to an ID that was already supplied.'],
    ])
    expect(await left(broker)).toEqual(['a', 'b'])
  })

  it.each([
    [2, badRequest.code],
    [3, errors.TOPIC_DELETION_DISABLED.code],
    [6, errors.TOPIC_DELETION_DISABLED.code],
  ])('deletes nothing with delete.topic.enable=false, in version %i', async (version, errorCode) => {
    await using broker = await TestBroker.start({ config: { 'delete.topic.enable': false } })
    await broker.createTopic('a')
    const body = version >= 6 ? { topics: [{ name: 'a' }] } : { topicNames: ['a'] }
    const { responses } = await broker.request(deleteTopics, version, { ...body, timeoutMs: 1000 })
    expect([responses[0]?.errorCode, await left(broker)]).toEqual([errorCode, ['a']])
  })
})
