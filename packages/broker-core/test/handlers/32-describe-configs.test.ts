import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { describeConfigs } from '../../src/handlers/32-describe-configs.ts'
import { incrementalAlterConfigs } from '../../src/handlers/44-incremental-alter-configs.ts'
import { TestBroker } from '../test-broker.ts'

const topic = 2
const brokerType = 4

async function described(
  broker: TestBroker,
  resource: { readonly type: number; readonly name: string; readonly keys?: readonly string[] | null },
) {
  const { type, name, keys = null } = resource
  const resources = [{ resourceType: type, resourceName: name, configurationKeys: keys }]
  const { results } = await broker.request(describeConfigs, 4, { resources, includeSynonyms: true })
  return results[0]
}

/** Value, source and synonyms of one config. */
async function configValue(
  broker: TestBroker,
  { type, name, key }: { readonly type: number; readonly name: string; readonly key: string },
) {
  const [config] = (await described(broker, { type, name, keys: [key] }))?.configs ?? []
  const synonyms = config?.synonyms.map((synonym) => `${synonym.name}=${synonym.value} (${synonym.source})`)
  return { value: config?.value, source: config?.configSource, synonyms }
}

async function setBrokerConfig(
  broker: TestBroker,
  scope: string,
  [name, value]: readonly [string, string],
): Promise<void> {
  const resources = [{ resourceType: brokerType, resourceName: scope, configs: [{ name, value, configOperation: 0 }] }]
  await broker.request(incrementalAlterConfigs, 1, { resources })
}

describe('DescribeConfigs', () => {
  it('tells where the value of a topic config comes from, down to the default', async () => {
    await using broker = await TestBroker.start({ config: { 'log.retention.ms': 3000 } })
    await broker.createTopic('orders', { configs: { 'retention.ms': 1000 } })
    await broker.createTopic('plain')
    await setBrokerConfig(broker, '', ['log.retention.ms', '2500'])
    await setBrokerConfig(broker, '1', ['log.retention.ms', '2000'])
    const inherited = [
      'log.retention.ms=2000 (2)',
      'log.retention.ms=2500 (3)',
      'log.retention.ms=3000 (4)',
      'log.retention.hours=168 (5)',
    ]
    expect([
      await configValue(broker, { type: topic, name: 'orders', key: 'retention.ms' }),
      await configValue(broker, { type: topic, name: 'plain', key: 'retention.ms' }),
      await configValue(broker, { type: topic, name: 'plain', key: 'cleanup.policy' }),
    ]).toEqual([
      { value: '1000', source: 1, synonyms: ['retention.ms=1000 (1)', ...inherited] },
      { value: '2000', source: 2, synonyms: inherited },
      { value: 'delete', source: 5, synonyms: ['log.cleanup.policy=delete (5)'] },
    ])
  })

  it('answers all configs for no keys, and none for a key that is unknown', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const count = async (keys: readonly string[] | null) =>
      (await described(broker, { type: topic, name: 'orders', keys }))?.configs.length
    const all = await count(null)
    expect(all).toBeGreaterThan(30)
    expect([await count([]), await count(['nope'])]).toEqual([all, 0])
  })

  it('tells what all brokers share under the empty name', async () => {
    await using broker = await TestBroker.start()
    await setBrokerConfig(broker, '', ['log.retention.ms', '2500'])
    const shared = await described(broker, { type: brokerType, name: '' })
    expect(shared?.configs.map(({ name, value }) => [name, value])).toContainEqual(['log.retention.ms', '2500'])
  })

  const { INVALID_REQUEST: badRequest } = errors
  it.each([
    ['an unknown topic', topic, 'nowhere', errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['a name that is none', topic, 'not a name', errors.INVALID_TOPIC_EXCEPTION.code],
    ['another broker', brokerType, '7', badRequest.code],
    ['a broker without a number', brokerType, 'x', badRequest.code],
    ['loggers', 8, '1', badRequest.code],
    ['client metrics without a name', 16, '', badRequest.code],
    ['a group without a name', 32, '', badRequest.code],
    ['an unknown type', 77, 'x', badRequest.code],
  ])('refuses %s', async (_, type, name, errorCode) => {
    await using broker = await TestBroker.start()
    const result = await described(broker, { type, name })
    expect(result).toMatchObject({ errorCode, resourceType: type, resourceName: name, configs: [] })
    expect(result?.errorMessage).not.toBe('')
  })
})
