import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'

/** A topic to make for a test. */
export interface NewTopic {
  readonly topic: string
  readonly partitions?: number
  readonly configs?: Readonly<Record<string, string>>
}

/** A topic name that no other test uses, also not on a broker that test files share. */
export function uniqueTopic(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`
}

/** Makes topics with kafkajs's admin client, which is always there, and waits until they have leaders. */
export async function createTopics(bootstrap: string, topics: readonly NewTopic[]): Promise<void> {
  const admin = new kafkajs.Kafka({
    clientId: 'interop-setup',
    brokers: bootstrap.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin()
  await admin.connect()
  try {
    await admin.createTopics({
      waitForLeaders: false,
      topics: topics.map(({ topic, partitions = 1, configs = {} }) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: 1,
        configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
      })),
    })
    await untilKnown(admin, topics)
  } finally {
    await admin.disconnect()
  }
}

/** A topic is created before every broker has heard of it; kafkajs's own waiting throws when it asks too early. */
async function untilKnown(admin: kafkajs.Admin, topics: readonly NewTopic[]): Promise<void> {
  const names = topics.map(({ topic }) => topic)
  for (let attempt = 1; ; attempt++) {
    try {
      const metadata = await admin.fetchTopicMetadata({ topics: names })
      if (metadata.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return
    } catch (error) {
      if (attempt === 100) throw error
    }
    if (attempt === 100) throw new Error(`no leaders for ${names.join(', ')}`)
    await sleep(50)
  }
}
