import { describe, expect, test } from 'vitest'
import { readServerProperties, ServerPropertiesError } from '../src/server-properties.ts'

const node = `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:9093
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093
`
const read = (lines = '', overrides: readonly string[] = []) =>
  readServerProperties({ path: 'server.properties', text: node + lines, overrides })

test('a file becomes typed configs and listeners', () => {
  const { config, listeners, warnings, ignored } = read('log.dirs=/a, /b\nlog.retention.hours=24\nnum.io.threads=2\n')
  const { nodeId, logDirs, logRetentionHours, numPartitions } = config
  expect({ nodeId, logDirs, logRetentionHours, numPartitions, warnings, ignored }).toEqual({
    nodeId: 1,
    logDirs: ['/a', '/b'],
    logRetentionHours: 24,
    numPartitions: 1,
    warnings: [],
    ignored: ['num.io.threads'],
  })
  expect(listeners.advertised).toEqual([
    { name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: '127.0.0.1', port: 9092 },
  ])
})

test('an override wins over the file, and a later one over an earlier', () => {
  const { config, layers, warnings } = read('num.partitions=2\n', ['num.partitions=3', 'num.partitions=4'])
  expect([config.numPartitions, layers.static.get('num.partitions'), warnings]).toEqual([4, '4', []])
})

describe('what is odd is told with its place and does not keep the node from starting', () => {
  test.each([
    ['num.partition=3', 'num.partition is not a config of Kafka and is ignored; did you mean num.partitions?'],
    ['my.plugin=3', 'my.plugin is not a config of Kafka and is ignored'],
    ['zookeeper.connect=x', 'zookeeper.connect is ignored: there is no ZooKeeper'],
    ['inter.broker.protocol.version=3.0', 'inter.broker.protocol.version is ignored: metadata.version took its place'],
    ['num.partitions=3\nnum.partitions=4', 'num.partitions is set again at server.properties:7, which wins'],
    ['listener.name.internal.ssl.key.password=x', undefined],
    ['odradek.log.level=debug', undefined],
  ] as const)('%j', (lines, warning) => {
    expect(read(lines).warnings).toEqual(warning === undefined ? [] : [`server.properties:6: ${warning}`])
  })
})

describe('a bad value stops the start with one line: place, config, value, what was expected', () => {
  test.each([
    [
      'num.partitions=x',
      'server.properties:6: Invalid value x for configuration num.partitions: Not a number of type INT (expected INT [1,...])',
    ],
    [
      'compression.type=rar',
      'server.properties:6: Invalid value rar for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer (expected STRING [uncompressed, zstd, lz4, snappy, gzip, producer])',
    ],
    [
      'advertised.listeners=PLAINTEXT://0.0.0.0:9092',
      'server.properties:6: advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.',
    ],
    [
      'broker.id=2',
      'server.properties:6: `node.id` and `broker.id` must be set to the same value. `broker.id` is deprecated, please use `node.id` instead.',
    ],
    ['a=\\u12', 'server.properties:6: Malformed \\uxxxx encoding.'],
    [
      'odradek.log.level=loud',
      'server.properties:6: Invalid value loud for configuration odradek.log.level: String must be one of: debug, info, warn, error (expected STRING [debug, info, warn, error])',
    ],
    [
      'odradek.metrics.listener=9404',
      'server.properties:6: Invalid value 9404 for configuration odradek.metrics.listener: Not a host:port (expected STRING)',
    ],
  ] as const)('%j', (lines, message) => {
    expect(() => read(lines)).toThrow(new ServerPropertiesError(message))
  })

  test('an override is named as the place', () => {
    expect(() => read('', ['node.id=-1'])).toThrow(
      '--override node.id: Invalid value -1 for configuration node.id: Value must be at least 0 (expected INT [0,...])',
    )
    expect(() => read('', ['node.id'])).toThrow('--override node.id: expected property=value')
  })

  test('a config that is missing is named with the file', () => {
    expect(() => readServerProperties({ path: 'empty.properties', text: '' })).toThrow(
      'empty.properties: Missing required configuration "process.roles" which has no default value.',
    )
  })
})

test.each([
  ['127.0.0.1:9404', { host: '127.0.0.1', port: 9404 }],
  [':9404', { host: '', port: 9404 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  ['', undefined],
] as const)('odradek.metrics.listener=%s is %j', (text, address) => {
  expect(read(`odradek.metrics.listener=${text}`).own.metricsListener).toEqual(address)
})
