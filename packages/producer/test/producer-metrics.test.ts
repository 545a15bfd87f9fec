import { expect, test } from 'vitest'
import type { ClientMetric, Producer } from '../src/index.ts'
import { outcome, producerWorld } from './support/producer-world.ts'

/** What Apache Kafka's producer prints with `kafka-producer-perf-test --print-metrics`, by group. */
const kafkaNames: Readonly<Record<string, string>> = {
  'kafka-metrics-count': 'count',
  'producer-metrics': `batch-size-avg batch-size-max batch-split-rate batch-split-total buffer-available-bytes
    buffer-exhausted-rate buffer-exhausted-total buffer-total-bytes bufferpool-wait-ratio bufferpool-wait-time-ns-total
    compression-rate-avg connection-close-rate connection-close-total connection-count connection-creation-rate
    connection-creation-total failed-authentication-rate failed-authentication-total failed-reauthentication-rate
    failed-reauthentication-total flush-time-ns-total incoming-byte-rate incoming-byte-total metadata-age
    metadata-wait-time-ns-total network-io-rate network-io-total outgoing-byte-rate outgoing-byte-total
    produce-throttle-time-avg produce-throttle-time-max reauthentication-latency-avg reauthentication-latency-max
    record-error-rate record-error-total record-queue-time-avg record-queue-time-max record-retry-rate record-retry-total
    record-send-rate record-send-total record-size-avg record-size-max records-per-request-avg request-latency-avg
    request-latency-max request-rate request-size-avg request-size-max request-total requests-in-flight response-rate
    response-total successful-authentication-no-reauth-total successful-authentication-rate successful-authentication-total
    successful-reauthentication-rate successful-reauthentication-total waiting-threads`,
  'producer-node-metrics': `incoming-byte-rate incoming-byte-total outgoing-byte-rate outgoing-byte-total request-latency-avg
    request-latency-max request-rate request-size-avg request-size-max request-total response-rate response-total`,
  'producer-topic-metrics': `byte-rate byte-total compression-rate record-error-rate record-error-total record-retry-rate
    record-retry-total record-send-rate record-send-total`,
}

/** What stands under Java's names beside these and has no meaning here: texts, the loop of its selector, transactions. */
const absent = /^(app-info|io-|select-|txn-)/

function figureOf(producer: Producer, name: string, tags: Readonly<Record<string, string>> = {}): number | undefined {
  const fits = (metric: ClientMetric) =>
    metric.name === name &&
    Object.keys(metric.tags).length === Object.keys(tags).length + 1 &&
    Object.entries(tags).every(([key, value]) => metric.tags[key] === value)
  return [...producer.metrics()].find(fits)?.value
}

test("the metrics are those of Kafka's producer by name and group, for producer, broker and topic", async () => {
  const { world, producer } = await producerWorld({ clientId: 'me' })
  producer.metrics()
  await world.settle(producer.send({ topic: 'orders', value: 'a' }))
  const found = new Map<string, Set<string>>()
  for (const { group, name, tags } of producer.metrics()) {
    found.set(group, (found.get(group) ?? new Set()).add(name))
    expect(tags['client-id']).toBe('me')
    expect(name).not.toMatch(absent)
  }
  const expected = Object.entries(kafkaNames).map(([group, names]) => [group, names.split(/\s+/).sort()] as const)
  expect([...found].map(([group, names]) => [group, [...names].sort()] as const).sort()).toEqual(expected)
})

test('what a producer sends, sends again and gives up is counted, every attempt, for all and for each topic', async () => {
  const { world, broker, producer } = await producerWorld({ lingerMs: 0 })
  producer.metrics()
  broker.onProduce = ({ number }) => (number === 0 ? { error: 'NOT_ENOUGH_REPLICAS' } : undefined)
  await world.settle(producer.send(['a', 'b', 'c'].map((value) => ({ topic: 'orders', value }))))
  broker.onProduce = () => ({ error: 'TOPIC_AUTHORIZATION_FAILED' })
  await world.settle(outcome(producer.send({ topic: 'orders', value: 'd' })))
  const [first, second, third] = broker.produced.map(({ batches }) => batches[0]!.bytes)
  const topic = { topic: 'orders' }
  const names = ['record-send-total', 'record-retry-total', 'record-error-total']
  expect(names.map((name) => figureOf(producer, name))).toEqual([7, 3, 1])
  expect(names.map((name) => figureOf(producer, name, topic))).toEqual([7, 3, 1])
  expect(figureOf(producer, 'byte-total', topic)).toBe(first! + second! + third!)
  expect(figureOf(producer, 'batch-size-max')).toBe(first)
  expect(figureOf(producer, 'records-per-request-avg')).toBeCloseTo(7 / 3)
  expect(figureOf(producer, 'compression-rate-avg')).toBe(1)
  const node = { 'node-id': 'node-1' }
  expect(figureOf(producer, 'request-latency-max', node)).toBe(figureOf(producer, 'request-latency-max'))
  expect(figureOf(producer, 'request-total', node)).toBeGreaterThanOrEqual(3)
})

test('connections and the time that sends wait for metadata are measured', async () => {
  const { world, producer } = await producerWorld({ topics: ['orders'], maxBlockMs: 500 })
  producer.metrics()
  await world.settle(outcome(producer.send({ topic: 'odrers', value: 'a' })))
  expect(figureOf(producer, 'metadata-wait-time-ns-total')).toBe(500_000_000)
  await world.settle(producer.send({ topic: 'orders', value: 'a' }))
  expect(figureOf(producer, 'connection-count')).toBe(1)
  expect(figureOf(producer, 'connection-creation-total')).toBe(2)
  expect(figureOf(producer, 'connection-close-total')).toBe(1)
  await world.settle(producer.close())
  expect(figureOf(producer, 'connection-count')).toBe(0)
})

test('full memory is measured: what is left, who waits, for how long, and who gave up', async () => {
  const given = { bufferMemory: 1_000, batchSize: 1_000, maxBlockMs: 300 }
  const { world, broker, producer } = await producerWorld(given)
  producer.metrics()
  broker.onProduce = () => 'silent'
  const first = outcome(producer.send({ topic: 'orders', value: 'x'.repeat(600) }))
  await world.runFor(100)
  const second = outcome(producer.send({ topic: 'orders', value: 'y'.repeat(600) }))
  await world.runFor(10)
  expect(figureOf(producer, 'buffer-total-bytes')).toBe(1_000)
  expect(figureOf(producer, 'buffer-available-bytes')).toBe(0)
  expect(figureOf(producer, 'waiting-threads')).toBe(1)
  await world.settle(second)
  expect(figureOf(producer, 'buffer-exhausted-total')).toBe(1)
  expect(figureOf(producer, 'bufferpool-wait-time-ns-total')).toBe(300_000_000)
  await world.settle(producer.close({ timeoutMs: 0 }))
  await world.settle(first)
})

test('a producer that nobody measures listens to nothing', async () => {
  const { world, producer } = await producerWorld()
  await world.settle(producer.send({ topic: 'orders', value: 'a' }))
  expect(producer.hooks.has('batchSent')).toBe(false)
  expect(producer.hooks.has('requestSent')).toBe(false)
})
