import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Consumer, type ConsumerOptions, type HandlerError, stringDeserializer } from '@odradek/consumer'
import { Producer } from '@odradek/producer'
import { startTarget, type Target, targetMissing, targetNames } from '@odradek/producer-behaviour/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'

const values = (count: number) => Array.from({ length: count }, (_, index) => `value ${index}`)

describe.each(targetNames())('loops above poll, against %s', (name) => {
  const why = targetMissing(name)
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let cluster: Cluster
  let groups = 0
  beforeAll(async () => {
    target = await startTarget(name)
    cluster = new Cluster(target.bootstrap)
  }, 60_000)
  afterAll(async () => {
    cluster?.[Symbol.dispose]()
    await target?.[Symbol.asyncDispose]()
  })
  const newGroup = () => `loops-${++groups}-${Date.now()}`
  const make = (options: Partial<ConsumerOptions<string, string>> = {}) =>
    new Consumer<string, string>({
      bootstrapServers: target.bootstrap,
      autoOffsetReset: 'earliest',
      keyDeserializer: stringDeserializer,
      valueDeserializer: stringDeserializer,
      ...options,
    })
  const topicOf = async (count: number, partitions = 1, key: (index: number) => string | null = () => null) => {
    const topic = await cluster.createTopic({ partitions })
    await using producer = new Producer({ bootstrapServers: target.bootstrap })
    await producer.send(
      values(count).map((value, index) => ({
        topic,
        value,
        key: key(index),
        ...(partitions === 1 && { partition: 0 }),
      })),
    )
    return topic
  }
  const committed = async (topic: string, groupId: string) => {
    await using reader = make({ groupId })
    return (await reader.committed({ topic, partition: 0 })).get({ topic, partition: 0 })?.offset
  }

  test('a loop over records ends by break, and commits what came before the last record', async () => {
    const topic = await topicOf(10)
    const groupId = newGroup()
    const seen: (string | null)[] = []
    {
      await using consumer = make({ groupId })
      consumer.subscribe(topic)
      for await (const record of consumer) {
        seen.push(record.value)
        if (record.offset === 6) break
      }
    }
    expect(seen).toEqual(values(7))
    expect(await committed(topic, groupId)).toBe(6)
  })

  test('a loop that broke off is gone on with by the next, record by record and by batches', async () => {
    const topic = await topicOf(20)
    await using consumer = make()
    consumer.assign({ topic, partition: 0 })
    const seen: (string | null)[] = []
    for await (const { value, offset } of consumer) {
      seen.push(value)
      if (offset === 4) break
    }
    for await (const { value, offset } of consumer.records()) {
      seen.push(value)
      if (offset === 9) break
    }
    for await (const { records } of consumer.batches()) {
      seen.push(...records.map(({ value }) => value))
      if (seen.length >= 20) break
    }
    expect(seen).toEqual(values(20))
  })

  test('a signal ends a loop that waits', async () => {
    const topic = await topicOf(3)
    await using consumer = make()
    consumer.assign({ topic, partition: 0 })
    const ending = new AbortController()
    const seen: (string | null)[] = []
    for await (const { value } of consumer.records({ signal: ending.signal })) {
      if (seen.push(value) === 3) setImmediate(() => ending.abort())
    }
    expect(seen).toEqual(values(3))
  })

  test('a stream is read through a pipeline', async () => {
    const topic = await topicOf(100)
    await using consumer = make()
    consumer.assign({ topic, partition: 0 })
    const ending = new AbortController()
    const seen: string[] = []
    const sink = new Writable({
      objectMode: true,
      write({ value }: { value: string }, _encoding, done) {
        if (seen.push(value) === 100) ending.abort()
        done()
      },
    })
    await pipeline(consumer.stream({ signal: ending.signal }), sink)
    expect(seen).toEqual(values(100))
  })

  test('run keeps the order of each key with eight handlers at once, and commits everything', async () => {
    const topic = await topicOf(400, 1, (index) => `key ${index % 10}`)
    const groupId = newGroup()
    const byKey = new Map<string, number[]>()
    let running = 0
    let most = 0
    {
      await using consumer = make({ groupId })
      consumer.subscribe(topic)
      const ending = new AbortController()
      let seen = 0
      await consumer.run({
        concurrency: 8,
        order: 'key',
        signal: ending.signal,
        eachRecord: async ({ key, offset }) => {
          most = Math.max(most, ++running)
          await new Promise<void>((resolve) => setImmediate(resolve))
          byKey.set(key ?? '', [...(byKey.get(key ?? '') ?? []), offset])
          running--
          if (++seen === 400) ending.abort()
        },
      })
    }
    expect(most).toBe(8)
    for (const offsets of byKey.values()) expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
    expect([...byKey.values()].flat().length).toBe(400)
    expect(await committed(topic, groupId)).toBe(400)
  })

  test('a record that no retry helps goes to the dead-letter topic with the reason, and the others are processed', async () => {
    const topic = await topicOf(5)
    const deadLetters = await cluster.createTopic()
    await using producer = new Producer({ bootstrapServers: target.bootstrap })
    await using consumer = make({ groupId: newGroup() })
    consumer.subscribe(topic)
    const ending = new AbortController()
    const attempts: [string | null, number][] = []
    await consumer.run({
      retries: 1,
      backoffMs: 1,
      deadLetter: { topic: deadLetters, producer },
      signal: ending.signal,
      eachRecord: ({ value }, { attempt }) => {
        attempts.push([value, attempt])
        if (value === 'value 2') throw new TypeError('not for us')
        if (value === 'value 4') ending.abort()
      },
    })
    expect(attempts).toEqual([
      ['value 0', 1],
      ['value 1', 1],
      ['value 2', 1],
      ['value 2', 2],
      ['value 3', 1],
      ['value 4', 1],
    ])
    await using reader = make()
    reader.assign({ topic: deadLetters, partition: 0 })
    for await (const letter of reader) {
      const headers = Object.fromEntries(
        letter.headers.map(({ key, value }) => [key, Buffer.from(value ?? []).toString()]),
      )
      expect(letter.value).toBe('value 2')
      expect(headers).toMatchObject({
        '__connect.errors.topic': topic,
        '__connect.errors.partition': '0',
        '__connect.errors.offset': '2',
        '__connect.errors.exception.class.name': 'TypeError',
        '__connect.errors.exception.message': 'not for us',
      })
      break
    }
  })

  test('a handler that fails for good ends the run, and its record is not committed', async () => {
    const topic = await topicOf(5)
    const groupId = newGroup()
    {
      await using consumer = make({ groupId })
      consumer.subscribe(topic)
      const failure = await consumer
        .run({
          eachRecord: ({ offset }) => {
            if (offset === 3) throw new Error('out of order')
          },
        })
        .catch((error: HandlerError) => error)
      expect(failure).toMatchObject({ code: 'HANDLER_FAILED', topic, partition: 0, offset: 3 })
    }
    expect(await committed(topic, groupId)).toBe(3)
  })

  test('batches of several partitions are handled side by side, and a slow handler bounds what is taken', async () => {
    const topic = await topicOf(3_000, 3, (index) => String(index))
    await using consumer = make({ groupId: newGroup(), maxPollRecords: 50 })
    consumer.subscribe(topic)
    const ending = new AbortController()
    const seen = new Map<number, number>()
    let count = 0
    await consumer.run({
      concurrency: 3,
      signal: ending.signal,
      eachBatch: async ({ partition, records }) => {
        await new Promise<void>((resolve) => setImmediate(resolve))
        for (const { offset } of records) {
          expect(offset).toBe(seen.get(partition) ?? 0)
          seen.set(partition, offset + 1)
        }
        count += records.length
        if (count === 3_000) ending.abort()
      },
    })
    expect([...seen.values()].reduce((sum, next) => sum + next, 0)).toBe(3_000)
  })

  test('partitions that move to another member while handlers work are handed over without a record worked on twice', async () => {
    const topic = await cluster.createTopic({ partitions: 4 })
    const groupId = newGroup()
    const ending = new AbortController()
    const seen: string[] = []
    const sent: string[] = []
    let isSending = true
    const work = (consumer: Consumer<string, string>) =>
      consumer.run({
        concurrency: 4,
        signal: ending.signal,
        eachRecord: async ({ partition, offset }) => {
          await new Promise<void>((resolve) => setImmediate(resolve))
          seen.push(`${partition}@${offset}`)
          if (!isSending && seen.length >= sent.length) ending.abort()
        },
      })
    const options = { groupId, partitionAssignmentStrategy: ['cooperative-sticky'] as const, heartbeatIntervalMs: 100 }
    await using first = make(options)
    await using second = make(options)
    await using producer = new Producer({ bootstrapServers: target.bootstrap, lingerMs: 0 })
    const send = async () => {
      const records = Array.from({ length: 50 }, (_, index) => ({ topic, partition: index % 4, value: 'value' }))
      const metadata = await producer.send(records)
      sent.push(...metadata.map(({ partition, offset }) => `${partition}@${offset}`))
    }
    first.subscribe(topic)
    const runs = [work(first)]
    while (seen.length === 0) await send()
    second.subscribe(topic)
    let isHandedOver = false
    second.hooks.on('partitionsAssigned', ({ partitions }) => {
      isHandedOver ||= partitions.length > 0
    })
    runs.push(work(second))
    while (!isHandedOver) await send()
    await send()
    isSending = false
    if (seen.length >= sent.length) ending.abort()
    await Promise.all(runs)
    expect(seen.toSorted()).toEqual(sent.toSorted())
  })
})
