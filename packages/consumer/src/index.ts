export { type ClientMetric, ConfigError, defineTopic, KafkaError, type Topic } from '@odradek/client'
export type { AssignmentStrategy, AssignorFactory, AssignorName } from './config/assignment-strategies.ts'
export {
  type ConsumerConfig,
  type ConsumerOptions,
  consumerConfigTable,
  type DeserializerOf,
} from './config/consumer-config.ts'
export type { consumerConfigs, DeserializerOption } from './config/consumer-configs.ts'
export { type CallOptions, Consumer } from './consumer.ts'
export type { Partitions, SubscribedTo } from './consumer-arguments.ts'
export type { ConsumerEvents } from './consumer-events.ts'
export { ConsumerRecord } from './consumer-record.ts'
export { ConsumerRecords, type PartitionRecords } from './consumer-records.ts'
export { CorruptRecordError } from './corrupt-record-error.ts'
export { jsonDeserializer, stringDeserializer } from './deserializers.ts'
export { CommitFailedError } from './group/commit-failed-error.ts'
export type { GroupMetadata } from './group/group-membership.ts'
export type { ConsumerInterceptor } from './interceptor.ts'
export { LogTruncationError } from './log-truncation-error.ts'
export type { PollOptions } from './poll-loop.ts'
export type { RebalanceListener } from './rebalance-listener.ts'
export { RecordDeserializationError } from './record-deserialization-error.ts'
export type { BatchIterator, IterateOptions } from './streams/batch-iterator.ts'
export type { ConsumerReadable } from './streams/consumer-readable.ts'
export type { RecordIterator } from './streams/record-iterator.ts'
export { HandlerError } from './streams/run/handler-error.ts'
export type {
  DeadLetterOptions,
  DeadLetterRecord,
  EachBatch,
  EachRecord,
  HandlerContext,
  RetryOptions,
  RunOptions,
} from './streams/run/run-options.ts'
export {
  type OffsetAndMetadata,
  type OffsetAndTimestamp,
  PartitionMap,
  type TopicPartition,
  type TopicPartitionOffset,
} from './topic-partition.ts'
