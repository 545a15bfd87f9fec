import {
  type CompressionType,
  defaultMaxDecompressedBytes,
  RecordBatchBuilder,
  type RecordBatchView,
  recordBatchOverheadBytes,
} from '@odradek/protocol'
import type { RecordError, Refusal } from './append-result.ts'
import type { LogConfig } from './log-config.ts'

/** What the rules on records depend on. */
export interface RecordRulesContext {
  readonly config: LogConfig
  readonly leaderEpoch: number
  readonly now: number
  readonly nextOffset: number
}

/**
 * Whether the lengths in front of the records of an uncompressed batch lead from record to record to exactly the end of the
 * batch. It reads one varint a record, so a batch that would stop every consumer is kept out at no price worth naming.
 */
export function hasWholeRecords(batch: RecordBatchView): boolean {
  const { bytes, recordCount } = batch
  const end = batch.start + batch.sizeInBytes
  let at = batch.start + recordBatchOverheadBytes
  for (let record = 0; record < recordCount; record++) {
    let length = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) return false
      const byte = bytes[at++]!
      length |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    at += length >>> 1
    if ((length & 1) !== 0 || at > end) return false
  }
  return at === end
}

/**
 * Checks each record of a batch against the topic's configs: a key on a compacted topic, the timestamp's bounds. Answers the
 * refusal with the records to blame (KIP-467), or undefined.
 * @throws ProtocolError when the records cannot be read.
 */
export function checkRecords(batch: RecordBatchView, context: RecordRulesContext): Refusal | undefined {
  const { config, now } = context
  const isCompacted = config.cleanupPolicy.has('compact')
  const earliest = now - config.messageTimestampBeforeMaxMs
  const latest = now + config.messageTimestampAfterMaxMs
  const isCreateTime = config.messageTimestampType === 'CreateTime'
  const claimsLogAppendTime = batch.timestampType === 'LogAppendTime'
  const recordErrors: RecordError[] = []
  let badTimestamps = 0
  let batchIndex = 0
  batch.forEachRecord(
    (record) => {
      const { timestamp } = record
      const isOutOfRange = isCreateTime && timestamp !== -1 && (timestamp < earliest || timestamp > latest)
      if (isCompacted && record.keyLength < 0) {
        recordErrors.push({ batchIndex, message: 'Compacted topic cannot accept message without key' })
      } else if (isOutOfRange) {
        const message = `Timestamp ${timestamp} of message with offset ${record.offset} is out of range. The timestamp should be within [${bound(earliest)}, ${bound(latest)}]`
        recordErrors.push({ batchIndex, message })
        badTimestamps++
      } else if (claimsLogAppendTime) {
        recordErrors.push({ batchIndex, message: 'Producer should not set timestamp type to LogAppendTime' })
        badTimestamps++
      }
      batchIndex++
    },
    { maxDecompressedBytes: maxDecompressedBytes(config) },
  )
  if (recordErrors.length === 0) return undefined
  if (badTimestamps > 0) {
    const message = 'One or more records have been rejected due to invalid timestamp'
    return { error: 'INVALID_TIMESTAMP', message, recordErrors }
  }
  const message = `One or more records have been rejected due to ${recordErrors.length} record errors in total`
  return { error: 'INVALID_RECORD', message, recordErrors }
}

/** A timestamp for people: what is not bounded has the bound of an int64. */
function bound(timestamp: number): string {
  if (Number.isFinite(timestamp)) return String(timestamp)
  return timestamp < 0 ? '-9223372036854775808' : '9223372036854775807'
}

/** The batch in another compression, with its final offsets, epoch and timestamps. @throws ProtocolError when the records cannot be read. */
export function rewriteBatch(
  batch: RecordBatchView,
  compression: CompressionType,
  context: RecordRulesContext,
): Uint8Array {
  const { config, now } = context
  const isLogAppendTime = config.messageTimestampType === 'LogAppendTime'
  const builder = new RecordBatchBuilder({
    compression,
    compressionLevel: compressionLevel(compression, config),
    baseOffset: context.nextOffset,
    partitionLeaderEpoch: context.leaderEpoch,
    timestampType: config.messageTimestampType,
    ...(isLogAppendTime ? { logAppendTimeMs: now } : {}),
    producer: {
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      isTransactional: batch.isTransactional,
    },
    isControl: batch.isControl,
    initialBytes: batch.sizeInBytes * 2,
  })
  for (const record of batch.records({ maxDecompressedBytes: maxDecompressedBytes(config) })) builder.append(record)
  return builder.close()
}

/** Kafka's level for a codec from the topic's configs; undefined is the codec's own default. */
export function compressionLevel(compression: CompressionType, config: LogConfig): number | undefined {
  switch (compression) {
    case 'gzip':
      return config.compressionGzipLevel === -1 ? undefined : config.compressionGzipLevel
    case 'lz4':
      return config.compressionLz4Level
    case 'zstd':
      return config.compressionZstdLevel
    default:
      return undefined
  }
}

/** How large a batch may become when it is decompressed. */
export function maxDecompressedBytes(config: LogConfig): number {
  return Math.min(config.maxDecompressedMessageBytes, defaultMaxDecompressedBytes)
}
