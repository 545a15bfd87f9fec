import { silentLogger } from '@odradek/runtime'
import { expect, test } from 'vitest'
import { ConfigError, Producer, type ProducerOptions } from '../src/index.ts'
import { outcome, producerWorld } from './support/producer-world.ts'

const record = (value: string) => ({ topic: 'orders', partition: 0, value })
const values = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)
const single = { lingerMs: 0, batchSize: 0 }

const contradictions: readonly { readonly what: string; readonly options: Partial<ProducerOptions> }[] = [
  { what: 'acks=0', options: { acks: 0 } },
  { what: 'acks=1', options: { acks: 1 } },
  { what: 'retries=0', options: { retries: 0 } },
  { what: 'max.in.flight.requests.per.connection=6', options: { maxInFlightRequestsPerConnection: 6 } },
]

test('idempotence is on by default', () => {
  expect(new Producer({ bootstrapServers: 'broker:9092' }).isIdempotent).toBe(true)
})

test.each(contradictions)(
  '$what turns idempotence off with a warning when it was not asked for by name',
  ({ options }) => {
    const warnings: string[] = []
    const logger = { ...silentLogger, warn: (message: string) => warnings.push(message) }
    expect(new Producer({ bootstrapServers: 'broker:9092', ...options, logger }).isIdempotent).toBe(false)
    expect(warnings).toEqual(['idempotence is off, because other options exclude it'])
  },
)

test.each(contradictions)('$what is a ConfigError when idempotence was asked for by name', ({ options }) => {
  expect(() => new Producer({ bootstrapServers: 'broker:9092', ...options, enableIdempotence: true })).toThrow(
    ConfigError,
  )
})

test.each([1, 2, 3, 4, 5])('%i requests in flight go with idempotence', (maxInFlightRequestsPerConnection) => {
  const options = { bootstrapServers: 'broker:9092', enableIdempotence: true, maxInFlightRequestsPerConnection }
  expect(new Producer(options).isIdempotent).toBe(true)
})

test('sequences begin at 0 for every partition and go on record by record', async () => {
  const { world, broker, producer } = await producerWorld({ partitions: 2 })
  await world.settle(producer.send([record('a'), record('b'), { topic: 'orders', partition: 1, value: 'c' }]))
  await world.settle(producer.send(record('d')))
  const batches = broker.produced.flatMap((request) => request.batches)
  expect(
    batches.map(({ partition, baseSequence, producerEpoch }) => [partition, baseSequence, producerEpoch]).sort(),
  ).toEqual([
    [0, 0, 0],
    [0, 2, 0],
    [1, 0, 0],
  ])
  expect(new Set(batches.map(({ producerId }) => producerId)).size).toBe(1)
})

test('until the first batch of a partition is acknowledged no other goes: brokers take any sequence of an unknown producer', async () => {
  const { world, broker, producer } = await producerWorld(single)
  broker.onProduce = ({ number }) => (number === 0 ? { error: 'NOT_LEADER_OR_FOLLOWER' } : undefined)
  await world.settle(producer.send(values(10).map(record)))
  const sequences = broker.produced.map(({ batches }) => batches.map(({ baseSequence }) => baseSequence))
  expect(sequences.slice(0, 3)).toEqual([[0], [0], [1]])
  expect(broker.log('orders')).toEqual(values(10))
})

test('every producer has an id of its own', async () => {
  const { world, broker, producer } = await producerWorld()
  const { clock, random, transport, storage } = world.node('other').start()
  const other = new Producer({ bootstrapServers: 'broker:9092', clock, random, transport, storage })
  await world.settle(Promise.all([producer.send(record('a')), other.send(record('b'))]))
  expect(new Set(broker.produced.flatMap(({ batches }) => batches.map(({ producerId }) => producerId))).size).toBe(2)
})

test('a batch whose acknowledgement was lost is sent again with its sequence, acknowledged and not written twice', async () => {
  const { world, broker, producer } = await producerWorld()
  broker.onProduce = ({ number }) => (number === 0 ? 'write-and-close' : undefined)
  expect(await world.settle(producer.send(record('a')))).toMatchObject({ offset: 0 })
  expect(broker.produced.flatMap(({ batches }) => batches.map(({ baseSequence }) => baseSequence))).toEqual([0, 0])
  expect(broker.log('orders')).toEqual(['a'])
})

test('with five requests in flight a failed one and those behind it are written in order', async () => {
  const { world, broker, producer } = await producerWorld(single)
  broker.onProduce = ({ number }) => ([2, 7, 8].includes(number) ? { error: 'NOT_ENOUGH_REPLICAS' } : undefined)
  const all = await world.settle(producer.send(values(40).map(record)))
  expect(broker.log('orders')).toEqual(values(40))
  expect(all.map(({ offset }) => offset)).toEqual(values(40).map(Number))
})

test('after a record that failed for good the epoch is raised, and what follows is written in order', async () => {
  const { world, broker, producer } = await producerWorld(single)
  broker.onProduce = ({ number }) => (number === 3 ? { error: 'INVALID_RECORD' } : undefined)
  const error = await world.settle(outcome(producer.send(values(20).map(record))))
  expect(error).toMatchObject({ code: 'SEND_FAILED' })
  expect(broker.log('orders')).toEqual(values(20).filter((value) => value !== '3'))
  const last = broker.produced.at(-1)!.batches[0]!
  expect(last.producerEpoch).toBe(1)
})

test('a broker that has lost the producer is answered by a new epoch, and nothing is lost', async () => {
  const { world, broker, producer } = await producerWorld(single)
  await world.settle(producer.send(values(5).map(record)))
  broker.forgetProducers()
  await world.settle(producer.send(['x', 'y', 'z'].map(record)))
  expect(broker.log('orders')).toEqual([...values(5), 'x', 'y', 'z'])
})

test('after a batch that expired with its fate open the epoch is raised before anything new is written', async () => {
  const { world, broker, producer } = await producerWorld({
    ...single,
    requestTimeoutMs: 500,
    deliveryTimeoutMs: 1_200,
  })
  broker.onProduce = ({ atMs }) => (atMs < 2_000 ? 'silent' : undefined)
  expect(await world.settle(outcome(producer.send(record('a'))))).toMatchObject({ code: 'DELIVERY_TIMED_OUT' })
  await world.runFor(2_000)
  await world.settle(producer.send(record('b')))
  expect(broker.log('orders')).toEqual(['b'])
  expect(broker.produced.at(-1)!.batches[0]).toMatchObject({ producerEpoch: 1, baseSequence: 0 })
})
