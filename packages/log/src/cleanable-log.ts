import type { LogSegment } from './log-segment.ts'
import type { PartitionLog } from './partition-log.ts'

/** A log with the part of it that compaction may go over now. */
export interface CleanableLog {
  readonly log: PartitionLog
  /** Everything before is compacted. */
  readonly firstDirtyOffset: number
  /** Base offset of the first segment that may not be touched. */
  readonly firstUncleanableOffset: number
  readonly cleanableBytes: number
  /** Share of the bytes that are not yet compacted. */
  readonly cleanableRatio: number
  /** Records wait for longer than `max.compaction.lag.ms`. */
  readonly isOverdue: boolean
}

/**
 * What compaction may do in a log (Kafka's `LogCleanerManager.cleanableOffsets`): from the end of the last round to the first
 * segment that is active, younger than `min.compaction.lag.ms`, or not below the last stable offset.
 */
export function cleanableLog(log: PartitionLog, cleanedOffset: number | undefined, now: number): CleanableLog {
  const { logStartOffset, logEndOffset, segments, config } = log
  const isKnown = cleanedOffset !== undefined && cleanedOffset >= logStartOffset && cleanedOffset <= logEndOffset
  const firstDirtyOffset = isKnown ? cleanedOffset : logStartOffset
  const dirty = segments.range(firstDirtyOffset, segments.active.baseOffset)
  const limits = [log.lastStableOffset, segments.active.baseOffset]
  if (config.minCompactionLagMs > 0) {
    const tooYoung = dirty.find((segment) => segment.largestTimestamp > now - config.minCompactionLagMs)
    if (tooYoung !== undefined) limits.push(tooYoung.baseOffset)
  }
  const limit = Math.min(...limits)
  const firstUncleanable = segments.floor(limit) ?? segments.active
  const firstUncleanableOffset = firstUncleanable.baseOffset
  const from = Math.min(firstDirtyOffset, firstUncleanableOffset)
  const cleanableBytes = sizeOf(segments.range(from, firstUncleanableOffset))
  const cleanBytes = sizeOf(segments.range(0, firstDirtyOffset).filter((segment) => segment !== segments.active))
  const totalBytes = cleanBytes + cleanableBytes
  return {
    log,
    firstDirtyOffset,
    firstUncleanableOffset,
    cleanableBytes,
    cleanableRatio: totalBytes === 0 ? 0 : cleanableBytes / totalBytes,
    isOverdue: cleanableBytes > 0 && isOverdue(dirty, config.maxCompactionLagMs, now),
  }
}

/** Whether the log is due for compaction. */
export function isDue({ log, cleanableBytes, cleanableRatio, isOverdue }: CleanableLog): boolean {
  return cleanableBytes > 0 && (isOverdue || cleanableRatio > log.config.minCleanableDirtyRatio)
}

function isOverdue(dirty: readonly LogSegment[], maxCompactionLagMs: number, now: number): boolean {
  if (maxCompactionLagMs === Number.POSITIVE_INFINITY) return false
  return dirty.some(({ firstTimestamp }) => firstTimestamp > 0 && firstTimestamp < now - maxCompactionLagMs)
}

function sizeOf(segments: readonly LogSegment[]): number {
  return segments.reduce((size, segment) => size + segment.size, 0)
}
