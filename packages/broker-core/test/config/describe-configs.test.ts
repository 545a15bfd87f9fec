import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  type BrokerConfigLayers,
  type DescribedConfig,
  describeBrokerConfigs,
  describeClientMetricsConfigs,
  describeDefaultBrokerConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
  staticLayers,
} from '../../src/config.ts'

/** Configs given to an Apache Kafka 4.4 broker, and what its DescribeConfigs answered for each resource. */
const fixture: Readonly<Record<string, readonly [string, string][]>> = JSON.parse(
  readFileSync(new URL('fixtures/describe-configs.json', import.meta.url), 'utf8'),
)
const given = (name: string) => new Map(fixture[`given.${name}`])
const layers: BrokerConfigLayers = {
  ...staticLayers(given('static')),
  dynamicDefault: given('dynamicDefault'),
  dynamicBroker: given('dynamicBroker'),
}

const resources: readonly [string, () => readonly DescribedConfig[]][] = [
  ['topic', () => describeTopicConfigs(new Map(), layers)],
  ['topicWithOverrides', () => describeTopicConfigs(given('topic'), layers)],
  ['broker', () => describeBrokerConfigs(layers)],
  ['defaultBroker', () => describeDefaultBrokerConfigs(layers)],
  ['group', () => describeGroupConfigs(new Map(), layers)],
  ['groupWithOverrides', () => describeGroupConfigs(given('group'), layers)],
  ['clientMetrics', () => describeClientMetricsConfigs(given('clientMetrics'))],
]

for (const [resource, describeOurs] of resources) {
  test(`DescribeConfigs of a ${resource} equals Apache Kafka's in names, values, types, sources and synonyms`, () => {
    const ours = describeOurs().map((config) => [
      config.name,
      config.value,
      config.configType,
      config.configSource,
      config.isSensitive,
      config.readOnly,
      config.synonyms.map((s) => [s.name, s.value, s.source]),
    ])
    expect(Object.fromEntries(ours.map((row) => [row[0], row]))).toEqual(
      Object.fromEntries(fixture[`described.${resource}`]!.map((row) => [row[0], row])),
    )
  })
}
