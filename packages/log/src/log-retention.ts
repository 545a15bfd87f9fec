import type { LogConfig } from './log-config.ts'
import type { SegmentDeletionReason } from './log-events.ts'
import type { LogSegment } from './log-segment.ts'

/** What retention looks at. */
export interface RetentionView {
  readonly config: LogConfig
  readonly segments: { readonly all: readonly LogSegment[] }
  readonly sizeInBytes: number
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly logEndOffset: number
}

/** The oldest segments that may go, and why the first of them may. */
export interface DeletableSegments {
  readonly segments: readonly LogSegment[]
  readonly reason: SegmentDeletionReason
}

/**
 * The segments that retention deletes now: a run from the oldest on, never beyond the high watermark. A log that is only
 * compacted loses what lies before its start; others what is too old or too much, too.
 */
export function deletableSegments(view: RetentionView, now: number): DeletableSegments | undefined {
  const { config } = view
  const { retentionMs, retentionBytes } = config
  if (config.cleanupPolicy.has('delete')) {
    const byTime = prefix(view, (segment) => retentionMs >= 0 && now - segment.largestTimestamp > retentionMs)
    if (byTime.length > 0) return { segments: byTime, reason: 'retention-time' }
    let excess = view.sizeInBytes - retentionBytes
    const bySize = prefix(view, (segment) => {
      if (retentionBytes < 0 || excess - segment.size < 0) return false
      excess -= segment.size
      return true
    })
    if (bySize.length > 0) return { segments: bySize, reason: 'retention-size' }
  }
  const byStart = prefix(view, (_, next) => next !== undefined && next.baseOffset <= view.logStartOffset)
  return byStart.length > 0 ? { segments: byStart, reason: 'log-start-offset' } : undefined
}

function prefix(
  { segments, highWatermark, logEndOffset }: RetentionView,
  isDeletable: (segment: LogSegment, next: LogSegment | undefined) => boolean,
): LogSegment[] {
  const deletable: LogSegment[] = []
  for (const [i, segment] of segments.all.entries()) {
    const next = segments.all[i + 1]
    const endOffset = next?.baseOffset ?? logEndOffset
    const isLastAndEmpty = next === undefined && segment.size === 0
    if (isLastAndEmpty || highWatermark < endOffset || !isDeletable(segment, next)) break
    deletable.push(segment)
  }
  return deletable
}
