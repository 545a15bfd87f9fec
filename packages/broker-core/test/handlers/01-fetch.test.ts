import type { Input } from '@odradek/protocol'
import { errors, RecordBatchView, zeroUuid } from '@odradek/protocol'
import type { FetchRequest } from '@odradek/protocol/messages'
import { describe, expect, it } from 'vitest'
import { fetch } from '../../src/handlers/01-fetch.ts'
import { deleteTopics } from '../../src/handlers/20-delete-topics.ts'
import { deleteRecords } from '../../src/handlers/21-delete-records.ts'
import { TestBroker } from '../test-broker.ts'
import { turns } from '../test-clock.ts'
import { batchOf, valuesIn } from '../test-records.ts'
import { type FetchOptions, fetchBody, fetchOne, onlyPartition, produceBatch, produceValues } from '../test-requests.ts'

const empty = {
  partitionIndex: 0,
  errorCode: 0,
  highWatermark: 0,
  lastStableOffset: 0,
  logStartOffset: 0,
  divergingEpoch: { epoch: -1, endOffset: -1 },
  currentLeader: { leaderId: -1, leaderEpoch: -1 },
  snapshotId: { endOffset: -1, epoch: -1 },
  abortedTransactions: null,
  preferredReadReplica: -1,
  records: new Uint8Array(),
}
const refused = { ...empty, highWatermark: -1, lastStableOffset: -1, logStartOffset: -1 }

/** A broker with a topic `orders` of two partitions, and values in the first. */
async function brokerWith(values: readonly string[]): Promise<TestBroker> {
  const broker = await TestBroker.start()
  await broker.createTopic('orders', { partitions: 2 })
  await produceValues(broker, values)
  return broker
}

async function deleteUpTo(broker: TestBroker, offset: number): Promise<void> {
  const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, offset }] }]
  await broker.request(deleteRecords, 2, { topics, timeoutMs: 1000 })
}

describe('Fetch', () => {
  it('answers batches from the offset on, with high watermark and log start offset', async () => {
    await using broker = await brokerWith(['a', 'b', 'c'])
    await deleteUpTo(broker, 1)
    const response = await broker.request(fetch, 12, fetchBody({ offset: 1 }))
    const { records, ...partition } = onlyPartition(response)
    expect({ ...response, responses: [] }).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      sessionId: 0,
      responses: [],
      nodeEndpoints: [],
    })
    const { records: _, ...rest } = empty
    expect(partition).toEqual({ ...rest, highWatermark: 3, lastStableOffset: 3, logStartOffset: 1 })
    expect(valuesIn(records)).toEqual(['b', 'c'])
  })

  it('answers the whole batch that holds the offset', async () => {
    await using broker = await brokerWith([])
    await produceBatch(broker, batchOf(['a', 'b', 'c']))
    expect(valuesIn((await fetchOne(broker, { offset: 1 })).records)).toEqual(['a', 'b', 'c'])
  })

  it('stamps the leader epoch on the batches', async () => {
    await using broker = await brokerWith(['a'])
    await broker.restart()
    await produceValues(broker, ['b'])
    const { records } = await fetchOne(broker, { offset: 1 })
    expect(new RecordBatchView(records ?? new Uint8Array()).partitionLeaderEpoch).toBe(
      broker.partitionLog('orders').leaderEpochs.latestEpoch,
    )
  })

  it('names topics by id since version 13', async () => {
    await using broker = await TestBroker.start()
    const topicId = await broker.createTopic('orders')
    await produceValues(broker, ['a'])
    const by = (id: string) => ({
      ...fetchBody(),
      topics: [{ topicId: id, partitions: [{ partition: 0, partitionMaxBytes: 100 }] }],
    })
    const known = await broker.request(fetch, 13, by(topicId))
    expect([known.responses[0]?.topicId, valuesIn(onlyPartition(known).records)]).toEqual([topicId, ['a']])
    for (const id of [zeroUuid, 'AAAAAAAAAAAAAAAAAAAAKQ']) {
      const unknown = await broker.request(fetch, 13, by(id))
      expect(onlyPartition(unknown)).toEqual({ ...refused, errorCode: errors.UNKNOWN_TOPIC_ID.code })
    }
  })

  it.each<[string, FetchOptions, number]>([
    ['an unknown topic', { topic: 'nowhere' }, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['an unknown partition', { partition: 9 }, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['an offset behind the end', { offset: 4 }, errors.OFFSET_OUT_OF_RANGE.code],
    ['an offset before the start', { offset: 0 }, errors.OFFSET_OUT_OF_RANGE.code],
    ['a negative offset', { offset: -1 }, errors.OFFSET_OUT_OF_RANGE.code],
  ])('refuses %s', async (_, options, errorCode) => {
    await using broker = await brokerWith(['a', 'b', 'c'])
    await deleteUpTo(broker, 1)
    const partition = { ...refused, partitionIndex: options.partition ?? 0, errorCode }
    expect(await fetchOne(broker, options)).toEqual(partition)
  })

  it('answers nothing at the end of the log', async () => {
    await using broker = await brokerWith(['a'])
    expect(await fetchOne(broker, { offset: 1 })).toEqual({ ...empty, highWatermark: 1, lastStableOffset: 1 })
  })

  it('answers a partition that is named twice once, as it was named last', async () => {
    await using broker = await brokerWith(['a', 'b'])
    const partitions = [0, 1].map((fetchOffset) => ({ partition: 0, fetchOffset, partitionMaxBytes: 1000 }))
    const response = await broker.request(fetch, 12, { ...fetchBody(), topics: [{ topic: 'orders', partitions }] })
    expect(response.responses[0]?.partitions.map(({ records }) => valuesIn(records))).toEqual([['b']])
  })
})

