import {
  Consumer,
  type ConsumerOptions,
  defineTopic,
  type KafkaError,
  PartitionMap,
  stringDeserializer,
} from '@odradek/consumer'
import { Producer } from '@odradek/producer'
import { startTarget, type Target, targetMissing, targetNames } from '@odradek/producer-behaviour/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { readCount, readValues } from '../src/read.ts'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const values = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `value ${from + index}`)

describe.each(targetNames())('against %s', (name) => {
  const why = targetMissing(name)
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let cluster: Cluster
  const make = (options: Partial<ConsumerOptions> = {}) =>
    new Consumer({ bootstrapServers: target.bootstrap, autoOffsetReset: 'earliest', ...options })
  beforeAll(async () => {
    target = await startTarget(name)
    cluster = new Cluster(target.bootstrap)
  }, 60_000)
  afterAll(async () => {
    cluster?.[Symbol.dispose]()
    await target?.[Symbol.asyncDispose]()
  })

  test.each(codecs)('what was sent is read, part by part, codec %s', async (compressionType) => {
    const topic = await cluster.createTopic()
    await using producer = new Producer({ bootstrapServers: target.bootstrap, compressionType })
    await producer.send([
      { topic, key: 'key', value: 'value', timestamp: 1_700_000_000_000, headers: { trace: 'a1', none: null } },
      { topic, key: null, value: 'ÄÖÜ €', timestamp: 1_700_000_000_001 },
      { topic, key: '', value: null, timestamp: 1_700_000_000_002 },
      { topic, value: 'x'.repeat(50_000), timestamp: 1_700_000_000_003 },
    ])
    await using consumer = make({
      keyDeserializer: stringDeserializer,
      valueDeserializer: stringDeserializer,
    } as object)
    consumer.assign({ topic, partition: 0 })
    const read = await readCount(consumer as unknown as Consumer<string, string>, 4)
    expect(read.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value }))).toEqual([
      { offset: 0, timestamp: 1_700_000_000_000, key: 'key', value: 'value' },
      { offset: 1, timestamp: 1_700_000_000_001, key: null, value: 'ÄÖÜ €' },
      { offset: 2, timestamp: 1_700_000_000_002, key: '', value: null },
      { offset: 3, timestamp: 1_700_000_000_003, key: null, value: 'x'.repeat(50_000) },
    ])
    expect(
      read[0]!.headers.map(({ key, value }) => [key, value && stringDeserializer(value, { topic, headers: [] })]),
    ).toEqual([
      ['trace', 'a1'],
      ['none', null],
    ])
    expect(read[0]).toMatchObject({ topic, partition: 0, timestampType: 'CreateTime', leaderEpoch: 0 })
  })

  test('typed topics are read by their codecs', async () => {
    const serialize = (total: number) => `${total}`
    const deserialize = (data: Uint8Array) => Number(new TextDecoder().decode(data))
    const topic = defineTopic(await cluster.createTopic(), { value: { serialize, deserialize } })
    await using producer = new Producer({ bootstrapServers: target.bootstrap })
    await producer.send({ topic, value: 17 })
    await using consumer = new Consumer({
      bootstrapServers: target.bootstrap,
      autoOffsetReset: 'earliest',
      topics: [topic],
    })
    consumer.assign({ topic: topic.name, partition: 0 })
    const [record] = await readCount(consumer, 1)
    expect(record!.value).toBe(17)
  })

  test('all partitions are read, each in its order, and no poll returns more than max.poll.records', async () => {
    const topic = await cluster.createTopic({ partitions: 3 })
    for (const partition of [0, 1, 2]) await cluster.send(topic, values(100, partition * 1000), { partition })
    await using consumer = make({ maxPollRecords: 7 })
    consumer.assign([0, 1, 2].map((partition) => ({ topic, partition })))
    const read: Record<number, string[]> = { 0: [], 1: [], 2: [] }
    for (let count = 0; count < 300; ) {
      const records = await consumer.poll({ timeoutMs: 10_000 })
      expect(records.count).toBeLessThanOrEqual(7)
      for (const { partition, value } of records) read[partition]!.push(new TextDecoder().decode(value!))
      count += records.count
    }
    expect(read).toEqual({ 0: values(100), 1: values(100, 1000), 2: values(100, 2000) })
  })

  test('a batch above every limit of a fetch is read all the same', async () => {
    const topic = await cluster.createTopic()
    const large = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(20_000))
    await cluster.send(topic, large)
    await using consumer = make({ maxPartitionFetchBytes: 100, fetchMaxBytes: 100 })
    consumer.assign({ topic, partition: 0 })
    expect(await readValues(consumer, 5)).toEqual(large)
  })

  test.each([
    { autoOffsetReset: 'earliest', expected: [...values(5), 'later'] },
    { autoOffsetReset: 'latest', expected: ['later'] },
    { autoOffsetReset: 'by_duration:PT1H', expected: ['value 3', 'value 4', 'later'] },
    { autoOffsetReset: 'by_duration:PT0.001S', expected: ['later'] },
  ])(
    'a partition without an offset begins by auto.offset.reset=$autoOffsetReset',
    async ({ autoOffsetReset, expected }) => {
      const topic = await cluster.createTopic()
      const day = 24 * 60 * 60_000
      await cluster.send(topic, values(3), { firstTimestamp: Date.now() - day })
      await cluster.send(topic, values(2, 3), { firstTimestamp: Date.now() - 60_000 })
      await using consumer = make({ autoOffsetReset })
      consumer.assign({ topic, partition: 0 })
      await consumer.position({ topic, partition: 0 })
      await cluster.send(topic, ['later'])
      expect(await readValues(consumer, expected.length)).toEqual(expected)
    },
  )

  test('with auto.offset.reset=none a partition without an offset is an error that names it', async () => {
    const topic = await cluster.createTopic()
    await using consumer = make({ autoOffsetReset: 'none' })
    consumer.assign({ topic, partition: 0 })
    await expect(consumer.poll({ timeoutMs: 5_000 })).rejects.toMatchObject({
      code: 'NO_OFFSET_FOR_PARTITION',
      context: { topic, partition: 0 },
    })
    consumer.seek({ topic, partition: 0, offset: 0 })
    expect((await consumer.poll({ timeoutMs: 50 })).count).toBe(0)
  })

  test('seek goes on where it says, forwards and backwards, also over what was fetched already', async () => {
    const topic = await cluster.createTopic()
    await cluster.send(topic, values(100))
    await using consumer = make({ maxPollRecords: 10 })
    const at = { topic, partition: 0 }
    consumer.assign(at)
    expect(await readValues(consumer, 10)).toEqual(values(10))
    expect(await consumer.position(at)).toBe(10)
    consumer.seek({ ...at, offset: 95 })
    expect(await readValues(consumer, 5)).toEqual(values(5, 95))
    consumer.seek({ ...at, offset: 3 })
    expect(await readValues(consumer, 10)).toEqual(values(10, 3))
    consumer.seekToEnd()
    expect(await consumer.position(at)).toBe(100)
    consumer.seekToBeginning(at)
    expect(await readValues(consumer, 10)).toEqual(values(10))
  })

  test('offsets are found by timestamp, and by them a consumer goes on', async () => {
    const topic = await cluster.createTopic()
    const firstTimestamp = 1_700_000_000_000
    await cluster.send(topic, values(100), { firstTimestamp })
    const at = { topic, partition: 0 }
    await using consumer = make()
    consumer.assign(at)
    const found = await consumer.offsetsForTimes([[at, firstTimestamp + 42]])
    expect(found.get(at)).toEqual({ offset: 42, timestamp: firstTimestamp + 42, leaderEpoch: 0 })
    expect((await consumer.offsetsForTimes([[at, firstTimestamp + 100]])).get(at)).toBeNull()
    await consumer.seekToTimestamp(firstTimestamp + 98)
    expect(await readValues(consumer, 2)).toEqual(values(2, 98))
  })

  test('topics, partitions, ends and lag are told', async () => {
    const topic = await cluster.createTopic({ partitions: 2 })
    await cluster.send(topic, values(10))
    const [at, other] = [0, 1].map((partition) => ({ topic, partition }))
    await using consumer = make({ maxPollRecords: 4 })
    consumer.assign(at!)
    expect(await consumer.beginningOffsets([at!, other!])).toEqual(
      new PartitionMap([
        [at!, 0],
        [other!, 0],
      ]),
    )
    expect(await consumer.endOffsets([at!, other!])).toEqual(
      new PartitionMap([
        [at!, 10],
        [other!, 0],
      ]),
    )
    expect((await consumer.partitionsFor(topic)).map(({ partition }) => partition)).toEqual([0, 1])
    expect((await consumer.listTopics()).get(topic)?.length).toBe(2)
    expect(consumer.currentLag(at!)).toBeUndefined()
    await readCount(consumer, 4)
    expect(consumer.currentLag(at!)).toBe(6)
  })

  test('a paused partition returns nothing, keeps what it has, and holds nobody up', async () => {
    const topic = await cluster.createTopic({ partitions: 2 })
    await cluster.send(topic, values(20))
    await using consumer = make({ maxPollRecords: 5 })
    const [first, second] = [0, 1].map((partition) => ({ topic, partition }))
    consumer.assign([first!, second!])
    expect(await readValues(consumer, 5)).toEqual(values(5))
    consumer.pause(first!)
    expect(consumer.paused()).toEqual([first])
    await cluster.send(topic, ['other'], { partition: 1 })
    expect(await readValues(consumer, 1)).toEqual(['other'])
    expect((await consumer.poll({ timeoutMs: 100 })).count).toBe(0)
    consumer.resume(first!)
    expect(await readValues(consumer, 15)).toEqual(values(15, 5))
  })

  test('an offset that is not there any more is reset, or told', async () => {
    const topic = await cluster.createTopic()
    await cluster.send(topic, values(10))
    await cluster.deleteRecords(topic, 6)
    await using lenient = make()
    lenient.assign({ topic, partition: 0 })
    lenient.seek({ topic, partition: 0, offset: 2 })
    expect(await readValues(lenient, 4)).toEqual(values(4, 6))
    await using strict = make({ autoOffsetReset: 'none' })
    strict.assign({ topic, partition: 0 })
    strict.seek({ topic, partition: 0, offset: 2 })
    await expect(strict.poll({ timeoutMs: 10_000 })).rejects.toMatchObject({
      code: 'OFFSET_OUT_OF_RANGE',
      context: { topic, partition: 0 },
    })
    strict.seek({ topic, partition: 0, offset: 8 })
    expect(await readValues(strict, 2)).toEqual(values(2, 8))
  })

  test('a value that its deserializer refuses tells where it is, and the records around it are read', async () => {
    const topic = await cluster.createTopic()
    await cluster.send(topic, ['1', 'two', '3'])
    await using consumer = new Consumer({
      bootstrapServers: target.bootstrap,
      autoOffsetReset: 'earliest',
      valueDeserializer: (data) => {
        const value = Number(new TextDecoder().decode(data))
        if (Number.isNaN(value)) throw new Error('not a number')
        return value
      },
    })
    consumer.assign({ topic, partition: 0 })
    const records = await readCount(consumer, 3)
    expect(records.map((record) => outcome(() => record.value))).toEqual([
      1,
      { code: 'DESERIALIZATION_FAILED', topic, partition: 0, offset: 1, part: 'value' },
      3,
    ])
    expect(records[1]!.valueBytes).toEqual(new TextEncoder().encode('two'))
  })

  test('a topic that comes to be while it is waited for is read', async () => {
    const topic = cluster.topicName()
    await using consumer = make({ allowAutoCreateTopics: false, metadataMaxAgeMs: 100 })
    consumer.assign({ topic, partition: 0 })
    expect((await consumer.poll({ timeoutMs: 300 })).count).toBe(0)
    await cluster.createTopic({ name: topic })
    await cluster.send(topic, ['a'])
    expect(await readValues(consumer, 1)).toEqual(['a'])
  })

  test('a poll that waits gets a record as soon as it is there', async () => {
    const topic = await cluster.createTopic()
    await using consumer = make({ autoOffsetReset: 'latest' })
    consumer.assign({ topic, partition: 0 })
    await consumer.position({ topic, partition: 0 })
    const polled = consumer.poll({ timeoutMs: 20_000 })
    await cluster.send(topic, ['now'])
    expect((await polled).count).toBe(1)
  })

  test('a poll ends by its signal, by its time and by close, and there is one at a time', async () => {
    const topic = await cluster.createTopic()
    const consumer = make()
    consumer.assign({ topic, partition: 0 })
    const stop = new AbortController()
    const aborted = consumer.poll({ timeoutMs: 20_000, signal: stop.signal })
    await expect(consumer.poll()).rejects.toMatchObject({ code: 'CONCURRENT_CALL' })
    stop.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
    expect((await consumer.poll({ timeoutMs: 0 })).isEmpty).toBe(true)
    const closed = consumer.poll({ timeoutMs: 20_000 })
    await consumer.close()
    expect((await closed).isEmpty).toBe(true)
    await expect(consumer.poll()).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
  })

  test('a group goes on where it committed', async () => {
    const topic = await cluster.createTopic()
    await cluster.send(topic, values(10))
    const groupId = `group-${topic}`
    const at = { topic, partition: 0 }
    const first = make({ groupId, maxPollRecords: 4, enableAutoCommit: false })
    first.subscribe(topic)
    expect(await readValues(first, 4)).toEqual(values(4))
    await first.commit()
    expect((await first.committed(at)).get(at)).toMatchObject({ offset: 4 })
    await first.close()
    await using second = make({ groupId, maxPollRecords: 6 })
    second.subscribe(new RegExp(`^${topic}$`))
    expect(await readValues(second, 6)).toEqual(values(6, 4))
  })
})

function outcome(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    const { code, topic, partition, offset, part } = error as KafkaError & Record<string, unknown>
    return { code, topic, partition, offset, part }
  }
}
