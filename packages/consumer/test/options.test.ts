import { expect, test } from 'vitest'
import { parseOffsetReset } from '../src/config/auto-offset-reset.ts'
import { ConfigError, Consumer, consumerConfigTable, stringDeserializer } from '../src/index.ts'
import { consumerWorld, orders, outcome } from './support/consumer-world.ts'

const make = (options: object) => () => new Consumer({ bootstrapServers: 'broker:9092', ...options })

/** Every config of the consumer of Apache Kafka 4.4. */
const kafkaNames =
  `allow.auto.create.topics auto.commit.interval.ms auto.offset.reset bootstrap.resolve.timeout.ms bootstrap.servers
  check.crcs client.dns.lookup client.id client.rack config.providers connections.max.idle.ms
  default.api.timeout.ms enable.auto.commit enable.metrics.push exclude.internal.topics fetch.max.bytes
  fetch.max.wait.ms fetch.min.bytes group.id group.instance.id group.protocol group.remote.assignor
  heartbeat.interval.ms interceptor.classes internal.throw.on.fetch.stable.offset.unsupported isolation.level
  key.deserializer max.partition.fetch.bytes max.poll.interval.ms max.poll.records metadata.cluster.check.enable
  metadata.max.age.ms metadata.recovery.rebootstrap.trigger.ms metadata.recovery.strategy metric.reporters
  metrics.num.samples metrics.recording.level metrics.sample.window.ms partition.assignment.strategy
  receive.buffer.bytes reconnect.backoff.max.ms reconnect.backoff.ms request.timeout.ms retry.backoff.max.ms
  retry.backoff.ms sasl.client.callback.handler.class sasl.jaas.config sasl.kerberos.kinit.cmd
  sasl.kerberos.min.time.before.relogin sasl.kerberos.service.name sasl.kerberos.ticket.renew.jitter
  sasl.kerberos.ticket.renew.window.factor sasl.login.callback.handler.class sasl.login.class
  sasl.login.connect.timeout.ms sasl.login.read.timeout.ms sasl.login.refresh.buffer.seconds
  sasl.login.refresh.min.period.seconds sasl.login.refresh.window.factor sasl.login.refresh.window.jitter
  sasl.login.retry.backoff.max.ms sasl.login.retry.backoff.ms sasl.mechanism
  sasl.oauthbearer.allow.unverified.audience sasl.oauthbearer.allow.unverified.issuer
  sasl.oauthbearer.assertion.algorithm sasl.oauthbearer.assertion.claim.aud
  sasl.oauthbearer.assertion.claim.exp.seconds sasl.oauthbearer.assertion.claim.iss
  sasl.oauthbearer.assertion.claim.jti.include sasl.oauthbearer.assertion.claim.nbf.seconds
  sasl.oauthbearer.assertion.claim.sub sasl.oauthbearer.assertion.file sasl.oauthbearer.assertion.private.key.file
  sasl.oauthbearer.assertion.private.key.passphrase sasl.oauthbearer.assertion.template.file
  sasl.oauthbearer.client.credentials.client.id sasl.oauthbearer.client.credentials.client.secret
  sasl.oauthbearer.clock.skew.seconds sasl.oauthbearer.expected.audience sasl.oauthbearer.expected.issuer
  sasl.oauthbearer.header.urlencode sasl.oauthbearer.jwks.endpoint.refresh.ms
  sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
  sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.jwt.validator.class
  sasl.oauthbearer.scope sasl.oauthbearer.scope.claim.name sasl.oauthbearer.sub.claim.name
  sasl.oauthbearer.token.endpoint.url security.protocol security.providers send.buffer.bytes session.timeout.ms
  share.acknowledgement.mode share.acquire.mode socket.connection.setup.timeout.max.ms
  socket.connection.setup.timeout.ms ssl.cipher.suites ssl.enabled.protocols ssl.endpoint.identification.algorithm
  ssl.engine.factory.class ssl.key.password ssl.keymanager.algorithm ssl.keystore.certificate.chain
  ssl.keystore.key ssl.keystore.location ssl.keystore.password ssl.keystore.type ssl.protocol ssl.provider
  ssl.secure.random.implementation ssl.trustmanager.algorithm ssl.truststore.certificates ssl.truststore.location
  ssl.truststore.password ssl.truststore.type value.deserializer`
    .split(/\s+/)
    .sort()

test("every config of Kafka's consumer has a row, and there is none beside them", () => {
  expect([...consumerConfigTable.names].sort()).toEqual(kafkaNames)
})

test('the defaults are those of Kafka', () => {
  const { values } = consumerConfigTable.parse({ bootstrapServers: 'broker:9092' })
  expect(values).toMatchObject({
    groupId: null,
    groupProtocol: 'classic',
    sessionTimeoutMs: 45_000,
    heartbeatIntervalMs: 3_000,
    maxPollIntervalMs: 300_000,
    maxPollRecords: 500,
    enableAutoCommit: true,
    autoCommitIntervalMs: 5_000,
    autoOffsetReset: 'latest',
    fetchMinBytes: 1,
    fetchMaxWaitMs: 500,
    fetchMaxBytes: 52_428_800,
    maxPartitionFetchBytes: 1_048_576,
    checkCrcs: true,
    isolationLevel: 'read_uncommitted',
    defaultApiTimeoutMs: 60_000,
    partitionAssignmentStrategy: ['range', 'cooperative-sticky'],
    allowAutoCreateTopics: true,
    excludeInternalTopics: true,
  })
})

