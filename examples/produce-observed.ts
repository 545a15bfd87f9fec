/**
 * Watches a producer at work: events, metrics under Kafka's names, and a tracer that needs no library.
 * `node --conditions=@odradek/source examples/produce-observed.ts localhost:9092 orders`
 */
import { tracingChannel } from 'node:diagnostics_channel'
import { Producer } from '@odradek/producer'

const [bootstrapServers = 'localhost:9092', topic = 'orders'] = process.argv.slice(2)

tracingChannel('odradek:producer.send').subscribe({
  start: () => {},
  end: () => {},
  asyncStart: () => {},
  asyncEnd: (message) => console.log(`traced a send of ${(message as { records: unknown[] }).records.length} records`),
  error: () => {},
})

await using producer = new Producer({ bootstrapServers, clientId: 'observed' })
producer.metrics() // measuring begins with the first look
producer.hooks.on('producerIdAssigned', ({ producerEpoch }) => console.log(`a producer id of epoch ${producerEpoch}`))

await producer.send(Array.from({ length: 10 }, (_, index) => ({ topic, key: `${index}`, value: `order ${index}` })))

for (const { group, name, tags, value } of producer.metrics()) {
  if (name === 'record-send-total') console.log(`${group}:${name} ${JSON.stringify(tags)} = ${value}`)
}
