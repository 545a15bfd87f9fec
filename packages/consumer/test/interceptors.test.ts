import { expect, test } from 'vitest'
import { ConsumerRecords } from '../src/index.ts'
import { consumerWorld, orders } from './support/consumer-world.ts'

test('interceptors see the records before the application, and one that throws fails nothing', async () => {
  const seen: number[] = []
  const interceptorClasses = [
    {
      onConsume: () => {
        throw new Error('broken')
      },
    },
    {
      onConsume(records: ConsumerRecords<unknown, unknown>) {
        seen.push(records.count)
        return new ConsumerRecords([], records.nextOffsets)
      },
    },
  ]
  const { cluster, consumer, values } = await consumerWorld({ interceptorClasses })
  cluster.log('orders').write(['a', 'b'])
  consumer.assign(orders)
  expect(await values()).toEqual([])
  expect(seen).toEqual([2])
})
