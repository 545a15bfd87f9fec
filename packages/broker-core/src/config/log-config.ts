import type { CleanupPolicy, LogConfig, MessageTimestampType, TopicCompressionType } from '@odradek/log'
import type { TopicConfig } from './topic-config.ts'

/** What a partition's log reads of its topic's configs. */
export function logConfigOf(topic: TopicConfig): LogConfig {
  return {
    segmentBytes: topic.internalSegmentBytes ?? topic.segmentBytes,
    segmentMs: topic.segmentMs,
    segmentJitterMs: topic.segmentJitterMs,
    segmentIndexBytes: topic.segmentIndexBytes,
    indexIntervalBytes: topic.indexIntervalBytes,
    retentionMs: topic.retentionMs,
    retentionBytes: topic.retentionBytes,
    maxMessageBytes: topic.maxMessageBytes,
    maxDecompressedMessageBytes: topic.maxDecompressedMessageBytes,
    // The table's validators allow no other text.
    messageTimestampType: topic.messageTimestampType as MessageTimestampType,
    messageTimestampBeforeMaxMs: topic.messageTimestampBeforeMaxMs,
    messageTimestampAfterMaxMs: topic.messageTimestampAfterMaxMs,
    cleanupPolicy: new Set(topic.cleanupPolicy as readonly CleanupPolicy[]),
    deleteRetentionMs: topic.deleteRetentionMs,
    minCleanableDirtyRatio: topic.minCleanableDirtyRatio,
    minCompactionLagMs: topic.minCompactionLagMs,
    maxCompactionLagMs: topic.maxCompactionLagMs,
    flushMessages: topic.flushMessages,
    flushMs: topic.flushMs,
    fileDeleteDelayMs: topic.fileDeleteDelayMs,
    compressionType: topic.compressionType as TopicCompressionType,
    compressionGzipLevel: topic.compressionGzipLevel,
    compressionLz4Level: topic.compressionLz4Level,
    compressionZstdLevel: topic.compressionZstdLevel,
    preallocate: topic.preallocate,
    uncleanLeaderElectionEnable: topic.uncleanLeaderElectionEnable,
    minInsyncReplicas: topic.minInsyncReplicas,
  }
}
