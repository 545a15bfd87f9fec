import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { describeConfigs } from '../../src/handlers/32-describe-configs.ts'
import { incrementalAlterConfigs } from '../../src/handlers/44-incremental-alter-configs.ts'
import { TestBroker } from '../test-broker.ts'
import { batchOf } from '../test-records.ts'
import { produceBatch } from '../test-requests.ts'

const type = { TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const
const operation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const

interface Change {
  readonly of?: number
  readonly name?: string
  readonly key: string
  readonly value?: string | null
  readonly operation?: number
}

const resourceOf = ({
  of = type.TOPIC,
  name = 'orders',
  key,
  value = null,
  operation: op = operation.SET,
}: Change) => ({
  resourceType: of,
  resourceName: name,
  configs: [{ name: key, value, configOperation: op }],
})

/** Error code and message of one change. */
async function altered(broker: TestBroker, change: Change, validateOnly = false): Promise<[number, string | null]> {
  const resources = [resourceOf(change)]
  const { responses } = await broker.request(incrementalAlterConfigs, 1, { resources, validateOnly })
  return [responses[0]?.errorCode ?? -1, responses[0]?.errorMessage ?? null]
}

async function configValue(broker: TestBroker, key: string, topic = 'orders') {
  const resources = [{ resourceType: type.TOPIC, resourceName: topic, configurationKeys: [key] }]
  const { results } = await broker.request(describeConfigs, 4, { resources })
  return results[0]?.configs[0]?.value
}

async function brokerWithTopic(config = {}): Promise<TestBroker> {
  const broker = await TestBroker.start({ config })
  await broker.createTopic('orders', { configs: { 'retention.ms': 1000 } })
  return broker
}

describe('IncrementalAlterConfigs of a topic', () => {
  it('sets, deletes, appends and subtracts', async () => {
    await using broker = await brokerWithTopic()
    const policies: unknown[] = []
    for (const [op, value] of [
      [operation.APPEND, 'compact'],
      [operation.APPEND, 'compact'],
      [operation.SUBTRACT, 'delete'],
      [operation.SET, 'delete'],
    ] as const) {
      expect(await altered(broker, { key: 'cleanup.policy', value, operation: op })).toEqual([0, null])
      policies.push(await configValue(broker, 'cleanup.policy'))
    }
    expect(policies).toEqual(['delete,compact', 'delete,compact', 'compact', 'delete'])
    await altered(broker, { key: 'retention.ms', operation: operation.DELETE })
    expect(await configValue(broker, 'retention.ms')).toBe('604800000')
  })

  it('holds at once for what is produced', async () => {
    await using broker = await brokerWithTopic()
    await altered(broker, { key: 'max.message.bytes', value: '100' })
    const { errorCode } = await produceBatch(broker, batchOf(['x'.repeat(200)]))
    expect(errorCode).toBe(errors.MESSAGE_TOO_LARGE.code)
  })

  it('is remembered over a restart', async () => {
    await using broker = await brokerWithTopic()
    await altered(broker, { key: 'retention.ms', value: '77' })
    await broker.restart('abandon')
    expect(await configValue(broker, 'retention.ms')).toBe('77')
  })

  it('only checks when told to', async () => {
    await using broker = await brokerWithTopic()
    expect(await altered(broker, { key: 'retention.ms', value: '5' }, true)).toEqual([0, null])
    expect(await configValue(broker, 'retention.ms')).toBe('1000')
  })

  const { INVALID_CONFIG: badConfig, INVALID_REQUEST: badRequest } = errors
  it.each<[string, Change, number, string]>([
    [
      'a bad value',
      { key: 'retention.ms', value: 'x' },
      badConfig.code,
      'Invalid value x for configuration retention.ms',
    ],
    ['an unknown config', { key: 'nope', value: 'x' }, badConfig.code, 'Unknown topic config name: nope'],
    ['no value', { key: 'retention.ms' }, badRequest.code, 'Null value not supported for : retention.ms'],
    [
      'appending to what is no list',
      { key: 'retention.ms', value: '5', operation: operation.APPEND },
      badConfig.code,
      "Can't APPEND to key retention.ms because its type is not LIST.",
    ],
    ['an unknown operation', { key: 'retention.ms', value: '5', operation: 9 }, badRequest.code, 'Unknown operation'],
    [
      'an unknown topic',
      { name: 'nowhere', key: 'retention.ms', value: '5' },
      errors.UNKNOWN_TOPIC_OR_PARTITION.code,
      "The topic 'nowhere' does not exist.",
    ],
    [
      'a name that is none',
      { name: 'not a name', key: 'retention.ms', value: '5' },
      errors.INVALID_TOPIC_EXCEPTION.code,
      'Topic name is invalid',
    ],
    ['no name', { name: '', key: 'retention.ms', value: '5' }, badRequest.code, 'Default topic resources are not'],
    ['an unknown type', { of: 99, key: 'x', value: 'y' }, badRequest.code, 'Unknown resource type 99'],
  ])('refuses %s', async (_, change, errorCode, message) => {
    await using broker = await brokerWithTopic()
    const [code, told] = await altered(broker, change)
    expect([code, told?.slice(0, message.length)]).toEqual([errorCode, message])
  })

  it('answers each resource in its place, and refuses one that comes twice', async () => {
    await using broker = await brokerWithTopic()
    await broker.createTopic('other')
    const twice = { key: 'retention.ms', value: '5' }
    const resources = [
      resourceOf(twice),
      resourceOf({ of: type.BROKER, name: '1', key: 'node.id', value: '2' }),
      resourceOf({ name: 'other', key: 'retention.ms', value: '6' }),
      resourceOf(twice),
      resourceOf({ name: 'nowhere', key: 'retention.ms', value: '6' }),
    ]
    const { responses } = await broker.request(incrementalAlterConfigs, 1, { resources })
    expect(responses.map(({ resourceName, errorCode }) => [resourceName, errorCode])).toEqual([
      ['orders', badRequest.code],
      ['1', badRequest.code],
      ['other', 0],
      ['orders', badRequest.code],
      ['nowhere', errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ])
    expect([await configValue(broker, 'retention.ms'), await configValue(broker, 'retention.ms', 'other')]).toEqual([
      '1000',
      '6',
    ])
  })
})

describe('IncrementalAlterConfigs of a broker', () => {
  it('changes what can be changed at run time, for one or for all', async () => {
    await using broker = await brokerWithTopic()
    expect(await altered(broker, { of: type.BROKER, name: '', key: 'log.retention.ms', value: '6' })).toEqual([0, null])
    expect(await altered(broker, { of: type.BROKER, name: '1', key: 'log.retention.ms', value: '7' })).toEqual([
      0,
      null,
    ])
    const effective = () => broker.broker.configs.broker.logRetentionMs
    expect(effective()).toBe(7)
    await altered(broker, { of: type.BROKER, name: '1', key: 'log.retention.ms', operation: operation.DELETE })
    expect(effective()).toBe(6)
    await broker.restart('abandon')
    expect(effective()).toBe(6)
  })

  it('takes a name that Kafka does not know, as it may belong to a plugin', async () => {
    await using broker = await brokerWithTopic()
    expect(await altered(broker, { of: type.BROKER, name: '1', key: 'my.plugin', value: 'x' })).toEqual([0, null])
  })

  it.each<[string, string, string, string]>([
    ['what is fixed in the file', '1', 'node.id', 'Cannot update these configs dynamically: [node.id]'],
    [
      'what belongs to one broker for all',
      '',
      'listeners',
      'Cannot update these configs at default cluster level, broker id must be specified: [listeners]',
    ],
    [
      'a key store without a listener',
      '1',
      'ssl.keystore.location',
      'These security configs can be dynamically updated only per-listener using the listener prefix: [ssl.keystore.location]',
    ],
    [
      'a value of the wrong type',
      '1',
      'log.cleaner.threads',
      'Invalid value x for configuration log.cleaner.threads: Not a number of type INT',
    ],
    ['another broker', '7', 'log.retention.ms', 'Unexpected broker id, expected 1, but received 7'],
    ['a broker without a number', 'abc', 'log.retention.ms', 'Node id must be an integer, but it is: abc'],
  ])('refuses %s', async (_, name, key, message) => {
    await using broker = await brokerWithTopic()
    const expected = [errors.INVALID_REQUEST.code, message]
    expect(await altered(broker, { of: type.BROKER, name, key, value: 'x' })).toEqual(expected)
    expect(await altered(broker, { of: type.BROKER, name, key, value: 'x' }, true)).toEqual(expected)
  })

  it('refuses to append to what is no list or is unknown', async () => {
    await using broker = await brokerWithTopic()
    const append = (key: string) =>
      altered(broker, { of: type.BROKER, name: '1', key, value: '5', operation: operation.APPEND })
    const { code } = errors.INVALID_CONFIG
    expect([await append('log.cleaner.threads'), await append('no.such')]).toEqual([
      [code, 'Config value append is not allowed for config key: log.cleaner.threads'],
      [code, 'Unknown config name: no.such'],
    ])
  })

  it('has no loggers', async () => {
    await using broker = await brokerWithTopic()
    expect(await altered(broker, { of: type.BROKER_LOGGER, name: '1', key: 'a.b', value: 'INFO' })).toEqual([
      errors.INVALID_CONFIG.code,
      'Logger a.b does not exist!',
    ])
  })
})

describe('IncrementalAlterConfigs of client metrics and groups', () => {
  it.each([
    ['an interval that is too short', type.CLIENT_METRICS, 'm', 'interval.ms', '1', errors.INVALID_REQUEST.code],
    ['an unknown client metrics config', type.CLIENT_METRICS, 'm', 'nope', '1', errors.INVALID_REQUEST.code],
    ['client metrics without a name', type.CLIENT_METRICS, '', 'interval.ms', '1000', errors.INVALID_REQUEST.code],
    ['client metrics', type.CLIENT_METRICS, 'm', 'interval.ms', '1000', 0],
    ['a bad group config', type.GROUP, 'g', 'consumer.session.timeout.ms', '1', errors.INVALID_CONFIG.code],
    ['a group without a name', type.GROUP, '', 'consumer.session.timeout.ms', '46000', errors.INVALID_REQUEST.code],
    ['a group', type.GROUP, 'g', 'consumer.session.timeout.ms', '46000', 0],
  ])('takes or refuses %s', async (_, of, name, key, value, errorCode) => {
    await using broker = await brokerWithTopic()
    expect((await altered(broker, { of, name, key, value }))[0]).toBe(errorCode)
  })
})
