export type {
  AppendFailure,
  AppendInfo,
  AppendOptions,
  AppendOrigin,
  AppendResult,
  LogErrorName,
  RecordError,
} from './append-result.ts'
export type { EpochEndOffset, EpochEntry } from './leader-epoch-cache.ts'
export { LogCleaner, type LogCleanerOptions } from './log-cleaner.ts'
export {
  type CleanupPolicy,
  defaultLogConfig,
  type LogConfig,
  type MessageTimestampType,
  type TopicCompressionType,
} from './log-config.ts'
export {
  LogDirectory,
  type LogDirectoryOptions,
  type OpenLogOptions,
  type ShutdownOptions,
  type TopicConfigLookup,
} from './log-directory.ts'
export type { LogDirectoryPort, LogEnvironment, PartitionLogOptions } from './log-environment.ts'
export type { LogEvents, SegmentDeletionReason } from './log-events.ts'
export type { TopicPartition } from './log-file-names.ts'
export {
  defaultMaintenanceIntervals,
  LogRegistry,
  type LogRegistryOptions,
  type MaintenanceIntervals,
} from './log-registry.ts'
export { type MetaProperties, MetaPropertiesError, readMetaProperties, writeMetaProperties } from './meta-properties.ts'
export { PartitionLog } from './partition-log.ts'
export type { VerificationGuard } from './producer-append-info.ts'
export type { BeginningTransaction, ProducerDescription } from './producer-gate.ts'
export { CorruptSnapshotError, decodeProducerSnapshot } from './producer-snapshot-file.ts'
export { decrementSequence } from './producer-state-entry.ts'
export type {
  AbortedTransactionStart,
  FetchedRecords,
  FetchIsolation,
  OffsetSpec,
  ReadFailure,
  ReadOptions,
  ReadResult,
  TimestampAndOffset,
} from './read-result.ts'
export { UnsupportedLogFormatError } from './segment-recovery.ts'
export { PartitionTail, TailCache } from './tail-cache.ts'
