import { zstdDecompressSync } from 'node:zlib'
import { ConfigTable, clientConfigs, createClientCore, securityConfigs } from '@odradek/client'
import { Producer } from '@odradek/producer'
import { incrementalAlterConfigsRequest, incrementalAlterConfigsResponse } from '@odradek/protocol/messages'
import { startBroker } from '@odradek/server'
import { describe, expect, test } from 'vitest'
import { startTarget, targetMissing, targetNames } from '../src/targets.ts'

const clientMetricsType = 16
const table = new ConfigTable({ ...clientConfigs, ...securityConfigs })

/** Makes the cluster ask its clients for metrics, every 100 ms (Kafka: `kafka-client-metrics --alter`). */
async function subscribe(bootstrap: string, metrics: string): Promise<void> {
  const { values: config } = table.parse({ bootstrapServers: bootstrap, enableMetricsPush: false })
  const core = createClientCore({ config, ports: {}, metadataMaxIdleMs: 300_000, allowAutoTopicCreation: false })
  const configs = Object.entries({ metrics, 'interval.ms': '100' }).map(([name, value]) => {
    return { name, configOperation: 0, value }
  })
  const api = { request: incrementalAlterConfigsRequest, response: incrementalAlterConfigsResponse }
  const resources = [{ resourceType: clientMetricsType, resourceName: 'everything', configs }]
  const answer = await core.network.request(core.network.leastLoadedNode(), api, { resources, validateOnly: false })
  core.close()
  expect(answer.responses[0]).toMatchObject({ errorCode: 0 })
}

test('our broker gets the metrics that it asks for, at their interval, and a last time when the producer closes', async () => {
  await using broker = await startBroker()
  await subscribe(broker.bootstrap, 'org.apache.kafka.producer.topic.,org.apache.kafka.producer.connection.')
  const pushes: { terminating: boolean; text: string }[] = []
  let wakeUp = () => {}
  broker.hooks.on('clientTelemetry', ({ clientId, terminating, compressionType, metrics }) => {
    expect([clientId, compressionType]).toEqual(['pushing', 4])
    pushes.push({ terminating, text: zstdDecompressSync(metrics).toString('latin1') })
    wakeUp()
  })
  const producer = new Producer({ bootstrapServers: broker.bootstrap, clientId: 'pushing' })
  await producer.send({ topic: 'measured', value: 'a' })
  const arrived = (count: number) =>
    new Promise<void>((resolve) => {
      wakeUp = () => {
        if (pushes.length >= count) resolve()
      }
      wakeUp()
    })
  await arrived(2)
  await producer.send({ topic: 'measured', value: 'b' })
  await arrived(pushes.length + 1)
  await producer.close()
  expect(pushes.at(-1)?.terminating).toBe(true)
  const last = pushes.at(-1)!.text
  expect(last).toContain('org.apache.kafka.producer.topic.record.send.total')
  expect(last).toContain('org.apache.kafka.producer.connection.count')
  expect(last).not.toContain('org.apache.kafka.producer.request')
})

describe.runIf(targetNames().includes('apache'))('against apache', () => {
  const why = targetMissing('apache')
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  // Without a plugin that takes metrics Kafka does not offer the APIs at all.
  test('a cluster that takes no metrics is not asked, and the producer does not mind', {
    timeout: 60_000,
  }, async () => {
    await using target = await startTarget('apache')
    const asked: string[] = []
    await using producer = new Producer({ bootstrapServers: target.bootstrap, lingerMs: 0 })
    producer.hooks.on('requestSent', ({ api }) => asked.push(api))
    for (const value of ['a', 'b', 'c']) await producer.send({ topic: 'measured', value })
    await producer.close()
    expect(asked.filter((api) => api.includes('Telemetry'))).toEqual([])
    expect(asked).toContain('Produce')
  })
})
