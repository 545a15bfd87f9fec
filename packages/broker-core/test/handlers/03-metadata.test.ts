import { errors, zeroUuid } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { metadata } from '../../src/handlers/03-metadata.ts'
import { clusterId, TestBroker } from '../test-broker.ts'

const unknownId = 'AAAAAAAAAAAAAAAAAAAAKQ'
const noOperations = -2_147_483_648
const { UNKNOWN_TOPIC_OR_PARTITION: unknown, INVALID_TOPIC_EXCEPTION: badName } = errors

async function brokerWithTopics(config = {}): Promise<{ broker: TestBroker; ids: string[] }> {
  const broker = await TestBroker.start({ config })
  const ids = [await broker.createTopic('a'), await broker.createTopic('b', { partitions: 2 })]
  return { broker, ids }
}

/** Names and error codes of the answer's topics. */
async function topicsOf(broker: TestBroker, version: number, body: object): Promise<[string | null, number][]> {
  const { topics } = await broker.request(metadata, version, body)
  return topics.map(({ name, errorCode }): [string | null, number] => [name, errorCode])
}

describe('Metadata', () => {
  it('tells brokers, cluster and controller, and topics with their partitions', async () => {
    const { broker, ids } = await brokerWithTopics()
    await using _ = broker
    const partition = (partitionIndex: number) => ({
      errorCode: 0,
      partitionIndex,
      leaderId: 1,
      leaderEpoch: 0,
      replicaNodes: [1],
      isrNodes: [1],
      offlineReplicas: [],
    })
    expect(await broker.request(metadata, 12, { topics: [{ name: 'b' }] })).toEqual({
      throttleTimeMs: 0,
      brokers: [{ nodeId: 1, host: 'localhost', port: 9092, rack: null }],
      clusterId,
      controllerId: 1,
      topics: [
        {
          errorCode: 0,
          name: 'b',
          topicId: ids[1],
          isInternal: false,
          partitions: [partition(0), partition(1)],
          topicAuthorizedOperations: noOperations,
        },
      ],
      clusterAuthorizedOperations: noOperations,
      errorCode: 0,
    })
  })

  it.each([
    [0, { topics: [] }],
    [1, { topics: null }],
    [13, { topics: null }],
  ])('version %i has a way to ask for all topics', async (version, body) => {
    const { broker } = await brokerWithTopics()
    await using _ = broker
    expect(await topicsOf(broker, version, body)).toEqual([
      ['a', 0],
      ['b', 0],
    ])
  })

  it('takes an empty list for no topics since version 1', async () => {
    const { broker } = await brokerWithTopics()
    await using _ = broker
    expect(await topicsOf(broker, 1, { topics: [] })).toEqual([])
  })

  it('takes topic ids since version 12, and answers by them alone', async () => {
    const { broker, ids } = await brokerWithTopics()
    await using _ = broker
    const topics = [
      { name: 'a' },
      { name: null, topicId: ids[1] },
      { name: null, topicId: unknownId },
      { name: 'a', topicId: ids[1] },
    ]
    expect(await topicsOf(broker, 12, { topics })).toEqual([
      ['b', 0],
      [null, errors.UNKNOWN_TOPIC_ID.code],
    ])
  })

  it.each([10, 11])('refuses ids in version %i, which has the field but not the meaning', async (version) => {
    const { broker, ids } = await brokerWithTopics()
    await using _ = broker
    const { code } = errors.INVALID_REQUEST
    const topics = [{ name: 'a' }, { name: null, topicId: ids[1] }]
    const answer = await broker.request(metadata, version, { topics })
    expect(answer).toMatchObject({ brokers: [], clusterId: null, controllerId: -1 })
    expect(answer.topics.map(({ name, topicId, errorCode }) => [name, topicId, errorCode])).toEqual([
      ['a', zeroUuid, code],
      ['', ids[1], code],
    ])
  })

  it('answers a topic that is named twice once', async () => {
    const { broker } = await brokerWithTopics()
    await using _ = broker
    expect(await topicsOf(broker, 12, { topics: [{ name: 'a' }, { name: 'a' }] })).toEqual([['a', 0]])
  })

  it('makes a topic that is asked for, unless the client or the broker does not want it', async () => {
    const { broker } = await brokerWithTopics({ 'num.partitions': 3 })
    await using _ = broker
    const declined = { topics: [{ name: 'new' }], allowAutoTopicCreation: false }
    expect(await topicsOf(broker, 12, declined)).toEqual([['new', unknown.code]])
    const answer = await broker.request(metadata, 12, { topics: [{ name: 'new' }] })
    expect(answer.topics.map(({ name, partitions }) => [name, partitions.length])).toEqual([['new', 3]])

    const { broker: other } = await brokerWithTopics({ 'auto.create.topics.enable': false })
    await using _other = other
    expect(await topicsOf(other, 12, { topics: [{ name: 'new' }] })).toEqual([['new', unknown.code]])
  })

  it.each([
    ['a name that is none', 'not a name', badName.code],
    ['an empty name', '', badName.code],
    ['a name that differs from another in . and _ alone', 'x.y', badName.code],
  ])('does not make a topic of %s', async (_name, name, errorCode) => {
    const { broker } = await brokerWithTopics()
    await using _ = broker
    await broker.createTopic('x_y')
    expect(await topicsOf(broker, 12, { topics: [{ name }] })).toEqual([[name, errorCode]])
  })

  it('tells what may be done when asked', async () => {
    const { broker } = await brokerWithTopics()
    await using _ = broker
    const asked = { includeTopicAuthorizedOperations: true, includeClusterAuthorizedOperations: true }
    const answer = await broker.request(metadata, 10, { topics: [{ name: 'a' }], ...asked })
    expect([answer.clusterAuthorizedOperations, answer.topics[0]?.topicAuthorizedOperations]).toEqual([8096, 3576])
  })
})
