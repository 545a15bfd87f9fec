import { expect, test } from 'vitest'
import type { RecordMetadata, SentRecord } from '../src/index.ts'
import { outcome, producerWorld } from './support/producer-world.ts'

const values = Array.from({ length: 300 }, (_, index) => `${index}`)

function* records(): Generator<SentRecord> {
  for (const value of values) yield { topic: 'orders', value }
}

test('an iterable is sent to its end, with no more than highWaterMark records unacknowledged', async () => {
  const { world, broker, producer } = await producerWorld()
  let most = 0
  let open = 0
  producer.hooks.on('batchSent', ({ records }) => {
    open += records
    most = Math.max(most, open)
  })
  producer.hooks.on('batchAcknowledged', ({ records }) => {
    open -= records
  })
  expect(await world.settle(producer.sendAll(records(), { highWaterMark: 20 }))).toBe(300)
  expect(broker.log('orders')).toEqual(values)
  expect(most).toBeLessThanOrEqual(20)
})

test('a stream of records fails with the first record that fails', async () => {
  const { world, broker, producer } = await producerWorld()
  broker.onProduce = () => ({ error: 'TOPIC_AUTHORIZATION_FAILED' })
  expect(await world.settle(outcome(producer.sendAll(records())))).toMatchObject({ code: 'TOPIC_AUTHORIZATION_FAILED' })
})

test('a failure in the middle of a slow source is told at once, and the source is asked no more', async () => {
  const { world, broker, producer } = await producerWorld({ lingerMs: 0 })
  broker.onProduce = ({ number }) => (number === 1 ? { error: 'TOPIC_AUTHORIZATION_FAILED' } : undefined)
  let given = 0
  async function* source(): AsyncGenerator<SentRecord> {
    for (const value of values) {
      given++
      yield { topic: 'orders', value }
      await new Promise<void>((resolve) => world.schedule(50, 'the source rests', resolve))
    }
  }
  expect(await world.settle(outcome(producer.sendAll(source())))).toMatchObject({ code: 'TOPIC_AUTHORIZATION_FAILED' })
  expect(given).toBe(3)
})

test('a signal ends the sending of an iterable', async () => {
  const { world, broker, producer } = await producerWorld()
  broker.onProduce = () => 'silent'
  const controller = new AbortController()
  const sent = outcome(producer.sendAll(records(), { signal: controller.signal, highWaterMark: 10 }))
  await world.runFor(1_000)
  controller.abort()
  expect(await world.settle(sent)).toMatchObject({ code: 'ABORTED' })
})

test('the end of a stream waits for all acknowledgements', async () => {
  const { world, broker, producer } = await producerWorld({ lingerMs: 50 })
  const stream = producer.writable()
  stream.write({ topic: 'orders', value: 'a' })
  await world.settle(stream.finish())
  expect(broker.log('orders')).toEqual(['a'])
})

test('interceptors change records and hear of their end; what they throw fails nothing', async () => {
  const heard: (RecordMetadata | string | null)[] = []
  const { world, broker, producer } = await producerWorld({
    interceptorClasses: [
      { onSend: (record) => ({ ...record, value: `${String(record.value)}!` }) },
      {
        onSend: () => {
          throw new Error('not my day')
        },
        onAcknowledgement: (metadata, error) => heard.push(error?.code ?? metadata),
      },
    ],
  })
  await world.settle(producer.send({ topic: 'orders', value: 'a', timestamp: 5 }))
  expect(broker.log('orders')).toEqual(['a!'])
  expect(heard).toEqual([{ topic: 'orders', partition: 0, offset: 0, timestamp: 5 }])
})

test('a record can be followed through the hooks by producer id, sequence and offset', async () => {
  const { world, producer } = await producerWorld()
  const events: string[] = []
  producer.hooks.on('batchOpened', ({ topic, partition }) => events.push(`opened ${topic}-${partition}`))
  producer.hooks.on('batchClosed', ({ reason, records }) => events.push(`closed ${records} ${reason}`))
  producer.hooks.on('batchSent', ({ producerId, baseSequence }) => events.push(`sent ${producerId}:${baseSequence}`))
  producer.hooks.on('batchAcknowledged', ({ baseOffset }) => events.push(`acknowledged ${baseOffset}`))
  await world.settle(producer.send({ topic: 'orders', value: 'a' }))
  expect(events).toEqual(['opened orders-0', 'closed 1 sent', 'sent 1000:0', 'acknowledged 0'])
})
