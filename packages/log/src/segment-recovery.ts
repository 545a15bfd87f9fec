import { crc32 } from 'node:zlib'
import { ProtocolError, type RecordBatchView } from '@odradek/protocol'
import { scanBatches } from './batch-scanner.ts'
import type { EpochEntry, LeaderEpochCache } from './leader-epoch-cache.ts'
import type { LogConfig } from './log-config.ts'
import type { LogSegment } from './log-segment.ts'
import type { ProducerStateManager } from './producer-state-manager.ts'

/** A log whose records are in a format before Kafka 0.11 (message sets of magic 0 and 1), which this log does not read. */
export class UnsupportedLogFormatError extends Error {
  override readonly name = 'UnsupportedLogFormatError'
  readonly path: string

  constructor(path: string, position: number) {
    super(
      `${path} holds messages of the format before Kafka 0.11 at byte ${position}; this version reads record batches only`,
    )
    this.path = path
  }
}

/** What recovery updates beside the segment. */
export interface RecoveryContext {
  readonly config: LogConfig
  readonly now: number
  readonly producerState: ProducerStateManager
  readonly leaderEpochs: LeaderEpochCache
  /** Whether bytes behind the last good batch are cut off: false where only indexes are rebuilt, so that nothing is lost. */
  readonly cut: boolean
}

/** What a scan of a segment came to. */
export interface SegmentRecovery {
  /** Bytes behind the last good batch. */
  readonly badBytes: number
  /** The offset after the last good batch. */
  readonly nextOffset: number
}

/**
 * Reads a whole segment, believes nothing but the log file itself, and leaves indexes, producer state and leader epochs as the
 * good batches make them; the file is cut at the first batch that is not whole (Kafka's `LogSegment.recover`).
 * @throws UnsupportedLogFormatError rather than cutting records of an old format off.
 */
export function recoverSegment(segment: LogSegment, context: RecoveryContext): SegmentRecovery {
  const { config, now, producerState, leaderEpochs, cut } = context
  const fileSize = segment.file.size
  const epochs: EpochEntry[] = []
  let latestEpoch = leaderEpochs.latestEpoch ?? -1
  let nextOffset = segment.baseOffset
  segment.reset()
  const modifiedMs = segment.modifiedMs
  const end = scanBatches(segment.file, { from: 0, to: fileSize }, (batch) => {
    if (!isGood(batch, nextOffset)) return false
    const { partitionLeaderEpoch, baseOffset } = batch
    if (partitionLeaderEpoch >= 0 && partitionLeaderEpoch > latestEpoch) {
      epochs.push({ epoch: partitionLeaderEpoch, startOffset: baseOffset })
      latestEpoch = partitionLeaderEpoch
    }
    const ended = producerState.replay(batch)
    if (ended?.completed.isAborted === true) {
      const { producerId, firstOffset, lastOffset } = ended.completed
      segment.transactionIndex.append({ producerId, firstOffset, lastOffset, lastStableOffset: ended.lastStableOffset })
    }
    producerState.setMapEndOffset(batch.nextOffset)
    segment.note(batch, config, now)
    nextOffset = batch.nextOffset
    return true
  })
  if (end < fileSize) refuseOldFormat(segment, end, fileSize)
  leaderEpochs.assignAll(epochs)
  if (cut) segment.cutToNoted(now)
  else segment.keepWholeFile()
  segment.setModifiedMs(modifiedMs)
  segment.completeTimeIndex()
  return { badBytes: fileSize - end, nextOffset }
}

function isGood(batch: RecordBatchView, nextOffset: number): boolean {
  try {
    batch.validate()
    return batch.baseOffset >= nextOffset && batch.hasValidCrc()
  } catch (error) {
    if (error instanceof ProtocolError) return false
    throw error
  }
}

/** An old message claims magic 0 or 1 and carries a CRC-32 that matches; then it is no torn write. */
function refuseOldFormat(segment: LogSegment, position: number, fileSize: number): void {
  const header = Buffer.from(segment.file.readSync(position, 17))
  if (header.length < 17 || header.readUInt8(16) > 1) return
  const length = header.readInt32BE(8)
  if (length < 14 || position + 12 + length > fileSize) return
  const message = segment.file.readSync(position + 16, length - 4)
  if (crc32(message) === header.readUInt32BE(12)) throw new UnsupportedLogFormatError(segment.path, position)
}
