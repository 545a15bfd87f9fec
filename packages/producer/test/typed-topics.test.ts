import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { defineTopic, type RecordMetadata } from '../src/index.ts'
import { outcome, producerWorld } from './support/producer-world.ts'

const orders = defineTopic('orders', {
  key: (id: number) => `order-${id}`,
  value: z.object({ total: z.number().positive(), note: z.string().default('none') }),
})

test('serializers and schemas make the bytes, and the compiler knows the types', async () => {
  const { world, broker, producer } = await producerWorld()
  const sent = producer.send({ topic: orders, key: 17, value: { total: 3 } })
  expectTypeOf(sent).toEqualTypeOf<Promise<RecordMetadata>>()
  await world.settle(sent)
  expect(broker.log('orders')).toEqual(['{"total":3,"note":"none"}'])
})

test('the compiler refuses what the topic does not take', async () => {
  const { producer } = await producerWorld()
  // @ts-expect-error a key of this topic is a number
  const wrong = () => producer.send({ topic: orders, key: 'seventeen', value: { total: 3 } })
  expect(wrong).toBeTypeOf('function')
})

test('a value that the schema does not take fails before it is queued, and says where', async () => {
  const { world, broker, producer } = await producerWorld()
  const error = await world.settle(outcome(producer.send({ topic: orders, key: 1, value: { total: -1 } })))
  expect(error).toMatchObject({ code: 'SERIALIZATION_FAILED', context: { topic: 'orders' } })
  expect((error as Error).message).toContain('total')
  expect(broker.produced).toEqual([])
})

test('a serializer that throws fails its record alone', async () => {
  const { world, producer } = await producerWorld()
  const topic = defineTopic('orders', {
    value: (value: number) => {
      if (value === 2) throw new Error('two is not taken')
      return `${value}`
    },
  })
  const error = await world.settle(outcome(producer.send([1, 2, 3].map((value) => ({ topic, value })))))
  expect(error).toMatchObject({ results: [{ offset: 0 }, { code: 'SERIALIZATION_FAILED' }, { offset: 1 }] })
})

test('the serializers of the producer serve topics that are given by name', async () => {
  const { world, broker, producer } = await producerWorld({
    valueSerializer: (value: unknown) => JSON.stringify(value),
  })
  await world.settle(producer.send({ topic: 'orders', value: { a: 1 } as never }))
  expect(broker.log('orders')).toEqual(['{"a":1}'])
})
