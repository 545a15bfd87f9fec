import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { offsetForLeaderEpoch } from '../../src/handlers/23-offset-for-leader-epoch.ts'
import { TestBroker } from '../test-broker.ts'
import { produceValues } from '../test-requests.ts'

/** Two records of the first epoch, one of the second. */
async function brokerWithEpochs(): Promise<{ broker: TestBroker; newest: number }> {
  const broker = await TestBroker.start()
  await broker.createTopic('orders')
  await produceValues(broker, ['a', 'b'])
  await broker.restart()
  await produceValues(broker, ['c'])
  return { broker, newest: broker.partitionLog('orders').leaderEpochs.latestEpoch ?? -1 }
}

describe('OffsetForLeaderEpoch', () => {
  it('answers where an epoch ended, the newest at the end of the log', async () => {
    const { broker, newest } = await brokerWithEpochs()
    await using _ = broker
    const at = async (leaderEpoch: number) => {
      const topics = [{ topic: 'orders', partitions: [{ partition: 0, leaderEpoch }] }]
      const response = await broker.request(offsetForLeaderEpoch, 4, { topics })
      return response.topics[0]?.partitions[0]
    }
    const answer = (leaderEpoch: number, endOffset: number) => ({ partition: 0, errorCode: 0, leaderEpoch, endOffset })
    expect(await Promise.all([-1, 0, 1, newest, newest + 1].map(at))).toEqual([
      answer(-1, -1),
      answer(0, 2),
      answer(0, 2),
      answer(newest, 3),
      answer(-1, -1),
    ])
  })

  it.each([
    ['an unknown topic', 'nowhere', 0, -1, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['an unknown partition', 'orders', 4, -1, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['an old epoch of the reader', 'orders', 0, 0, errors.FENCED_LEADER_EPOCH.code],
    ['an epoch that is to come', 'orders', 0, 99, errors.UNKNOWN_LEADER_EPOCH.code],
  ])('refuses %s', async (_, topic, partition, currentLeaderEpoch, errorCode) => {
    const { broker } = await brokerWithEpochs()
    await using _broker = broker
    const topics = [{ topic, partitions: [{ partition, currentLeaderEpoch, leaderEpoch: 0 }] }]
    const response = await broker.request(offsetForLeaderEpoch, 4, { topics })
    expect(response).toEqual({
      throttleTimeMs: 0,
      topics: [{ topic, partitions: [{ partition, errorCode, leaderEpoch: -1, endOffset: -1 }] }],
    })
  })
})
