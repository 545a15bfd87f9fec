import { Consumer } from '@platformatic/kafka'
import { type OpenClient, orExit } from './bench-client.ts'

/** The stream of @platformatic/kafka, with fetches of 10 MB and 1 MiB a partition, where it is three times as fast as with its defaults. */
export const openPlatformatic: OpenClient = ({ bootstrap, topic, groupId, reading }) => {
  const consumer = new Consumer({
    clientId: 'bench',
    groupId,
    bootstrapBrokers: bootstrap.split(','),
    maxBytes: 10_000_000,
    maxBytesPerPartition: 1_048_576,
  })
  const begin = async () => {
    const stream = await consumer.consume({ topics: [topic], mode: 'committed', fallbackMode: 'earliest' })
    for await (const { key, value } of stream) {
      reading.take(key ?? null, value ?? null)
      const pause = reading.pause(1)
      if (pause !== undefined) await pause
    }
  }
  orExit(begin())
  return () => consumer.close(true)
}
