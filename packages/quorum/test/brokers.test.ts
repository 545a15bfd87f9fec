import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import {
  allocateProducerIds,
  alterPartition,
  beginControlledShutdown,
  createTopics,
  fenceBroker,
} from '../src/index.ts'
import { Cluster } from './cluster.ts'

function withTopic(brokers: number, replicas: readonly number[]): Cluster {
  const cluster = new Cluster(brokers)
  const assignments = [{ partitionIndex: 0, brokerIds: [...replicas] }]
  const topic = { name: 't', numPartitions: -1, replicationFactor: -1, assignments, configs: [] }
  cluster.run((context) => createTopics({ topics: [topic], timeoutMs: 1, validateOnly: false }, context))
  return cluster
}

describe('a partition follows its brokers', () => {
  it('stops without a leader and is led again by the eligible replica after a clean stop', () => {
    const cluster = withTopic(1, [1])
    const brokerEpoch = cluster.image.cluster.broker(1)!.brokerEpoch
    cluster.run((context) => beginControlledShutdown(1, context))
    const stopped = {
      leader: -1,
      isr: [],
      leaderEpoch: 1,
      partitionEpoch: 1,
      leaderRecoveryState: 0,
      elr: [1],
      lastKnown: [1],
    }
    expect(cluster.partition('t')).toEqual(stopped)
    cluster.run((context) => fenceBroker(1, context))
    expect(cluster.partition('t')).toEqual(stopped)
    cluster.join(1, { previousBrokerEpoch: brokerEpoch })
    expect(cluster.partition('t')).toEqual({
      leader: 1,
      isr: [1],
      leaderEpoch: 2,
      partitionEpoch: 2,
      leaderRecoveryState: 0,
      elr: [],
      lastKnown: [],
    })
  })

  it('is led by its last known leader, recovering, after a kill', () => {
    const cluster = withTopic(1, [1])
    cluster.run((context) => fenceBroker(1, context))
    cluster.join(1)
    expect(cluster.partition('t')).toMatchObject({
      leader: 1,
      isr: [1],
      leaderRecoveryState: 1,
      elr: [],
      lastKnown: [],
    })
  })

  it('moves to the next in-sync replica, which stays alone in sync', () => {
    const cluster = withTopic(2, [1, 2])
    cluster.run((context) => fenceBroker(1, context))
    expect(cluster.partition('t')).toMatchObject({ leader: 2, isr: [2], leaderEpoch: 1, elr: [] })
  })

  it('keeps its last in-sync replica where eligible leader replicas are off', () => {
    const features = [
      { type: 'FeatureLevelRecord', version: 0, record: { name: 'metadata.version', featureLevel: 20 } },
    ] as const
    const cluster = new Cluster(1, features)
    const topic = { name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
    cluster.run((context) => createTopics({ topics: [topic], timeoutMs: 1, validateOnly: false }, context))
    cluster.run((context) => fenceBroker(1, context))
    expect(cluster.partition('t')).toMatchObject({ leader: -1, isr: [1], elr: [], lastKnown: [] })
  })

  it('is recovered when its leader says so', () => {
    const cluster = withTopic(1, [1])
    cluster.run((context) => fenceBroker(1, context))
    cluster.join(1)
    const topic = cluster.image.topics.byName('t')!
    const { leaderEpoch, partitionEpoch } = topic.partitions.get(0)!
    const partition = {
      partitionIndex: 0,
      leaderEpoch,
      newIsr: [],
      newIsrWithEpochs: [{ brokerId: 1, brokerEpoch: -1 }],
      leaderRecoveryState: 0,
      partitionEpoch,
    }
    const alter = (changes: object) =>
      cluster.run((context) =>
        alterPartition(
          {
            brokerId: 1,
            brokerEpoch: cluster.image.cluster.broker(1)!.brokerEpoch,
            topics: [{ topicId: topic.topicId, partitions: [{ ...partition, ...changes }] }],
          },
          context,
        ),
      ).topics?.[0]?.partitions
    expect(alter({ leaderEpoch: leaderEpoch - 1 })).toMatchObject([{ errorCode: errors.FENCED_LEADER_EPOCH.code }])
    expect(alter({ newIsrWithEpochs: [] })).toMatchObject([{ errorCode: errors.INVALID_REQUEST.code }])
    expect(alter({})).toEqual([
      {
        partitionIndex: 0,
        leaderId: 1,
        leaderEpoch,
        isr: [1],
        leaderRecoveryState: 0,
        partitionEpoch: partitionEpoch + 1,
      },
    ])
    expect(cluster.partition('t')).toMatchObject({ leader: 1, leaderEpoch, leaderRecoveryState: 0 })
  })
})

describe('producer ids', () => {
  it('come in blocks that are given once, to brokers of the present epoch', () => {
    const cluster = new Cluster(1)
    const { brokerEpoch } = cluster.image.cluster.broker(1)!
    const allocate = (epoch: number, brokerId = 1) =>
      cluster.run((context) => allocateProducerIds({ brokerId, brokerEpoch: epoch }, context))
    expect(allocate(brokerEpoch)).toEqual({ producerIdStart: 0, producerIdLen: 1000 })
    expect(allocate(brokerEpoch)).toEqual({ producerIdStart: 1000, producerIdLen: 1000 })
    expect(allocate(brokerEpoch - 1)).toEqual({ errorCode: errors.STALE_BROKER_EPOCH.code })
    expect(allocate(brokerEpoch, 7)).toEqual({ errorCode: errors.BROKER_ID_NOT_REGISTERED.code })
  })
})
