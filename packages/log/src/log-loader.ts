import type { DirectoryEntry, Storage } from '@odradek/runtime'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { LogConfig } from './log-config.ts'
import {
  cleanedSuffix,
  deletedSuffix,
  logSuffix,
  maxRelativeOffset,
  offsetIndexSuffix,
  offsetOfFileName,
  segmentFileName,
  swapSuffix,
  timeIndexSuffix,
  transactionIndexSuffix,
} from './log-file-names.ts'
import { LogSegment, type SegmentFileSizes } from './log-segment.ts'
import { LogSegments } from './log-segments.ts'
import { ProducerStateManager } from './producer-state-manager.ts'
import { recoverSegment } from './segment-recovery.ts'

/** What a log is loaded from. */
export interface LoadOptions {
  readonly storage: Storage
  readonly directory: string
  readonly config: LogConfig
  readonly now: number
  readonly leaderEpochs: LeaderEpochCache
  readonly producerIdExpirationMs: number
  /** From the checkpoints; 0 when they say nothing. */
  readonly logStartOffset: number
  readonly recoveryPoint: number
  readonly cleanShutdown: boolean
  readonly rollJitterMs: () => number
  /** Tells of bytes that are not batches where only whole batches should be. */
  readonly corruptionFound: (path: string, position: number, reason: string) => void
}

/** A log as it was found, and put right where it had to be. */
export interface LoadedLog {
  readonly segments: LogSegments
  readonly producerState: ProducerStateManager
  readonly logStartOffset: number
  readonly recoveryPoint: number
  readonly nextOffset: number
  readonly scannedSegments: number
  readonly truncatedBytes: number
}

/**
 * Opens the files of a partition (Kafka's `LogLoader`). After a clean shutdown the files are believed. Otherwise each segment
 * from the recovery point on is scanned and cut at the first batch that is not whole, everything behind it goes, and producer
 * state, indexes and leader epochs are made anew on the same pass. What compaction or deletion left half done is finished first.
 */
export function loadLog(options: LoadOptions): LoadedLog {
  const loader = new LogLoader(options)
  return loader.load()
}

class LogLoader {
  readonly #options: LoadOptions
  readonly #segments = new LogSegments()
  #scannedSegments = 0
  #truncatedBytes = 0

  constructor(options: LoadOptions) {
    this.#options = options
  }

  load(): LoadedLog {
    const options = this.#options
    const { cleanShutdown, leaderEpochs, now } = options
    this.#finishSwaps(this.#removeTemporaryFiles())
    const entries = options.storage.list(options.directory)
    this.#openSegments(entries)
    const producerState = this.#newProducerState(entries)
    producerState.removeStraySnapshots(this.#segments.all.map((segment) => segment.baseOffset))
    const logStartOffset = Math.max(options.logStartOffset, this.#segments.first?.baseOffset ?? 0)
    this.#rebuildIndexes(logStartOffset, entries)
    let nextOffset = cleanShutdown ? this.#endOfLastSegment() : this.#recover(producerState, logStartOffset)
    if (this.#segments.first !== undefined && nextOffset < logStartOffset) {
      // The log was cut below its start, so nothing in it may be read any more.
      this.#discard(this.#segments.all)
      leaderEpochs.clear()
      producerState.truncateFullyAndStartAt(logStartOffset)
    }
    if (this.#segments.first === undefined) {
      this.#segments.add(this.#newSegment(logStartOffset))
      nextOffset = logStartOffset
    }
    leaderEpochs.truncateFromEnd(nextOffset)
    leaderEpochs.truncateFromStart(logStartOffset)
    if (cleanShutdown) this.#reloadProducerState(producerState, logStartOffset, nextOffset)
    producerState.removeExpired(now)
    return {
      segments: this.#segments,
      producerState,
      logStartOffset,
      recoveryPoint: cleanShutdown ? nextOffset : Math.min(options.recoveryPoint, nextOffset),
      nextOffset,
      scannedSegments: this.#scannedSegments,
      truncatedBytes: this.#truncatedBytes,
    }
  }

  /** Removes what a deletion or an unfinished compaction left, and answers the swap files that are complete. */
  #removeTemporaryFiles(): readonly DirectoryEntry[] {
    const { storage, directory } = this.#options
    const swaps: DirectoryEntry[] = []
    let firstCleaned = Number.POSITIVE_INFINITY
    for (const entry of storage.list(directory)) {
      if (entry.directory) continue
      if (entry.name.endsWith(cleanedSuffix)) firstCleaned = Math.min(firstCleaned, offsetOfFileName(entry.name) ?? 0)
      if (entry.name.endsWith(swapSuffix)) swaps.push(entry)
      if (entry.name.endsWith(deletedSuffix) || entry.name.endsWith(cleanedSuffix))
        storage.remove(`${directory}/${entry.name}`)
    }
    // A swap file at or after a file that was still being cleaned belongs to a replacement that had not been decided.
    const isComplete = (entry: DirectoryEntry): boolean => (offsetOfFileName(entry.name) ?? 0) < firstCleaned
    for (const entry of swaps) if (!isComplete(entry)) storage.remove(`${directory}/${entry.name}`)
    return swaps.filter(isComplete)
  }

  /** Puts compacted segments in the place of those they were made from. */
  #finishSwaps(swaps: readonly DirectoryEntry[]): void {
    const { storage, directory } = this.#options
    let from = Number.POSITIVE_INFINITY
    let to = 0
    for (const { name, size, modifiedMs } of swaps) {
      const baseOffset = offsetOfFileName(name)
      if (baseOffset === undefined || !name.endsWith(logSuffix + swapSuffix)) continue
      const files = { log: size, offsetIndex: 0, timeIndex: 0, transactionIndex: 0, modifiedMs }
      const segment = new LogSegment(storage, {
        directory,
        baseOffset,
        now: this.#options.now,
        files,
        mark: swapSuffix,
      })
      from = Math.min(from, baseOffset)
      to = Math.max(to, segment.readNextOffset())
      segment.close()
    }
    for (const { name } of storage.list(directory)) {
      const offset = isSegmentFile(name) ? offsetOfFileName(name) : undefined
      if (offset !== undefined && offset >= from && offset < to) storage.remove(`${directory}/${name}`)
    }
    for (const { name } of swaps)
      storage.rename(`${directory}/${name}`, `${directory}/${name.slice(0, -swapSuffix.length)}`)
  }

