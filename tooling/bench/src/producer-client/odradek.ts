import { Producer, type ProducerOptions } from '@odradek/producer'
import type { OpenClient } from './bench-client.ts'

/** This project's producer with Kafka's defaults, and what `options` changes. */
export function openOdradek(options: Partial<ProducerOptions> = {}): OpenClient {
  return async ({ bootstrap, topic, compression }) => {
    const producer = new Producer({ bootstrapServers: bootstrap, compressionType: compression, ...options })
    return {
      sendOne: ({ key, value }) => producer.send({ topic, key, value }),
      sendMany: (records) => producer.send(records.map(({ key, value }) => ({ topic, key, value }))),
      close: () => producer.close(),
    }
  }
}
