import { ProduceAcks, Producer } from '@platformatic/kafka'
import type { BenchRecord, OpenClient } from './bench-client.ts'

/** @platformatic/kafka. */
export const openPlatformatic: OpenClient = async ({ bootstrap, topic, compression }) => {
  const producer = new Producer({
    clientId: 'bench',
    bootstrapBrokers: bootstrap.split(','),
    compression,
    idempotent: true,
    acks: ProduceAcks.ALL,
  })
  const message = ({ key, value }: BenchRecord) => (key === null ? { topic, value } : { topic, key, value })
  return {
    sendOne: (record) => producer.send({ messages: [message(record)] }),
    sendMany: (records) => producer.send({ messages: records.map(message) }),
    close: () => producer.close(),
  }
}
