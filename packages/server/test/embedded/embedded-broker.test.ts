import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { type EmbeddedBroker, startBroker } from '../../src/index.ts'

const kafkaOf = (broker: EmbeddedBroker) => new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })

async function produce(broker: EmbeddedBroker, ...values: string[]): Promise<void> {
  const producer = kafkaOf(broker).producer({ idempotent: true })
  await producer.connect()
  await producer.send({ topic: 'orders', messages: values.map((value) => ({ key: 'k', value })) })
  await producer.disconnect()
}

async function endOffsets(broker: EmbeddedBroker): Promise<string[]> {
  const admin = kafkaOf(broker).admin()
  await admin.connect()
  const offsets = await admin.fetchTopicOffsets('orders')
  await admin.disconnect()
  return offsets.map((partition) => partition.high)
}

describe('an embedded broker', () => {
  it('takes records of a client that knows nothing of it', async () => {
    await using broker = await startBroker()
    await produce(broker, 'a', 'b', 'c')
    expect(await endOffsets(broker)).toEqual(['3'])
  })

  it('finds its topics and records again after a clean stop', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'odradek-'))
    try {
      const first = await startBroker({ dataDir })
      await produce(first, 'a', 'b')
      await first.close()
      await using second = await startBroker({ dataDir })
      await produce(second, 'c')
      expect([second.clusterId, await endOffsets(second)]).toEqual([first.clusterId, ['3']])
    } finally {
      await rm(dataDir, { recursive: true })
    }
  })

  it('finds every acknowledged record again after it was killed', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'odradek-'))
    try {
      const first = await startBroker({ dataDir })
      await produce(first, 'a', 'b')
      await first.abandon()
      await using second = await startBroker({ dataDir })
      expect(await endOffsets(second)).toEqual(['2'])
    } finally {
      await rm(dataDir, { recursive: true })
    }
  })

  it('fits into one process a hundred times', async () => {
    const brokers = await Promise.all(Array.from({ length: 100 }, () => startBroker()))
    expect(new Set(brokers.map((broker) => broker.port)).size).toBe(100)
    await Promise.all(brokers.map((broker) => broker.close()))
  })
})
