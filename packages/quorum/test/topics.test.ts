import { errors, zeroUuid } from '@odradek/protocol'
import type { CreateTopicsRequest, CreateTopicsRequestCreatableTopic } from '@odradek/protocol/messages'
import { describe, expect, it } from 'vitest'
import { createPartitions, createTopics, deleteTopics } from '../src/index.ts'
import { Cluster, directoryId, uuid } from './cluster.ts'

type Topic = CreateTopicsRequestCreatableTopic
const topic = (name: string, changes: Partial<Topic> = {}): Topic => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  assignments: [],
  configs: [],
  ...changes,
})
const request = (...topics: Topic[]): CreateTopicsRequest => ({ topics, timeoutMs: 1000, validateOnly: false })
const create = (cluster: Cluster, ...topics: Topic[]) =>
  cluster.run((context) => createTopics(request(...topics), context)).topics

describe('a topic', () => {
  it('is made with an id, its configs, and partitions led by an active broker', () => {
    const cluster = new Cluster(1)
    const configs = [{ name: 'retention.ms', value: '1000' }]
    expect(create(cluster, topic('orders', { numPartitions: 2, configs }))).toEqual([
      { name: 'orders', topicId: uuid(1), errorCode: 0, errorMessage: null, numPartitions: 2, replicationFactor: 1 },
    ])
    expect(cluster.topicConfigs('orders')).toEqual({ 'retention.ms': '1000' })
    expect(cluster.partition('orders', 1)).toEqual({
      leader: 1,
      isr: [1],
      leaderEpoch: 0,
      partitionEpoch: 0,
      leaderRecoveryState: 0,
      elr: [],
      lastKnown: [],
    })
    expect(cluster.image.topics.byName('orders')?.partitions.get(0)?.directories).toEqual([directoryId(1)])
  })

  it('is only checked when the request says validateOnly', () => {
    const cluster = new Cluster(1)
    const result = cluster.run((context) => createTopics({ ...request(topic('orders')), validateOnly: true }, context))
    expect(result.topics).toMatchObject([{ name: 'orders', numPartitions: 1 }])
    expect(cluster.image.topics.size).toBe(0)
  })

  it('spreads leaders and replicas evenly over brokers', () => {
    const cluster = new Cluster(3)
    create(cluster, topic('wide', { numPartitions: 6, replicationFactor: 2 }))
    const partitions = [...cluster.image.topics.byName('wide')!.partitions.values()]
    const count = (ids: readonly number[]) => [1, 2, 3].map((id) => ids.filter((other) => other === id).length)
    expect(count(partitions.map((partition) => partition.leader))).toEqual([2, 2, 2])
    expect(count(partitions.flatMap((partition) => partition.replicas))).toEqual([4, 4, 4])
  })

  const refused: readonly [string, Topic, keyof typeof errors, string][] = [
    ['an empty name', topic(''), 'INVALID_TOPIC_EXCEPTION', 'Topic name is invalid: the empty string is not allowed'],
    ['a dot', topic('.'), 'INVALID_TOPIC_EXCEPTION', "Topic name is invalid: '.' is not allowed"],
    [
      'a slash',
      topic('a/b'),
      'INVALID_TOPIC_EXCEPTION',
      "Topic name is invalid: 'a/b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
    ],
    ['the name of another', topic('taken'), 'TOPIC_ALREADY_EXISTS', "Topic 'taken' already exists."],
    [
      'a name that collides in metrics',
      topic('a_b'),
      'INVALID_TOPIC_EXCEPTION',
      "Topic 'a_b' collides with existing topic: a.b",
    ],
    [
      'no partition',
      topic('x', { numPartitions: 0 }),
      'INVALID_PARTITIONS',
      'Number of partitions was set to an invalid non-positive value.',
    ],
    [
      'more replicas than brokers',
      topic('x', { replicationFactor: 3 }),
      'INVALID_REPLICATION_FACTOR',
      'Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned.',
    ],
    [
      'an unknown config',
      topic('x', { configs: [{ name: 'bad', value: '1' }] }),
      'INVALID_CONFIG',
      'Unknown topic config name: bad',
    ],
    [
      'an assignment with a gap',
      topic('x', { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 1, brokerIds: [1] }] }),
      'INVALID_REPLICA_ASSIGNMENT',
      'partitions should be a consecutive 0-based integer sequence',
    ],
    [
      'an assignment to a stranger',
      topic('x', { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [9] }] }),
      'INVALID_REPLICA_ASSIGNMENT',
      'The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
  ]
  it.each(refused)('is refused with %s', (_, requested, error, errorMessage) => {
    const cluster = new Cluster(1)
    create(cluster, topic('taken'), topic('a.b'))
    expect(create(cluster, requested)).toEqual([
      { name: requested.name, errorCode: errors[error].code, errorMessage, numPartitions: -1, replicationFactor: -1 },
    ])
  })

  it('named twice in a request is refused once', () => {
    expect(create(new Cluster(1), topic('twice'), topic('twice'))).toMatchObject([
      { name: 'twice', errorCode: errors.INVALID_REQUEST.code, errorMessage: 'Duplicate topic name.' },
    ])
  })

  it('grows by partitions and never shrinks', () => {
    const cluster = new Cluster(1)
    create(cluster, topic('orders'))
    const grow = (count: number) =>
      cluster.run((context) =>
        createPartitions(
          { topics: [{ name: 'orders', count, assignments: null }], timeoutMs: 1000, validateOnly: false },
          context,
        ),
      ).results
    expect(grow(3)).toEqual([{ name: 'orders', errorCode: 0, errorMessage: null }])
    expect([...cluster.image.topics.byName('orders')!.partitions.keys()]).toEqual([0, 1, 2])
    expect(grow(3)).toMatchObject([{ errorMessage: 'Topic already has 3 partition(s).' }])
    expect(grow(1)).toMatchObject([
      {
        errorCode: errors.INVALID_PARTITIONS.code,
        errorMessage: 'The topic orders currently has 3 partition(s); 1 would not be an increase.',
      },
    ])
  })

  it('is deleted by name or id, with its configs', () => {
    const cluster = new Cluster(1)
    const configs = [{ name: 'retention.ms', value: '1000' }]
    const [first, second] = create(cluster, topic('first', { configs }), topic('second')) ?? []
    const topics = [
      { name: 'first', topicId: zeroUuid },
      { name: null, topicId: second!.topicId! },
      { name: null, topicId: uuid(99) },
    ]
    const { responses } = cluster.run((context) => deleteTopics({ topics, topicNames: [], timeoutMs: 1000 }, context))
    expect(responses).toMatchObject([
      { name: 'first', topicId: first!.topicId, errorCode: 0 },
      { name: 'second', topicId: second!.topicId, errorCode: 0 },
      { name: null, topicId: uuid(99), errorCode: errors.UNKNOWN_TOPIC_ID.code },
    ])
    expect([cluster.image.topics.size, cluster.topicConfigs('first')]).toEqual([0, {}])
  })
})
