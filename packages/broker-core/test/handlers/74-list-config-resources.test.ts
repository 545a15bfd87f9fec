import { errors } from '@odradek/protocol'
import { expect, it } from 'vitest'
import { incrementalAlterConfigs } from '../../src/handlers/44-incremental-alter-configs.ts'
import { listConfigResources } from '../../src/handlers/74-list-config-resources.ts'
import { TestBroker } from '../test-broker.ts'

const type = { TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const

/** A broker with a topic, and with client metrics and a group that have configs. */
async function brokerWithResources(): Promise<TestBroker> {
  const broker = await TestBroker.start()
  await broker.createTopic('orders')
  const set = (resourceType: number, resourceName: string, [name, value]: [string, string]) => ({
    resourceType,
    resourceName,
    configs: [{ name, value, configOperation: 0 }],
  })
  const resources = [
    set(type.CLIENT_METRICS, 'm', ['interval.ms', '1000']),
    set(type.GROUP, 'g', ['consumer.session.timeout.ms', '46000']),
  ]
  await broker.request(incrementalAlterConfigs, 1, { resources })
  return broker
}

async function listed(broker: TestBroker, version: number, resourceTypes?: number[]) {
  const body = resourceTypes === undefined ? {} : { resourceTypes }
  const { errorCode, configResources } = await broker.request(listConfigResources, version, body)
  const names = configResources.map(({ resourceType, resourceName }) => `${resourceType} ${resourceName}`)
  return errorCode === 0 ? names.sort() : errorCode
}

it('lists client metrics alone in version 0', async () => {
  await using broker = await brokerWithResources()
  expect(await listed(broker, 0)).toEqual(['16 m'])
})

it('lists every kind of resource when none is asked for', async () => {
  await using broker = await brokerWithResources()
  expect(await listed(broker, 1)).toEqual(['16 m', '2 orders', '32 g', '4 1', '8 1'])
})

it('lists the kinds that are asked for, each once', async () => {
  await using broker = await brokerWithResources()
  expect(await listed(broker, 1, [type.GROUP, type.TOPIC, type.GROUP])).toEqual(['2 orders', '32 g'])
})

it('lists no group and no subscription without configs of its own', async () => {
  await using broker = await TestBroker.start()
  expect(await listed(broker, 1, [type.GROUP, type.CLIENT_METRICS])).toEqual([])
})

it.each([[[99]], [[type.TOPIC, 99]], [[0]]])('refuses kinds %j, of which one is unknown', async (types) => {
  await using broker = await brokerWithResources()
  expect(await listed(broker, 1, types)).toBe(errors.UNSUPPORTED_VERSION.code)
})
