import { Consumer } from '@odradek/consumer'
import { Producer } from '@odradek/producer'
import type { Golden } from './golden.ts'

const firstTimestamp = 1_750_000_000_000
const spacingMs = 10_000

/** Puts topics, records, committed offsets and a group with a member on the broker; disposing ends the member. */
export async function fill(golden: Golden): Promise<AsyncDisposable> {
  const { admin, target } = golden
  const twins = ['@deleted', '@widened', '@trimmed', '@reset', '@configured'].flatMap((name) => golden.twins(name))
  const topics = [
    {
      topic: 'orders',
      partitions: 3,
      replicationFactor: 1,
      configs: { 'retention.ms': '3600000', 'cleanup.policy': 'compact' },
    },
    { topic: 'payments', partitions: 1, replicationFactor: 1 },
    ...twins.map((topic) => ({ topic, partitions: 2, replicationFactor: 1 })),
  ]
  await admin.createTopics(topics)
  await using producer = new Producer({ bootstrapServers: [target.bootstrap] })
  for (const topic of ['orders', ...golden.twins('@trimmed'), ...golden.twins('@reset')]) {
    for (const [partition, count] of [5, 3].entries()) {
      const records = Array.from({ length: count }, (_, index) => ({
        topic,
        partition,
        key: `key ${index}`,
        value: `value ${index}`,
        timestamp: firstTimestamp + index * spacingMs,
      }))
      await producer.send(records)
    }
  }
  const commit = async (groupId: string, topic: string) => {
    const offsets = [2, 1].map((offset, partition) => ({ topic, partition, offset }))
    await admin.alterConsumerGroupOffsets(groupId, offsets)
  }
  await commit('idle', 'orders')
  for (const side of [0, 1]) {
    for (const group of ['@mover', '@dropped', '@forgetful']) {
      await commit(golden.twins(group)[side]!, golden.twins('@reset')[side]!)
    }
  }
  await writeFiles(golden)
  return await liveMember(golden)
}

async function writeFiles(golden: Golden): Promise<void> {
  await golden.file('plan', '@reset,0,1\n@reset,1,0\n')
  await golden.file('short', 'default.api.timeout.ms=1500\nrequest.timeout.ms=1000\n')
  await golden.file(
    'records',
    JSON.stringify({ partitions: [{ topic: '@trimmed', partition: 0, offset: 3 }], version: 1 }),
  )
  await golden.file(
    'beyond',
    JSON.stringify({ partitions: [{ topic: '@trimmed', partition: 1, offset: 99 }], version: 1 }),
  )
  await golden.file('nonsense', '{"partitions":')
  await golden.file('added', 'retention.ms=7200000\nmax.message.bytes=2000000\n')
}

/** A group of one member that has everything. */
async function liveMember({ target }: Golden): Promise<AsyncDisposable> {
  const consumer = new Consumer({
    bootstrapServers: [target.bootstrap],
    groupId: 'live',
    clientId: 'reader',
    groupProtocol: 'consumer',
    autoOffsetReset: 'earliest',
    enableAutoCommit: false,
  })
  consumer.subscribe(['orders'])
  let read = 0
  while (read < 8) {
    for (const _ of await consumer.poll({ timeoutMs: 1_000 })) read++
  }
  await consumer.commit()
  return { [Symbol.asyncDispose]: () => consumer.close() }
}
