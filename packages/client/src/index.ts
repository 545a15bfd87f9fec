export { type Api, apiName } from './api.ts'
export { type BackoffOptions, backoffMs } from './backoff.ts'
export { BrokerNode, type BrokerNodeOptions } from './broker-node.ts'
export type { ClientConfig, ClientContext, ClientPorts } from './client-context.ts'
export { type ClientCore, type ClientCoreOptions, createClientCore, portOptions } from './client-core.ts'
export type { ClientEvents } from './client-events.ts'
export type {
  BrokerEndpoint,
  ClusterMetadata,
  LeaderUpdate,
  PartitionMetadata,
  TopicMetadata,
} from './cluster-metadata.ts'
export { clientConfigs } from './config/client-configs.ts'
export {
  boolean,
  type ConfigRow,
  code,
  type Importance,
  int,
  long,
  oneOf,
  optionalString,
  type RefusedRow,
  type RowOptions,
  refused,
  row,
  string,
} from './config/config-row.ts'
export {
  type ConfigOptions,
  ConfigTable,
  type ConfigValues,
  type OptionName,
  type ParsedConfig,
} from './config/config-table.ts'
export { nearestName } from './config/nearest-name.ts'
export { readProperties } from './config/properties.ts'
export { securityConfigs } from './config/security-configs.ts'
export {
  type CodecInput,
  type CodecOutput,
  type DeserializedPart,
  type Deserializer,
  defineTopic,
  deserializerOf,
  isSchema,
  type RecordData,
  type Serde,
  type SerializedPart,
  type Serializer,
  type StandardResult,
  type StandardSchema,
  serializerOf,
  type Topic,
  type TopicCodec,
} from './define-topic.ts'
export { KafkaConnection, type KafkaConnectionOptions, type RequestOptions } from './kafka-connection.ts'
export {
  asKafkaError,
  type ClientErrorCode,
  ConfigError,
  isRetriable,
  KafkaError,
  type KafkaErrorCode,
  type KafkaErrorContext,
  type KafkaErrorOptions,
} from './kafka-error.ts'
export { type AwaitTopicOptions, Metadata, type MetadataOptions } from './metadata.ts'
export type { ClientMetric, MetricSource } from './metrics/client-metric.ts'
export { type MetricPlace, Metrics, type Sensor, type StatKind } from './metrics/metrics.ts'
export { type NetworkMetricsOptions, watchNetwork } from './metrics/network-metrics.ts'
export { SampledStat, type SampleWindows } from './metrics/sampled-stat.ts'
export { NetworkClient } from './network-client.ts'
export { type OAuthBearerToken, type OAuthBearerTokenProvider, oauthBearerMechanism } from './sasl/oauthbearer.ts'
export { plainMechanism } from './sasl/plain.ts'
export type { SaslContext, SaslExchange, SaslMechanism } from './sasl/sasl-mechanism.ts'
export { type ScramOptions, scramMechanism } from './sasl/scram.ts'
export type { Security } from './security.ts'
export { ClientTelemetry, type ClientTelemetryOptions } from './telemetry/client-telemetry.ts'
export type { TelemetrySubscription } from './telemetry/telemetry-payload.ts'
export {
  type MessagingOperation,
  type MessagingTrace,
  messagingChannel,
  type TracedHeaders,
  type TracedRecord,
} from './tracing/messaging-trace.ts'
