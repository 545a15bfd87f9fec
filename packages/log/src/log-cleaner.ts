import { type Clock, StorageError } from '@odradek/runtime'
import { type CleanableLog, cleanableLog, isDue } from './cleanable-log.ts'
import { CompactionAborted, LogCompaction, UncleanableLogError } from './log-compaction.ts'
import type { LogDirectory } from './log-directory.ts'
import { partitionDirectoryName } from './log-file-names.ts'
import type { LogRegistry } from './log-registry.ts'
import type { PartitionLog } from './partition-log.ts'

/** How a broker compacts, by Kafka's broker configs. */
export interface LogCleanerOptions {
  readonly clock: Clock
  /** `log.cleaner.backoff.ms`: the rest after a look that found nothing due. */
  readonly backoffMs?: number
  /** `log.cleaner.dedupe.buffer.size`: memory for keys at most. */
  readonly dedupeBufferBytes?: number
  /** `log.cleaner.io.buffer.size`. */
  readonly ioBufferBytes?: number
  /** `log.cleaner.io.max.bytes.per.second`. */
  readonly ioMaxBytesPerSecond?: number
}

const timerKey = 'log cleaner'

/**
 * Compacts the logs whose `cleanup.policy` has `compact`, one at a time and the dirtiest first, in the background (Kafka's
 * `LogCleaner`). How far each log is compacted stands in `cleaner-offset-checkpoint`. A log that cannot be compacted is left
 * alone and named in `uncleanable`.
 */
export class LogCleaner {
  readonly #registry: LogRegistry
  readonly #options: Required<LogCleanerOptions>
  /** Up to where logs are compacted. */
  readonly #cleaned = new Map<PartitionLog, number>()
  readonly #uncleanable = new Map<PartitionLog, string>()
  readonly #checkpoints = new Map<LogDirectory, ReadonlyMap<string, number>>()
  #running: Promise<number> | undefined
  #stopped = false
  #throttledUntilMs = 0
  /** Ends the wait of the throttle. */
  #wake: () => void = () => {}
  readonly #unsubscribe: () => void

  constructor(registry: LogRegistry, options: LogCleanerOptions) {
    this.#registry = registry
    this.#options = {
      backoffMs: 15_000,
      dedupeBufferBytes: 134_217_728,
      ioBufferBytes: 524_288,
      ioMaxBytesPerSecond: Number.POSITIVE_INFINITY,
      ...options,
    }
    // What is written in the place of records that were taken back is not compacted.
    this.#unsubscribe = registry.hooks.on('truncated', ({ topic, partition, offset }) => {
      const log = registry.log(topic, partition)
      const cleaned = log === undefined ? undefined : this.#cleaned.get(log)
      if (log !== undefined && cleaned !== undefined && cleaned > offset) this.#cleaned.set(log, offset)
    })
  }

  /** Logs that cannot be compacted, and why. */
  get uncleanable(): ReadonlyMap<PartitionLog, string> {
    return this.#uncleanable
  }

  /** The offset up to which a log is compacted; undefined before the first round. */
  cleanedOffset(log: PartitionLog): number | undefined {
    return this.#cleaned.get(log) ?? this.#checkpointed(log)
  }

  /** Looks for work after each rest, until `stop`. */
  start(): void {
    this.#options.clock.setTimer(timerKey, this.#options.backoffMs, () => {
      void this.cleanAll().then(() => {
        if (!this.#stopped) this.start()
      })
    })
  }

  /** Ends the work; resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#unsubscribe()
    this.#options.clock.cancelTimer(timerKey)
    this.#wake()
    await this.#running
  }

  /** Compacts log after log until none is due; answers how many rounds it took. Joins the work that is under way. */
  cleanAll(): Promise<number> {
    this.#running ??= this.#cleanAll().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #cleanAll(): Promise<number> {
    let rounds = 0
    while (!this.#stopped && (await this.#cleanDirtiest())) rounds++
    return rounds
  }

  /** Compacts the log that is due and has the largest part not compacted; false when none is due. */
  async #cleanDirtiest(): Promise<boolean> {
    const now = this.#options.clock.now()
    let dirtiest: CleanableLog | undefined
    for (const log of this.#registry.logs) {
      if (!log.config.cleanupPolicy.has('compact') || log.isOffline || this.#uncleanable.has(log)) continue
      const cleanable = cleanableLog(log, this.cleanedOffset(log), now)
      if (isDue(cleanable) && cleanable.cleanableRatio > (dirtiest?.cleanableRatio ?? -1)) dirtiest = cleanable
    }
    return dirtiest !== undefined && this.#clean(dirtiest)
  }

  async #clean(cleanable: CleanableLog): Promise<boolean> {
    const { log } = cleanable
    const { clock, ioBufferBytes, dedupeBufferBytes } = this.#options
    const compaction = new LogCompaction(cleanable, {
      storage: log.environment.storage,
      clock,
      ioBufferBytes,
      dedupeBufferBytes,
      throttle: (bytes) => this.#throttle(bytes),
      isStopped: () => this.#stopped,
    })
    const { truncations } = log
    try {
      const result = await compaction.run()
      if (truncations !== log.truncations) return true
      this.#cleaned.set(log, result.endOffset)
      this.#writeCheckpoint(log)
      this.#registry.hooks.emit('cleaned', { ...log.topicPartition, ...result })
      return true
    } catch (error) {
      this.#failed(log, error)
      return false
    }
  }

  #failed(log: PartitionLog, error: unknown): void {
    if (error instanceof CompactionAborted || log.isOffline) return
    if (error instanceof StorageError) {
      // The segment may have been deleted by retention meanwhile; then the next round does without it.
      if (error.code === 'closed' || error.code === 'not-found') return
      log.environment.directory.fail(error)
      return
    }
    if (!(error instanceof UncleanableLogError)) throw error
    this.#uncleanable.set(log, error.message)
    log.environment.logger.error('a log cannot be compacted', { ...log.topicPartition, reason: error.message })
    this.#registry.hooks.emit('uncleanable', { ...log.topicPartition, reason: error.message })
  }

  #checkpointed(log: PartitionLog): number | undefined {
    const directory = this.#registry.directoryOf(log.topicPartition)
    if (directory === undefined) return undefined
    let offsets = this.#checkpoints.get(directory)
    if (offsets === undefined) {
      offsets = directory.readCleanerOffsets()
      this.#checkpoints.set(directory, offsets)
    }
    return offsets.get(partitionDirectoryName(log.topicPartition))
  }

  #writeCheckpoint(log: PartitionLog): void {
    const directory = this.#registry.directoryOf(log.topicPartition)
    if (directory === undefined) return
    const offsets = new Map<PartitionLog, number>()
    for (const each of directory.logs) {
      const offset = this.cleanedOffset(each)
      if (offset !== undefined) offsets.set(each, offset)
    }
    directory.checkpointCleanerOffsets(offsets)
  }

  /** Gives others their turn, and waits when more was read than a second's share. */
  async #throttle(bytes: number): Promise<void> {
    const { clock, ioMaxBytesPerSecond } = this.#options
    await new Promise<void>((resolve) => clock.afterTurn(resolve))
    if (ioMaxBytesPerSecond === Number.POSITIVE_INFINITY) return
    const now = clock.monotonicMs()
    this.#throttledUntilMs = Math.max(this.#throttledUntilMs, now) + (bytes * 1000) / ioMaxBytesPerSecond
    const waitMs = this.#throttledUntilMs - now
    if (waitMs < 10 || this.#stopped) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      clock.setTimer(`${timerKey} throttle`, waitMs, resolve)
    })
  }
}
