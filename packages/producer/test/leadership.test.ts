import { expect, test } from 'vitest'
import { producerWorld } from './support/producer-world.ts'

const record = (value: string) => ({ topic: 'orders', partition: 0, value })
const values = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)

test('a batch follows its partition to a new leader at once when the old one tells who it is', async () => {
  const { world, brokers, cluster, producer } = await producerWorld({ brokerCount: 2, lingerMs: 0 })
  await world.settle(producer.send(record('a')))
  Object.assign(cluster, { leaderId: 2, leaderEpoch: 2 })
  const asked = brokers.map(({ metadataRequests }) => metadataRequests)
  const waits: number[] = []
  producer.hooks.on('batchRetried', ({ retryInMs }) => waits.push(retryInMs))
  expect(await world.settle(producer.send(record('b')))).toMatchObject({ offset: 1 })
  expect(waits).toEqual([0])
  expect(brokers.map(({ metadataRequests }) => metadataRequests)).toEqual(asked)
})

test('a batch follows its partition by way of the metadata when the old leader does not tell', async () => {
  const { world, brokers, cluster, producer } = await producerWorld({ brokerCount: 2, lingerMs: 0 })
  await world.settle(producer.send(record('a')))
  Object.assign(cluster, { leaderId: 2, leaderEpoch: 2, tellsLeader: false })
  expect(await world.settle(producer.send(record('b')))).toMatchObject({ offset: 1 })
  expect(brokers[1]!.log('orders')).toEqual(['a', 'b'])
})

test('a leader that dies is left for the next one, and nothing is lost, doubled or out of order', async () => {
  const { world, brokers, cluster, producer } = await producerWorld({ brokerCount: 3, lingerMs: 0, batchSize: 0 })
  const sent = producer.send(values(50).map(record))
  brokers[0]!.onProduce = ({ number }) => (number === 7 ? 'write-and-close' : undefined)
  await world.runFor(30)
  world.node('broker').kill()
  Object.assign(cluster, { leaderId: 3, leaderEpoch: 2 })
  expect((await world.settle(sent)).map(({ offset }) => offset)).toEqual(values(50).map(Number))
  expect(brokers[2]!.log('orders')).toEqual(values(50))
})

test('a topic without a leader waits for one', async () => {
  const { world, broker, cluster, producer } = await producerWorld()
  cluster.leaderId = -1
  const sent = producer.send(record('a'))
  await world.runFor(5_000)
  expect(broker.produced).toEqual([])
  cluster.leaderId = 1
  expect(await world.settle(sent)).toMatchObject({ offset: 0 })
})
