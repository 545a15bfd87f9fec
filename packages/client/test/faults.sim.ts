import { metadataRequest, metadataResponse } from '@odradek/protocol/messages'
import { runSeeds } from '@odradek/runtime/sim'
import { expect, test } from 'vitest'
import { ClientTelemetry, type MetricSource } from '../src/index.ts'
import { clientWorld, outcome } from './support/client-world.ts'

const command = 'npx vitest run packages/client/test/faults.sim.ts'
const hosts = ['one', 'two', 'three']
const metadataApi = { request: metadataRequest, response: metadataResponse }
const requestTimeoutMs = 1_000
const setupTimeoutMs = 2_000
/** Longest: a back-off, an attempt to connect with its greeting, and the request. */
const longestMs = 1_000 + 2 * setupTimeoutMs + requestTimeoutMs
const awaitMs = 4_000
const options = {
  bootstrapServers: hosts.map((host) => `${host}:9092`),
  requestTimeoutMs,
  socketConnectionSetupTimeoutMs: setupTimeoutMs,
  socketConnectionSetupTimeoutMaxMs: setupTimeoutMs,
  metadataMaxAgeMs: 3_000,
  metadataRecoveryRebootstrapTriggerMs: 5_000,
  connectionsMaxIdleMs: 2_000,
}

/** One figure, for pushes to have something in them. */
const source: MetricSource = {
  *metrics() {
    yield { group: 'producer-metrics', name: 'record-send-total', tags: {}, kind: 'sum', value: 1 }
  },
}

type Given = Awaited<ReturnType<typeof clientWorld>>

/** Three brokers that answer, do not answer or hang up, until it is quiet; answers how often metrics were pushed. */
function script({ world, handlers }: Given): { isQuiet: boolean; pushed: number } {
  const state = { isQuiet: false, pushed: 0 }
  const chance = world.random.fork('answers')
  const brokers = hosts.map((host, index) => ({ nodeId: index + 1, host, port: 9092 }))
  handlers.set(3, ({ topics }: { topics: { name: string }[] | null }, connection) => {
    const fate = state.isQuiet ? 9 : chance.nextInt(10)
    if (fate === 1) connection.destroy()
    if (fate < 2) return undefined
    const partitions = () => [{ partitionIndex: 0, leaderId: 1 + chance.nextInt(3), leaderEpoch: 0 }]
    return {
      clusterId: 'cluster',
      brokers,
      topics: (topics ?? []).map(({ name }) => ({ name, partitions: partitions() })),
    }
  })
  const subscription = { clientInstanceId: 'AAAAAAAAAAAAAAAAAAAAqg', requestedMetrics: [''], deltaTemporality: true }
  handlers.set(71, () => ({ ...subscription, pushIntervalMs: 500, telemetryMaxBytes: 10_000 }))
  handlers.set(72, () => {
    state.pushed++
    return { errorCode: 0 }
  })
  return state
}

/** Asks and waits while links break and heal; answers how many of these failed. Each settles in its time. */
async function useUnderFaults({ world, core }: Given): Promise<number> {
  const chance = world.random.fork('faults')
  let failed = 0
  const within = async (limitMs: number, promise: Promise<unknown>) => {
    const startMs = world.elapsedMs
    const result = await outcome(promise)
    if (result instanceof Error) failed++
    expect(world.elapsedMs - startMs).toBeLessThanOrEqual(limitMs + 10)
  }
  const all: Promise<unknown>[] = []
  world.network.configure({ latencyMs: [1, 50], resetRate: 0.02, splitRate: 0.2, refuseRate: 0.1 })
  for (let step = 0; step < 60; step++) {
    const kind = chance.nextInt(6)
    if (kind === 0) world.network.partition(['client'], [hosts[chance.nextInt(3)]!])
    else if (kind === 1) world.network.heal()
    else if (kind === 2) all.push(within(awaitMs, core.metadata.awaitTopic(`t${step}`, { timeoutMs: awaitMs })))
    else {
      const node = core.network.leastLoadedNode()
      all.push(within(longestMs, core.network.request(node, metadataApi, { topics: [] })))
    }
    await world.runFor(chance.nextInt(300))
  }
  await world.settle(Promise.all(all))
  world.network.heal()
  world.network.configure({ resetRate: 0, refuseRate: 0 })
  return failed
}

test('whatever the network does, every request and every wait settles in time, and the client works again once it is over', {
  timeout: 120_000,
}, async () => {
  let failed = 0
  let pushed = 0
  await runSeeds({ command, seeds: 60 }, async (seed) => {
    const given = await clientWorld({ ...options, seed }, hosts)
    const { world, core, connections } = given
    const brokers = script(given)
    const telemetry = new ClientTelemetry({ core, labels: {}, source: () => source })
    failed += await useUnderFaults(given)
    brokers.isQuiet = true
    await world.settle(core.metadata.awaitTopic('afterwards', { timeoutMs: 15_000 }))
    await world.settle(telemetry.close())
    core.close()
    await world.runUntilIdle()
    expect(connections.size).toBe(0)
    pushed += brokers.pushed
  })
  expect(failed).toBeGreaterThan(0)
  expect(pushed).toBeGreaterThan(0)
})
