import { errors, type Input } from '@odradek/protocol'
import type { AlterConfigsRequest } from '@odradek/protocol/messages'
import { expect, it } from 'vitest'
import { describeConfigs } from '../../src/handlers/32-describe-configs.ts'
import { alterConfigs } from '../../src/handlers/33-alter-configs.ts'
import { TestBroker } from '../test-broker.ts'

const type = { UNKNOWN: 0, TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const

type Configs = Readonly<Record<string, string | null>>

const resourceOf = (resourceType: number, resourceName: string, configs: Configs) => ({
  resourceType,
  resourceName,
  configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
})

/** Error code and message of each resource. */
async function altered(broker: TestBroker, request: Input<AlterConfigsRequest>) {
  const { responses } = await broker.request(alterConfigs, 2, request)
  return responses.map(({ errorCode, errorMessage }) => [errorCode, errorMessage])
}

/** `retention.ms` and `segment.ms` of the topic. */
async function configs(broker: TestBroker) {
  const configurationKeys = ['retention.ms', 'segment.ms']
  const resources = [{ resourceType: type.TOPIC, resourceName: 'orders', configurationKeys }]
  const { results } = await broker.request(describeConfigs, 4, { resources })
  return results[0]?.configs.map(({ value }) => value)
}

async function brokerWithTopic(): Promise<TestBroker> {
  const broker = await TestBroker.start()
  await broker.createTopic('orders', { configs: { 'retention.ms': 1000 } })
  return broker
}

const retentionDefault = '604800000'
const { INVALID_REQUEST: badRequest, INVALID_CONFIG: badConfig } = errors

it('replaces everything a topic overrides', async () => {
  await using broker = await brokerWithTopic()
  const resources = [resourceOf(type.TOPIC, 'orders', { 'segment.ms': '9' })]
  const { responses } = await broker.request(alterConfigs, 2, { resources })
  expect(responses).toEqual([{ errorCode: 0, errorMessage: null, resourceType: 2, resourceName: 'orders' }])
  expect(await configs(broker)).toEqual([retentionDefault, '9'])
})

it('takes every override away when it is given none', async () => {
  await using broker = await brokerWithTopic()
  expect(await altered(broker, { resources: [resourceOf(type.TOPIC, 'orders', {})] })).toEqual([[0, null]])
  expect((await configs(broker))?.[0]).toBe(retentionDefault)
})

it('only checks when told to', async () => {
  await using broker = await brokerWithTopic()
  const resources = [resourceOf(type.TOPIC, 'orders', { 'retention.ms': '9' })]
  expect(await altered(broker, { resources, validateOnly: true })).toEqual([[0, null]])
  expect((await configs(broker))?.[0]).toBe('1000')
})

it('is remembered over a restart', async () => {
  await using broker = await brokerWithTopic()
  await altered(broker, { resources: [resourceOf(type.TOPIC, 'orders', { 'retention.ms': '9' })] })
  await broker.restart('abandon')
  expect((await configs(broker))?.[0]).toBe('9')
})

it.each([
  ['a broker', type.BROKER, '1', { 'log.retention.ms': '5000' }],
  ['client metrics', type.CLIENT_METRICS, 'm', { 'interval.ms': '1000' }],
  ['a group', type.GROUP, 'g', { 'consumer.session.timeout.ms': '46000' }],
])('alters %s', async (_, resourceType, name, values: Configs) => {
  await using broker = await TestBroker.start()
  expect(await altered(broker, { resources: [resourceOf(resourceType, name, values)] })).toEqual([[0, null]])
  const found = broker.broker.metadata.image.configs.of({ type: resourceType, name })
  expect(Object.fromEntries(found)).toEqual(values)
})

it.each<[string, number, string, Configs, number, string]>([
  [
    'no value',
    type.TOPIC,
    'orders',
    { 'segment.ms': null },
    badRequest.code,
    'Null value not supported for : segment.ms',
  ],
  [
    'a bad value',
    type.TOPIC,
    'orders',
    { 'segment.ms': 'x' },
    badConfig.code,
    'Invalid value x for configuration segment.ms: Not a number of type LONG',
  ],
  ['an unknown config', type.TOPIC, 'orders', { nope: 'x' }, badConfig.code, 'Unknown topic config name: nope'],
  [
    'a topic without a name',
    type.TOPIC,
    '',
    { 'segment.ms': '9' },
    badRequest.code,
    'Default topic resources are not allowed.',
  ],
  [
    'a name that is none',
    type.TOPIC,
    'a b',
    {},
    errors.INVALID_TOPIC_EXCEPTION.code,
    "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
  ],
  [
    'an unknown topic',
    type.TOPIC,
    'nowhere',
    {},
    errors.UNKNOWN_TOPIC_OR_PARTITION.code,
    "The topic 'nowhere' does not exist.",
  ],
  [
    'what is fixed in the file',
    type.BROKER,
    '1',
    { 'node.id': '2' },
    badRequest.code,
    'Cannot update these configs dynamically: [node.id]',
  ],
  ['another broker', type.BROKER, '7', {}, badRequest.code, 'Unexpected broker id, expected 1, but received 7'],
  ['a broker without a number', type.BROKER, 'x', {}, badRequest.code, 'Node id must be an integer, but it is: x'],
  ['loggers', type.BROKER_LOGGER, '1', { a: 'INFO' }, badRequest.code, 'Unknown resource type 8'],
  ['client metrics without a name', type.CLIENT_METRICS, '', {}, badRequest.code, "Subscription name can't be empty"],
  ['an unknown type', type.UNKNOWN, 'x', {}, badRequest.code, 'Unknown resource type 0'],
])('refuses %s in the words of Kafka', async (_, resourceType, name, values, errorCode, message) => {
  await using broker = await brokerWithTopic()
  const resources = [resourceOf(resourceType, name, values)]
  expect(await altered(broker, { resources })).toEqual([[errorCode, message]])
  expect(await configs(broker)).toEqual(['1000', retentionDefault])
})

it('refuses a config that comes twice', async () => {
  await using broker = await brokerWithTopic()
  const twice = [
    { name: 'segment.ms', value: '1' },
    { name: 'segment.ms', value: '2' },
  ]
  const resources = [{ resourceType: type.TOPIC, resourceName: 'orders', configs: twice }]
  expect(await altered(broker, { resources })).toEqual([[badRequest.code, 'Error due to duplicate config keys']])
})

it('answers each resource in its place, and refuses one that comes twice', async () => {
  await using broker = await brokerWithTopic()
  const resources = [
    resourceOf(type.TOPIC, 'nowhere', {}),
    resourceOf(type.GROUP, 'g', {}),
    resourceOf(type.TOPIC, 'orders', { 'segment.ms': '9' }),
    resourceOf(type.GROUP, 'g', {}),
  ]
  expect((await altered(broker, { resources })).map(([errorCode]) => errorCode)).toEqual([
    errors.UNKNOWN_TOPIC_OR_PARTITION.code,
    badRequest.code,
    0,
    badRequest.code,
  ])
})
