import { expect, test } from 'vitest'
import { outcome, producerWorld } from './support/producer-world.ts'

const record = (value: string) => ({ topic: 'orders', partition: 0, value })
const values = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)

test('a request without an answer within request.timeout.ms is sent again on a new connection', async () => {
  const { world, broker, producer } = await producerWorld({ requestTimeoutMs: 1_000, deliveryTimeoutMs: 10_000 })
  broker.onProduce = ({ number }) => (number === 0 ? 'silent' : undefined)
  expect(await world.settle(producer.send(record('a')))).toMatchObject({ offset: 0 })
  const [first, second] = broker.produced
  expect(second!.atMs - first!.atMs).toBeGreaterThanOrEqual(1_000)
  expect(broker.log('orders')).toEqual(['a'])
})

test('a retriable error is answered by another attempt after retry.backoff.ms, which doubles', async () => {
  const { world, broker, producer } = await producerWorld({
    retryBackoffMs: 100,
    retryBackoffMaxMs: 1_000,
    lingerMs: 0,
  })
  broker.onProduce = ({ number }) => (number < 4 ? { error: 'NOT_ENOUGH_REPLICAS' } : undefined)
  await world.settle(producer.send(record('a')))
  const times = broker.produced.map(({ atMs }) => atMs)
  const waits = times.slice(1).map((atMs, index) => atMs - times[index]!)
  const expected = [100, 200, 400, 800]
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(expected[index]! * 0.8)
    expect(wait).toBeLessThan(expected[index]! * 1.2 + 10)
  }
})

test('delivery.timeout.ms is the upper bound of everything', async () => {
  const { world, broker, producer } = await producerWorld({ requestTimeoutMs: 1_000, deliveryTimeoutMs: 3_500 })
  broker.onProduce = () => 'silent'
  const started = world.elapsedMs
  const error = await world.settle(outcome(producer.send(record('a'))))
  expect(error).toMatchObject({ code: 'DELIVERY_TIMED_OUT', context: { topic: 'orders', partition: 0 } })
  expect(world.elapsedMs - started).toBeGreaterThanOrEqual(3_500)
  expect(world.elapsedMs - started).toBeLessThan(3_600)
})

test('an error that no retry can mend fails the records at once and names topic, partition and cause', async () => {
  const { world, broker, producer } = await producerWorld()
  broker.onProduce = () => ({ error: 'TOPIC_AUTHORIZATION_FAILED' })
  const error = await world.settle(outcome(producer.send(record('a'))))
  expect(error).toMatchObject({
    code: 'TOPIC_AUTHORIZATION_FAILED',
    retriable: false,
    context: { topic: 'orders', partition: 0 },
  })
  expect(broker.produced.length).toBe(1)
})

test('with retries 0 a retriable error fails the records', async () => {
  const { world, broker, producer } = await producerWorld({ retries: 0 })
  broker.onProduce = () => ({ error: 'NOT_ENOUGH_REPLICAS' })
  expect(await world.settle(outcome(producer.send(record('a'))))).toMatchObject({ code: 'NOT_ENOUGH_REPLICAS' })
  expect(broker.produced.length).toBe(1)
})

test.each([
  { acks: 0 as const, offset: -1, onWire: 0 },
  { acks: 1 as const, offset: 0, onWire: 1 },
  { acks: 'all' as const, offset: 0, onWire: -1 },
])('acks=$acks stands in the request, and the offset is $offset', async ({ acks, offset, onWire }) => {
  const { world, broker, producer } = await producerWorld({ acks })
  expect(await world.settle(producer.send(record('a')))).toMatchObject({ offset })
  await world.runFor(100)
  expect(broker.produced.map((request) => request.acks)).toEqual([onWire])
  expect(broker.log('orders')).toEqual(['a'])
})

test('with acks=0 nothing is sent again: what the broker did not take is lost without an error', async () => {
  const { world, broker, producer } = await producerWorld({ acks: 0 })
  broker.onProduce = () => ({ error: 'NOT_ENOUGH_REPLICAS' })
  expect(await world.settle(producer.send(record('a')))).toMatchObject({ offset: -1 })
  await world.runFor(10_000)
  expect(broker.produced.length).toBe(1)
})

test.each([1, 'all'] as const)('with acks=%s what failed is sent again, until it is written', async (acks) => {
  const { world, broker, producer } = await producerWorld({ acks })
  broker.onProduce = ({ number }) => (number < 2 ? { error: 'NOT_LEADER_OR_FOLLOWER' } : undefined)
  expect(await world.settle(producer.send(record('a')))).toMatchObject({ offset: 0 })
  expect(broker.produced.length).toBe(3)
  expect(broker.log('orders')).toEqual(['a'])
})

test('no more than max.in.flight.requests.per.connection wait for their answers', async () => {
  const given = { lingerMs: 0, batchSize: 0, maxInFlightRequestsPerConnection: 3, deliveryTimeoutMs: 40_000 }
  const { world, broker, producer } = await producerWorld(given)
  await world.settle(producer.send(record('first')))
  broker.onProduce = () => 'silent'
  const sent = outcome(producer.send(values(20).map(record)))
  await world.runFor(1_000)
  expect(broker.produced.length).toBe(1 + 3)
  await world.settle(producer.close({ timeoutMs: 0 }))
  await world.settle(sent)
})

test('without idempotence one request in flight keeps the order across retries', async () => {
  const given = { enableIdempotence: false, maxInFlightRequestsPerConnection: 1, lingerMs: 0, batchSize: 0 }
  const { world, broker, producer } = await producerWorld(given)
  broker.onProduce = ({ number }) => (number % 3 === 1 ? { error: 'NOT_ENOUGH_REPLICAS' } : undefined)
  await world.settle(producer.send(values(30).map(record)))
  expect(broker.log('orders')).toEqual(values(30))
})

test('a client that was told an older set of versions asks again in what the broker knows', async () => {
  const { world, broker, producer } = await producerWorld()
  broker.maxVersions.set(18, 2)
  broker.maxVersions.set(3, 5)
  broker.maxVersions.set(0, 3)
  expect(await world.settle(producer.send(record('a')))).toMatchObject({ offset: 0 })
})

test('a broker without the versions that are needed is a clear error', async () => {
  const { world, broker, producer } = await producerWorld()
  broker.maxVersions.set(0, 2)
  expect(await world.settle(outcome(producer.send(record('a'))))).toMatchObject({ code: 'UNSUPPORTED_VERSION' })
})
