import { type MessagingTrace, messagingChannel } from '@odradek/client'
import { expect, test } from 'vitest'
import { outcome, producerWorld } from './support/producer-world.ts'

const channel = messagingChannel('producer.send')

/** Hears what happens on the channel while `run` runs. */
async function heard(run: () => Promise<unknown>, start: (message: MessagingTrace) => void = () => {}) {
  const events: [string, MessagingTrace][] = []
  const subscribers = {
    start: (message: MessagingTrace) => {
      events.push(['start', message])
      start(message)
    },
    end: () => {},
    asyncStart: () => {},
    asyncEnd: (message: MessagingTrace) => void events.push(['asyncEnd', message]),
    error: (message: MessagingTrace) => void events.push(['error', message]),
  }
  channel.subscribe(subscribers)
  try {
    await run()
  } finally {
    channel.unsubscribe(subscribers)
  }
  return events
}

test('a send tells tracers what is sent, by whom, where to, and what it came to', async () => {
  const { world, producer } = await producerWorld({ clientId: 'me' })
  const record = { topic: 'orders', key: 'anna', value: 'a', timestamp: 5 }
  const events = await heard(() => world.settle(producer.send(record)))
  expect(events.map(([name]) => name)).toEqual(['start', 'asyncEnd'])
  expect(events[1]![1]).toMatchObject({
    clientId: 'me',
    bootstrapServers: ['broker:9092'],
    isBatch: false,
    records: [record],
    result: { topic: 'orders', partition: 0, offset: 0, timestamp: 5 },
  })
})

test('a send that fails tells tracers why', async () => {
  const { world, broker, producer } = await producerWorld()
  broker.onProduce = () => ({ error: 'TOPIC_AUTHORIZATION_FAILED' })
  const events = await heard(() => world.settle(outcome(producer.send([{ topic: 'orders', value: 'a' }]))))
  expect(events.map(([name]) => name)).toEqual(['start', 'error', 'asyncEnd'])
  expect(events[1]![1]).toMatchObject({ isBatch: true, error: { code: 'SEND_FAILED' } })
})

test('headers that a tracer adds are sent', async () => {
  const { world, broker, producer } = await producerWorld()
  const trace = (message: MessagingTrace) => {
    message.records = message.records.map((record) => ({ ...record, headers: { traceparent: '00-aa-bb-01' } }))
  }
  const run = () => world.settle(producer.send([{ topic: 'orders', value: 'a' }]))
  await heard(run, trace)
  expect(broker.produced[0]!.batches[0]!.headers).toEqual([[['traceparent', '00-aa-bb-01']]])
})
