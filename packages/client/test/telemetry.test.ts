import { zstdDecompressSync } from 'node:zlib'
import { errors } from '@odradek/protocol'
import { expect, test } from 'vitest'
import { ClientTelemetry, type MetricSource } from '../src/index.ts'
import { type ClientWorld, clientWorld } from './support/client-world.ts'
import { readOtlpMetrics } from './support/read-otlp-metrics.ts'

const id = 'AAAAAAAAAAAAAAAAAAAAqg'
const intervalMs = 10_000
const subscription = {
  clientInstanceId: id,
  subscriptionId: 7,
  acceptedCompressionTypes: [4, 1],
  pushIntervalMs: intervalMs,
  telemetryMaxBytes: 100_000,
  deltaTemporality: true,
  requestedMetrics: ['org.apache.kafka.producer.record.', 'org.apache.kafka.producer.node.'],
}

interface Push {
  readonly clientInstanceId: string
  readonly subscriptionId: number
  readonly terminating: boolean
  readonly compressionType: number
  readonly metrics: Uint8Array
}

/** A client with two figures, and a broker that takes what it pushes. */
async function telemetryWorld(asks: object = {}, options: object = {}) {
  const given = await clientWorld({ clientId: 'me', ...options })
  const questions: number[] = []
  const pushes: Push[] = []
  const answers: number[] = []
  given.handlers.set(71, () => {
    questions.push(given.world.elapsedMs)
    return { ...subscription, ...asks }
  })
  given.handlers.set(72, (push: Push) => {
    pushes.push(push)
    return { errorCode: answers.shift() ?? 0 }
  })
  let sent = 0
  let made = 0
  const tags = { 'client-id': 'me' }
  const source: MetricSource = {
    *metrics() {
      sent += 5
      yield { group: 'producer-metrics', name: 'record-send-total', tags, kind: 'sum', value: sent }
      yield { group: 'producer-metrics', name: 'record-queue-time-avg', tags, kind: 'gauge', value: Number.NaN }
      yield { group: 'producer-metrics', name: 'batch-size-avg', tags, kind: 'gauge', value: 1 }
      const nodeTags = { ...tags, 'node-id': 'node-1' }
      yield { group: 'producer-node-metrics', name: 'request-latency-avg', tags: nodeTags, kind: 'gauge', value: 1.5 }
    },
  }
  const telemetry = new ClientTelemetry({
    core: given.core,
    labels: { client_rack: 'r1', group_id: '' },
    source: () => {
      made++
      return source
    },
  })
  return { ...given, telemetry, questions, pushes, answers, sources: () => made }
}

async function connected({ world, core }: Pick<ClientWorld, 'core' | 'world'>): Promise<void> {
  await world.settle(core.metadata.awaitTopic('orders', { timeoutMs: 5_000 }))
  await world.settle(core.network.node(1)!.connect())
}

const read = ({ metrics }: Push) => readOtlpMetrics(zstdDecompressSync(metrics))

test('what the cluster asks for is pushed as OTLP, under the names of Kafka, in the first codec that it takes', async () => {
  const given = await telemetryWorld()
  await connected(given)
  await given.world.runFor(intervalMs * 1.6)
  expect(given.pushes[0]).toMatchObject({
    clientInstanceId: id,
    subscriptionId: 7,
    terminating: false,
    compressionType: 4,
  })
  expect(read(given.pushes[0]!)).toEqual({
    resource: { client_rack: 'r1' },
    metrics: [
      { name: 'org.apache.kafka.producer.record.send.total', kind: 'delta sum', value: 5, attributes: {} },
      {
        name: 'org.apache.kafka.producer.node.request.latency.avg',
        kind: 'gauge',
        value: 1.5,
        attributes: { node_id: 'node-1' },
      },
    ],
  })
})

test('sums are differences to the push before, one that was not taken aside', async () => {
  const given = await telemetryWorld()
  given.answers.push(0, errors.TELEMETRY_TOO_LARGE.code)
  await connected(given)
  await given.world.runFor(intervalMs * 6)
  const values = given.pushes.map((push) => read(push).metrics[0]!.value)
  expect(values.slice(0, 3)).toEqual([5, 5, 10])
})

