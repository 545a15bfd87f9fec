import { StorageError } from '@odradek/runtime'
import type { LogErrorName } from './append-result.ts'
import type { LogConfig } from './log-config.ts'
import type { LogEnvironment } from './log-environment.ts'
import type { SegmentDeletionReason } from './log-events.ts'
import { deletedSuffix, parentOf, swapSuffix, type TopicPartition } from './log-file-names.ts'
import type { LoadedLog } from './log-loader.ts'
import { LogSegment } from './log-segment.ts'
import type { LogSegments } from './log-segments.ts'
import type { PartitionTail } from './tail-cache.ts'

/** What a store is made of. */
export interface SegmentStoreOptions {
  readonly environment: LogEnvironment
  readonly topicPartition: TopicPartition
  readonly directory: string
  /** What was found on the disk. */
  readonly loaded: Pick<LoadedLog, 'segments' | 'recoveryPoint' | 'nextOffset'>
  readonly config: () => LogConfig
}

/**
 * The files of one log: begins, flushes, cuts, replaces and deletes segments, and knows up to where they are durable. Offsets and
 * producers are the log's business.
 */
export class SegmentStore {
  readonly segments: LogSegments
  readonly tail: PartitionTail
  readonly #options: SegmentStoreOptions
  #directory: string
  #recoveryPoint: number
  /** Counts truncations, so that a flush that was overtaken by one does not claim records that are gone. */
  #truncations = 0
  /** Deleted segments whose files are still there, with the timers that remove them. */
  readonly #deleting = new Map<LogSegment, string>()
  #deletions = 0
  #flushTimerSet = false
  #writtenEndOffset = 0
  /** How many segments were begun (the log itself counts as one), and how many of their names are durable. */
  readonly #names = { created: 1, synced: 0 }
  #closed = false

  /** @throws StorageError */
  constructor(options: SegmentStoreOptions) {
    const { recoveryPoint, nextOffset } = options.loaded
    this.#options = options
    this.segments = options.loaded.segments
    this.tail = options.environment.tailCache.partition()
    this.#directory = options.directory
    this.#recoveryPoint = recoveryPoint
    // What a killed process left in the page cache counts as written now: it is read, and acknowledged as a duplicate.
    if (recoveryPoint < nextOffset) this.written(nextOffset)
  }

  get directory(): string {
    return this.#directory
  }

  get recoveryPoint(): number {
    return this.#recoveryPoint
  }