describe('Fetch and leader epochs', () => {
  it.each([
    ['the present one', { currentLeaderEpoch: 0 }, 0],
    ['a newer one', { currentLeaderEpoch: 5 }, errors.UNKNOWN_LEADER_EPOCH.code],
  ])('takes a reader with %s or refuses it', async (_, epoch, errorCode) => {
    await using broker = await brokerWith(['a'])
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000, ...epoch }]
    const response = await broker.request(fetch, 12, { ...fetchBody(), topics: [{ topic: 'orders', partitions }] })
    expect(onlyPartition(response).errorCode).toBe(errorCode)
  })

  it('fences a reader with an old epoch, and tells it the leader since version 16', async () => {
    await using broker = await TestBroker.start()
    const topicId = await broker.createTopic('orders')
    await broker.restart()
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000, currentLeaderEpoch: 0 }]
    const response = await broker.request(fetch, 16, { ...fetchBody(), topics: [{ topicId, partitions }] })
    const leaderEpoch = broker.partitionLog('orders').leaderEpochs.latestEpoch ?? -1
    expect(leaderEpoch).toBeGreaterThan(0)
    expect(response.responses).toEqual([
      {
        topic: '',
        topicId,
        partitions: [
          { ...refused, errorCode: errors.FENCED_LEADER_EPOCH.code, currentLeader: { leaderId: 1, leaderEpoch } },
        ],
      },
    ])
    expect(response.nodeEndpoints).toEqual([{ nodeId: 1, host: 'localhost', port: 9092, rack: null }])
  })

  it('tells a reader whose last epoch ended earlier where its log parts from this one', async () => {
    await using broker = await brokerWith(['a', 'b'])
    await broker.restart()
    await produceValues(broker, ['c'])
    const at = async (lastFetchedEpoch: number, fetchOffset: number) => {
      const partitions = [{ partition: 0, fetchOffset, lastFetchedEpoch, partitionMaxBytes: 1000 }]
      const body = { ...fetchBody(), topics: [{ topic: 'orders', partitions }] }
      return onlyPartition(await broker.request(fetch, 12, body))
    }
    const diverged = { ...empty, highWatermark: 3, lastStableOffset: 3 }
    expect(await at(0, 3)).toEqual({ ...diverged, divergingEpoch: { epoch: 0, endOffset: 2 } })
    expect(valuesIn((await at(0, 2)).records)).toEqual(['c'])
    expect(await at(99, 3)).toEqual({ ...refused, errorCode: errors.OFFSET_OUT_OF_RANGE.code })
  })
})

