import { type CompressionType, ProtocolError, RecordBatchView, recordBatchOverheadBytes } from '@odradek/protocol'
import type { AppendOrigin, Refusal } from './append-result.ts'
import { wholeBatchSize } from './batch-scanner.ts'
import type { LogConfig } from './log-config.ts'
import { checkRecords, hasWholeRecords, rewriteBatch } from './record-rules.ts'

/** What an append is checked against. */
export interface ValidationContext {
  readonly config: LogConfig
  readonly origin: AppendOrigin
  /** The epoch stamped on the batches of a leader; the newest a follower accepts; the one a Raft leader must have written. */
  readonly leaderEpoch: number
  readonly now: number
  /** The offset the first record gets, or must not be below. */
  readonly nextOffset: number
}

/** Batches ready to be written: offsets, epoch and timestamps are final. */
export interface ValidatedRecords {
  readonly error?: undefined
  readonly bytes: Uint8Array
  readonly batches: readonly RecordBatchView[]
  readonly firstOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: number
  /** -1 unless the broker set the timestamps. */
  readonly logAppendTime: number
}

/**
 * Checks batches that are to be appended and makes them ready (Kafka's `UnifiedLog.analyzeAndValidateRecords` and `LogValidator`).
 * On a leader offsets, leader epoch and, where the topic wants it, timestamps are patched into the bytes given.
 *
 * Records are not decoded: the header says what is needed, and that record lengths fill the batch exactly is seen by hopping
 * from length to length. The exceptions are the configs that ask about records: a compacted topic (every record has a key),
 * bounds on timestamps that the header does not settle, and another compression than the producer's.
 */
export function validateRecords(bytes: Uint8Array, context: ValidationContext): ValidatedRecords | Refusal {
  const analyzed = analyze(bytes, context)
  if ('error' in analyzed) return analyzed
  const assigns = context.origin === 'client' || context.origin === 'coordinator'
  const { batches } = analyzed
  const [first] = batches
  if (first === undefined) {
    return {
      bytes: bytes.subarray(0, 0),
      batches,
      firstOffset: -1,
      lastOffset: -1,
      maxTimestamp: -1,
      logAppendTime: -1,
    }
  }
  if (assigns) return batches.length > 1 ? invalid('more than one record batch') : assign(first, context)
  if (first.baseOffset < context.nextOffset) {
    return {
      error: 'OFFSET_OUT_OF_RANGE',
      message: `first offset ${first.baseOffset} is below the next offset ${context.nextOffset}`,
    }
  }
  return ready(bytes.subarray(0, analyzed.validBytes), batches, -1)
}

/** Splits the bytes into batches and checks each; bytes of an incomplete batch at the end are left out. */
function analyze(
  bytes: Uint8Array,
  context: ValidationContext,
): { readonly batches: RecordBatchView[]; readonly validBytes: number } | Refusal {
  const batches: RecordBatchView[] = []
  let at = 0
  let lastOffset = -1
  while (bytes.length - at >= recordBatchOverheadBytes) {
    const size = wholeBatchSize(bytes, at)
    if (size === undefined) return whyNoBatch(bytes, at)
    if (size > bytes.length - at) break
    const batch = new RecordBatchView(bytes, at)
    if (context.origin === 'replication' && batch.partitionLeaderEpoch > context.leaderEpoch) break
    const refusal = checkBatch(batch, size, context) ?? checkOrder(batch, lastOffset, context)
    if (refusal !== undefined) return refusal
    lastOffset = batch.lastOffset
    batches.push(batch)
    at += size
  }
  return { batches, validBytes: at }
}

function whyNoBatch(bytes: Uint8Array, at: number): Refusal {
  const magic = bytes[at + 16]!
  if (magic === 2 || magic > 2) return corrupt(`the bytes at ${at} are not a record batch`)
  return invalid(`record batches of magic ${magic} are not accepted, only of magic 2`)
}

function checkBatch(batch: RecordBatchView, size: number, context: ValidationContext): Refusal | undefined {
  const { origin, config, leaderEpoch } = context
  if (origin !== 'replication' && size > config.maxMessageBytes) {
    return {
      error: 'MESSAGE_TOO_LARGE',
      message: `the record batch size of ${size} bytes exceeds the maximum configured size of ${config.maxMessageBytes}`,
    }
  }
  if (!batch.hasValidCrc()) return corrupt(`the record batch is corrupt (stored crc = ${batch.crc})`)
  try {
    batch.validate()
    if (origin === 'raft' && batch.partitionLeaderEpoch !== leaderEpoch) {
      return invalid(`leader epoch ${batch.partitionLeaderEpoch} in the batch, ${leaderEpoch} is the leader's`)
    }
    return origin === 'client' ? checkClientBatch(batch) : undefined
  } catch (error) {
    if (error instanceof ProtocolError) return invalid(error.message)
    throw error
  }
}

