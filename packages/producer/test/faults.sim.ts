import type { Random } from '@odradek/runtime'
import { runSeeds } from '@odradek/runtime/sim'
import { expect, test } from 'vitest'
import { outcome, producerWorld } from './support/producer-world.ts'
import type { ScriptedCluster, Verdict } from './support/scripted-broker.ts'

const deliveryTimeoutMs = 20_000
const command = 'npx vitest run packages/producer/test/faults.sim.ts'
const verdicts: readonly Verdict[] = [
  'silent',
  'close',
  'write-and-close',
  { error: 'NOT_ENOUGH_REPLICAS' },
  { error: 'NOT_LEADER_OR_FOLLOWER' },
  { error: 'REQUEST_TIMED_OUT' },
]

test('whatever fails, every send settles in time, nothing acknowledged is lost or doubled, and order holds', {
  timeout: 120_000,
}, async () => {
  let retried = 0
  await runSeeds({ command, seeds: 60 }, async (seed) => {
    const given = await producerWorld({
      seed,
      partitions: 2,
      brokerCount: 3,
      lingerMs: 2,
      batchSize: 300,
      requestTimeoutMs: 1_000,
      deliveryTimeoutMs,
    })
    const { world, broker, brokers, cluster, producer } = given
    producer.hooks.on('batchRetried', () => retried++)
    const chance = world.random.fork('faults')
    world.network.configure({ latencyMs: [1, 20], resetRate: 0.005, splitRate: 0.1, refuseRate: 0.05 })
    for (const one of brokers)
      one.onProduce = () => (chance.nextInt(5) === 0 ? verdicts[chance.nextInt(verdicts.length)] : undefined)
    const sends: { value: string; started: number; outcome: Promise<unknown>; ended: number }[] = []
    for (let index = 0; index < 150; index++) {
      const value = `${index}`
      const send = { value, started: world.elapsedMs, ended: -1, outcome: Promise.resolve() as Promise<unknown> }
      send.outcome = outcome(producer.send({ topic: 'orders', partition: index % 2, value })).then((result) => {
        send.ended = world.elapsedMs
        return result
      })
      sends.push(send)
      if (chance.nextInt(15) === 0) moveLeader(cluster, chance)
      if (chance.nextInt(4) === 0) await world.runFor(chance.nextInt(30))
    }
    const results = await world.settle(Promise.all(sends.map((send) => send.outcome)))
    await world.settle(producer.close())
    for (const { started, ended } of sends) expect(ended - started).toBeLessThanOrEqual(deliveryTimeoutMs + 100)
    for (const partition of [0, 1]) {
      const log = broker.log('orders', partition)
      const acknowledged = sends.filter((_, index) => index % 2 === partition && !(results[index] instanceof Error))
      expect(log.filter((value, index) => log.indexOf(value) !== index)).toEqual([])
      expect(acknowledged.filter(({ value }) => !log.includes(value))).toEqual([])
      expect(log.map(Number)).toEqual(log.map(Number).toSorted((a, b) => a - b))
    }
  })
  expect(retried).toBeGreaterThan(100)
})

function moveLeader(cluster: ScriptedCluster, chance: Random): void {
  cluster.leaderId = 1 + chance.nextInt(3)
  cluster.leaderEpoch++
  cluster.tellsLeader = chance.nextInt(2) === 0
}
