import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Producer } from '@odradek/producer'
import { SimRandom } from '@odradek/runtime/sim'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { startCuttingProxy } from '../src/cutting-proxy.ts'

test('connections that are cut at random bytes lose nothing, double nothing and keep the order', async () => {
  await using broker = await startBroker()
  using cluster = new Cluster(broker.bootstrap)
  const topic = await cluster.createTopic()
  const random = new SimRandom(7)
  await using proxy = await startCuttingProxy(broker.port, () => 2_000 + random.nextInt(30_000))
  await using producer = new Producer({
    bootstrapServers: broker.bootstrap,
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

test('a broker that is killed under load and comes back has every acknowledged record once, in order', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'odradek-killed-'))
  const first = await startBroker({ dataDir })
  const { port, bootstrap } = first
  const before = new Cluster(bootstrap)
  const topic = await before.createTopic()
  before[Symbol.dispose]()
  await using producer = new Producer({ bootstrapServers: bootstrap, lingerMs: 1, batchSize: 500 })
  const values = Array.from({ length: 3_000 }, (_, index) => `record ${index}`)
  const sends: Promise<unknown>[] = []
  let acknowledged = 0
  const half = new Promise<void>((resolve) => {
    for (const value of values) {
      sends.push(
        producer.send({ topic, value }).then(() => {
          acknowledged++
          if (acknowledged === 1_000) resolve()
        }),
      )
    }
  })
  await half
  await first.abandon()
  await using second = await startBroker({ dataDir, port })
  await Promise.all(sends)
  using cluster = new Cluster(second.bootstrap)
  expect((await cluster.read(topic)).map(({ value }) => value)).toEqual(values)
  await rm(dataDir, { recursive: true, force: true })
})
