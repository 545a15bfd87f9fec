export {
  type BrokerConfigLayers,
  brokerConfigOf,
  brokerConfigText,
  logDirsOf,
  staticLayers,
} from './config/broker-config-layers.ts'
export { alterableBrokerConfigs, type BrokerConfig, brokerConfigRow, brokerConfigs } from './config/broker-configs.ts'
export { clientMetricsConfigs } from './config/client-metrics-configs.ts'
export { ConfigError } from './config/config-error.ts'
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
export { groupConfigs } from './config/group-configs.ts'
export {
  type ConfigOverrides,
  type TopicConfig,
  topicConfigOf,
  validateTopicConfig,
  validateTopicConfigs,
} from './config/topic-config.ts'
export { topicConfigs } from './config/topic-configs.ts'
