import { type Clock, Hooks, type Logger, type Random, type Storage, silentLogger } from '@odradek/runtime'
import { LogDirectory, type OpenLogOptions, type ShutdownOptions, type TopicConfigLookup } from './log-directory.ts'
import type { LogEvents } from './log-events.ts'
import { partitionDirectoryName, type TopicPartition } from './log-file-names.ts'
import type { PartitionLog } from './partition-log.ts'
import { TailCache } from './tail-cache.ts'

/** What a registry needs from outside. */
export interface LogRegistryOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  readonly logger?: Logger
  readonly hooks?: Hooks<LogEvents>
  /** `log.dirs`. */
  readonly paths: readonly string[]
  /** Memory for the newest batches of all partitions, bytes. Default 16 MiB; 0 keeps none. */
  readonly tailBytes?: number
  /** The same for one partition. Default 4 MiB. */
  readonly partitionTailBytes?: number
  /** True for a storage in memory: reads are then answered at once. Default false. */
  readonly synchronousReads?: boolean
  /** `producer.id.expiration.ms`; default one day. */
  readonly producerIdExpirationMs?: number
  /** `transaction.partition.verification.enable`; default true. */
  readonly transactionVerification?: boolean
}

/** How often the registry looks after its logs, in milliseconds, by Kafka's broker configs. */
export interface MaintenanceIntervals {
  /** `log.retention.check.interval.ms`; the first check comes after `log.initial.task.delay.ms`. */
  readonly retentionCheckMs: number
  /** `log.flush.offset.checkpoint.interval.ms`. */
  readonly recoveryPointCheckpointMs: number
  /** `log.flush.start.offset.checkpoint.interval.ms`. */
  readonly logStartOffsetCheckpointMs: number
  /** `replica.high.watermark.checkpoint.interval.ms`. */
  readonly highWatermarkCheckpointMs: number
  /** `producer.id.expiration.check.interval.ms`. */
  readonly producerIdExpirationCheckMs: number
  /** `log.initial.task.delay.ms`. */
  readonly initialDelayMs: number
}

/** Apache Kafka 4.4's defaults. */
export const defaultMaintenanceIntervals: MaintenanceIntervals = Object.freeze({
  retentionCheckMs: 300_000,
  recoveryPointCheckpointMs: 60_000,
  logStartOffsetCheckpointMs: 60_000,
  highWatermarkCheckpointMs: 5_000,
  producerIdExpirationCheckMs: 600_000,
  initialDelayMs: 30_000,
})

/**
 * The partition logs of a broker in all of its log directories (Kafka's `LogManager`): finds, makes and deletes logs, writes what
 * a turn appended, and, once told to, looks after retention, checkpoints and silent producers on the clock.
 */
export class LogRegistry {
  readonly directories: readonly LogDirectory[]
  readonly hooks: Hooks<LogEvents>
  readonly tailCache: TailCache
  readonly #clock: Clock
  readonly #logs = new Map<string, PartitionLog>()
  readonly #timers = new Set<string>()

  /** Takes and locks every directory. @throws StorageError `locked`, MetaPropertiesError */
  constructor(options: LogRegistryOptions) {
    this.#clock = options.clock
    this.hooks = options.hooks ?? new Hooks()
    const maxBytes = options.tailBytes ?? 16_777_216
    this.tailCache = new TailCache({ maxBytes, maxPartitionBytes: options.partitionTailBytes ?? 4_194_304 })
    const { paths, ...shared } = options
    const directories: LogDirectory[] = []
    try {
      for (const path of paths) {
        const { hooks, tailCache } = this
        directories.push(
          new LogDirectory({ ...shared, logger: options.logger ?? silentLogger, hooks, tailCache, path }),
        )
      }
    } catch (error) {
      for (const directory of directories) directory.release()
      throw error
    }
    this.directories = directories
  }

  /** Opens the logs of all directories; a directory that fails is offline afterwards. */
  async load(configOf: TopicConfigLookup): Promise<void> {
    await Promise.all(this.directories.map((directory) => directory.load(configOf)))
    for (const directory of this.directories) for (const log of directory.logs) this.#add(log)
  }

  /** All logs. */
  get logs(): Iterable<PartitionLog> {
    return this.#logs.values()
  }

  log(topic: string, partition: number): PartitionLog | undefined {
    return this.#logs.get(`${topic}-${partition}`)
  }

  /** The directory that holds a partition's log. */
  directoryOf(topicPartition: TopicPartition): LogDirectory | undefined {
    return this.directories.find((directory) => directory.log(topicPartition) !== undefined)
  }

