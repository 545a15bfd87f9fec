import {
  type Clock,
  type Hooks,
  type Logger,
  type Random,
  type Storage,
  StorageError,
  type StorageLock,
} from '@odradek/runtime'
import { CheckpointFormatError } from './checkpoint-file.ts'
import { readCleanShutdown, removeCleanShutdown, writeCleanShutdown } from './clean-shutdown-file.ts'
import type { LogConfig } from './log-config.ts'
import type { LogDirectoryPort, LogEnvironment } from './log-environment.ts'
import type { LogEvents } from './log-events.ts'
import {
  markedDirectoryName,
  parentOf,
  parsePartitionDirectory,
  partitionDirectoryName,
  type TopicPartition,
} from './log-file-names.ts'
import { type MetaProperties, readMetaProperties, writeMetaProperties } from './meta-properties.ts'
import {
  cleanerOffsetCheckpointName,
  highWatermarkCheckpointName,
  logStartOffsetCheckpointName,
  OffsetCheckpointFile,
  recoveryPointCheckpointName,
} from './offset-checkpoint-file.ts'
import { PartitionLog } from './partition-log.ts'
import { readPartitionMetadata, writePartitionMetadata } from './partition-metadata-file.ts'
import { UnsupportedLogFormatError } from './segment-recovery.ts'
import type { TailCache } from './tail-cache.ts'

/** The topic whose log the quorum opens itself: it is needed before the other topics are known. */
const metadataTopic = '__cluster_metadata'
/** How long loading may keep the event loop before others get their turn. */
const sliceMs = 20

/** What a log directory needs from outside. */
export interface LogDirectoryOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly hooks: Hooks<LogEvents>
  readonly tailCache: TailCache
  /** One entry of `log.dirs`. */
  readonly path: string
  /** True for a storage in memory: reads are then answered at once. Default false. */
  readonly synchronousReads?: boolean
  /** `producer.id.expiration.ms`; default one day. */
  readonly producerIdExpirationMs?: number
  /** `transaction.partition.verification.enable`; default true. */
  readonly transactionVerification?: boolean
}

/** The configuration of a topic found on disk; undefined when there is no such topic (any more): its directory is set aside as stray. */
export type TopicConfigLookup = (topicPartition: TopicPartition, topicId: string | undefined) => LogConfig | undefined

/** How a partition's log is opened or made. */
export interface OpenLogOptions {
  /** As Kafka prints UUIDs; written to `partition.metadata` of a new log. */
  readonly topicId: string | undefined
  readonly config: LogConfig
}

/** One broker epoch, as the clean shutdown marker keeps it; -1 when unknown. */
export interface ShutdownOptions {
  readonly brokerEpoch: number
}

/**
 * One entry of `log.dirs` (Kafka's `LogManager` keeps several): the partition logs in it, its checkpoints, its lock and the marks
 * of its owner. A failed disk operation takes the whole directory offline, told once on the hooks; its logs then answer
 * KAFKA_STORAGE_ERROR and nothing is written to it any more.
 */
export class LogDirectory implements LogDirectoryPort {
  readonly path: string
  readonly #options: LogDirectoryOptions
  readonly #environment: LogEnvironment
  readonly #lock: StorageLock
  readonly #logs = new Map<string, PartitionLog>()
  readonly #recoveryPoints: OffsetCheckpointFile
  readonly #logStartOffsets: OffsetCheckpointFile
  readonly #highWatermarks: OffsetCheckpointFile
  readonly #cleanerOffsets: OffsetCheckpointFile
  readonly #dirty = new Set<PartitionLog>()
  readonly #unreadable = new Map<string, Error>()
  #metaProperties: MetaProperties | undefined
  #failure: StorageError | undefined
  #loaded = false

