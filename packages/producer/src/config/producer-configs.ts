import {
  boolean,
  clientConfigs,
  code,
  int,
  isSchema,
  long,
  oneOf,
  refused,
  row,
  securityConfigs,
  type TopicCodec,
} from '@odradek/client'
import { type PartitionerFactory, roundRobinPartitioner } from '@odradek/strategies'
import { z } from 'zod'
import type { ProducerInterceptor } from '../interceptor.ts'

const transactions = 'this producer has no transactions'
const text = (given: string) => given

/** `acks` as it stands on the wire: -1 is all. */
export type Acks = 0 | 1 | -1

const acksSchema = z
  .union([z.literal('all'), z.literal('-1'), z.literal('0'), z.literal('1'), z.literal(0), z.literal(1), z.literal(-1)])
  .transform((given): Acks => (given === 'all' ? -1 : (Number(given) as Acks))) as unknown as z.ZodType<
  Acks,
  'all' | '-1' | '0' | '1' | Acks
>

const gzipLevel = z
  .number()
  .int()
  .min(-1)
  .max(9)
  .refine((level) => level !== 0, 'a level is 1 to 9, or -1 for that of the library')

/** Kafka's own serializers of text and bytes are what this producer does without any. */
const plainSerializers = {
  'org.apache.kafka.common.serialization.StringSerializer': null,
  'org.apache.kafka.common.serialization.ByteArraySerializer': null,
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isCodec(value: unknown): boolean {
  return isFunction(value) || isSchema(value) || (typeof value === 'object' && value !== null && 'serialize' in value)
}

/** Every config of Kafka's producer, by its dotted name. */
export const producerConfigs = {
  ...clientConfigs,
  acks: row({
    schema: acksSchema,
    default: -1 as Acks,
    doc: 'Who has to have a record before it is acknowledged: 0 nobody (the offset is not known then), 1 the leader, all every in-sync replica.',
    importance: 'low',
    fromText: text,
    type: '0 \\| 1 \\| all',
  }),
  'batch.size': int(
    16_384,
    'Bytes up to which the records of a partition are gathered into one batch; 0 sends each by itself.',
    {
      min: 0,
      importance: 'medium',
    },
  ),
  'linger.ms': long(5, 'How long a batch that is not full waits for more records.', { min: 0, importance: 'medium' }),
  'buffer.memory': long(
    33_554_432,
    'Bytes of all batches that are not acknowledged; more records wait up to `maxBlockMs`.',
    {
      min: 0,
      importance: 'high',
    },
  ),
  'buffer.memory.allocation.strategy': oneOf(['full'], 'full', {
    doc: 'A batch takes `batchSize` of the memory when it is begun.',
  }),
  'max.block.ms': long(60_000, 'How long a `send` waits for metadata and memory.', { min: 0, importance: 'medium' }),
  'max.request.size': int(1_048_576, 'Largest record and largest request, in bytes.', { min: 0, importance: 'medium' }),
  'max.in.flight.requests.per.connection': int(5, 'Requests without an answer that a broker may have.', { min: 1 }),
  retries: int(2_147_483_647, 'How often a batch is sent again; `deliveryTimeoutMs` is the better bound.', {
    min: 0,
    importance: 'high',
  }),
  'delivery.timeout.ms': int(120_000, 'Upper bound from `send` to its success or failure, retries included.', {
    min: 0,
    importance: 'medium',
  }),
  'enable.idempotence': boolean(true, 'Whether a record that is sent again is written once, and order is kept.'),
  'compression.type': oneOf(['none', 'gzip', 'snappy', 'lz4', 'zstd'], 'none', {
    doc: 'How batches are compressed.',
    importance: 'high',
  }),
  'compression.gzip.level': row({
    schema: gzipLevel,
    default: -1,
    doc: 'Level of gzip: 1 to 9, -1 for that of the library.',
    importance: 'medium',
    fromText: Number,
    type: 'number',
  }),
  'compression.lz4.level': int(
    9,
    'Level of LZ4: as with Kafka, 9 is the fast search, and the others look harder the higher they are.',
    {
      min: 1,
      max: 17,
    },
  ),
  'compression.zstd.level': int(3, 'Level of zstd.', { min: -131_072, max: 22 }),
  'key.serializer': code<TopicCodec | null>(isCodec, null, {
    doc: 'Serializer or Standard Schema for keys of topics given by name; bytes, text and null without one.',
    type: 'function or schema',
    importance: 'high',
    names: plainSerializers,
  }),
  'value.serializer': code<TopicCodec | null>(isCodec, null, {
    doc: 'Serializer or Standard Schema for values of topics given by name; bytes, text and null without one.',
    type: 'function or schema',
    importance: 'high',
    names: plainSerializers,
  }),
  'partitioner.class': code<PartitionerFactory | null>(isFunction, null, {
    doc: 'Chooses the partition of records that name none; from `@odradek/strategies` or of your own.',
    type: 'PartitionerFactory',
    importance: 'medium',
    names: { 'org.apache.kafka.clients.producer.RoundRobinPartitioner': roundRobinPartitioner },
  }),
  'partitioner.ignore.keys': boolean(false, 'Records with a key are placed like those without.', 'medium'),
  'partitioner.adaptive.partitioning.enable': boolean(
    true,
    'Partitions of brokers with short queues get more records (KIP-794).',
  ),
  'partitioner.availability.timeout.ms': long(
    0,
    'Partitions whose broker takes nothing for so long get no records; 0 is off.',
    {
      min: 0,
    },
  ),
  'partitioner.rack.aware': boolean(false, 'Partitions with their leader in `clientRack` are preferred (KIP-1123).'),
  'interceptor.classes': code<readonly ProducerInterceptor[]>(Array.isArray, [], {
    doc: 'Interceptors, asked in their order.',
    type: 'list of ProducerInterceptor',
  }),
  'metadata.max.idle.ms': long(300_000, 'A topic nothing was sent to for so long is forgotten.', { min: 5_000 }),
  'transactional.id': refused(transactions),
  'transaction.timeout.ms': refused(transactions),
  'transaction.two.phase.commit.enable': refused(transactions),
  ...securityConfigs,
}
