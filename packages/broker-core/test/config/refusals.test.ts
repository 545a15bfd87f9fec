import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  type BrokerConfigLayers,
  ConfigError,
  configResourceType,
  staticLayers,
  validateDynamicBrokerConfigs,
  validateResourceConfigs,
} from '../../src/config.ts'

type Attempt = readonly [
  op: string,
  type: keyof typeof configResourceType,
  resource: string,
  name: string,
  value: string | null,
  result: string | null,
]

/** Requests made to an Apache Kafka 4.4 broker and the exception each of them got. */
const attempts: readonly Attempt[] = JSON.parse(
  readFileSync(new URL('fixtures/refusals.json', import.meta.url), 'utf8'),
)
const layers: BrokerConfigLayers = staticLayers([
  ['process.roles', 'broker,controller'],
  ['node.id', '1'],
  ['controller.quorum.voters', '1@127.0.0.1:9093'],
  ['controller.listener.names', 'CONTROLLER'],
  ['listeners', 'PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093'],
])
const groupOverrides = new Map([['consumer.session.timeout.ms', '50000']])

/** Not a matter of values: missing topics, ELR, nulls, lists of operations, thread pools. */
const elsewhere =
  /does not exist|while ELR|Null value|Can't APPEND|append is not allowed|thread count|Default group resources/

const cases = attempts.filter(
  ([op, , , , value, result]) => (op === 'create' || op === 'SET') && value !== null && !elsewhere.test(result ?? ''),
)

describe('a config is refused with the error and the words of Apache Kafka', () => {
  test.each(cases)('%s %s "%s" %s=%s', (_, type, resource, name, value, result) => {
    const error = attempt(type, resource, [name, value!])
    expect(error === undefined ? null : `${exceptions[error.error]}: ${error.message}`).toBe(result)
  })
})

test('min.compaction.lag.ms cannot exceed max.compaction.lag.ms', () => {
  const values = new Map([
    ['min.compaction.lag.ms', '10'],
    ['max.compaction.lag.ms', '5'],
  ])
  expect(validateResourceConfigs({ type: configResourceType.TOPIC, name: 't' }, values, layers)).toEqual(
    new ConfigError('conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)', {
      configName: 'min.compaction.lag.ms',
    }),
  )
})

const exceptions = {
  INVALID_CONFIG: 'InvalidConfigurationException',
  INVALID_REQUEST: 'InvalidRequestException',
}

function attempt(
  type: keyof typeof configResourceType,
  name: string,
  [key, value]: readonly [string, string],
): ConfigError | undefined {
  if (type === 'BROKER') return validateDynamicBrokerConfigs(name, new Map([[key, value]]), layers)
  const present = type === 'GROUP' ? groupOverrides : new Map<string, string>()
  return validateResourceConfigs({ type: configResourceType[type], name }, new Map([...present, [key, value]]), layers)
}