  /**
   * Takes the directory: makes it when missing, locks it, reads `meta.properties`.
   * @throws StorageError `locked` when another process has it, MetaPropertiesError
   */
  constructor(options: LogDirectoryOptions) {
    const { storage, path } = options
    this.path = path
    this.#options = options
    if (!storage.exists(path)) {
      storage.makeDirectory(path)
      storage.syncDirectoryNow(parentOf(path))
    }
    this.#lock = storage.lock(`${path}/.lock`)
    this.#environment = {
      storage,
      clock: options.clock,
      random: options.random,
      logger: options.logger,
      hooks: options.hooks,
      tailCache: options.tailCache,
      synchronousReads: options.synchronousReads ?? false,
      producerIdExpirationMs: options.producerIdExpirationMs ?? 86_400_000,
      transactionVerification: options.transactionVerification ?? true,
      directory: this,
    }
    const checkpoint = (name: string) => new OffsetCheckpointFile(storage, `${path}/${name}`)
    this.#recoveryPoints = checkpoint(recoveryPointCheckpointName)
    this.#logStartOffsets = checkpoint(logStartOffsetCheckpointName)
    this.#highWatermarks = checkpoint(highWatermarkCheckpointName)
    this.#cleanerOffsets = checkpoint(cleanerOffsetCheckpointName)
    try {
      this.#metaProperties = readMetaProperties(storage, path)
    } catch (error) {
      this.#lock.release()
      throw error
    }
  }

  /** What `meta.properties` says; undefined before the directory is formatted. */
  get metaProperties(): MetaProperties | undefined {
    return this.#metaProperties
  }

  /** Writes `meta.properties`, as `kafka-storage format` does. */
  format(properties: MetaProperties): void {
    writeMetaProperties(this.#options.storage, this.path, properties)
    this.#metaProperties = properties
  }

  /** The broker epoch of the last shutdown when that was clean; undefined after any other end. Good until `load`. */
  get cleanShutdown(): ShutdownOptions | undefined {
    return readCleanShutdown(this.#options.storage, this.path)
  }

  /** The first failure; undefined while the directory works. */
  get failure(): StorageError | undefined {
    return this.#failure
  }

  /** All logs, offline ones too. */
  get logs(): Iterable<PartitionLog> {
    return this.#logs.values()
  }

  get logCount(): number {
    return this.#logs.size
  }

  /** Partitions whose files cannot be read, by directory name. */
  get unreadable(): ReadonlyMap<string, Error> {
    return this.#unreadable
  }

  log(topicPartition: TopicPartition): PartitionLog | undefined {
    return this.#logs.get(partitionDirectoryName(topicPartition))
  }

  /**
   * Opens every log in the directory but that of `__cluster_metadata`: after a clean shutdown by believing the files, else by
   * recovery. What a deletion left is removed. Failures of the disk take the directory offline; they are not thrown.
   */
  async load(configOf: TopicConfigLookup): Promise<void> {
    const { storage, clock, logger } = this.#options
    try {
      const cleanShutdown = readCleanShutdown(storage, this.path) !== undefined
      const checkpoints = this.#readCheckpoints()
      let sliceStart = clock.monotonicMs()
      for (const { name, directory } of storage.list(this.path)) {
        const found = directory ? parsePartitionDirectory(name) : ({ kind: 'other' } as const)
        if (found.kind === 'delete') storage.remove(`${this.path}/${name}`)
        if (found.kind !== 'partition' || found.topicPartition.topic === metadataTopic) continue
        this.#loadLog(found.topicPartition, { configOf, cleanShutdown, checkpoints })
        if (clock.monotonicMs() - sliceStart < sliceMs) continue
        await new Promise<void>((resolve) => clock.afterTurn(resolve))
        sliceStart = clock.monotonicMs()
      }
      removeCleanShutdown(storage, this.path)
      // After a power failure the marker must not be back, or the logs would be believed without a scan.
      if (cleanShutdown) storage.syncDirectoryNow(this.path)
      this.#loaded = true
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      logger.error('the log directory could not be loaded', { directory: this.path, error })
      this.fail(error)
    }
  }

  /** Makes the log of a partition that is new here, or opens the one that is there. @throws StorageError */
  createLog(topicPartition: TopicPartition, { topicId, config }: OpenLogOptions): PartitionLog {
    const existing = this.log(topicPartition)
    if (existing !== undefined) return existing
    const { storage } = this.#options
    const directory = this.#directoryOf(topicPartition)
    try {
      storage.makeDirectory(directory)
      if (topicId !== undefined) writePartitionMetadata(storage, directory, topicId)
      return this.#add(
        new PartitionLog(this.#environment, { topicPartition, topicId, directory, config, cleanShutdown: true }),
      )
    } catch (error) {
      if (error instanceof StorageError) this.fail(error)
      throw error
    }
  }

  /** Opens the log of `__cluster_metadata`, which is recovered at each start, or makes it. @throws StorageError */
  openMetadataLog(options: OpenLogOptions & { readonly logStartOffset?: number }): PartitionLog {
    const { storage } = this.#options
    const topicPartition = { topic: metadataTopic, partition: 0 }
    const directory = this.#directoryOf(topicPartition)
    storage.makeDirectory(directory)
    const { topicId, config, logStartOffset = 0 } = options
    if (topicId !== undefined && readPartitionMetadata(storage, directory) === undefined) {
      writePartitionMetadata(storage, directory, topicId)
    }
    const log = { topicPartition, topicId, directory, config, logStartOffset, cleanShutdown: false }
    return this.#add(new PartitionLog(this.#environment, log))
  }

  /** Takes a log out and deletes its directory after `file.delete.delay.ms`. */
  deleteLog(topicPartition: TopicPartition): void {
    this.#setAside(topicPartition, 'delete')
  }

  /** Takes a log out and keeps its files under a name that ends with `-stray`, for an operator to look at. */
  setAsideStray(topicPartition: TopicPartition): void {
    this.#setAside(topicPartition, 'stray')
  }

  /** Writes what was appended to all logs since the last call. A log whose write failed is offline afterwards. */
  writePending(): void {
    if (this.#dirty.size === 0) return
    for (const log of this.#dirty) log.writePending()
    this.#dirty.clear()
  }

  /** Writes `recovery-point-offset-checkpoint`: what need not be scanned after a crash. */
  checkpointRecoveryPoints(): void {
    this.#checkpoint(this.#recoveryPoints, (log) => log.recoveryPoint)
  }

  /** Writes `log-start-offset-checkpoint`: starts that lie inside a segment, by DeleteRecords. */
  checkpointLogStartOffsets(): void {
    this.#checkpoint(this.#logStartOffsets, (log) =>
      log.logStartOffset > (log.segments.first?.baseOffset ?? 0) ? log.logStartOffset : undefined,
    )
  }

  /** Writes `replication-offset-checkpoint`: the high watermarks. */
  checkpointHighWatermarks(): void {
    this.#checkpoint(this.#highWatermarks, (log) => log.highWatermark)
  }

  /** Writes `cleaner-offset-checkpoint`: up to where logs are compacted. */
  checkpointCleanerOffsets(offsets: ReadonlyMap<PartitionLog, number>): void {
    this.#checkpoint(this.#cleanerOffsets, (log) => offsets.get(log))
  }

  /** The offsets up to which logs are compacted, by directory name. */
  readCleanerOffsets(): ReadonlyMap<string, number> {
    return this.#readOffsets(this.#cleanerOffsets)
  }

  /** Bytes of the volume, for DescribeLogDirs. */
  space(): { readonly totalBytes: number; readonly usableBytes: number } {
    return this.#options.storage.space(this.path)
  }

  /** Closes all logs, writes the checkpoints and the clean shutdown marker, and gives the directory back. */
  close({ brokerEpoch }: ShutdownOptions): void {
    const { storage } = this.#options
    try {
      if (this.#failure !== undefined) return
      for (const log of this.#logs.values()) log.close()
      this.checkpointRecoveryPoints()
      this.checkpointLogStartOffsets()
      this.checkpointHighWatermarks()
      if (this.#loaded && this.#failure === undefined) writeCleanShutdown(storage, this.path, { brokerEpoch })
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      this.fail(error)
    } finally {
      this.release()
    }
  }

  /** Gives files and lock back without writing anything: what a killed process leaves. */
  release(): void {
    for (const log of this.#logs.values()) log.abandon()
    this.#lock.release()
  }

  /** Takes the directory offline; told once. */
  fail(error: StorageError): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    const { logger, hooks } = this.#options
    logger.error('the log directory is offline', { directory: this.path, error })
    hooks.emit('offline', { directory: this.path, cause: error })
  }

  /** Notes a log that waits for `writePending`. */
  hasPending(log: PartitionLog): void {
    this.#dirty.add(log)
  }

  recoveryPointLowered(): void {
    if (!this.#loaded || this.#failure !== undefined) return
    this.checkpointRecoveryPoints()
    this.#options.storage.syncDirectoryNow(this.path)
  }

  #loadLog(topicPartition: TopicPartition, context: LoadContext): void {
    const { storage, logger } = this.#options
    const directory = this.#directoryOf(topicPartition)
    const name = partitionDirectoryName(topicPartition)
    const topicId = readPartitionMetadata(storage, directory)
    const config = context.configOf(topicPartition, topicId)
    if (config === undefined) {
      logger.warn('a partition directory belongs to no topic and is set aside', { directory, topicId })
      storage.rename(directory, `${this.path}/${markedDirectoryName(topicPartition, this.#uniqueId(), 'stray')}`)
      return
    }
    const { recoveryPoints, logStartOffsets, highWatermarks } = context.checkpoints
    try {
      const log = new PartitionLog(this.#environment, {
        topicPartition,
        topicId,
        directory,
        config,
        recoveryPoint: recoveryPoints.get(name) ?? 0,
        logStartOffset: logStartOffsets.get(name) ?? 0,
        highWatermark: highWatermarks.get(name) ?? 0,
        cleanShutdown: context.cleanShutdown,
      })
      this.#add(log)
    } catch (error) {
      if (!(error instanceof UnsupportedLogFormatError)) throw error
      logger.error('a partition log cannot be read', { directory, error })
      this.#unreadable.set(name, error)
    }
  }

  #setAside(topicPartition: TopicPartition, mark: 'delete' | 'stray'): void {
    const log = this.log(topicPartition)
    if (log === undefined) return
    const { storage, clock } = this.#options
    const path = `${this.path}/${markedDirectoryName(topicPartition, this.#uniqueId(), mark)}`
    this.#logs.delete(partitionDirectoryName(topicPartition))
    this.#dirty.delete(log)
    log.abandon()
    try {
      storage.rename(log.directory, path)
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      this.fail(error)
      return
    }
    log.movedTo(path)
    if (mark === 'stray') return
    clock.setTimer(`delete ${path}`, log.config.fileDeleteDelayMs, () => this.#remove(path))
  }

  #remove(path: string): void {
    try {
      this.#options.storage.remove(path)
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      this.fail(error)
    }
  }

  #add(log: PartitionLog): PartitionLog {
    this.#logs.set(partitionDirectoryName(log.topicPartition), log)
    return log
  }

  #checkpoint(file: OffsetCheckpointFile, offsetOf: (log: PartitionLog) => number | undefined): void {
    if (this.#failure !== undefined) return
    const offsets = []
    for (const log of this.#logs.values()) {
      const offset = log.topicPartition.topic === metadataTopic ? undefined : offsetOf(log)
      if (offset !== undefined) offsets.push({ ...log.topicPartition, offset })
    }
    try {
      file.write(offsets)
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      this.fail(error)
    }
  }

  #readCheckpoints(): LoadContext['checkpoints'] {
    return {
      recoveryPoints: this.#readOffsets(this.#recoveryPoints),
      logStartOffsets: this.#readOffsets(this.#logStartOffsets),
      highWatermarks: this.#readOffsets(this.#highWatermarks),
    }
  }

  /** A checkpoint that cannot be read says nothing: the logs are then scanned from their start. */
  #readOffsets(file: OffsetCheckpointFile): ReadonlyMap<string, number> {
    try {
      return file.read()
    } catch (error) {
      if (!(error instanceof CheckpointFormatError)) throw error
      this.#options.logger.warn('a checkpoint file cannot be read and is ignored', { path: error.path, error })
      return new Map()
    }
  }

  #directoryOf(topicPartition: TopicPartition): string {
    return `${this.path}/${partitionDirectoryName(topicPartition)}`
  }

  /** 32 hexadecimal digits, as Kafka puts into the names of directories that are being deleted. */
  #uniqueId(): string {
    return Buffer.from(this.#options.random.nextBytes(16)).toString('hex')
  }
}

interface LoadContext {
  readonly configOf: TopicConfigLookup
  readonly cleanShutdown: boolean
  readonly checkpoints: {
    readonly recoveryPoints: ReadonlyMap<string, number>
    readonly logStartOffsets: ReadonlyMap<string, number>
    readonly highWatermarks: ReadonlyMap<string, number>
  }
}
