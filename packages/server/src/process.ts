export {
  fromPino,
  jsonLogger,
  type LogDestination,
  type PinoLogger,
  type ProcessLoggerOptions,
  processLogger,
} from './logs.ts'
export { BrokerMetrics } from './metrics/broker-metrics.ts'
export {
  type KafkaMetricName,
  type Labels,
  type MetricFamily,
  type MetricSample,
  type MetricsSource,
  prometheusName,
} from './metrics/metric-family.ts'
export { type MetricsServer, serveMetrics } from './metrics/metrics-server.ts'
export { prometheusContentType, prometheusText } from './metrics/prometheus-text.ts'
export type { OwnConfig } from './own-configs.ts'
export { PropertiesSyntaxError, type Property, parseProperties } from './properties-file.ts'
export { runServerProcess } from './server-process.ts'
export {
  readServerProperties,
  type ServerProperties,
  ServerPropertiesError,
  type ServerPropertiesSource,
} from './server-properties.ts'
export { runServerStopProcess } from './server-stop-process.ts'
export { type RunningServer, startServer } from './start-server.ts'
export { runStorageProcess } from './storage/storage-process.ts'
export { runStorageTool, type StorageToolContext } from './storage/storage-tool.ts'
