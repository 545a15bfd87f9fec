import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { describeTopicPartitions } from '../../src/handlers/75-describe-topic-partitions.ts'
import { TestBroker } from '../test-broker.ts'

interface Page {
  readonly topics?: readonly string[]
  readonly limit?: number
  readonly cursor?: { readonly topicName: string; readonly partitionIndex: number } | null
}

/** Topics `a` with one partition, `b` with five and `c` with one, told as `name: partitions`. */
async function page(broker: TestBroker, { topics = [], limit = 100, cursor = null }: Page) {
  const body = { topics: topics.map((name) => ({ name })), responsePartitionLimit: limit, cursor }
  const { topics: found, nextCursor } = await broker.request(describeTopicPartitions, 0, body)
  const told = found.map(({ name, errorCode, partitions }) => [
    name,
    errorCode === 0 ? partitions.map(({ partitionIndex }) => partitionIndex) : errorCode,
  ])
  const next = nextCursor === null ? null : [nextCursor.topicName, nextCursor.partitionIndex]
  return { found: Object.fromEntries(told) as object, next }
}

async function brokerWithTopics(): Promise<TestBroker> {
  const broker = await TestBroker.start()
  for (const [name, partitions] of [
    ['b', 5],
    ['a', 1],
    ['c', 1],
  ] as const)
    await broker.createTopic(name, { partitions })
  return broker
}

describe('DescribeTopicPartitions', () => {
  it('describes a topic with its replicas', async () => {
    await using broker = await TestBroker.start()
    const topicId = await broker.createTopic('a')
    expect(await broker.request(describeTopicPartitions, 0, { topics: [{ name: 'a' }] })).toEqual({
      throttleTimeMs: 0,
      topics: [
        {
          errorCode: 0,
          name: 'a',
          topicId,
          isInternal: false,
          partitions: [
            {
              errorCode: 0,
              partitionIndex: 0,
              leaderId: 1,
              leaderEpoch: 0,
              replicaNodes: [1],
              isrNodes: [1],
              eligibleLeaderReplicas: [],
              lastKnownElr: [],
              offlineReplicas: [],
            },
          ],
          topicAuthorizedOperations: 3576,
        },
      ],
      nextCursor: null,
    })
  })

  it('goes through all topics page by page, in the order of names', async () => {
    await using broker = await brokerWithTopics()
    const pages: unknown[] = []
    let cursor: Page['cursor'] = null
    for (;;) {
      const { found, next } = await page(broker, { limit: 3, cursor })
      pages.push(found)
      if (next === null) break
      cursor = { topicName: String(next[0]), partitionIndex: Number(next[1]) }
    }
    expect(pages).toEqual([{ a: [0], b: [0, 1] }, { b: [2, 3, 4] }, { c: [0] }])
  })

  it.each<[string, Page, object, unknown]>([
    ['no limit below 1', { topics: ['a'], limit: -1 }, { a: [0] }, null],
    [
      'the rest behind a cursor',
      { topics: ['a', 'b'], cursor: { topicName: 'b', partitionIndex: 3 } },
      { b: [3, 4] },
      null,
    ],
    ['nothing behind the end', { topics: ['b'], cursor: { topicName: 'b', partitionIndex: 9 } }, { b: [] }, null],
    ['a topic that is named twice once', { topics: ['a', 'a'] }, { a: [0] }, null],
    [
      'topics that are not there',
      { topics: ['x', 'a', 'not a name'] },
      { a: [0], 'not a name': errors.INVALID_TOPIC_EXCEPTION.code, x: errors.UNKNOWN_TOPIC_OR_PARTITION.code },
      null,
    ],
    [
      'a negative cursor with an error',
      { topics: ['a'], cursor: { topicName: 'a', partitionIndex: -1 } },
      { a: errors.INVALID_REQUEST.code },
      null,
    ],
    [
      'a cursor at a topic that was not asked for with an error',
      { topics: ['a'], cursor: { topicName: 'b', partitionIndex: 0 } },
      { a: errors.INVALID_REQUEST.code },
      null,
    ],
  ])('answers %s', async (_, asked, found, next) => {
    await using broker = await brokerWithTopics()
    expect(await page(broker, asked)).toEqual({ found, next })
    expect(broker.errors).toEqual([])
  })

  it('keeps to max.request.partition.size.limit', async () => {
    await using broker = await TestBroker.start({ config: { 'max.request.partition.size.limit': 2 } })
    await broker.createTopic('b', { partitions: 5 })
    expect(await page(broker, {})).toEqual({ found: { b: [0, 1] }, next: ['b', 2] })
  })
})