  #openSegments(entries: readonly DirectoryEntry[]): void {
    const { storage, directory } = this.#options
    const sizes = new Map(entries.map((entry) => [entry.name, entry]))
    for (const { name } of entries) {
      const baseOffset = offsetOfFileName(name)
      if (baseOffset === undefined || !isSegmentFile(name)) continue
      if (name.endsWith(logSuffix)) {
        const files = segmentFiles(sizes, baseOffset)
        this.#segments.add(this.#newSegment(baseOffset, files))
      } else if (!sizes.has(segmentFileName(baseOffset, logSuffix))) {
        storage.remove(`${directory}/${name}`)
      }
    }
  }

  /** Makes anew the indexes that are missing or cannot be right, of segments that are not scanned anyway. */
  #rebuildIndexes(logStartOffset: number, entries: readonly DirectoryEntry[]): void {
    const { config, now, leaderEpochs } = this.#options
    const sizes = new Map(entries.map((entry) => [entry.name, entry]))
    const names = new Set(sizes.keys())
    for (const segment of this.#segments.all) {
      if (!this.#options.cleanShutdown && this.#isUnflushed(segment)) continue
      const isPlausible = hasPlausibleIndexes(segment, segmentFiles(sizes, segment.baseOffset), names)
      // Handles are taken again when somebody reads; a log may have thousands of segments.
      segment.close()
      if (isPlausible) continue
      const producerState = this.#newProducerState(entries, segment.baseOffset)
      this.#bringTo(producerState, logStartOffset, segment.baseOffset)
      const { badBytes } = recoverSegment(segment, { config, now, leaderEpochs, producerState, cut: false })
      if (badBytes > 0) {
        this.#options.corruptionFound(segment.path, segment.size - badBytes, 'there is no whole batch')
      }
      // The next start will believe them, so a crash must not leave a part.
      segment.flushNow()
      this.#scannedSegments++
    }
  }

  #isUnflushed(segment: LogSegment): boolean {
    const next = this.#segments.higher(segment.baseOffset)
    return next === undefined || next.baseOffset > this.#options.recoveryPoint
  }

  /** Scans the segments from the recovery point on; answers the log end offset. */
  #recover(producerState: ProducerStateManager, logStartOffset: number): number {
    const { config, now, leaderEpochs } = this.#options
    const unflushed = this.#segments.all.filter((segment) => this.#isUnflushed(segment))
    const [first] = unflushed
    if (first === undefined) return logStartOffset
    leaderEpochs.truncateFromEnd(first.baseOffset)
    this.#bringTo(producerState, logStartOffset, first.baseOffset)
    let nextOffset = first.baseOffset
    for (const [i, segment] of unflushed.entries()) {
      producerState.setMapEndOffset(Math.max(segment.baseOffset, producerState.mapEndOffset))
      producerState.takeSnapshot()
      const recovered = recoverSegment(segment, { config, now, leaderEpochs, producerState, cut: true })
      this.#scannedSegments++
      nextOffset = recovered.nextOffset
      this.#truncatedBytes += recovered.badBytes
      // A gap before the next segment is no reason to drop it: compaction leaves gaps, and dropping what is good would be worse.
      if (recovered.badBytes === 0) continue
      this.#discard(unflushed.slice(i + 1))
      segment.flushNow()
      break
    }
    producerState.setMapEndOffset(nextOffset)
    producerState.takeSnapshot()
    return nextOffset
  }

  /** Loads producers from the last snapshot at or before `offset` and replays the batches between. */
  #bringTo(producerState: ProducerStateManager, logStartOffset: number, offset: number): void {
    producerState.truncateAndReload(Math.min(logStartOffset, offset), offset, this.#options.now)
    replayProducers(producerState, this.#segments.range(producerState.mapEndOffset, offset), { logStartOffset, offset })
  }

  #reloadProducerState(producerState: ProducerStateManager, logStartOffset: number, nextOffset: number): void {
    if (producerState.latestSnapshotOffset === undefined) {
      // Every clean shutdown leaves a snapshot where there are producers.
      producerState.truncateFullyAndStartAt(nextOffset)
      return
    }
    this.#bringTo(producerState, logStartOffset, nextOffset)
    producerState.setMapEndOffset(nextOffset)
    producerState.takeSnapshot()
  }

  #endOfLastSegment(): number {
    const last = this.#segments.all.at(-1)
    return last === undefined ? this.#options.logStartOffset : last.readNextOffset()
  }

  /** Removes segments for good, the newest first: after another crash they must not stand behind what was written since. */
  #discard(segments: readonly LogSegment[]): void {
    if (segments.length === 0) return
    for (const segment of segments.toReversed()) {
      this.#truncatedBytes += segment.size
      segment.remove()
    }
    this.#segments.remove(segments)
    this.#options.storage.syncDirectoryNow(this.#options.directory)
  }

  /** Knows the snapshots up to `maxOffset` only, so that it leaves the later ones alone. */
  #newProducerState(entries: readonly DirectoryEntry[], maxOffset = Number.POSITIVE_INFINITY): ProducerStateManager {
    const { storage, directory, producerIdExpirationMs } = this.#options
    const fileNames = entries.map(({ name }) => name).filter((name) => (offsetOfFileName(name) ?? 0) <= maxOffset)
    return new ProducerStateManager(storage, { directory, fileNames, expirationMs: producerIdExpirationMs })
  }

  #newSegment(baseOffset: number, files?: SegmentFileSizes): LogSegment {
    const { storage, directory, now, rollJitterMs } = this.#options
    const segment = new LogSegment(storage, {
      directory,
      baseOffset,
      now,
      rollJitterMs: rollJitterMs(),
      ...(files === undefined ? {} : { files }),
    })
    if (files === undefined) segment.create()
    return segment
  }
}

