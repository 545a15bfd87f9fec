/**
 * A process that sends more than a slow broker takes, and prints what memory it took for it:
 * `node --conditions=@odradek/source src/flood.ts BOOTSTRAP TOPIC RECORDS OUTSTANDING RECORD_BYTES BUFFER_MEMORY`. `OUTSTANDING` sends are open
 * at any time, which is more than `buffer.memory` holds, so that there are always some that wait for it. All of it goes by way of the proxy
 * at FLOOD_PROXY_PORT, whatever address the broker gives itself.
 */
import { Producer, type RecordMetadata } from '@odradek/producer'
import { NodeTransport } from '@odradek/runtime/node'

const [bootstrap = '', topic = '', ...numbers] = process.argv.slice(2)
const [records = 0, outstanding = 1, recordBytes = 1, bufferMemory = 1] = numbers.map(Number)
/** The same bytes for all, so that what is measured is the producer's memory and not that of the records. */
const value = Buffer.alloc(recordBytes, 'x')

async function flood(producer: Producer, count: number, open: number): Promise<number> {
  let [sent, acknowledged] = [0, 0]
  const sendOne = async (): Promise<void> => {
    while (sent < count) {
      sent++
      const metadata: RecordMetadata = await producer.send({ topic, value })
      if (metadata.offset >= 0) acknowledged++
    }
  }
  await Promise.all(Array.from({ length: open }, sendOne))
  return acknowledged
}

const node = new NodeTransport()
const proxyPort = Number(process.env['FLOOD_PROXY_PORT'])
const producer = new Producer({
  bootstrapServers: bootstrap,
  transport: {
    listen: (options, accept) => node.listen(options, accept),
    connect: (options) => node.connect({ ...options, port: proxyPort }),
  },
  bufferMemory,
  maxBlockMs: 120_000,
})
let blocked = 0
let [grownBytes, buffersBytes] = [0, 0]
// The kernel's own peak (`maxRSS`) may be that of the process that this one was forked from.
const before = process.memoryUsage()
const look = () => {
  const { rss, external } = process.memoryUsage()
  grownBytes = Math.max(grownBytes, rss - before.rss)
  // Buffers are outside of the heap of objects and promises.
  buffersBytes = Math.max(buffersBytes, external - before.external)
}
setInterval(look, 5).unref()
producer.hooks.on('sendBlocked', ({ reason }) => {
  if (reason === 'memory') blocked++
})
const acknowledged = await flood(producer, records, outstanding)
look()
await producer.close()
console.log(JSON.stringify({ acknowledged, blocked, buffersBytes, grownBytes }))