  /**
   * The log of a partition: the one that is there, or a new one in `directory`, or else in the directory with the fewest logs, but in
   * one of those to `avoid` only when there is no other.
   * @throws StorageError when no directory works, or this one fails
   */
  createLog(
    topicPartition: TopicPartition,
    options: OpenLogOptions & { readonly directory?: LogDirectory; readonly avoid?: ReadonlySet<LogDirectory> },
  ): PartitionLog {
    const existing = this.#logs.get(partitionDirectoryName(topicPartition))
    if (existing !== undefined) return existing
    const directory = options.directory ?? this.#emptiest(options.avoid)
    return this.#add(directory.createLog(topicPartition, options))
  }

  /** Deletes a partition's log; its files go after `file.delete.delay.ms`. */
  deleteLog(topicPartition: TopicPartition): void {
    this.directoryOf(topicPartition)?.deleteLog(topicPartition)
    this.#logs.delete(partitionDirectoryName(topicPartition))
  }

  /** Takes a partition's log out and keeps its files under a name that ends with `-stray`. */
  setAsideStray(topicPartition: TopicPartition): void {
    this.directoryOf(topicPartition)?.setAsideStray(topicPartition)
    this.#logs.delete(partitionDirectoryName(topicPartition))
  }

  /** Writes what was appended in this turn, one system call for each log. A log whose write failed is offline afterwards. */
  writePending(): void {
    for (const directory of this.directories) directory.writePending()
  }

  /** Looks after the logs from now on, until `close`. */
  startMaintenance(intervals: MaintenanceIntervals = defaultMaintenanceIntervals): void {
    const each = (task: (directory: LogDirectory) => void) => () => this.directories.forEach(task)
    this.#repeat('retention', intervals.retentionCheckMs, () => this.deleteOldSegments())
    this.#repeat(
      'recovery points',
      intervals.recoveryPointCheckpointMs,
      each((directory) => directory.checkpointRecoveryPoints()),
    )
    this.#repeat(
      'log start offsets',
      intervals.logStartOffsetCheckpointMs,
      each((directory) => directory.checkpointLogStartOffsets()),
    )
    this.#repeat(
      'high watermarks',
      intervals.highWatermarkCheckpointMs,
      each((directory) => directory.checkpointHighWatermarks()),
    )
    this.#repeat('producer ids', intervals.producerIdExpirationCheckMs, () => this.removeExpiredProducers())
    const first = Math.min(intervals.initialDelayMs, intervals.retentionCheckMs)
    this.#clock.setTimer(timerKey('first retention'), first, () => this.deleteOldSegments())
    this.#timers.add('first retention')
  }

  /** Deletes what retention says is old or too much, in all logs; answers how many segments. */
  deleteOldSegments(now = this.#clock.now()): number {
    let deleted = 0
    for (const log of this.#logs.values()) deleted += log.deleteOldSegments(now)
    return deleted
  }

  /** Forgets producers that were silent for `producer.id.expiration.ms`, in all logs; answers how many. */
  removeExpiredProducers(now = this.#clock.now()): number {
    let removed = 0
    for (const log of this.#logs.values()) removed += log.removeExpiredProducers(now)
    return removed
  }

  /** A clean shutdown: closes all logs, writes checkpoints and markers, gives the directories back. */
  close(options: ShutdownOptions = { brokerEpoch: -1 }): void {
    this.#stopTimers()
    for (const directory of this.directories) directory.close(options)
  }

  /** Gives everything back without writing: what a killed process leaves. */
  abandon(): void {
    this.#stopTimers()
    for (const directory of this.directories) directory.release()
  }

  #add(log: PartitionLog): PartitionLog {
    this.#logs.set(partitionDirectoryName(log.topicPartition), log)
    return log
  }

  #emptiest(avoid?: ReadonlySet<LogDirectory>): LogDirectory {
    const working = this.directories.filter((directory) => directory.failure === undefined)
    const isLast = (directory: LogDirectory) => Number(avoid?.has(directory) ?? false)
    const [first] = working.sort((a, b) => isLast(a) - isLast(b) || a.logCount - b.logCount)
    if (first !== undefined) return first
    const failure = this.directories[0]?.failure
    throw failure ?? new Error('a log registry needs at least one directory')
  }

  #repeat(name: string, intervalMs: number, task: () => void): void {
    this.#timers.add(name)
    this.#clock.setTimer(timerKey(name), intervalMs, () => {
      task()
      if (this.#timers.has(name)) this.#repeat(name, intervalMs, task)
    })
  }

  #stopTimers(): void {
    for (const name of this.#timers) this.#clock.cancelTimer(timerKey(name))
    this.#timers.clear()
  }
}

function timerKey(name: string): string {
  return `log registry ${name}`
}
