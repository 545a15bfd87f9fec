export {
  type BrokerConfigLayers,
  brokerConfigOf,
  brokerConfigText,
  logDirsOf,
  staticLayers,
} from './config/broker-config-layers.ts'
export { brokerConfigProblem, maxConnectionsPerIpOverridesOf } from './config/broker-config-rules.ts'
export { alterableBrokerConfigs, type BrokerConfig, brokerConfigRow, brokerConfigs } from './config/broker-configs.ts'
export {
  type ClientMetricsConfig,
  clientMatchersOf,
  clientMetricsConfigOf,
  clientMetricsSelectors,
} from './config/client-metrics-config.ts'
export { clientMetricsConfigs } from './config/client-metrics-configs.ts'
export { ConfigError, type ConfigErrorPlace } from './config/config-error.ts'
export { configReference } from './config/config-reference.ts'
export type {
  BrokerSynonym,
  ConfigRow,
  ConfigTable,
  ConfigType,
  ConfigValue,
  Importance,
  UpdateMode,
} from './config/config-row.ts'
export { type ConfigSource, configSource, configTypeCode } from './config/config-source.ts'
export { type CamelCase, type ConfigValues, camelCaseOf, parseConfigs, rowOf } from './config/config-table.ts'
export { configText, parseConfigValue } from './config/config-value.ts'
export {
  type DescribedConfig,
  type DescribedSynonym,
  describeBrokerConfigs,
  describeClientMetricsConfigs,
  describeDefaultBrokerConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
} from './config/describe-configs.ts'
export { brokerListProblem, validateDynamicBrokerConfigs } from './config/dynamic-broker-config.ts'
export { type GroupConfig, groupConfigOf, validateGroupConfigs } from './config/group-config.ts'
export { groupConfigs } from './config/group-configs.ts'
export {
  type Listener,
  listenersOf,
  type NodeListeners,
  parseVoter,
  type SecurityProtocol,
  securityProtocols,
} from './config/listeners.ts'
export { logConfigOf } from './config/log-config.ts'
export {
  configResourceType,
  defaultConfigValue,
  isListConfig,
  type ResourceOfConfigs,
  validateResourceConfigs,
} from './config/resource-configs.ts'
export {
  type ConfigOverrides,
  type TopicConfig,
  topicConfigOf,
  validateTopicConfig,
  validateTopicConfigs,
} from './config/topic-config.ts'
export { topicConfigs } from './config/topic-configs.ts'
export type { Validator } from './config/validators.ts'