test.each([
  { what: 'an unknown option', options: { groupID: 'a' }, says: 'did you mean groupId?' },
  { what: 'an unknown reset', options: { autoOffsetReset: 'oldest' }, says: 'latest, earliest nor none' },
  { what: 'a duration that is none', options: { autoOffsetReset: 'by_duration:1h' }, says: 'ISO 8601' },
  {
    what: 'an unknown assignor',
    options: { partitionAssignmentStrategy: 'fair' },
    says: 'partitionAssignmentStrategy',
  },
  {
    what: 'automatic commits without a group',
    options: { enableAutoCommit: true },
    says: 'groupId has to be given',
  },
  {
    what: 'an assignor of the other protocol',
    options: { groupId: 'a', groupRemoteAssignor: 'uniform' },
    says: 'groupRemoteAssignor cannot be set when groupProtocol is classic',
  },
  {
    what: 'a time-out of the other protocol',
    options: { groupId: 'a', groupProtocol: 'consumer', sessionTimeoutMs: 10_000 },
    says: 'sessionTimeoutMs cannot be set when groupProtocol is consumer',
  },
  {
    what: 'heartbeats rarer than the session allows',
    options: { groupId: 'a', heartbeatIntervalMs: 50_000 },
    says: 'below sessionTimeoutMs',
  },
  { what: 'a config of share groups', options: { shareAcquireMode: 'record_limit' }, says: 'share groups' },
])('$what is a ConfigError that says what to do', ({ options, says }) => {
  expect(make(options)).toThrow(ConfigError)
  expect(make(options)).toThrow(says)
})

test("Kafka's properties files are read, with their values as Kafka reads them", () => {
  const options = consumerConfigTable.fromProperties(`
    bootstrap.servers=one:9092
    group.id=readers
    group.protocol=CONSUMER
    auto.offset.reset=by_duration:P1DT2H
    value.deserializer=org.apache.kafka.common.serialization.StringDeserializer
    key.deserializer=org.apache.kafka.common.serialization.ByteArrayDeserializer
  `)
  expect(options).toEqual({
    bootstrapServers: ['one:9092'],
    groupId: 'readers',
    groupProtocol: 'consumer',
    autoOffsetReset: 'by_duration:P1DT2H',
    valueDeserializer: stringDeserializer,
    keyDeserializer: null,
  })
  const strategy = consumerConfigTable.fromProperties({
    'partition.assignment.strategy': 'org.apache.kafka.clients.consumer.StickyAssignor, range',
  })
  expect(strategy).toEqual({ partitionAssignmentStrategy: ['sticky', 'range'] })
})

test.each([
  { text: 'earliest', expected: { kind: 'earliest' } },
  { text: 'LATEST', expected: { kind: 'latest' } },
  { text: 'by_duration:P2DT3H4M5.25S', expected: { kind: 'by_duration', durationMs: 183_845_250 } },
  { text: 'by_duration:PT0S', expected: { kind: 'by_duration', durationMs: 0 } },
  { text: 'by_duration:P', expected: undefined },
  { text: 'by_duration:P1DT', expected: undefined },
  { text: 'by_duration:-PT1S', expected: undefined },
  { text: 'by_duration:', expected: undefined },
])('auto.offset.reset=$text is read as Kafka reads it', ({ text, expected }) => {
  expect(parseOffsetReset(text)).toEqual(expected)
})

test('what cannot be done is one clear error', async () => {
  const { world, consumer } = await consumerWorld()
  const poll = () => world.settle(outcome(consumer.poll({ timeoutMs: 0 })))
  expect(await poll()).toMatchObject({ code: 'ILLEGAL_STATE' })
  expect(() => consumer.subscribe('orders')).toThrow(expect.objectContaining({ code: 'INVALID_GROUP_ID' }))
  expect(() => consumer.commit()).toThrow(expect.objectContaining({ code: 'INVALID_GROUP_ID' }))
  expect(() => consumer.seek({ ...orders, offset: 0 })).toThrow(expect.objectContaining({ code: 'ILLEGAL_STATE' }))
  expect(() => consumer.assign({ topic: '', partition: 0 })).toThrow(expect.objectContaining({ code: 'ILLEGAL_STATE' }))
  consumer.assign(orders)
  expect(() => consumer.seek({ ...orders, offset: -1 })).toThrow(expect.objectContaining({ code: 'ILLEGAL_STATE' }))
  await world.settle(consumer.close())
  await world.settle(consumer.close())
  expect(await poll()).toMatchObject({ code: 'CLIENT_CLOSED' })
  expect(() => consumer.assign(orders)).toThrow(expect.objectContaining({ code: 'CLIENT_CLOSED' }))
})

test('subscription and assignment exclude each other', async () => {
  const { consumer } = await consumerWorld({ groupId: 'readers' })
  consumer.subscribe('orders')
  const exclusive = expect.objectContaining({ code: 'ILLEGAL_STATE', message: expect.stringContaining('exclusive') })
  expect(() => consumer.assign(orders)).toThrow(exclusive)
  expect(() => consumer.subscribe(/orders/)).toThrow(exclusive)
})
