import { expect, test } from 'vitest'
import { ProducerMetrics } from '../src/index.ts'
import { outcome, producerWorld } from './support/producer-world.ts'

test('what a producer does is counted under the names of Kafka', async () => {
  const { world, broker, producer } = await producerWorld({ lingerMs: 0 })
  using metrics = new ProducerMetrics(producer.hooks)
  broker.onProduce = ({ number }) => (number === 0 ? { error: 'NOT_ENOUGH_REPLICAS' } : undefined)
  await world.settle(producer.send(['a', 'b', 'c'].map((value) => ({ topic: 'orders', value }))))
  broker.onProduce = () => ({ error: 'TOPIC_AUTHORIZATION_FAILED' })
  await world.settle(outcome(producer.send({ topic: 'orders', value: 'd' })))
  expect(metrics.topic('orders')).toEqual({
    'byte-total': broker.produced[0]!.batches[0]!.bytes + broker.produced[2]!.batches[0]!.bytes,
    'record-error-total': 1,
    'record-retry-total': 3,
    'record-send-total': 4,
  })
  expect(metrics.topic('others')['record-send-total']).toBe(0)
  expect(metrics.snapshot()).toMatchObject({
    'batch-size-max': broker.produced[0]!.batches[0]!.bytes,
    'connection-close-total': 1,
    'connection-count': 1,
    'connection-creation-total': 2,
    'record-error-total': 1,
    'record-send-total': 4,
    'records-per-batch-avg': 2,
    'batch-split-total': 0,
  })
  await world.settle(producer.close())
  expect(metrics.snapshot()['connection-count']).toBe(0)
})

test('closed metrics count nothing more', async () => {
  const { world, producer } = await producerWorld()
  const metrics = new ProducerMetrics(producer.hooks)
  metrics.close()
  await world.settle(producer.send({ topic: 'orders', value: 'a' }))
  expect(metrics.snapshot()['record-send-total']).toBe(0)
})
