import type { Input } from '@odradek/protocol'
import { errors, metadataTopicId, zeroUuid } from '@odradek/protocol'
import type { PushTelemetryRequest } from '@odradek/protocol/messages'
import { describe, expect, it } from 'vitest'
import { incrementalAlterConfigs } from '../../src/handlers/44-incremental-alter-configs.ts'
import { getTelemetrySubscriptions } from '../../src/handlers/71-get-telemetry-subscriptions.ts'
import { pushTelemetry } from '../../src/handlers/72-push-telemetry.ts'
import { TestBroker } from '../test-broker.ts'

const clientMetrics = 16

async function subscribe(broker: TestBroker, name: string, values: Readonly<Record<string, string>>): Promise<void> {
  const configs = Object.entries(values).map(([key, value]) => ({ name: key, value, configOperation: 0 }))
  const resources = [{ resourceType: clientMetrics, resourceName: name, configs }]
  const { responses } = await broker.request(incrementalAlterConfigs, 1, { resources })
  expect(responses[0]?.errorCode).toBe(0)
}

const ask = (broker: TestBroker, clientInstanceId = zeroUuid) =>
  broker.request(getTelemetrySubscriptions, 0, { clientInstanceId })
const push = async (broker: TestBroker, body: Input<PushTelemetryRequest>) =>
  (await broker.request(pushTelemetry, 0, body)).errorCode

describe('client telemetry', () => {
  it('asks for nothing while nobody subscribed', async () => {
    await using broker = await TestBroker.start()
    expect(await ask(broker)).toMatchObject({
      errorCode: 0,
      requestedMetrics: [],
      pushIntervalMs: 300_000,
      acceptedCompressionTypes: [4, 3, 1, 2],
      deltaTemporality: true,
    })
  })

  it('asks a client for what the subscriptions that match it want', async () => {
    await using broker = await TestBroker.start()
    await subscribe(broker, 'all', { metrics: 'a.b', 'interval.ms': '5000' })
    await subscribe(broker, 'mine', { metrics: 'c', 'interval.ms': '1000', match: 'client_id=te.*' })
    await subscribe(broker, 'others', { metrics: 'd', match: 'client_id=other' })
    expect(await ask(broker)).toMatchObject({ requestedMetrics: ['a.b', 'c'], pushIntervalMs: 1000 })
  })

  it('takes what a client pushes, no more often than it was asked', async () => {
    await using broker = await TestBroker.start()
    await subscribe(broker, 'all', { metrics: '*', 'interval.ms': '1000' })
    const seen: Uint8Array[] = []
    broker.broker.hooks.on('clientTelemetry', ({ metrics }) => seen.push(metrics))
    const { clientInstanceId, subscriptionId } = await ask(broker)
    const body = { clientInstanceId, subscriptionId, metrics: Buffer.from('otlp') }
    expect([await push(broker, body), await push(broker, body)]).toEqual([0, errors.THROTTLING_QUOTA_EXCEEDED.code])
    await broker.clock.advance(1000)
    expect(await push(broker, { ...body, terminating: true })).toBe(0)
    expect(await push(broker, body)).toBe(errors.INVALID_REQUEST.code)
    expect(seen.map((metrics) => Buffer.from(metrics).toString())).toEqual(['otlp', 'otlp'])
  })

  it('tells a client whose subscription is out of date to ask again', async () => {
    await using broker = await TestBroker.start()
    await subscribe(broker, 'all', { metrics: '*', 'interval.ms': '1000' })
    const { clientInstanceId, subscriptionId } = await ask(broker)
    await subscribe(broker, 'all', { metrics: 'a' })
    expect(await push(broker, { clientInstanceId, subscriptionId })).toBe(errors.UNKNOWN_SUBSCRIPTION_ID.code)
    expect((await ask(broker, clientInstanceId)).requestedMetrics).toEqual(['a'])
    expect((await ask(broker, clientInstanceId)).errorCode).toBe(errors.THROTTLING_QUOTA_EXCEEDED.code)
  })

  it.each<[string, Input<PushTelemetryRequest>, number]>([
    ['an id', { clientInstanceId: zeroUuid }, errors.INVALID_REQUEST.code],
    ["an id that may be a client's", { clientInstanceId: metadataTopicId }, errors.INVALID_REQUEST.code],
    ['a known compression', { compressionType: 9 }, errors.UNSUPPORTED_COMPRESSION_TYPE.code],
    ['fewer bytes', { metrics: new Uint8Array(1001) }, errors.TELEMETRY_TOO_LARGE.code],
  ])('refuses a push without %s', async (_, body, errorCode) => {
    await using broker = await TestBroker.start({ config: { 'telemetry.max.bytes': 1000 } })
    const { clientInstanceId, subscriptionId } = await ask(broker)
    expect(await push(broker, { clientInstanceId, subscriptionId, ...body })).toBe(errorCode)
  })
})
