import { createKafkaClient } from 'kafka-ts'
import { brokerOf, type OpenClient } from './bench-client.ts'

/** kafka-ts, which gives keys and values as text. */
export const openKafkaTs: OpenClient = ({ bootstrap, topic, groupId, reading }) => {
  const client = createKafkaClient({ clientId: 'bench', bootstrapServers: [brokerOf(bootstrap)] })
  const starting = client.startConsumer({
    groupId,
    topics: [topic],
    fromTimestamp: -2n,
    onBatch: async (messages) => {
      for (const { key, value } of messages) reading.take(key, value)
      await reading.pause(messages.length)
    },
  })
  return async () => (await starting).close()
}
