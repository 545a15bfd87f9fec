import { expect, test } from 'vitest'
import { consumerWorld, orders } from './support/consumer-world.ts'

test('what a consumer does is counted under the names of Kafka, lag and lead included', async () => {
  const { cluster, consumer, values } = await consumerWorld({ maxPollRecords: 2, clientId: 'reader' })
  consumer.metrics()
  cluster.log('orders').write(['a', 'bb', 'ccc'])
  consumer.assign(orders)
  await values()
  const found = [...consumer.metrics()]
  const of = (name: string, tags: object) =>
    found.find((metric) => metric.name === name && JSON.stringify(metric.tags) === JSON.stringify(tags))?.value
  const client = { 'client-id': 'reader' }
  expect({
    lagMax: of('records-lag-max', client),
    leadMin: of('records-lead-min', client),
    records: of('records-consumed-total', client),
    bytes: of('bytes-consumed-total', client),
    fetches: of('fetch-total', client),
    ofTopic: of('records-consumed-total', { ...client, topic: 'orders' }),
    lag: of('records-lag', { ...client, topic: 'orders', partition: '0' }),
  }).toEqual({ lagMax: 1, leadMin: 2, records: 2, bytes: 3, fetches: 1, ofTopic: 2, lag: 1 })
})
