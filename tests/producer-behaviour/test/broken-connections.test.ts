import { Producer } from '@odradek/producer'
import { SimRandom } from '@odradek/runtime/sim'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { startCuttingProxy } from '../src/cutting-proxy.ts'
import { type KillableTarget, startKillableTarget } from '../src/killable-targets.ts'
import { targetMissing, targetNames } from '../src/targets.ts'

describe.each(targetNames())('against %s', (name) => {
  const why = targetMissing(name)
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: KillableTarget
  beforeAll(async () => {
    target = await startKillableTarget(name)
  }, 60_000)
  afterAll(async () => {
    await target?.[Symbol.asyncDispose]()
  })

  test('connections that are cut at random bytes lose nothing, double nothing and keep the order', {
    timeout: 60_000,
  }, async () => {
    using cluster = new Cluster(target.bootstrap)
    const topic = await cluster.createTopic()
    const random = new SimRandom(7)
    await using proxy = await startCuttingProxy(target.port, () => 2_000 + random.nextInt(30_000))
    await using producer = new Producer({
      bootstrapServers: target.bootstrap,
      transport: proxy.transport,
      batchSize: 1_000,
      lingerMs: 1,
      reconnectBackoffMs: 1,
      reconnectBackoffMaxMs: 5,
      retryBackoffMs: 1,
      retryBackoffMaxMs: 5,
    })
    const values = Array.from({ length: 5_000 }, (_, index) => `record ${index}`.padEnd(60, '.'))
    const metadata = await producer.send(values.map((value) => ({ topic, value })))
    expect(proxy.cuts).toBeGreaterThan(5)
    expect(metadata.map(({ offset }) => offset)).toEqual(values.map((_, index) => index))
    expect((await cluster.read(topic)).map(({ value }) => value)).toEqual(values)
  })

  test('a broker that is killed under load and comes back has every acknowledged record once, in order', {
    timeout: 90_000,
  }, async () => {
    using before = new Cluster(target.bootstrap)
    const topic = await before.createTopic()
    await using producer = new Producer({ bootstrapServers: target.bootstrap, lingerMs: 1, batchSize: 500 })
    const values = Array.from({ length: 3_000 }, (_, index) => `record ${index}`)
    let acknowledged = 0
    let sends: Promise<void>[] = []
    await new Promise<void>((aThirdIsThere) => {
      sends = values.map(async (value) => {
        await producer.send({ topic, value })
        acknowledged++
        if (acknowledged === 1_000) aThirdIsThere()
      })
    })
    const restarted = target.killAndRestart()
    expect(acknowledged).toBeLessThan(values.length)
    await restarted
    await Promise.all(sends)
    using after = new Cluster(target.bootstrap)
    expect((await after.read(topic)).map(({ value }) => value)).toEqual(values)
  })
})
