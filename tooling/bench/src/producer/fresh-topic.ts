import kafkajs from 'kafkajs'

/** Makes a topic, hands its name to `use`, and deletes it again, so that no contestant pays for the disk of those before. */
export async function withTopic<T>(
  bootstrap: string,
  numPartitions: number,
  use: (topic: string) => Promise<T>,
): Promise<T> {
  const topic = `bench-${process.hrtime.bigint()}`
  const admin = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor: 1 }], waitForLeaders: true })
    const result = await use(topic)
    await admin.deleteTopics({ topics: [topic] })
    return result
  } finally {
    await admin.disconnect()
  }
}
