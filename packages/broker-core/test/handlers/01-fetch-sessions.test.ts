import { errors } from '@odradek/protocol'
import type { FetchResponse } from '@odradek/protocol/messages'
import { describe, expect, it } from 'vitest'
import { fetch } from '../../src/handlers/01-fetch.ts'
import { deleteRecords } from '../../src/handlers/21-delete-records.ts'
import { TestBroker } from '../test-broker.ts'
import { valuesIn } from '../test-records.ts'
import { fetchBody, produceValues } from '../test-requests.ts'

/** One partition as a request names it: topic and offset. */
type Wanted = readonly [topic: string, offset: number]

/** A client that keeps a session, by topic names. */
class Reader {
  readonly broker: TestBroker
  sessionId = 0
  epoch = 0
  maxBytes = 1_048_576

  constructor(broker: TestBroker) {
    this.broker = broker
  }

  /** One fetch of the session: what it adds or changes and what it forgets. */
  async fetch(wanted: readonly Wanted[] = [], forgotten: readonly string[] = []): Promise<FetchResponse> {
    const response = await this.broker.request(fetch, 12, {
      ...fetchBody(),
      maxBytes: this.maxBytes,
      sessionId: this.sessionId,
      sessionEpoch: this.epoch,
      topics: wanted.map(([topic, fetchOffset]) => ({
        topic,
        partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: this.maxBytes }],
      })),
      forgottenTopicsData: forgotten.map((topic) => ({ topic, partitions: [0] })),
    })
    if (response.errorCode === 0) {
      this.sessionId = response.sessionId
      this.epoch++
    }
    return response
  }

  /** As `fetch`, told in short: by topic the values, or the error code. */
  async read(wanted: readonly Wanted[] = [], forgotten: readonly string[] = []): Promise<Record<string, unknown>> {
    const { responses } = await this.fetch(wanted, forgotten)
    return Object.fromEntries(
      responses.map(({ topic, partitions }) => [
        topic,
        partitions[0]?.errorCode || valuesIn(partitions[0]?.records ?? null),
      ]),
    )
  }
}

async function brokerWithTopics(): Promise<TestBroker> {
  const broker = await TestBroker.start()
  for (const topic of ['a', 'b', 'c']) await broker.createTopic(topic)
  await produceValues(broker, ['a0'], 'a')
  await produceValues(broker, ['b0'], 'b')
  return broker
}

