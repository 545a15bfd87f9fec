import { Consumer } from '@odradek/consumer'
import { startTarget, type Target, targetMissing, targetNames } from '@odradek/producer-behaviour/targets'
import { Kafka, type Producer as KafkaJsProducer, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { readValues } from '../src/read.ts'

describe.each(targetNames())('against %s', (name) => {
  if (name === 'odradek') return test.skip('skipped: this broker has no transactions')
  const why = targetMissing(name)
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let cluster: Cluster
  let producer: KafkaJsProducer
  beforeAll(async () => {
    target = await startTarget(name)
    cluster = new Cluster(target.bootstrap)
    const kafka = new Kafka({ brokers: [target.bootstrap], logLevel: logLevel.NOTHING })
    producer = kafka.producer({ transactionalId: 'tests', idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
  }, 60_000)
  afterAll(async () => {
    await producer?.disconnect()
    cluster?.[Symbol.dispose]()
    await target?.[Symbol.asyncDispose]()
  })

  test('read_committed returns what was committed, no record of an aborted transaction, and no marker', async () => {
    const topic = await cluster.createTopic()
    const expected: string[] = []
    for (let number = 0; number < 20; number++) {
      const transaction = await producer.transaction()
      const messages = [0, 1, 2].map((index) => ({ value: `${number}.${index}` }))
      for (const message of messages) await transaction.send({ topic, messages: [message] })
      if (number % 3 === 0) await transaction.abort()
      else {
        await transaction.commit()
        expected.push(...messages.map(({ value }) => value))
      }
    }
    await cluster.send(topic, ['last'])
    const options = { bootstrapServers: target.bootstrap, autoOffsetReset: 'earliest' }
    // Small fetches cut the log within transactions.
    for (const maxPartitionFetchBytes of [1_048_576, 200]) {
      await using committed = new Consumer({ ...options, isolationLevel: 'read_committed', maxPartitionFetchBytes })
      committed.assign({ topic, partition: 0 })
      expect(await readValues(committed, expected.length + 1)).toEqual([...expected, 'last'])
    }
    await using all = new Consumer(options)
    all.assign({ topic, partition: 0 })
    expect((await readValues(all, 61)).length).toBe(61)
  })

  test('read_committed stops before an open transaction, and goes on when it has ended', async () => {
    const topic = await cluster.createTopic()
    await cluster.send(topic, ['before'])
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ value: 'open' }] })
    await cluster.send(topic, ['behind'])
    const isolationLevel = 'read_committed'
    await using consumer = new Consumer({
      bootstrapServers: target.bootstrap,
      autoOffsetReset: 'earliest',
      isolationLevel,
    })
    const at = { topic, partition: 0 }
    consumer.assign(at)
    expect(await readValues(consumer, 1)).toEqual(['before'])
    expect((await consumer.endOffsets(at)).get(at)).toBe(1)
    expect((await consumer.poll({ timeoutMs: 300 })).count).toBe(0)
    await transaction.commit()
    expect(await readValues(consumer, 2)).toEqual(['open', 'behind'])
  })
})
