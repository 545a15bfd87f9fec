import { Producer, type ProducerOptions } from '@odradek/producer'
import { partitionForKey, roundRobinPartitioner } from '@odradek/strategies'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { startTarget, type Target, targetMissing, targetNames } from '../src/targets.ts'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const lowest = { compressionGzipLevel: 1, compressionLz4Level: 9, compressionZstdLevel: 1 }
const values = (count: number) => Array.from({ length: count }, (_, index) => `value ${index}`)

describe.each(targetNames())('against %s', (name) => {
  const why = targetMissing(name)
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let cluster: Cluster
  const make = (options: Partial<ProducerOptions> = {}) =>
    new Producer({ bootstrapServers: target.bootstrap, ...options })
  beforeAll(async () => {
    target = await startTarget(name)
    cluster = new Cluster(target.bootstrap)
  }, 60_000)
  afterAll(async () => {
    cluster?.[Symbol.dispose]()
    await target?.[Symbol.asyncDispose]()
  })

  test.each(codecs)('what is sent is read back value by value, codec %s', async (compressionType) => {
    await using producer = make({ compressionType })
    const topic = await cluster.createTopic()
    const records = [
      { topic, key: 'key', value: 'value', timestamp: 1_700_000_000_000, headers: { trace: 'a1', none: null } },
      {
        topic,
        key: null,
        value: 'ÄÖÜ €',
        headers: [
          { key: 'twice', value: '1' },
          { key: 'twice', value: '2' },
        ],
      },
      { topic, key: '', value: null },
      { topic, value: 'x'.repeat(50_000) },
    ]
    const metadata = await producer.send(records)
    const read = await cluster.read(topic)
    expect(metadata.map(({ offset, timestamp }) => [offset, timestamp])).toEqual(
      read.map(({ offset, timestamp }) => [offset, timestamp]),
    )
    expect(read.map(({ key, value, headers }) => ({ key, value, headers }))).toEqual([
      {
        key: 'key',
        value: 'value',
        headers: [
          ['trace', 'a1'],
          ['none', null],
        ],
      },
      {
        key: null,
        value: 'ÄÖÜ €',
        headers: [
          ['twice', '1'],
          ['twice', '2'],
        ],
      },
      { key: '', value: null, headers: [] },
      { key: null, value: 'x'.repeat(50_000), headers: [] },
    ])
    expect(new Set(read.map(({ codec }) => codec))).toEqual(new Set([compressionType]))
  })

  test.each([
    { acks: 0 as const, offsets: [-1, -1, -1], idempotent: false },
    { acks: 1 as const, offsets: [0, 1, 2], idempotent: false },
    { acks: 'all' as const, offsets: [0, 1, 2], idempotent: true },
  ])('acks=$acks writes the records, and tells the offsets $offsets', async ({ acks, offsets, idempotent }) => {
    const producer = make({ acks })
    const topic = await cluster.createTopic()
    const metadata = await producer.send(values(3).map((value) => ({ topic, value })))
    await producer.close()
    expect(metadata.map(({ offset }) => offset)).toEqual(offsets)
    await expect.poll(async () => (await cluster.read(topic)).map(({ value }) => value)).toEqual(values(3))
    expect((await cluster.read(topic)).every(({ producerId }) => producerId >= 0 === idempotent)).toBe(true)
  })

  test('records with a key go to the partition of its murmur2 hash', async () => {
    await using producer = make()
    const topic = await cluster.createTopic({ partitions: 6 })
    const keys = Array.from({ length: 40 }, (_, index) => `key ${index}`)
    const metadata = await producer.send(keys.map((key) => ({ topic, key, value: key })))
    const expected = keys.map((key) => partitionForKey(new TextEncoder().encode(key), 6))
    expect(metadata.map(({ partition }) => partition)).toEqual(expected)
    for (let partition = 0; partition < 6; partition++) {
      const read = await cluster.read(topic, partition)
      expect(read.map(({ key }) => key)).toEqual(keys.filter((_, index) => expected[index] === partition))
    }
  })

  test('round robin gives every partition its turn', async () => {
    await using producer = make({ partitionerClass: roundRobinPartitioner })
    const topic = await cluster.createTopic({ partitions: 3 })
    const metadata = await producer.send(values(9).map((value) => ({ topic, value })))
    const counts = [0, 1, 2].map((wanted) => metadata.filter(({ partition }) => partition === wanted).length)
    expect(counts).toEqual([3, 3, 3])
  })

  test('records without a key fill one partition after the other', async () => {
    await using producer = make({ batchSize: 1_000 })
    const topic = await cluster.createTopic({ partitions: 3 })
    const metadata = await producer.send(values(3_000).map((value) => ({ topic, value })))
    const changes = metadata.filter(({ partition }, index) => index > 0 && partition !== metadata[index - 1]!.partition)
    expect(new Set(metadata.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]))
    expect(changes.length).toBeLessThan(100)
  })

  test('order holds within a partition with five requests in flight', async () => {
    await using producer = make({ lingerMs: 0, batchSize: 100 })
    const topic = await cluster.createTopic()
    await Promise.all(values(2_000).map((value) => producer.send({ topic, value })))
    expect((await cluster.read(topic)).map(({ value }) => value)).toEqual(values(2_000))
  })

  test('a batch above max.message.bytes is split, and every record is written in order', async () => {
    await using producer = make({ batchSize: 100_000 })
    const topic = await cluster.createTopic({ configs: { 'max.message.bytes': '2000' } })
    const metadata = await producer.send(values(1_000).map((value) => ({ topic, value })))
    expect(metadata.map(({ offset }) => offset)).toEqual(values(1_000).map((_, index) => index))
    expect((await cluster.read(topic)).map(({ value }) => value)).toEqual(values(1_000))
  })

  test('a record above max.message.bytes fails alone, and those behind it are written', async () => {
    await using producer = make({ lingerMs: 0, batchSize: 0 })
    const topic = await cluster.createTopic({ configs: { 'max.message.bytes': '2000' } })
    const sent = ['a', 'x'.repeat(5_000), 'b', 'c'].map((value) => producer.send({ topic, value }))
    const [first, second, third, fourth] = await Promise.allSettled(sent)
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'MESSAGE_TOO_LARGE', context: { topic } } })
    expect([first, third, fourth].map((result) => result?.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
    expect((await cluster.read(topic)).map(({ value }) => value)).toEqual(['a', 'b', 'c'])
  })

  test('a topic that does not exist yet is created by the first record, as the broker allows', async () => {
    await using producer = make()
    const topic = `made-by-sending-${await cluster.createTopic()}`
    expect(await producer.send({ topic, value: 'a' })).toMatchObject({ topic, partition: 0, offset: 0 })
  })

  test('a topic name that is not valid is a clear error', async () => {
    await using producer = make()
    await expect(producer.send({ topic: 'not a topic', value: 'a' })).rejects.toMatchObject({
      code: 'INVALID_TOPIC_EXCEPTION',
      retriable: false,
    })
  })

  test('min.insync.replicas above the number of replicas asks for no more than there are', async () => {
    await using producer = make()
    const topic = await cluster.createTopic({ configs: { 'min.insync.replicas': '2' } })
    expect(await producer.send({ topic, value: 'a' })).toMatchObject({ offset: 0 })
  })

  test('every producer has a new producer id, and sequences begin at 0 for each partition', async () => {
    const topic = await cluster.createTopic({ partitions: 2 })
    for (let start = 0; start < 2; start++) {
      await using producer = make()
      await producer.send([0, 1].map((partition) => ({ topic, partition, value: `start ${start}` })))
    }
    const [first, second] = await Promise.all([cluster.read(topic, 0), cluster.read(topic, 1)])
    expect(first.map(({ sequence }) => sequence)).toEqual([0, 0])
    expect(second.map(({ sequence }) => sequence)).toEqual([0, 0])
    expect(new Set(first.map(({ producerId }) => producerId)).size).toBe(2)
  })

  test.each([
    { compressionType: 'gzip', compressionGzipLevel: 9 },
    { compressionType: 'lz4', compressionLz4Level: 12 },
    { compressionType: 'zstd', compressionZstdLevel: 19 },
  ] as const)('$compressionType at a higher level is smaller and read back the same', async (options) => {
    const topic = await cluster.createTopic({ partitions: 2 })
    const sizes: number[] = []
    const all = values(400).map((value, index) => `${value} ${'abcdefgh'.slice(index % 8)} ${index * 7919}`)
    for (const [partition, given] of [{ compressionType: options.compressionType, ...lowest }, options].entries()) {
      await using producer = make({ ...given, batchSize: 100_000, lingerMs: 50 })
      producer.hooks.on('batchAcknowledged', ({ bytes }) => sizes.push(bytes))
      await producer.send(all.map((value) => ({ topic, partition, value })))
      expect((await cluster.read(topic, partition)).map(({ value }) => value)).toEqual(all)
    }
    expect(sizes.length).toBe(2)
    expect(sizes[1]).toBeLessThan(sizes[0]!)
  })

  test('LogAppendTime topics tell the time of the broker', async () => {
    await using producer = make()
    const topic = await cluster.createTopic({ configs: { 'message.timestamp.type': 'LogAppendTime' } })
    const metadata = await producer.send({ topic, value: 'a', timestamp: 1_000 })
    expect(metadata.timestamp).toBe((await cluster.read(topic))[0]!.timestamp)
    expect(metadata.timestamp).toBeGreaterThan(1_000)
  })
})
