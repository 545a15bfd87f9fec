/** Sends orders to a broker, typed and checked: `node --conditions=@odradek/source examples/produce.ts localhost:9092 orders`. */
import { defineTopic, Producer } from '@odradek/producer'
import { z } from 'zod'

const [bootstrapServers = 'localhost:9092', topicName = 'orders'] = process.argv.slice(2)

const orders = defineTopic(topicName, {
  key: (customer: string) => customer,
  value: z.object({ item: z.string(), total: z.number().positive() }),
})

await using producer = new Producer({ bootstrapServers, clientId: 'example', compressionType: 'lz4' })
producer.hooks.on('batchAcknowledged', ({ topic, partition, records, baseOffset }) => {
  console.log(`${records} records are in ${topic}-${partition} from offset ${baseOffset} on`)
})

const { partition, offset } = await producer.send({ topic: orders, key: 'anna', value: { item: 'spool', total: 3.5 } })
console.log(`the first order is in partition ${partition} at offset ${offset}`)

const many = await producer.send(
  Array.from({ length: 100 }, (_, index) => ({
    topic: orders,
    key: 'ben',
    value: { item: `thread ${index}`, total: 1 },
  })),
)
console.log(`${many.length} more orders were written`)
