export {
  type ClientMetric,
  type CodecInput,
  ConfigError,
  defineTopic,
  KafkaError,
  type RecordData,
  type Serializer,
  type StandardResult,
  type StandardSchema,
  type Topic,
  type TopicCodec,
} from '@odradek/client'
export {
  type ProducerConfig,
  type ProducerOptions,
  producerConfigTable,
} from './config/producer-config.ts'
export type { Acks, producerConfigs } from './config/producer-configs.ts'
export type { ProducerInterceptor } from './interceptor.ts'
export { Producer } from './producer.ts'
export type { BatchEvent, ProducerEvents } from './producer-events.ts'
export { ProducerWritable, type WritableOptions } from './producer-writable.ts'
export type {
  ProducerRecord,
  RecordFields,
  RecordHeaders,
  RecordMetadata,
  SendOptions,
  SentRecord,
  TypedRecord,
} from './record.ts'
export { SendError } from './send-call.ts'
