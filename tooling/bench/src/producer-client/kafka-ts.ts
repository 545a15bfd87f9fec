import { createKafkaClient } from 'kafka-ts'
import type { OpenClient } from './bench-client.ts'

/** kafka-ts, which takes text only, is idempotent always and compresses never. A `send` does not tell where its records went. */
export const openKafkaTs: OpenClient = async ({ bootstrap, topic }) => {
  const bootstrapServers = bootstrap.split(',').map((server) => {
    const [host, port] = server.split(':')
    return { host: host!, port: Number(port) }
  })
  const producer = createKafkaClient({ clientId: 'bench', bootstrapServers }).createProducer({})
  return {
    sendOne: ({ keyText: key, valueText: value }) => producer.send([{ topic, key, value }]),
    sendMany: (records) => producer.send(records.map(({ keyText: key, valueText: value }) => ({ topic, key, value }))),
    close: () => producer.close(),
  }
}
