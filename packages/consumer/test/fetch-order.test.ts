import { expect, test } from 'vitest'
import { consumerWorld, orders } from './support/consumer-world.ts'

test.each([
  { count: 1, events: ['fetch', 'returned 1', 'fetch'], why: 'are returned before the next fetch is written' },
  { count: 100, events: ['fetch', 'fetch', 'returned 100'], why: 'are worked on while the next fetch is under way' },
])('records that come $count at a time $why', async ({ count, events }) => {
  const { world, cluster, consumer } = await consumerWorld()
  cluster.log('orders').write(Array.from({ length: count }, (_, index) => `${index}`))
  consumer.assign(orders)
  const seen: string[] = []
  consumer.hooks.on('fetchSent', () => seen.push('fetch'))
  await world.settle(consumer.poll().then((records) => seen.push(`returned ${records.count}`)))
  await world.settle(consumer.poll({ timeoutMs: 100 }))
  expect(seen.slice(0, 3)).toEqual(events)
})
