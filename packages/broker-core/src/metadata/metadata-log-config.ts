import { defaultLogConfig, type LogConfig } from '@odradek/log'
import type { BrokerConfig } from '../config/broker-configs.ts'

/** Largest batch in the metadata log, as Kafka's `KafkaRaftClient.MAX_BATCH_SIZE_BYTES`. */
const maxBatchBytes = 8 * 1024 * 1024

/**
 * The configuration of `__cluster_metadata`: segments are rolled by its own configs, and nothing is deleted by age or size, since
 * what may go is told by snapshots.
 */
export function metadataLogConfig(broker: BrokerConfig): LogConfig {
  return {
    ...defaultLogConfig,
    segmentBytes: broker.internalMetadataLogSegmentBytes ?? broker.metadataLogSegmentBytes,
    segmentMs: broker.metadataLogSegmentMs,
    maxMessageBytes: maxBatchBytes,
    retentionMs: -1,
    retentionBytes: -1,
    cleanupPolicy: new Set(['delete']),
  }
}