/** Replays the batches of `[mapEndOffset, offset)`, which lie in `segments`. */
export function replayProducers(
  producerState: ProducerStateManager,
  segments: readonly LogSegment[],
  range: { readonly logStartOffset: number; readonly offset: number },
): void {
  for (const segment of segments) {
    const from = Math.max(segment.baseOffset, producerState.mapEndOffset, range.logStartOffset)
    producerState.setMapEndOffset(from)
    segment.scan(from, (batch) => {
      if (batch.baseOffset >= range.offset) return false
      producerState.replay(batch)
      producerState.setMapEndOffset(batch.nextOffset)
      return true
    })
  }
  if (producerState.mapEndOffset < range.offset) producerState.setMapEndOffset(range.offset)
}

function isSegmentFile(name: string): boolean {
  return [logSuffix, offsetIndexSuffix, timeIndexSuffix, transactionIndexSuffix].some((suffix) => name.endsWith(suffix))
}

function segmentFiles(entries: ReadonlyMap<string, DirectoryEntry>, baseOffset: number): SegmentFileSizes {
  const size = (suffix: string): number => entries.get(segmentFileName(baseOffset, suffix))?.size ?? 0
  return {
    log: size(logSuffix),
    offsetIndex: size(offsetIndexSuffix),
    timeIndex: size(timeIndexSuffix),
    transactionIndex: size(transactionIndexSuffix),
    modifiedMs: entries.get(segmentFileName(baseOffset, logSuffix))?.modifiedMs ?? 0,
  }
}

function hasPlausibleIndexes(segment: LogSegment, files: SegmentFileSizes, names: ReadonlySet<string>): boolean {
  const isThere = (suffix: string): boolean => names.has(segmentFileName(segment.baseOffset, suffix))
  if (segment.size > 0 && !(isThere(offsetIndexSuffix) && isThere(timeIndexSuffix))) return false
  return (
    segment.offsetIndex.isPlausible(files.offsetIndex, files.log) &&
    segment.timeIndex.isPlausible(files.timeIndex) &&
    segment.transactionIndex.isPlausible(segment.baseOffset) &&
    segment.maxTimestamp.offset - segment.baseOffset <= maxRelativeOffset
  )
}
