import { runSeeds } from '@odradek/runtime/sim'
import { expect, test } from 'vitest'
import { consumerWorld } from './support/consumer-world.ts'
import type { FetchVerdict } from './support/scripted-cluster.ts'

const command = 'npx vitest run packages/consumer/test/faults.sim.ts'
const verdicts: readonly FetchVerdict[] = [
  'silent',
  'close',
  { error: 'FETCH_SESSION_ID_NOT_FOUND' },
  { error: 'INVALID_FETCH_SESSION_EPOCH' },
  { partitionError: 'NOT_LEADER_OR_FOLLOWER' },
  { partitionError: 'UNKNOWN_LEADER_EPOCH' },
  { partitionError: 'KAFKA_STORAGE_ERROR' },
]

test('whatever fails, every record is returned once and in order', { timeout: 120_000 }, async () => {
  await runSeeds({ command, seeds: 40 }, async (seed) => {
    const given = { seed, brokerCount: 3, maxPollRecords: 7, maxPartitionFetchBytes: 300, requestTimeoutMs: 1_000 }
    const { world, cluster, consumer, values } = await consumerWorld(given)
    const chance = world.random.fork('faults')
    const partitions = [0, 1, 2].map((partition) => ({ topic: 'orders', partition }))
    const expected = new Map<number, string[]>()
    for (const { partition } of partitions) {
      cluster.log('orders', partition)
      expected.set(partition, [])
    }
    consumer.assign(partitions)
    world.network.configure({ latencyMs: [1, 20], resetRate: 0.005, splitRate: 0.1, refuseRate: 0.05 })
    cluster.onFetch = () => (chance.nextInt(5) === 0 ? verdicts[chance.nextInt(verdicts.length)] : undefined)
    const read: string[] = []
    let written = 0
    for (let round = 0; round < 60; round++) {
      const partition = chance.nextInt(3)
      const batch = Array.from({ length: 1 + chance.nextInt(4) }, () => `${partition}:${written++}`)
      cluster.log('orders', partition).write(batch, { gap: chance.nextInt(3) })
      expected.get(partition)!.push(...batch)
      if (chance.nextInt(10) === 0) {
        cluster.elect(1 + chance.nextInt(3), { topic: 'orders', partition: chance.nextInt(3) })
        cluster.tellsLeader = chance.nextInt(2) === 0
      }
      if (chance.nextInt(20) === 0) cluster.forgetSessions()
      read.push(...(await values(chance.nextInt(100))))
    }
    world.network.configure({ resetRate: 0, refuseRate: 0 })
    cluster.onFetch = () => undefined
    for (let polls = 0; read.length < written && polls < 200; polls++) read.push(...(await values()))
    for (const [partition, all] of expected) {
      expect(read.filter((value) => value.startsWith(`${partition}:`))).toEqual(all)
    }
    await world.settle(consumer.close())
  })
})
