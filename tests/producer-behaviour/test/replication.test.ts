import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningKafka, startKafka, testBrokerJvm } from '@odradek/apache-kafka'
import { Producer, type ProducerOptions } from '@odradek/producer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { targetMissing, targetNames } from '../src/targets.ts'

describe.runIf(targetNames().includes('apache'))('against three nodes of apache', () => {
  const why = targetMissing('apache')
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let kafka: RunningKafka
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'odradek-replicas-'))
    const jvmFlags = [...testBrokerJvm, '-Xmx256m']
    kafka = await startKafka({ dir, nodes: 3, jvmFlags })
  }, 90_000)
  afterAll(async () => {
    await kafka?.stop()
    await rm(dir, { recursive: true, force: true })
  })
  const make = (options: Partial<ProducerOptions> = {}) =>
    new Producer({ bootstrapServers: kafka.bootstrap, lingerMs: 0, ...options })

  test('acks=all is refused while fewer than min.insync.replicas have what is written; acks=1 needs the leader alone', {
    timeout: 60_000,
  }, async () => {
    using cluster = new Cluster(kafka.bootstrap)
    const topic = await cluster.createTopic({ replicas: 2, configs: { 'min.insync.replicas': '2' } })
    await using before = make()
    expect(await before.send({ topic, value: 'a' })).toMatchObject({ offset: 0 })
    const { leaderId, inSync } = await cluster.replicas(topic)
    const followerId = inSync.find((id) => id !== leaderId)
    process.kill(kafka.nodes.find(({ nodeId }) => nodeId === followerId)!.pid, 'SIGTERM')
    const isAlone = async () => (await cluster.replicas(topic).catch(() => undefined))?.inSync
    await expect.poll(isAlone, { timeout: 30_000 }).toEqual([leaderId])
    await using once = make({ enableIdempotence: false, retries: 0 })
    await expect(once.send({ topic, value: 'b' })).rejects.toMatchObject({
      code: 'NOT_ENOUGH_REPLICAS',
      retriable: true,
      context: { topic, partition: 0 },
    })
    await using patient = make({ requestTimeoutMs: 1_000, deliveryTimeoutMs: 1_500, retryBackoffMs: 10 })
    const refused: string[] = []
    patient.hooks.on('batchRetried', ({ error }) => refused.push(error))
    await expect(patient.send({ topic, value: 'c' })).rejects.toMatchObject({ code: 'DELIVERY_TIMED_OUT' })
    expect(refused).toContain('NOT_ENOUGH_REPLICAS')
    await using leaderOnly = make({ acks: 1 })
    expect(await leaderOnly.send({ topic, value: 'd' })).toMatchObject({ offset: 1 })
  })
})
