import { errors } from '@odradek/protocol'
import type { ListOffsetsResponsePartitionResponse } from '@odradek/protocol/messages'
import { describe, expect, it } from 'vitest'
import { listOffsets } from '../../src/handlers/02-list-offsets.ts'
import { deleteRecords } from '../../src/handlers/21-delete-records.ts'
import { TestBroker } from '../test-broker.ts'
import { testStartMs } from '../test-clock.ts'
import { batchOf } from '../test-records.ts'
import { produceBatch } from '../test-requests.ts'

interface Question {
  readonly timestamp: number
  readonly version?: number
  readonly partition?: number
  readonly topic?: string
  readonly currentLeaderEpoch?: number
}

async function offsetAt(
  broker: TestBroker,
  question: Question,
): Promise<ListOffsetsResponsePartitionResponse | undefined> {
  const { timestamp, version = 7, partition = 0, topic = 'orders', currentLeaderEpoch } = question
  const wanted = {
    partitionIndex: partition,
    timestamp,
    ...(currentLeaderEpoch === undefined ? {} : { currentLeaderEpoch }),
  }
  const { topics } = await broker.request(listOffsets, version, { topics: [{ name: topic, partitions: [wanted] }] })
  return topics[0]?.partitions[0]
}

/** Records at seconds 10, 20, 40 and 30 of the test's time, the first one deleted. */
async function brokerWithTimes(): Promise<TestBroker> {
  const broker = await TestBroker.start()
  await broker.createTopic('orders', { partitions: 2 })
  const at = (second: number) => ({ value: String(second), timestamp: testStartMs + second * 1000 })
  await produceBatch(broker, batchOf([at(10), at(20)]))
  await produceBatch(broker, batchOf([at(40), at(30)]))
  const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: 1 }] }]
  await broker.request(deleteRecords, 2, { topics, timeoutMs: 1000 })
  return broker
}

const found = (offset: number, second?: number) => ({
  partitionIndex: 0,
  errorCode: 0,
  timestamp: second === undefined ? -1 : testStartMs + second * 1000,
  offset,
  leaderEpoch: offset < 0 ? -1 : 0,
})

describe('ListOffsets', () => {
  it.each([
    ['the latest offset', -1, 7, found(4)],
    ['the earliest offset', -2, 7, found(1)],
    ['the largest timestamp', -3, 7, found(2, 40)],
    ['the earliest local offset', -4, 8, found(1)],
    ['the latest tiered offset', -5, 9, found(-1)],
    ['the earliest offset pending upload', -6, 11, found(-1)],
    ['the first record there is', 0, 7, found(1, 20)],
    ['a record at the time', testStartMs + 20_000, 7, found(1, 20)],
    ['the first record after the time', testStartMs + 21_000, 7, found(2, 40)],
    ['nothing after the last', testStartMs + 40_001, 7, found(-1)],
  ])('finds %s', async (_, timestamp, version, expected) => {
    await using broker = await brokerWithTimes()
    expect(await offsetAt(broker, { timestamp, version })).toEqual(expected)
  })

  it.each([
    [-3, 6],
    [-4, 7],
    [-5, 8],
    [-6, 10],
    [-7, 11],
    [-100, 11],
  ])('does not know timestamp %i in version %i', async (timestamp, version) => {
    await using broker = await brokerWithTimes()
    const { code: errorCode } = errors.UNSUPPORTED_VERSION
    expect(await offsetAt(broker, { timestamp, version })).toEqual({ ...found(-1), errorCode })
  })

  it('knows the ends of an empty partition, and no time in it', async () => {
    await using broker = await brokerWithTimes()
    const answers = [-1, -2, -3, 0].map(async (timestamp) => {
      const answer = await offsetAt(broker, { timestamp, partition: 1 })
      return [answer?.offset, answer?.timestamp]
    })
    expect(await Promise.all(answers)).toEqual([
      [0, -1],
      [0, -1],
      [-1, -1],
      [-1, -1],
    ])
  })

  it.each<[string, Partial<Question>, number]>([
    ['an unknown topic', { topic: 'nowhere' }, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['an unknown partition', { partition: 9 }, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['a leader epoch that is to come', { currentLeaderEpoch: 3 }, errors.UNKNOWN_LEADER_EPOCH.code],
  ])('refuses %s', async (_, question, errorCode) => {
    await using broker = await brokerWithTimes()
    expect(await offsetAt(broker, { timestamp: -1, ...question })).toEqual({
      ...found(-1),
      partitionIndex: question.partition ?? 0,
      errorCode,
    })
  })

  it('refuses a partition that is named twice, and answers the others', async () => {
    await using broker = await brokerWithTimes()
    const partitions = [0, 0, 1].map((partitionIndex) => ({ partitionIndex, timestamp: -1 }))
    const { topics } = await broker.request(listOffsets, 7, { topics: [{ name: 'orders', partitions }] })
    const { code } = errors.INVALID_REQUEST
    expect(topics[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([code, code, 0])
  })
})
