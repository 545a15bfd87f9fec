/** Reads orders from a broker, typed and checked: `node --conditions=@odradek/source examples/consume.ts localhost:9092 orders 101`. */
import { Consumer, defineTopic } from '@odradek/consumer'
import { z } from 'zod'

const [bootstrapServers = 'localhost:9092', topicName = 'orders', count = '101'] = process.argv.slice(2)

const orders = defineTopic(topicName, { value: z.object({ item: z.string(), total: z.number().positive() }) })

await using consumer = new Consumer({
  bootstrapServers,
  clientId: 'example',
  groupId: 'example-readers',
  autoOffsetReset: 'earliest',
  topics: [orders],
})
consumer.subscribe(orders, {
  onPartitionsAssigned: (partitions) => console.log(`this consumer reads ${partitions.length} partitions`),
})

let read = 0
let total = 0
while (read < Number(count)) {
  const records = await consumer.poll({ timeoutMs: 1_000 })
  for (const { value } of records) {
    read++
    total += value?.total ?? 0
  }
  await consumer.commit()
}
console.log(`${read} orders come to ${total}`)
