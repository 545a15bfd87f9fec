import { errors, zeroUuid } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { describeQuorum } from '../../src/handlers/55-describe-quorum.ts'
import { TestBroker } from '../test-broker.ts'
import { testStartMs } from '../test-clock.ts'

describe('DescribeQuorum', () => {
  const asked = (topicName: string, partitionIndex: number) => ({
    topics: [{ topicName, partitions: [{ partitionIndex }] }],
  })

  it('tells the leader and how far each voter is', async () => {
    await using broker = await TestBroker.start()
    const { topics, errorCode, nodes } = await broker.request(describeQuorum, 2, asked('__cluster_metadata', 0))
    const [partition] = topics[0]?.partitions ?? []
    const { highWatermark, leaderEpoch, leaderId, currentVoters, observers } = partition ?? {}
    const { logEndOffset } = broker.broker.metadata
    expect({ errorCode, leaderId, leaderEpoch, highWatermark, observers, nodes }).toEqual({
      errorCode: 0,
      leaderId: 1,
      leaderEpoch: 1,
      highWatermark: logEndOffset,
      observers: [],
      nodes: [],
    })
    expect(currentVoters).toEqual([
      {
        replicaId: 1,
        replicaDirectoryId: broker.broker.logs.directories[0]?.metaProperties?.directoryId,
        logEndOffset,
        lastFetchTimestamp: testStartMs,
        lastCaughtUpTimestamp: testStartMs,
      },
    ])
  })

  it.each([
    ['orders', 0],
    ['__cluster_metadata', 1],
  ])('knows no quorum of %s-%i', async (topic, index) => {
    await using broker = await TestBroker.start()
    const answer = await broker.request(describeQuorum, 2, asked(topic, index))
    expect([answer.errorCode, answer.topics[0]?.partitions[0]?.errorCode]).toEqual([
      0,
      errors.UNKNOWN_TOPIC_OR_PARTITION.code,
    ])
  })

  it('tells neither directories nor times before the versions that have them', async () => {
    await using broker = await TestBroker.start()
    const { topics, nodes } = await broker.request(describeQuorum, 0, asked('__cluster_metadata', 0))
    const { logEndOffset } = broker.broker.metadata
    expect([topics[0]?.partitions[0]?.currentVoters, nodes]).toEqual([
      [
        {
          replicaId: 1,
          replicaDirectoryId: zeroUuid,
          logEndOffset,
          lastFetchTimestamp: -1,
          lastCaughtUpTimestamp: -1,
        },
      ],
      [],
    ])
  })

  it('answers for one partition alone, as Kafka does', async () => {
    await using broker = await TestBroker.start()
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }] }]
    const answer = await broker.request(describeQuorum, 2, { topics })
    const errorCode = errors.UNKNOWN_TOPIC_OR_PARTITION.code
    expect(answer.topics[0]?.partitions).toMatchObject([
      { partitionIndex: 0, errorCode },
      { partitionIndex: 1, errorCode },
    ])
  })
})
