import { expect, test } from 'vitest'
import { double } from '../../src/config/config-row.ts'
import { canonicalText } from '../../src/config/config-value.ts'
import {
  brokerConfigOf,
  brokerConfigs,
  configText,
  logConfigOf,
  parseConfigValue,
  staticLayers,
  topicConfigOf,
} from '../../src/config.ts'

const node = [
  ['process.roles', 'broker,controller'],
  ['node.id', '1'],
  ['controller.listener.names', 'CONTROLLER'],
] as const

test.each([
  ['9223372036854775807', Number.POSITIVE_INFINITY, '9223372036854775807'],
  ['9223372036854775806', Number.POSITIVE_INFINITY, '9223372036854775806'],
  ['9007199254740991', 9_007_199_254_740_991, '9007199254740991'],
  [' +0042 ', 42, '42'],
] as const)('a LONG of %s is %d and is described as %s', (text, value, described) => {
  const row = brokerConfigs['log.flush.interval.messages']
  expect(parseConfigValue('log.flush.interval.messages', row, text)).toBe(value)
  expect(canonicalText('log.flush.interval.messages', row, text)).toBe(described)
})

test.each([
  [0.5, '0.5'],
  [1, '1.0'],
  [100, '100.0'],
  [1e7, '1.0E7'],
  [12_345_678.5, '1.23456785E7'],
  [1e-4, '1.0E-4'],
  [0.001, '0.001'],
  [Number.MAX_VALUE, '1.7976931348623157E308'],
  [0, '0.0'],
] as const)('a DOUBLE of %d is printed as Java prints it: %s', (value, text) => {
  expect(configText(double(0, 'A double for this test.'), value)).toBe(text)
})

test('a topic without configs of its own has those of the broker, in the units of the topic', () => {
  const layers = staticLayers([
    ...node,
    ['log.retention.minutes', '5'],
    ['log.roll.hours', '2'],
    ['log.cleanup.policy', ''],
  ])
  const { retentionMs, segmentMs, flushMs, cleanupPolicy } = topicConfigOf(new Map(), layers)
  expect({ retentionMs, segmentMs, flushMs, cleanupPolicy }).toEqual({
    retentionMs: 300_000,
    segmentMs: 7_200_000,
    flushMs: Number.POSITIVE_INFINITY,
    cleanupPolicy: [],
  })
})

test('what is altered for one broker wins over all brokers, over the file, over the default', () => {
  const row = 'log.segment.bytes'
  const file = staticLayers([...node, [row, '2000000']])
  const all = { ...file, dynamicDefault: new Map([[row, '3000000']]) }
  const one = { ...all, dynamicBroker: new Map([[row, '4000000']]) }
  const broken = { ...all, dynamicBroker: new Map([[row, 'much']]) }
  expect([staticLayers(node), file, all, one, broken].map((l) => brokerConfigOf(l).logSegmentBytes)).toEqual([
    1_073_741_824, 2_000_000, 3_000_000, 4_000_000, 3_000_000,
  ])
})

test('a log reads its topic: lists are sets, an internal segment size wins', () => {
  const overrides = new Map([
    ['cleanup.policy', 'compact,delete'],
    ['internal.segment.bytes', '100'],
    ['segment.bytes', '2000000'],
  ])
  expect(logConfigOf(topicConfigOf(overrides, staticLayers(node)))).toMatchObject({
    cleanupPolicy: new Set(['compact', 'delete']),
    segmentBytes: 100,
    maxCompactionLagMs: Number.POSITIVE_INFINITY,
  })
})
