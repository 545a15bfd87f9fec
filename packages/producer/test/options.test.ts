import { expect, test } from 'vitest'
import { ConfigError, Producer, producerConfigTable } from '../src/index.ts'

const make = (options: object) => () => new Producer({ bootstrapServers: 'broker:9092', ...options })

/** Every config of the producer of Apache Kafka 4.4. */
const kafkaNames =
  `acks batch.size bootstrap.resolve.timeout.ms bootstrap.servers buffer.memory buffer.memory.allocation.strategy
  client.dns.lookup client.id client.rack compression.gzip.level compression.lz4.level compression.type compression.zstd.level
  config.providers connections.max.idle.ms delivery.timeout.ms enable.idempotence enable.metrics.push interceptor.classes
  key.serializer linger.ms max.block.ms max.in.flight.requests.per.connection max.request.size metadata.cluster.check.enable
  metadata.max.age.ms metadata.max.idle.ms metadata.recovery.rebootstrap.trigger.ms metadata.recovery.strategy metric.reporters
  metrics.num.samples metrics.recording.level metrics.sample.window.ms partitioner.adaptive.partitioning.enable
  partitioner.availability.timeout.ms partitioner.class partitioner.ignore.keys partitioner.rack.aware receive.buffer.bytes
  reconnect.backoff.max.ms reconnect.backoff.ms request.timeout.ms retries retry.backoff.max.ms retry.backoff.ms
  sasl.client.callback.handler.class sasl.jaas.config sasl.kerberos.kinit.cmd sasl.kerberos.min.time.before.relogin
  sasl.kerberos.service.name sasl.kerberos.ticket.renew.jitter sasl.kerberos.ticket.renew.window.factor
  sasl.login.callback.handler.class sasl.login.class sasl.login.connect.timeout.ms sasl.login.read.timeout.ms
  sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds sasl.login.refresh.window.factor
  sasl.login.refresh.window.jitter sasl.login.retry.backoff.max.ms sasl.login.retry.backoff.ms sasl.mechanism
  sasl.oauthbearer.allow.unverified.audience sasl.oauthbearer.allow.unverified.issuer sasl.oauthbearer.assertion.algorithm
  sasl.oauthbearer.assertion.claim.aud sasl.oauthbearer.assertion.claim.exp.seconds sasl.oauthbearer.assertion.claim.iss
  sasl.oauthbearer.assertion.claim.jti.include sasl.oauthbearer.assertion.claim.nbf.seconds sasl.oauthbearer.assertion.claim.sub
  sasl.oauthbearer.assertion.file sasl.oauthbearer.assertion.private.key.file sasl.oauthbearer.assertion.private.key.passphrase
  sasl.oauthbearer.assertion.template.file sasl.oauthbearer.client.credentials.client.id
  sasl.oauthbearer.client.credentials.client.secret sasl.oauthbearer.clock.skew.seconds sasl.oauthbearer.expected.audience
  sasl.oauthbearer.expected.issuer sasl.oauthbearer.header.urlencode sasl.oauthbearer.jwks.endpoint.refresh.ms
  sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
  sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.jwt.validator.class
  sasl.oauthbearer.scope sasl.oauthbearer.scope.claim.name sasl.oauthbearer.sub.claim.name sasl.oauthbearer.token.endpoint.url
  security.protocol security.providers send.buffer.bytes socket.connection.setup.timeout.max.ms
  socket.connection.setup.timeout.ms ssl.cipher.suites ssl.enabled.protocols ssl.endpoint.identification.algorithm
  ssl.engine.factory.class ssl.key.password ssl.keymanager.algorithm ssl.keystore.certificate.chain ssl.keystore.key
  ssl.keystore.location ssl.keystore.password ssl.keystore.type ssl.protocol ssl.provider ssl.secure.random.implementation
  ssl.trustmanager.algorithm ssl.truststore.certificates ssl.truststore.location ssl.truststore.password ssl.truststore.type
  transaction.timeout.ms transaction.two.phase.commit.enable transactional.id value.serializer`
    .split(/\s+/)
    .sort()

test("every config of Kafka's producer has a row, and there is none beside them", () => {
  expect([...producerConfigTable.names].sort()).toEqual(kafkaNames)
})

test('the defaults are those of Kafka', () => {
  const { values } = producerConfigTable.parse({ bootstrapServers: 'broker:9092' })
  expect(values).toMatchObject({
    acks: -1,
    batchSize: 16_384,
    lingerMs: 5,
    bufferMemory: 33_554_432,
    maxBlockMs: 60_000,
    maxRequestSize: 1_048_576,
    maxInFlightRequestsPerConnection: 5,
    retries: 2_147_483_647,
    deliveryTimeoutMs: 120_000,
    requestTimeoutMs: 30_000,
    retryBackoffMs: 100,
    retryBackoffMaxMs: 1_000,
    enableIdempotence: true,
    compressionType: 'none',
    metadataMaxAgeMs: 300_000,
    securityProtocol: 'PLAINTEXT',
  })
})

test.each([
  { what: 'an unknown option', options: { lingerMS: 5 }, says: 'did you mean lingerMs?' },
  { what: 'a dotted name in code', options: { 'linger.ms': 5 }, says: 'did you mean lingerMs?' },
  { what: 'a value out of range', options: { batchSize: -1 }, says: 'batchSize' },
  { what: 'a value of another type', options: { lingerMs: '5' }, says: 'got "5"' },
  { what: 'an unknown codec', options: { compressionType: 'brotli' }, says: 'compressionType' },
  { what: 'a server without a port', options: { bootstrapServers: 'broker' }, says: 'each server is host:port' },
  {
    what: 'no servers',
    options: { bootstrapServers: undefined },
    says: 'bootstrapServers (bootstrap.servers) has to be given',
  },
  { what: 'a config without meaning in Node', options: { sendBufferBytes: 1 }, says: 'operating system' },
  {
    what: 'a delivery time-out below one attempt',
    options: { deliveryTimeoutMs: 1_000 },
    says: 'lingerMs + requestTimeoutMs',
  },
  { what: 'a mechanism that is not built in', options: { securityProtocol: 'SASL_SSL' }, says: 'GSSAPI' },
  {
    what: 'a mechanism without credentials',
    options: { securityProtocol: 'SASL_SSL', saslMechanism: 'PLAIN' },
    says: 'saslJaasConfig',
  },
])('$what is a ConfigError that says what to do', ({ options, says }) => {
  expect(make(options)).toThrow(ConfigError)
  expect(make(options)).toThrow(says)
})

test("Kafka's properties files are read, with their values as Kafka reads them", () => {
  const options = producerConfigTable.fromProperties(`
    # where to begin
    bootstrap.servers = one:9092, two:9092
    acks=1
    linger.ms: 20
    enable.idempotence=false
    compression.type=ZSTD
    key.serializer=org.apache.kafka.common.serialization.StringSerializer
    retries=\\
      3
  `)
  expect(options).toEqual({
    bootstrapServers: ['one:9092', 'two:9092'],
    acks: 1,
    lingerMs: 20,
    enableIdempotence: false,
    compressionType: 'zstd',
    keySerializer: null,
    retries: 3,
  })
})

test.each([
  { text: 'linger.sm=5', says: 'did you mean linger.ms?' },
  { text: 'linger.ms=five', says: 'linger.ms' },
  { text: 'transactional.id=a', says: 'transactional.id is not taken here' },
])('a properties file with $text is a ConfigError', ({ text, says }) => {
  expect(() => producerConfigTable.fromProperties(text)).toThrow(says)
})
