import { partitionForKey, roundRobinPartitioner } from '@odradek/strategies'
import { expect, test } from 'vitest'
import { outcome, producerWorld } from './support/producer-world.ts'

const partitions = 6
const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`)

test('records with a key go to the partition of its murmur2 hash, always the same', async () => {
  const { world, producer } = await producerWorld({ partitions })
  const first = await world.settle(producer.send(keys.map((key) => ({ topic: 'orders', key, value: 'a' }))))
  const second = await world.settle(producer.send(keys.map((key) => ({ topic: 'orders', key, value: 'b' }))))
  const expected = keys.map((key) => partitionForKey(new TextEncoder().encode(key), partitions))
  expect(first.map(({ partition }) => partition)).toEqual(expected)
  expect(second.map(({ partition }) => partition)).toEqual(expected)
})

test('records without a key stay on a partition until batch.size is in it, and then move on', async () => {
  const { world, broker, producer } = await producerWorld({ partitions, batchSize: 2_000 })
  await world.settle(producer.send(Array.from({ length: 2_000 }, () => ({ topic: 'orders', value: 'x'.repeat(100) }))))
  const batches = broker.produced.flatMap((request) => request.batches)
  expect(new Set(batches.map(({ partition }) => partition)).size).toBe(partitions)
  expect(2_000 / batches.length).toBeGreaterThan(12)
})

test('round robin gives the partitions their turns, record by record', async () => {
  const { world, producer } = await producerWorld({ partitions, partitionerClass: roundRobinPartitioner })
  const all = await world.settle(producer.send(Array.from({ length: 12 }, () => ({ topic: 'orders', value: 'a' }))))
  const first = all[0]!.partition
  expect(all.map(({ partition }) => partition)).toEqual(all.map((_, index) => (first + index) % partitions))
})

test('a partition that is named is taken', async () => {
  const { world, producer } = await producerWorld({ partitions })
  expect(await world.settle(producer.send({ topic: 'orders', key: 'k', partition: 5, value: 'a' }))).toMatchObject({
    partition: 5,
  })
})

test('a partitioner of your own decides, and one that answers nonsense fails the record', async () => {
  const { world, producer } = await producerWorld({
    partitions,
    partitionerClass: () => (_topic, _key, value) => (value?.length === 3 ? 3 : 99),
  })
  expect(await world.settle(producer.send({ topic: 'orders', value: 'abc' }))).toMatchObject({ partition: 3 })
  const error = await world.settle(outcome(producer.send({ topic: 'orders', value: 'a' })))
  expect((error as Error).message).toContain('the partitioner chose 99')
})

test('order holds within a partition, whatever the number of partitions', async () => {
  const { world, broker, producer } = await producerWorld({ partitions, batchSize: 200, lingerMs: 0 })
  const records = Array.from({ length: 500 }, (_, index) => ({
    topic: 'orders',
    key: keys[index % 7]!,
    value: `${index}`,
  }))
  await world.settle(producer.send(records))
  for (let partition = 0; partition < partitions; partition++) {
    const log = broker.log('orders', partition).map(Number)
    expect(log).toEqual([...log].sort((a, b) => a - b))
  }
})