describe('Fetch and sizes', () => {
  const value = (letter: string) => letter.repeat(100)
  const read = async (broker: TestBroker, body: Partial<Input<FetchRequest>>, maxBytes: readonly number[]) => {
    const partitions = maxBytes.map((partitionMaxBytes, partition) => ({ partition, partitionMaxBytes }))
    const response = await broker.request(fetch, 12, {
      ...fetchBody(),
      ...body,
      topics: [{ topic: 'orders', partitions }],
    })
    return response.responses[0]?.partitions.map(({ records }) => valuesIn(records).map((text) => text?.[0]))
  }

  it.each([
    [
      'everything that fits',
      {},
      [10_000, 10_000],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['whole batches within the bytes of a partition', {}, [200, 200], [['a'], ['c']]],
    ['the first batch of the fetch whatever its size, and no other', {}, [1, 1], [['a'], []]],
    ['the first batch even with max_bytes 0', { maxBytes: 0 }, [10_000, 10_000], [['a'], []]],
    ['no more than max_bytes in all', { maxBytes: 400 }, [10_000, 10_000], [['a', 'b'], []]],
    ['what is left of max_bytes in the next partition', { maxBytes: 600 }, [200, 10_000], [['a'], ['c', 'd']]],
  ])('answers %s', async (_, body, maxBytes, expected) => {
    await using broker = await brokerWith([])
    for (const [partition, letters] of [
      ['a', 'b'],
      ['c', 'd'],
    ].entries())
      for (const letter of letters) await produceBatch(broker, batchOf([value(letter)]), { partition })
    expect(await read(broker, body, maxBytes)).toEqual(expected)
    // Behind a restart nothing is in memory, and the partitions are read from their files side by side.
    await broker.restart()
    expect(await read(broker, body, maxBytes)).toEqual(expected)
  })

  it('answers a batch that is too large for its partition when the partitions before it are empty, from files as well', async () => {
    await using broker = await brokerWith([])
    await produceBatch(broker, batchOf([value('c')]), { partition: 1 })
    await broker.restart()
    expect(await read(broker, {}, [1, 1])).toEqual([[], ['c']])
  })

  it('never answers more than fetch.max.bytes', async () => {
    await using broker = await TestBroker.start({ config: { 'fetch.max.bytes': 1024 } })
    await broker.createTopic('orders')
    await produceValues(
      broker,
      Array.from({ length: 20 }, () => value('x')),
    )
    const { records } = await fetchOne(broker)
    expect(valuesIn(records)).toHaveLength(6)
  })
})

describe('Fetch that waits', () => {
  const waiting = (body: Partial<Input<FetchRequest>> = {}) => ({
    ...fetchBody({ offset: 0 }),
    maxWaitMs: 500,
    ...body,
  })

  it('is woken by a produce', async () => {
    await using broker = await brokerWith([])
    const connection = await broker.connect()
    const answer = connection.request(fetch, 12, waiting())
    await turns()
    expect([connection.pending, broker.broker.fetchPurgatory.size]).toEqual([1, 1])
    await produceValues(broker, ['a'])
    expect(valuesIn(onlyPartition(await answer).records)).toEqual(['a'])
    expect(broker.broker.fetchPurgatory.size).toBe(0)
  })

  it('waits for min_bytes, through produces that bring fewer', async () => {
    await using broker = await brokerWith([])
    const connection = await broker.connect()
    const answer = connection.request(fetch, 12, waiting({ minBytes: 200 }))
    await produceValues(broker, ['a', 'b'])
    await turns()
    expect(connection.pending).toBe(1)
    await produceValues(broker, ['c'])
    expect(valuesIn(onlyPartition(await answer).records)).toEqual(['a', 'b', 'c'])
  })

  it('answers with what there is when max_wait_ms is over', async () => {
    await using broker = await brokerWith(['a'])
    const connection = await broker.connect()
    const answer = connection.request(fetch, 12, waiting({ minBytes: 1000 }))
    await turns()
    await broker.clock.advance(499)
    expect(connection.pending).toBe(1)
    await broker.clock.advance(1)
    expect(valuesIn(onlyPartition(await answer).records)).toEqual(['a'])
  })

  it('does not wait with an error, nor without partitions, nor without a max_wait_ms', async () => {
    await using broker = await brokerWith([])
    const bodies = [
      waiting({ topics: [{ topic: 'nowhere', partitions: [{ partition: 0, partitionMaxBytes: 100 }] }] }),
      waiting({ topics: [] }),
      waiting({ maxWaitMs: 0 }),
      waiting({ minBytes: 0 }),
    ]
    for (const body of bodies) expect((await broker.request(fetch, 12, body)).errorCode).toBe(0)
  })

  it('is woken when its topic is deleted', async () => {
    await using broker = await brokerWith([])
    const connection = await broker.connect()
    const answer = connection.request(fetch, 12, waiting())
    await turns()
    await broker.request(deleteTopics, 6, { topics: [{ name: 'orders' }], timeoutMs: 1000 })
    expect(onlyPartition(await answer).errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION.code)
  })

  it('is forgotten when its client is gone', async () => {
    await using broker = await brokerWith([])
    const connection = await broker.connect()
    const answer = connection.request(fetch, 12, waiting())
    const end = expect(answer).rejects.toThrow()
    await turns()
    connection.close()
    await turns()
    expect(broker.broker.fetchPurgatory.size).toBe(0)
    await end
  })

  it('is answered when the broker closes', async () => {
    await using broker = await brokerWith(['a'])
    const connection = await broker.connect()
    const answer = connection.request(fetch, 12, waiting({ minBytes: 1000 }))
    await turns()
    await broker.restart()
    await expect(
      answer.then(
        () => 'answered',
        () => 'closed',
      ),
    ).resolves.toMatch(/answered|closed/)
  })
})
