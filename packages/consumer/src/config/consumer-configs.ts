import {
  boolean,
  clientConfigs,
  code,
  type Deserializer,
  int,
  isSchema,
  oneOf,
  optionalString,
  refused,
  securityConfigs,
  type TopicCodec,
} from '@odradek/client'
import { kafkaDeserializers } from '../deserializers.ts'
import type { ConsumerInterceptor } from '../interceptor.ts'
import { assignmentStrategies } from './assignment-strategies.ts'
import { autoOffsetReset } from './auto-offset-reset.ts'

const share = 'this consumer reads partitions, it has no share groups'

/** How keys or values are read: a function from bytes, or whatever `defineTopic` takes that can read. */
export type DeserializerOption = Deserializer<unknown> | Exclude<TopicCodec, (...args: never[]) => unknown>

function isDeserializer(value: unknown): boolean {
  return (
    typeof value === 'function' ||
    isSchema(value) ||
    (typeof value === 'object' && value !== null && 'deserialize' in value)
  )
}

/** Every config of Kafka's consumer, by its dotted name. */
export const consumerConfigs = {
  ...clientConfigs,
  'group.id': optionalString(
    'The group that shares the partitions of its topics, and under which offsets are kept.',
    'high',
  ),
  'group.instance.id': optionalString(
    'Makes this a static member: one that is back within `sessionTimeoutMs` keeps its partitions (KIP-345).',
    'medium',
  ),
  'group.protocol': oneOf(['classic', 'consumer', 'auto'], 'classic', {
    doc: 'How the group divides its partitions: `classic` by its members, `consumer` by the broker (KIP-848), `auto` the latter where the cluster has it.',
    importance: 'high',
  }),
  'group.remote.assignor': optionalString(
    'Assignor of the broker to ask for with `groupProtocol: consumer`: `uniform` or `range`.',
    'medium',
  ),
  'partition.assignment.strategy': assignmentStrategies,
  'session.timeout.ms': int(45_000, 'A member that was not heard of for so long has left the group.', {
    min: 1,
    importance: 'high',
  }),
  'heartbeat.interval.ms': int(3_000, 'How often a member tells that it is there.', { min: 1, importance: 'high' }),
  'max.poll.interval.ms': int(300_000, 'A consumer that was not polled for so long leaves its group until it is.', {
    min: 1,
    importance: 'medium',
  }),
  'enable.auto.commit': boolean(
    true,
    'Whether what was processed is committed every `autoCommitIntervalMs`; off without `groupId`.',
    'medium',
  ),
  'auto.commit.interval.ms': int(5_000, 'How often that is done.', { min: 0 }),
  'auto.offset.reset': autoOffsetReset,
  'allow.auto.create.topics': boolean(true, 'Whether a subscribed topic that is missing may be made.', 'medium'),
  'exclude.internal.topics': boolean(true, 'Whether patterns leave out topics of Kafka itself.', 'medium'),
  'default.api.timeout.ms': int(60_000, 'How long calls without a time-out of their own may take.', {
    min: 0,
    importance: 'medium',
  }),
  'max.poll.records': int(500, 'Most records that one `poll` returns.', { min: 1, importance: 'medium' }),
  'fetch.min.bytes': int(1, 'The broker answers when there is so much.', { min: 0, importance: 'high' }),
  'fetch.max.wait.ms': int(500, 'The broker answers after so long, also with less than `fetchMinBytes`.', { min: 0 }),
  'fetch.max.bytes': int(52_428_800, 'Most bytes of one answer; its first batch may be larger.', {
    min: 0,
    importance: 'medium',
  }),
  'max.partition.fetch.bytes': int(
    1_048_576,
    'Most bytes of a partition in one answer; its first batch may be larger.',
    {
      min: 0,
      importance: 'high',
    },
  ),
  'check.crcs': boolean(true, 'Whether the checksum of every batch is compared.'),
  'isolation.level': oneOf(['read_uncommitted', 'read_committed'], 'read_uncommitted', {
    doc: 'Whether records of transactions are read before they are committed, and also when they are aborted.',
    importance: 'medium',
  }),
  'key.deserializer': code<DeserializerOption | null>(isDeserializer, null, {
    doc: 'Deserializer or Standard Schema for keys of topics without one of their own; bytes without it.',
    type: 'function, serde or schema',
    importance: 'high',
    names: kafkaDeserializers,
  }),
  'value.deserializer': code<DeserializerOption | null>(isDeserializer, null, {
    doc: 'Deserializer or Standard Schema for values of topics without one of their own; bytes without it.',
    type: 'function, serde or schema',
    importance: 'high',
    names: kafkaDeserializers,
  }),
  'interceptor.classes': code<readonly ConsumerInterceptor[]>(Array.isArray, [], {
    doc: 'Interceptors, asked in their order.',
    type: 'list of ConsumerInterceptor',
  }),
  'internal.throw.on.fetch.stable.offset.unsupported': refused('it is internal to Kafka Streams'),
  'share.acknowledgement.mode': refused(share),
  'share.acquire.mode': refused(share),
  ...securityConfigs,
}