test('sums are totals where the cluster wants them cumulative', async () => {
  const given = await telemetryWorld({ deltaTemporality: false })
  await connected(given)
  await given.world.runFor(intervalMs * 4)
  const sums = given.pushes.map((push) => read(push).metrics[0]!)
  expect(sums.slice(0, 2).map(({ kind, value }) => [kind, value])).toEqual([
    ['cumulative sum', 5],
    ['cumulative sum', 10],
  ])
})

test('pushes come at the interval, the first between half and one and a half of it', async () => {
  const given = await telemetryWorld()
  const times: number[] = []
  given.hooks.on('telemetryPushed', () => times.push(given.world.elapsedMs))
  await connected(given)
  await given.world.runFor(intervalMs * 5)
  const begun = given.questions[0]!
  expect(times[0]! - begun).toBeGreaterThanOrEqual(intervalMs * 0.5)
  expect(times[0]! - begun).toBeLessThanOrEqual(intervalMs * 1.5 + 100)
  for (let index = 1; index < times.length; index++) {
    expect(Math.abs(times[index]! - times[index - 1]! - intervalMs)).toBeLessThan(100)
  }
})

test('a cluster that asks for nothing is asked again after its interval, and nothing is measured', async () => {
  const given = await telemetryWorld({ requestedMetrics: [] })
  await connected(given)
  await given.world.runFor(intervalMs * 4)
  expect(given.questions.length).toBeGreaterThanOrEqual(3)
  expect(given.pushes).toEqual([])
  expect(given.sources()).toBe(0)
})

test('one empty prefix asks for everything that was measured', async () => {
  const given = await telemetryWorld({ requestedMetrics: [''] })
  await connected(given)
  await given.world.runFor(intervalMs * 1.6)
  expect(read(given.pushes[0]!).metrics.length).toBe(3)
})

test('a subscription that has changed is asked for at once', async () => {
  const given = await telemetryWorld()
  given.answers.push(errors.UNKNOWN_SUBSCRIPTION_ID.code)
  await connected(given)
  await given.world.runFor(intervalMs * 1.6)
  expect(given.questions.length).toBe(2)
})

test('an error that says the client is wrong ends the pushing', async () => {
  const given = await telemetryWorld()
  given.answers.push(errors.INVALID_REQUEST.code)
  await connected(given)
  await given.world.runFor(intervalMs * 20)
  expect(given.pushes.length).toBe(1)
  expect(given.questions.length).toBe(1)
})

test('a lost connection does not end it', async () => {
  const given = await telemetryWorld()
  const { handlers, pushes } = given
  const take = handlers.get(72)!
  let lost = 0
  handlers.set(72, (push: never, connection) => {
    if (lost++ > 0) return take(push, connection)
    connection.destroy()
    return undefined
  })
  await connected(given)
  await given.world.runFor(intervalMs * 1.6)
  await connected(given)
  await given.world.runFor(intervalMs * 3)
  expect(pushes.length).toBeGreaterThanOrEqual(1)
})

test('a client that closes says good-bye with its last figures, and pushes nothing more', async () => {
  const given = await telemetryWorld()
  await connected(given)
  await given.world.runFor(100)
  await given.world.settle(given.telemetry.close())
  await given.world.runFor(intervalMs * 5)
  expect(given.pushes.map(({ terminating }) => terminating)).toEqual([true])
})

test.each([
  { what: 'without enable.metrics.push', options: { enableMetricsPush: false }, handles: true },
  { what: 'with a broker that does no telemetry', options: {}, handles: false },
])('$what nothing is asked', async ({ options, handles }) => {
  const given = await telemetryWorld({}, options)
  if (!handles) given.handlers.delete(71)
  await connected(given)
  await given.world.runFor(intervalMs * 3)
  expect(given.asked.filter((api) => api.includes('Telemetry'))).toEqual([])
})