function checkOrder(batch: RecordBatchView, previous: number, { origin }: ValidationContext): Refusal | undefined {
  if (origin === 'client' || origin === 'coordinator' || batch.baseOffset > previous) return undefined
  return { error: 'UNKNOWN_SERVER_ERROR', message: `offset ${batch.baseOffset} follows offset ${previous}` }
}

function checkClientBatch(batch: RecordBatchView): Refusal | undefined {
  const { baseOffset, recordCount, lastOffsetDelta } = batch
  if (baseOffset !== 0) return invalid(`the base offset of the record batch should be 0, but it is ${baseOffset}`)
  if (recordCount <= 0) return invalid(`invalid reported count of records: ${recordCount}`)
  if (lastOffsetDelta + 1 !== recordCount) {
    return invalid(`inconsistent batch: offsets 0 to ${lastOffsetDelta}, but ${recordCount} records`)
  }
  if (batch.isControl) return invalid('clients are not allowed to write control records')
  if (batch.producerId >= 0 && batch.baseSequence < 0) {
    return invalid(`invalid sequence number ${batch.baseSequence} in a record batch of producer ${batch.producerId}`)
  }
  return undefined
}

/** The path of a leader: checks records where it must, then stamps offsets, epoch and timestamps on the batch. */
function assign(batch: RecordBatchView, context: ValidationContext): ValidatedRecords | Refusal {
  const { config, now } = context
  try {
    if (batch.compression === 'none' && !hasWholeRecords(batch))
      return invalid('the records do not fill the batch exactly')
    const refusal = needsRecords(batch, context) ? checkRecords(batch, context) : undefined
    if (refusal !== undefined) return refusal
    const target = targetCompression(batch.compression, config)
    if (target !== batch.compression) return assignRewritten(batch, target, context)
  } catch (error) {
    if (error instanceof ProtocolError) return invalid(error.message)
    throw error
  }
  const isLogAppendTime = config.messageTimestampType === 'LogAppendTime' && !batch.isControl
  if (isLogAppendTime) batch.setMaxTimestamp('LogAppendTime', now)
  batch.setBaseOffset(context.nextOffset)
  batch.setPartitionLeaderEpoch(context.leaderEpoch)
  return ready(batch.toBytes(), [batch], isLogAppendTime ? now : -1)
}

function assignRewritten(
  batch: RecordBatchView,
  compression: CompressionType,
  context: ValidationContext,
): ValidatedRecords | Refusal {
  const bytes = rewriteBatch(batch, compression, context)
  if (bytes.length > context.config.maxMessageBytes) {
    return {
      error: 'MESSAGE_TOO_LARGE',
      message: `the record batch takes ${bytes.length} bytes as ${compression}, more than ${context.config.maxMessageBytes}`,
    }
  }
  const isLogAppendTime = context.config.messageTimestampType === 'LogAppendTime'
  return ready(bytes, [new RecordBatchView(bytes)], isLogAppendTime ? context.now : -1)
}

/** Whether what the topic forbids can only be told from the records. */
function needsRecords(batch: RecordBatchView, { config, now }: ValidationContext): boolean {
  if (batch.isControl) return false
  if (config.cleanupPolicy.has('compact') || batch.timestampType === 'LogAppendTime') return true
  if (config.messageTimestampType === 'LogAppendTime') return false
  return (
    config.messageTimestampBeforeMaxMs !== Number.POSITIVE_INFINITY ||
    batch.maxTimestamp - now > config.messageTimestampAfterMaxMs
  )
}

function targetCompression(source: CompressionType, { compressionType }: LogConfig): CompressionType {
  if (compressionType === 'producer') return source
  return compressionType === 'uncompressed' ? 'none' : compressionType
}

function ready(bytes: Uint8Array, batches: readonly RecordBatchView[], logAppendTime: number): ValidatedRecords {
  let maxTimestamp = -1
  for (const batch of batches) maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp)
  const firstOffset = batches[0]!.baseOffset
  return { bytes, batches, firstOffset, lastOffset: batches.at(-1)!.lastOffset, maxTimestamp, logAppendTime }
}

function invalid(message: string): Refusal {
  return { error: 'INVALID_RECORD', message }
}

function corrupt(message: string): Refusal {
  return { error: 'CORRUPT_MESSAGE', message }
}
