import type { Input } from '@odradek/protocol'
import { errors } from '@odradek/protocol'
import type { CreateTopicsRequestCreatableTopic } from '@odradek/protocol/messages'
import { describe, expect, it } from 'vitest'
import { metadata } from '../../src/handlers/03-metadata.ts'
import { createTopics } from '../../src/handlers/19-create-topics.ts'
import { TestBroker } from '../test-broker.ts'
import { batchOf } from '../test-records.ts'
import { produceBatch } from '../test-requests.ts'

type Topic = Input<CreateTopicsRequestCreatableTopic>
const topic = (name: string, changes: Topic = {}): Topic => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  ...changes,
})
const config = (name: string, value: string | null) => ({ configs: [{ name, value }] })

/** Error code and message by topic. */
async function created(broker: TestBroker, ...topics: Topic[]): Promise<[string, number, string | null][]> {
  const response = await broker.request(createTopics, 7, { topics, timeoutMs: 1000 })
  return response.topics.map(({ name, errorCode, errorMessage }): [string, number, string | null] => [
    name,
    errorCode,
    errorMessage,
  ])
}

describe('CreateTopics', () => {
  it('answers when the topic takes records, with its id and effective configs', async () => {
    await using broker = await TestBroker.start()
    const topics = [topic('orders', { numPartitions: 2, ...config('retention.ms', '5000') })]
    const response = await broker.request(createTopics, 7, { topics, timeoutMs: 1000 })
    const [result] = response.topics
    const { configs = [], ...rest } = result ?? {}
    expect(rest).toEqual({
      name: 'orders',
      topicId: broker.broker.metadata.image.topics.byName('orders')?.topicId,
      errorCode: 0,
      errorMessage: null,
      topicConfigErrorCode: 0,
      numPartitions: 2,
      replicationFactor: 1,
    })
    const names = configs?.map(({ name }) => name) ?? []
    expect(names).toEqual(names.toSorted())
    expect(configs).toContainEqual({
      name: 'retention.ms',
      value: '5000',
      readOnly: false,
      configSource: 1,
      isSensitive: false,
    })
    expect((await produceBatch(broker, batchOf(['a']), { partition: 1 })).errorCode).toBe(0)
  })

  it('takes partitions and replicas of the broker for -1', async () => {
    await using broker = await TestBroker.start({ config: { 'num.partitions': 4 } })
    const topics = [topic('orders', { numPartitions: -1, replicationFactor: -1 })]
    const response = await broker.request(createTopics, 7, { topics, timeoutMs: 1000 })
    expect(response.topics[0]).toMatchObject({ numPartitions: 4, replicationFactor: 1, errorCode: 0 })
  })

  it('only checks when told to', async () => {
    await using broker = await TestBroker.start()
    const response = await broker.request(createTopics, 7, { topics: [topic('a')], timeoutMs: 1, validateOnly: true })
    expect(response.topics[0]?.errorCode).toBe(0)
    const found = await broker.request(metadata, 12, { topics: null })
    expect(found.topics).toEqual([])
  })

  const { INVALID_TOPIC_EXCEPTION: badName, INVALID_CONFIG: badConfig, INVALID_REQUEST: badRequest } = errors
  it.each<[string, Topic, number, string]>([
    ['an empty name', topic(''), badName.code, 'Topic name is invalid: the empty string is not allowed'],
    ['a name with a blank', topic('a b'), badName.code, "Topic name is invalid: 'a b' contains one or more characters"],
    ['a name of 250 characters', topic('x'.repeat(250)), badName.code, 'Topic name is invalid: the length of'],
    ['a name that exists', topic('old.one'), errors.TOPIC_ALREADY_EXISTS.code, "Topic 'old.one' already exists."],
    ['a name that collides', topic('old_one'), badName.code, "Topic 'old_one' collides with existing topic: old.one"],
    ['the metadata log', topic('__cluster_metadata'), badRequest.code, 'Creation of internal topic'],
    ['no partitions', topic('a', { numPartitions: 0 }), errors.INVALID_PARTITIONS.code, 'Number of partitions'],
    ['no replicas', topic('a', { replicationFactor: 0 }), errors.INVALID_REPLICATION_FACTOR.code, 'Replication factor'],
    [
      'more replicas than brokers',
      topic('a', { replicationFactor: 2 }),
      errors.INVALID_REPLICATION_FACTOR.code,
      'Unable to replicate the partition 2 time(s)',
    ],
    ['an unknown config', topic('a', config('nope', '1')), badConfig.code, 'Unknown topic config name: nope'],
    ['a bad config', topic('a', config('retention.ms', 'x')), badConfig.code, 'Invalid value x for configuration'],
    ['a config without a value', topic('a', config('retention.ms', null)), badConfig.code, 'Null value not supported'],
    [
      'an unknown replica',
      topic('a', { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [9] }] }),
      errors.INVALID_REPLICA_ASSIGNMENT.code,
      'The manual partition assignment includes broker 9',
    ],
  ])('refuses %s and makes the others', async (_, wanted, errorCode, message) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('old.one')
    const [refused, other] = await created(broker, wanted, topic('other'))
    expect([refused?.[1], refused?.[2]?.slice(0, message.length)]).toEqual([errorCode, message])
    expect(other).toEqual(['other', 0, null])
  })

  it('refuses a name that is given twice, once', async () => {
    await using broker = await TestBroker.start()
    expect(await created(broker, topic('a'), topic('a'))).toEqual([['a', badRequest.code, 'Duplicate topic name.']])
  })

  it.each([
    ['partitions', [topic('a', { numPartitions: 10_001 }), topic('b')], 'Excessively large number of partitions'],
    ['records', [topic('a', { numPartitions: 10_000 })], 'Unable to perform excessively large batch operation.'],
  ])('refuses more than ten thousand %s, and with them all others', async (_, topics, message) => {
    await using broker = await TestBroker.start()
    const results = await created(broker, ...topics)
    expect(results.map(([name, errorCode, text]) => [name, errorCode, text?.slice(0, message.length)])).toEqual(
      topics.map(({ name }) => [name, errors.POLICY_VIOLATION.code, message]),
    )
  })

  it('makes one of two topics that are asked for at once', async () => {
    await using broker = await TestBroker.start()
    const connections = [await broker.connect(), await broker.connect()]
    const answers = await Promise.all(
      connections.map((connection) => connection.request(createTopics, 7, { topics: [topic('a')], timeoutMs: 1000 })),
    )
    expect(answers.map(({ topics }) => topics[0]?.errorCode).sort()).toEqual([0, errors.TOPIC_ALREADY_EXISTS.code])
  })
})