describe('a fetch session', () => {
  it('tells all partitions first, then only those with something new', async () => {
    await using broker = await brokerWithTopics()
    const reader = new Reader(broker)
    expect(
      await reader.read([
        ['a', 0],
        ['b', 1],
        ['c', 0],
      ]),
    ).toEqual({ a: ['a0'], b: [], c: [] })
    expect(reader.sessionId).toBeGreaterThan(0)
    expect(await reader.read([['a', 1]])).toEqual({})
    await produceValues(broker, ['b1'], 'b')
    expect(await reader.read()).toEqual({ b: ['b1'] })
    // The client has not moved on, so the records are told again.
    expect(await reader.read()).toEqual({ b: ['b1'] })
    expect(await reader.read([['b', 2]])).toEqual({})
  })

  it('tells a log start offset that moved', async () => {
    await using broker = await brokerWithTopics()
    const reader = new Reader(broker)
    await reader.read([
      ['a', 1],
      ['b', 1],
    ])
    const topics = [{ name: 'a', partitions: [{ partitionIndex: 0, offset: 1 }] }]
    await broker.request(deleteRecords, 2, { topics, timeoutMs: 1000 })
    const { responses } = await reader.fetch()
    expect(responses.map(({ topic, partitions }) => [topic, partitions[0]?.logStartOffset])).toEqual([['a', 1]])
  })

  it('forgets what it is told to forget, and ends with its last partition', async () => {
    await using broker = await brokerWithTopics()
    const reader = new Reader(broker)
    await reader.read([
      ['a', 0],
      ['b', 0],
    ])
    expect(await reader.read([], ['a'])).toEqual({ b: ['b0'] })
    const { errorCode, sessionId } = await reader.fetch([], ['b'])
    expect({ errorCode, sessionId, left: broker.broker.fetchSessions.size }).toEqual({
      errorCode: 0,
      sessionId: 0,
      left: 0,
    })
  })

  it('takes partitions in later, those it does not know too, and tells their errors each time', async () => {
    await using broker = await brokerWithTopics()
    const reader = new Reader(broker)
    await reader.read([['c', 0]])
    const { code } = errors.UNKNOWN_TOPIC_OR_PARTITION
    expect(
      await reader.read([
        ['nowhere', 0],
        ['a', 0],
      ]),
    ).toEqual({ a: ['a0'], nowhere: code })
    expect(await reader.read([['a', 1]])).toEqual({ nowhere: code })
    await broker.createTopic('nowhere')
    expect(await reader.read()).toEqual({ nowhere: [] })
    expect(await reader.read()).toEqual({})
  })

  it('serves partitions in turn when one fills the answer', async () => {
    await using broker = await brokerWithTopics()
    const reader = new Reader(broker)
    await reader.read([
      ['a', 0],
      ['b', 0],
    ])
    reader.maxBytes = 1
    const served = [await reader.read(), await reader.read(), await reader.read()]
    expect(served).toEqual([{ a: ['a0'] }, { b: ['b0'] }, { a: ['a0'] }])
  })

  it('refuses a wrong epoch, and goes on with the right one', async () => {
    await using broker = await brokerWithTopics()
    const reader = new Reader(broker)
    await reader.read([['a', 1]])
    for (const epoch of [2, 7]) {
      reader.epoch = epoch
      expect((await reader.fetch()).errorCode).toBe(errors.INVALID_FETCH_SESSION_EPOCH.code)
    }
    reader.epoch = 1
    expect((await reader.fetch()).errorCode).toBe(0)
  })

  it('is unknown after it was closed, replaced, or never made', async () => {
    await using broker = await brokerWithTopics()
    const { code } = errors.FETCH_SESSION_ID_NOT_FOUND
    const reader = new Reader(broker)
    await reader.read([['a', 1]])
    const { sessionId } = reader
    reader.epoch = -1
    expect((await reader.fetch([['a', 1]])).sessionId).toBe(0)
    for (const id of [sessionId, 99]) {
      Object.assign(reader, { sessionId: id, epoch: 1 })
      expect((await reader.fetch()).errorCode).toBe(code)
    }
    Object.assign(reader, { sessionId: 0, epoch: 0 })
    await reader.read([['a', 1]])
    const former = reader.sessionId
    reader.epoch = 0
    await reader.read([['b', 1]])
    Object.assign(reader, { sessionId: former, epoch: 1 })
    expect((await reader.fetch()).errorCode).toBe(code)
  })

  it('may not change between names and ids', async () => {
    await using broker = await brokerWithTopics()
    const reader = new Reader(broker)
    await reader.read([['a', 1]])
    const { sessionId } = reader
    const answer = await broker.request(fetch, 13, { ...fetchBody(), topics: [], sessionId, sessionEpoch: 1 })
    expect(answer).toEqual({
      throttleTimeMs: 0,
      errorCode: errors.FETCH_SESSION_TOPIC_ID_ERROR.code,
      sessionId: 0,
      responses: [],
      nodeEndpoints: [],
    })
  })

  it('is not given when no slot is free, until another was idle for two minutes', async () => {
    await using broker = await TestBroker.start({ config: { 'max.incremental.fetch.session.cache.slots': 1 } })
    await broker.createTopic('a')
    const first = new Reader(broker)
    await first.read([['a', 0]])
    const second = new Reader(broker)
    await second.read([['a', 0]])
    expect(second.sessionId).toBe(0)
    await broker.clock.advance(120_000)
    second.epoch = 0
    await second.read([['a', 0]])
    expect(second.sessionId).toBeGreaterThan(0)
    expect((await first.fetch()).errorCode).toBe(errors.FETCH_SESSION_ID_NOT_FOUND.code)
  })
})