  /** Looks after `flush.messages` and `flush.ms` once records up to `logEndOffset` were written. @throws StorageError */
  written(logEndOffset: number): void {
    const { flushMessages, flushMs } = this.#options.config()
    this.#writtenEndOffset = logEndOffset
    if (logEndOffset - this.#recoveryPoint >= flushMessages) this.#flushNow(logEndOffset)
    if (flushMs === Number.POSITIVE_INFINITY || this.#flushTimerSet) return
    this.#flushTimerSet = true
    this.#options.environment.clock.setTimer(this.#key('flush'), flushMs, () => {
      this.#flushTimerSet = false
      void this.flush(this.#writtenEndOffset)
    })
  }

  /** Begins a segment at `baseOffset`. The one before is made durable in the background. @throws StorageError */
  roll(baseOffset: number): void {
    const { active } = this.segments
    active.becomeInactive()
    if (active.size === 0 && active.baseOffset === baseOffset) this.#discard(active)
    this.segments.add(this.#newSegment(baseOffset))
    void this.#flushSegments([...this.segments.range(this.#recoveryPoint, baseOffset), active], baseOffset)
  }

  /** Makes records below `endOffset` durable. Answers the error when that failed, after taking the directory offline. */
  async flush(endOffset: number): Promise<LogErrorName | undefined> {
    return this.#flushSegments(this.segments.range(this.#recoveryPoint, endOffset), endOffset)
  }

  /** Takes segments out of the log; their files are renamed at once and removed after `file.delete.delay.ms`. */
  delete(segments: readonly LogSegment[], reason: SegmentDeletionReason): void {
    const { environment, topicPartition } = this.#options
    this.segments.remove(segments)
    for (const segment of segments) {
      const { baseOffset, size } = segment
      segment.changeMark(deletedSuffix)
      this.#removeLater(segment)
      environment.hooks.emit('segmentDeleted', { ...topicPartition, baseOffset, sizeInBytes: size, reason })
    }
    const first = this.segments.first
    if (first !== undefined) this.tail.dropBefore(first.baseOffset)
  }

  /**
   * Takes records from `offset` on back, durably: what is written in their place must never stand beside them after a crash.
   * @throws StorageError
   */
  truncateTo(offset: number): void {
    const { storage, clock } = this.#options.environment
    // The newest go first, so that a truncation that is cut short leaves no gap.
    const gone = this.segments.all.filter((segment) => segment.baseOffset > offset).reverse()
    this.delete(gone, 'truncation')
    storage.syncDirectoryNow(this.#directory)
    this.segments.active.truncateTo(offset, clock.now())
    this.segments.active.flushNow()
    this.#truncated(offset)
  }

  /** Takes everything back and begins a segment at `offset`, durably. @throws StorageError */
  truncateFullyAndStartAt(offset: number): void {
    for (const segment of this.segments.all.toReversed()) this.#discard(segment)
    this.segments.add(this.#newSegment(offset))
    this.#options.environment.storage.syncDirectoryNow(this.#directory)
    this.#truncated(offset)
  }

  /**
   * Puts a compacted segment in the place of those it was made from, by way of `.swap`, so that a crash at any point leaves the
   * one or the others. False, with nothing changed, when one of them is not in the log any more.
   */
  replace({ cleaned, replaced }: { readonly cleaned: LogSegment; readonly replaced: readonly LogSegment[] }): boolean {
    const present = new Set(this.segments.all)
    if (this.#closed || !replaced.every((segment) => present.has(segment)) || replaced.includes(this.segments.active)) {
      return false
    }
    const { environment, topicPartition } = this.#options
    cleaned.changeMark(swapSuffix)
    this.segments.replace([cleaned], replaced)
    for (const segment of replaced) {
      const { baseOffset, size } = segment
      segment.changeMark(deletedSuffix)
      this.#removeLater(segment)
      environment.hooks.emit('segmentDeleted', {
        ...topicPartition,
        baseOffset,
        sizeInBytes: size,
        reason: 'compaction',
      })
    }
    cleaned.changeMark('')
    this.tail.dropBefore(this.segments.active.baseOffset)
    return true
  }

  /** Writes indexes, makes everything durable and gives the files back. @throws StorageError */
  close(logEndOffset: number): void {
    this.#syncNamesNow()
    for (const segment of this.segments.range(this.#recoveryPoint, Math.max(logEndOffset, 1))) segment.flushNow()
    this.segments.active.flushNow()
    this.#recoveryPoint = logEndOffset
    this.abandon()
  }

  /** Gives the files back as they are. */
  abandon(): void {
    this.#closed = true
    const { clock } = this.#options.environment
    clock.cancelTimer(this.#key('flush'))
    for (const segment of this.segments.all) segment.close()
    for (const [segment, timer] of this.#deleting) {
      clock.cancelTimer(timer)
      segment.close()
    }
    this.#deleting.clear()
  }

  movedTo(directory: string): void {
    this.#options.environment.clock.cancelTimer(this.#key('flush'))
    this.#directory = directory
    for (const segment of this.segments.all) segment.setDirectory(directory)
    for (const segment of this.#deleting.keys()) segment.setDirectory(directory)
  }

  async #flushSegments(segments: readonly LogSegment[], endOffset: number): Promise<LogErrorName | undefined> {
    const truncations = this.#truncations
    if (this.#closed) return undefined
    try {
      await this.#syncNames()
      await Promise.all(segments.map((segment) => segment.flush()))
    } catch (error) {
      return this.#flushFailed(error, segments)
    }
    if (truncations !== this.#truncations || this.#closed) return undefined
    this.#flushed(endOffset)
    return undefined
  }

  #flushNow(endOffset: number): void {
    this.#syncNamesNow()
    for (const segment of this.segments.range(this.#recoveryPoint, endOffset)) segment.flushNow()
    this.#flushed(endOffset)
  }

  #flushed(endOffset: number): void {
    const { topicPartition, environment } = this.#options
    if (endOffset <= this.#recoveryPoint) return
    this.#recoveryPoint = endOffset
    environment.hooks.emit('flushed', { ...topicPartition, endOffset })
  }

  /** Makes the names of new files durable, and the first time that of the partition's directory. */
  async #syncNames(): Promise<void> {
    const { storage } = this.#options.environment
    const { created } = this.#names
    for (const directory of this.#unsyncedDirectories()) await storage.syncDirectory(directory)
    this.#namesSynced(created)
  }

  #syncNamesNow(): void {
    const { storage } = this.#options.environment
    const { created } = this.#names
    for (const directory of this.#unsyncedDirectories()) storage.syncDirectoryNow(directory)
    this.#namesSynced(created)
  }

  #unsyncedDirectories(): string[] {
    const { created, synced } = this.#names
    if (created === synced) return []
    if (synced > 0) return [this.#directory]
    return [this.#directory, parentOf(this.#directory)]
  }

  #namesSynced(created: number): void {
    this.#names.synced = Math.max(this.#names.synced, created)
  }

  #flushFailed(error: unknown, segments: readonly LogSegment[]): LogErrorName | undefined {
    if (!(error instanceof StorageError)) throw error
    // A segment that was deleted while it was synced is nobody's loss.
    if (this.#closed || (error.code === 'closed' && segments.some((segment) => !this.segments.all.includes(segment)))) {
      return undefined
    }
    this.#options.environment.directory.fail(error)
    return 'KAFKA_STORAGE_ERROR'
  }

  #truncated(offset: number): void {
    this.#truncations++
    this.#writtenEndOffset = offset
    this.tail.clear()
    if (offset >= this.#recoveryPoint) return
    this.#recoveryPoint = offset
    this.#options.environment.directory.recoveryPointLowered()
  }

  /** Removes a segment and its files at once. */
  #discard(segment: LogSegment): void {
    const { environment, topicPartition } = this.#options
    const { baseOffset, size } = segment
    this.segments.remove([segment])
    segment.remove()
    const event = { ...topicPartition, baseOffset, sizeInBytes: size, reason: 'truncation' as const }
    if (size > 0) environment.hooks.emit('segmentDeleted', event)
  }

  #removeLater(segment: LogSegment): void {
    const { clock, directory } = this.#options.environment
    const timer = this.#key(`deletion ${this.#deletions++}`)
    this.#deleting.set(segment, timer)
    clock.setTimer(timer, this.#options.config().fileDeleteDelayMs, () => {
      this.#deleting.delete(segment)
      try {
        segment.remove()
      } catch (error) {
        if (!(error instanceof StorageError)) throw error
        directory.fail(error)
      }
    })
  }

  #newSegment(baseOffset: number): LogSegment {
    const { environment, config } = this.#options
    const { storage, clock } = environment
    const options = {
      directory: this.#directory,
      baseOffset,
      now: clock.now(),
      rollJitterMs: rollJitter(environment, config()),
    }
    const segment = new LogSegment(storage, options)
    segment.create()
    this.#names.created++
    return segment
  }

  #key(what: string): string {
    return `log ${this.#options.directory} ${what}`
  }
}

/** A new segment's share of `segment.jitter.ms`. */
export function rollJitter({ random }: LogEnvironment, { segmentJitterMs, segmentMs }: LogConfig): number {
  const bound = Math.min(segmentJitterMs, segmentMs)
  return bound > 0 ? Math.floor(random.nextFloat() * bound) : 0
}
