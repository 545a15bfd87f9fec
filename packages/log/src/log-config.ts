/** Where a batch's timestamp comes from: Kafka's `message.timestamp.type`. */
export type MessageTimestampType = 'CreateTime' | 'LogAppendTime'

/** Kafka's `cleanup.policy`; a log may have one or both. */
export type CleanupPolicy = 'delete' | 'compact'

/** Kafka's topic-level `compression.type`; `producer` keeps what the producer chose. */
export type TopicCompressionType = 'producer' | 'uncompressed' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/**
 * What a partition log reads of its topic's configs. The names are Kafka's in camelCase, `Infinity` stands for Kafka's
 * `Long.MAX_VALUE`, -1 for "no limit" where Kafka writes -1. A log takes a new one at any time by `PartitionLog.reconfigure`.
 */
export interface LogConfig {
  /** `segment.bytes`: a segment is rolled before it would grow beyond this. */
  readonly segmentBytes: number
  /** `segment.ms`: a segment is rolled when its first record is older than this. */
  readonly segmentMs: number
  /** `segment.jitter.ms`: up to this much is taken off `segment.ms` at random, so that partitions do not roll together. */
  readonly segmentJitterMs: number
  /** `segment.index.bytes`: a segment is rolled when an index would grow beyond this. */
  readonly segmentIndexBytes: number
  /** `index.interval.bytes`: one index entry for about so many bytes of records. */
  readonly indexIntervalBytes: number
  /** `retention.ms`: segments whose newest record is older are deleted; -1 keeps them. */
  readonly retentionMs: number
  /** `retention.bytes`: oldest segments are deleted while the log is larger; -1 keeps them. */
  readonly retentionBytes: number
  /** `max.message.bytes`: the largest record batch accepted from a client. */
  readonly maxMessageBytes: number
  /** `max.decompressed.message.bytes`: the largest a compressed batch may become. */
  readonly maxDecompressedMessageBytes: number
  /** `message.timestamp.type`. */
  readonly messageTimestampType: MessageTimestampType
  /** `message.timestamp.before.max.ms`: how far in the past a record's CreateTime may lie. */
  readonly messageTimestampBeforeMaxMs: number
  /** `message.timestamp.after.max.ms`: how far in the future a record's CreateTime may lie. */
  readonly messageTimestampAfterMaxMs: number
  /** `cleanup.policy`. */
  readonly cleanupPolicy: ReadonlySet<CleanupPolicy>
  /** `delete.retention.ms`: how long a tombstone is kept after it was first compacted. */
  readonly deleteRetentionMs: number
  /** `min.cleanable.dirty.ratio`: the share of uncompacted bytes from which compaction starts. */
  readonly minCleanableDirtyRatio: number
  /** `min.compaction.lag.ms`: a record younger than this is not compacted. */
  readonly minCompactionLagMs: number
  /** `max.compaction.lag.ms`: a record older than this makes the log due for compaction whatever its ratio. */
  readonly maxCompactionLagMs: number
  /** `flush.messages`: records after which the log is forced to disk. */
  readonly flushMessages: number
  /** `flush.ms`: time after which unflushed records are forced to disk. */
  readonly flushMs: number
  /** `file.delete.delay.ms`: how long a deleted segment's files stay under `.deleted`. */
  readonly fileDeleteDelayMs: number
  /** `compression.type`. */
  readonly compressionType: TopicCompressionType
  /** `compression.gzip.level`; -1 is the codec's own default. */
  readonly compressionGzipLevel: number
  /** `compression.lz4.level`. */
  readonly compressionLz4Level: number
  /** `compression.zstd.level`. */
  readonly compressionZstdLevel: number
  /** `preallocate`: accepted for Kafka's sake; files grow by appending here, so it changes nothing. */
  readonly preallocate: boolean
  /** `unclean.leader.election.enable`: read by the partition's owner, kept here because it belongs to the topic. */
  readonly uncleanLeaderElectionEnable: boolean
  /** `min.insync.replicas`: read by the partition's owner. */
  readonly minInsyncReplicas: number
}

/** Apache Kafka 4.4's defaults. */
export const defaultLogConfig: LogConfig = Object.freeze({
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10_485_760,
  indexIntervalBytes: 4096,
  retentionMs: 604_800_000,
  retentionBytes: -1,
  maxMessageBytes: 1_048_588,
  maxDecompressedMessageBytes: 2_147_483_639,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: Number.POSITIVE_INFINITY,
  messageTimestampAfterMaxMs: 3_600_000,
  cleanupPolicy: new Set<CleanupPolicy>(['delete']),
  deleteRetentionMs: 86_400_000,
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.POSITIVE_INFINITY,
  flushMessages: Number.POSITIVE_INFINITY,
  flushMs: Number.POSITIVE_INFINITY,
  fileDeleteDelayMs: 60_000,
  compressionType: 'producer',
  compressionGzipLevel: -1,
  compressionLz4Level: 9,
  compressionZstdLevel: 3,
  preallocate: false,
  uncleanLeaderElectionEnable: false,
  minInsyncReplicas: 1,
} satisfies LogConfig)
