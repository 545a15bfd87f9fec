import type { RecordBatchView } from '@odradek/protocol'
import { StorageError } from '@odradek/runtime'
import {
  type AppendFailure,
  type AppendInfo,
  type AppendOptions,
  type AppendResult,
  appendInfo,
  duplicateInfo,
  type LogErrorName,
  type Refusal,
} from './append-result.ts'
import { type EpochEndOffset, LeaderEpochCache } from './leader-epoch-cache.ts'
import { LogAnnouncer } from './log-announcer.ts'
import type { LogConfig } from './log-config.ts'
import type { LogEnvironment, PartitionLogOptions } from './log-environment.ts'
import type { TopicPartition } from './log-file-names.ts'
import { loadLog, replayProducers } from './log-loader.ts'
import { LogReader } from './log-reader.ts'
import { deletableSegments } from './log-retention.ts'
import type { LogSegments } from './log-segments.ts'
import { type ValidatedRecords, validateRecords } from './log-validator.ts'
import type { VerificationGuard } from './producer-append-info.ts'
import { type BeginningTransaction, type ProducerDescription, ProducerGate } from './producer-gate.ts'
import type { BatchMetadata } from './producer-state-entry.ts'
import type { ProducerStateManager, ProducerUpdate } from './producer-state-manager.ts'
import type { OffsetSpec, ReadOptions, ReadResult, TimestampAndOffset } from './read-result.ts'
import { rollJitter, SegmentStore } from './segment-store.ts'

/**
 * The log of one partition (Kafka's `UnifiedLog`): an endless row of record batches in segments, the offsets that bound it, its
 * producers and its leader epochs.
 *
 * It has one writer, this process. `append` checks a batch, gives it its offsets and changes the state at once, but writes
 * nothing: the owner calls `writePending` at the end of the turn, and all appends of the turn go to the file together. An append
 * may be acknowledged only after that. When the write fails the log directory goes offline with everything that is in memory
 * only, so what was not written is never seen by anyone.
 *
 * `logStartOffset <= lastStableOffset <= highWatermark <= logEndOffset`; readers see written batches below the bound of their
 * isolation. Expected failures are answered by their name in Kafka's error table; only a broken invariant throws.
 */
export class PartitionLog {
  readonly topicPartition: TopicPartition
  readonly topicId: string | undefined
  readonly environment: LogEnvironment
  readonly leaderEpochs: LeaderEpochCache
  readonly producerState: ProducerStateManager
  readonly #announcer: LogAnnouncer
  readonly #store: SegmentStore
  readonly #reader: LogReader
  readonly #gate: ProducerGate
  #config: LogConfig
  #logStartOffset: number
  #highWatermark: number
  #logEndOffset: number
  /** The offset the next record gets: beyond `logEndOffset` while appends wait to be written. */
  #nextOffset: number
  #truncations = 0
  #pending: ValidatedRecords[] = []

  /**
   * Opens the log in a directory that exists, empty or with Kafka's files in it, and recovers it unless it was closed cleanly.
   * @throws StorageError, and UnsupportedLogFormatError for records older than Kafka 0.11.
   */
  constructor(environment: LogEnvironment, options: PartitionLogOptions) {
    const { topicPartition, directory, config, cleanShutdown } = options
    this.topicPartition = topicPartition
    this.topicId = options.topicId
    this.environment = environment
    this.#announcer = new LogAnnouncer(environment, topicPartition)
    this.#config = config
    this.leaderEpochs = new LeaderEpochCache(environment.storage, directory)
    const { storage, clock, producerIdExpirationMs } = environment
    const loaded = loadLog({
      storage,
      directory,
      config,
      now: clock.now(),
      leaderEpochs: this.leaderEpochs,
      producerIdExpirationMs,
      logStartOffset: options.logStartOffset ?? 0,
      recoveryPoint: options.recoveryPoint ?? 0,
      cleanShutdown,
      rollJitterMs: () => rollJitter(environment, config),
      corruptionFound: (path, position, reason) => this.reportCorruption(path, position, reason),
    })
    this.producerState = loaded.producerState
    this.#gate = new ProducerGate(environment, loaded.producerState)
    this.#logStartOffset = loaded.logStartOffset
    this.#logEndOffset = this.#nextOffset = loaded.nextOffset
    this.#highWatermark = clamp(options.highWatermark ?? 0, loaded.logStartOffset, loaded.nextOffset)
    this.#store = new SegmentStore({
      environment,
      topicPartition,
      directory,
      loaded,
      config: () => this.#config,
    })
    this.#reader = new LogReader(this)
    this.#announcer.recovered({ ...loaded, cleanShutdown, logEndOffset: loaded.nextOffset })
  }

  /** The partition's directory. */
  get directory(): string {
    return this.#store.directory
  }

  get config(): LogConfig {
    return this.#config
  }

  /** The segments, oldest first; the last one takes appends. */
  get segments(): LogSegments {
    return this.#store.segments
  }

  /** The newest batches, in memory. */
  get tail(): SegmentStore['tail'] {
    return this.#store.tail
  }

  /** The first offset that may be read. */
  get logStartOffset(): number {
    return this.#logStartOffset
  }

  /** Records below are on all in-sync replicas: what consumers see. */
  get highWatermark(): number {
    return this.#highWatermark
  }

  /** Records below are decided: what read_committed consumers see. */
  get lastStableOffset(): number {
    const unstable = this.producerState.firstUnstableOffset
    if (unstable === undefined || unstable >= this.#highWatermark) return this.#highWatermark
    return Math.max(unstable, this.#logStartOffset)
  }

  /** The offset after the last written record. */
  get logEndOffset(): number {
    return this.#logEndOffset
  }

  /** Records below are durable on this disk. */
  get recoveryPoint(): number {
    return this.#store.recoveryPoint
  }

  /** Bytes of all segments. */
  get sizeInBytes(): number {
    return this.segments.sizeInBytes
  }

  /** True once the log directory failed: every operation answers KAFKA_STORAGE_ERROR. */
  get isOffline(): boolean {
    return this.environment.directory.failure !== undefined
  }

  /** How often records were taken back. */
  get truncations(): number {
    return this.#truncations
  }

  /** Takes a changed configuration over; it holds from the next append on. */
  reconfigure(config: LogConfig): void {
    this.#config = config
  }

  /**
   * Checks one or more record batches, gives them their offsets and queues them for `writePending`. The bytes are the log's from
   * then on: base offset and leader epoch, for LogAppendTime the timestamps too, are patched in place. A leader takes one batch an
   * append; a follower and a Raft log take batches with their offsets. A batch that an idempotent producer sent before is answered
   * with its first offsets and `duplicate`.
   */
  append(bytes: Uint8Array, options: AppendOptions): AppendResult {
    if (this.isOffline) return this.#refused(offline)
    const now = options.now ?? this.environment.clock.now()
    const { origin, leaderEpoch } = options
    const records = validateRecords(bytes, {
      config: this.#config,
      origin,
      leaderEpoch,
      now,
      nextOffset: this.#nextOffset,
    })
    if (records.error !== undefined) return this.#refused(records)
    if (records.batches.length === 0) return appendInfo(records, this.#logStartOffset)
    if (records.bytes.length > this.#config.segmentBytes) {
      const message = `${records.bytes.length} bytes exceed the maximum segment size of ${this.#config.segmentBytes}`
      return this.#refused({ error: 'RECORD_LIST_TOO_LARGE', message })
    }
    const update = this.#gate.check(records.batches, options)
    if ('error' in update) return this.#refused(update)
    if ('duplicateOf' in update) return this.#duplicate(records.batches[0] as RecordBatchView, update.duplicateOf)
    try {
      this.#accept(records, update, now)
    } catch (error) {
      return this.#refused(this.#failed(error))
    }
    return appendInfo(records, this.#logStartOffset)
  }

  /**
   * Writes what was appended since the last call, with one system call. Answers undefined when everything is written and may be
   * acknowledged, else the error for all of these appends. With `flush.messages` reached it is durable as well.
   */
  writePending(): LogErrorName | undefined {
    const pending = this.#pending
    if (this.isOffline) return 'KAFKA_STORAGE_ERROR'
    if (pending.length === 0) return undefined
    try {
      this.segments.active.write(pending.map((records) => records.bytes))
      this.#pending = []
      this.#logEndOffset = this.#nextOffset
      for (const records of pending) this.tail.append(records.batches)
      this.#store.written(this.#logEndOffset)
    } catch (error) {
      return this.#failed(error).error
    }
    this.#announcer.appended(pending)
    return undefined
  }

  /**
   * Batches from the one that holds `offset` on. The answer comes at once when memory has them, as it has for readers that keep
   * up; otherwise as a promise. Batches from a file are checked: one that is not what was written is reported on the hooks and
   * answered with CORRUPT_MESSAGE.
   */
  read(offset: number, options: ReadOptions): ReadResult | Promise<ReadResult> {
    return this.#reader.read(offset, options)
  }

  /**
   * ListOffsets: the first record at or after a time, or one of Kafka's special offsets. Undefined when no record is that new;
   * offset -1 where Kafka answers -1. `latest` is the log end offset: a leader answers consumers with the bound of their isolation.
   * @throws StorageError when the log cannot be read.
   */
  offsetForTimestamp(spec: OffsetSpec): Promise<TimestampAndOffset | undefined> {
    return this.#reader.offsetForTimestamp(spec)
  }

  /** OffsetForLeaderEpoch: where the largest epoch up to the requested one ends. */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset {
    return this.leaderEpochs.endOffsetFor(leaderEpoch, this.#logEndOffset)
  }

  /** Notes that this replica leads from its log end offset on, under `leaderEpoch`. */
  startLeaderEpoch(leaderEpoch: number): LogErrorName | undefined {
    return this.#guarded(() => this.leaderEpochs.assign(leaderEpoch, this.#nextOffset))
  }

  /** The aborted transactions with records in `[fetchOffset, upperBoundOffset)`. */
  abortedTransactions(fetchOffset: number, upperBoundOffset: number): ReturnType<LogReader['abortedTransactions']> {
    return this.#reader.abortedTransactions(fetchOffset, upperBoundOffset)
  }

  /** Moves the high watermark up, at most to the log end offset; false when it stays. */
  updateHighWatermark(offset: number): boolean {
    return this.#setHighWatermark(Math.max(this.#highWatermark, Math.min(offset, this.#logEndOffset)))
  }

  /** DeleteRecords: makes `offset` the first one to be read (-1: the high watermark). OFFSET_OUT_OF_RANGE beyond the high watermark. */
  deleteRecordsBefore(offset: number): LogErrorName | undefined {
    const target = offset === -1 ? this.#highWatermark : offset
    if (target < 0 || target > this.#highWatermark) return 'OFFSET_OUT_OF_RANGE'
    return this.#guarded(() => this.#advanceLogStart(target))
  }

  /** A follower takes over its leader's log start offset, as far as its own records go. */
  updateLogStartOffset(offset: number): LogErrorName | undefined {
    return this.#guarded(() => this.#advanceLogStart(Math.min(offset, this.#highWatermark)))
  }

  /** Takes back the records from `offset` on, as a follower whose leader does not have them. */
  truncateTo(offset: number): LogErrorName | undefined {
    return this.#guarded(() => {
      this.writePending()
      if (offset >= this.#nextOffset) return
      if ((this.segments.first?.baseOffset ?? 0) > offset) return this.#truncateFully(offset, offset)
      this.#store.truncateTo(offset)
      this.#truncated(offset)
      this.leaderEpochs.truncateFromEnd(offset)
      this.#reloadProducers(offset)
    })
  }

  /** Throws all records away and starts anew at `offset`; `logStartOffset` may lie before it. */
  truncateFullyAndStartAt(offset: number, logStartOffset = offset): LogErrorName | undefined {
    return this.#guarded(() => {
      this.writePending()
      this.#truncateFully(offset, logStartOffset)
    })
  }

  /** Begins a new active segment, unless the present one is empty. */
  roll(): LogErrorName | undefined {
    return this.#guarded(() => {
      if (this.writePending() === undefined) this.#roll(this.#nextOffset)
    })
  }

  /** Deletes what retention says is old or too much, up to the high watermark; answers how many segments. Files go after `file.delete.delay.ms`. */
  deleteOldSegments(now = this.environment.clock.now()): number {
    let deleted = 0
    this.#guarded(() => {
      this.writePending()
      for (let due = deletableSegments(this, now); due !== undefined; due = deletableSegments(this, now)) {
        // At least one segment stays, and its base offset tells where the log goes on.
        if (due.segments.includes(this.segments.active)) this.#roll(this.#nextOffset)
        this.#store.delete(due.segments, due.reason)
        this.#forgetSnapshots(due.segments)
        this.#advanceLogStart(this.segments.first?.baseOffset ?? 0)
        deleted += due.segments.length
      }
    })
    return deleted
  }

  /** Resolves when everything appended before is durable; with the error when it could not be made so. */
  async flush(): Promise<LogErrorName | undefined> {
    return this.writePending() ?? this.#store.flush(this.#logEndOffset)
  }

  /** Forgets producers that were silent for `producer.id.expiration.ms`; answers how many. */
  removeExpiredProducers(now = this.environment.clock.now()): number {
    return this.#gate.removeExpired(now)
  }

  /** The producers known, for DescribeProducers. */
  describeProducers(): ProducerDescription[] {
    return this.#gate.describe()
  }

  /** True while the producer has a transaction open here. */
  hasOngoingTransaction(producerId: number, producerEpoch: number): boolean {
    return this.#gate.hasOngoingTransaction(producerId, producerEpoch)
  }

  /** Starts the verification of a transaction (KIP-890): the guard to append with, or undefined when the transaction is open here already. */
  startTransactionVerification(transaction: BeginningTransaction): VerificationGuard | undefined {
    return this.#gate.startVerification(transaction)
  }

  /** Writes and syncs everything, leaves a producer snapshot at the end, and gives the files back: a clean shutdown. */
  close(): LogErrorName | undefined {
    const error = this.#guarded(() => {
      if (this.writePending() !== undefined) return
      // After a clean shutdown the snapshot is believed, so it must not be lost when the power fails then.
      const snapshot = this.producerState.takeSnapshot({ durable: true })
      if (snapshot !== undefined) this.environment.storage.syncDirectoryNow(this.directory)
      this.#store.close(this.#logEndOffset)
    })
    if (error !== undefined) this.#store.abandon()
    this.tail.clear()
    return error
  }

  /** Gives the files back without writing anything: for a directory that is offline, and for logs that are deleted. */
  abandon(): void {
    this.#pending = []
    this.#store.abandon()
    this.tail.clear()
  }

  /** Tells that the partition's directory was renamed. */
  movedTo(directory: string): void {
    this.#store.movedTo(directory)
    this.producerState.setDirectory(directory)
  }

  /** Puts a compacted segment in the place of those it was made from; false when the log changed meanwhile. Used by the cleaner. */
  replaceSegments(options: Parameters<SegmentStore['replace']>[0]): boolean {
    const replaced = this.#store.replace(options)
    if (replaced) this.#forgetSnapshots(options.replaced.slice(1))
    return replaced
  }

  /** Tells that a file does not hold what was written; once for each place. */
  reportCorruption(path: string, position: number, reason: string): void {
    this.#announcer.corruptionFound(path, position, reason)
  }

  /** Changes the state as if the records were written; `writePending` writes them, or the directory goes offline. */
  #accept(records: ValidatedRecords, update: ProducerUpdate, now: number): void {
    const { batches, maxTimestamp, lastOffset } = records
    const roll = { sizeInBytes: records.bytes.length, maxTimestamp, lastOffset, now }
    if (this.segments.active.shouldRoll(this.#config, roll)) this.#roll(records.firstOffset)
    const segment = this.segments.active
    for (const batch of batches) {
      this.leaderEpochs.assign(batch.partitionLeaderEpoch, batch.baseOffset)
      segment.note(batch, this.#config, now)
      if (batch.isTransactional) this.#gate.verificationEnded(batch.producerId)
    }
    this.#nextOffset = lastOffset + 1
    this.producerState.update(update.producers)
    for (const completed of update.completed) {
      if (completed.isAborted) {
        const { producerId, firstOffset } = completed
        const lastStableOffset = this.producerState.lastStableOffsetAfter(completed)
        segment.transactionIndex.append({ producerId, firstOffset, lastOffset: completed.lastOffset, lastStableOffset })
      }
      this.producerState.complete(completed)
    }
    this.producerState.setMapEndOffset(this.#nextOffset)
    if (this.#pending.length === 0) this.environment.directory.hasPending(this)
    this.#pending.push(records)
  }

  /** Writes what is pending to the segment it was accepted for, then begins another one. */
  #roll(firstOffset: number): void {
    if (this.writePending() !== undefined) throw this.environment.directory.failure
    const baseOffset = Math.max(firstOffset, this.#nextOffset)
    if (this.segments.active.size === 0 && this.segments.active.baseOffset === baseOffset) return
    this.producerState.setMapEndOffset(this.#nextOffset)
    this.producerState.takeSnapshot()
    this.#store.roll(baseOffset)
    this.#announcer.rolled(baseOffset)
  }

  #advanceLogStart(offset: number): void {
    if (offset <= this.#logStartOffset) return
    this.#logStartOffset = offset
    if (this.#highWatermark < offset) this.#setHighWatermark(offset)
    this.leaderEpochs.truncateFromStart(offset)
    this.producerState.onLogStartOffsetIncremented(offset)
    this.#announcer.logStartOffsetMoved(offset)
  }

  #setHighWatermark(offset: number): boolean {
    if (offset === this.#highWatermark) return false
    this.#highWatermark = offset
    this.producerState.onHighWatermarkUpdated(offset)
    this.#announcer.highWatermarkMoved(offset)
    return true
  }

  #truncateFully(offset: number, logStartOffset: number): void {
    this.#store.truncateFullyAndStartAt(offset)
    this.leaderEpochs.clear()
    this.producerState.truncateFullyAndStartAt(offset)
    this.#logStartOffset = logStartOffset
    this.#truncated(offset)
    this.#setHighWatermark(clamp(this.#highWatermark, logStartOffset, offset))
  }

  #truncated(offset: number): void {
    this.#truncations++
    this.#logEndOffset = this.#nextOffset = offset
    this.#logStartOffset = Math.min(this.#logStartOffset, offset)
    if (this.#highWatermark > offset) this.#setHighWatermark(offset)
    this.#announcer.truncated(offset)
  }

  #reloadProducers(offset: number): void {
    const { producerState } = this
    producerState.truncateAndReload(this.#logStartOffset, offset, this.environment.clock.now())
    const segments = this.segments.range(producerState.mapEndOffset, offset)
    replayProducers(producerState, segments, { logStartOffset: this.#logStartOffset, offset })
    producerState.onHighWatermarkUpdated(this.#highWatermark)
  }

  /** Snapshots go with their segments. */
  #forgetSnapshots(segments: readonly { readonly baseOffset: number }[]): void {
    for (const { baseOffset } of segments) this.producerState.removeSnapshot(baseOffset)
  }

  #duplicate(batch: RecordBatchView, first: BatchMetadata): AppendInfo {
    const info = duplicateInfo(first, this.#logStartOffset)
    this.#announcer.duplicateSuppressed(batch, info)
    return info
  }

  #refused({ error, message, recordErrors = [] }: Refusal): AppendFailure {
    return { error, message, recordErrors, logStartOffset: this.#logStartOffset }
  }

  /** Runs a change that may fail with the disk; the failure takes the directory offline. */
  #guarded(change: () => void): LogErrorName | undefined {
    if (this.isOffline) return 'KAFKA_STORAGE_ERROR'
    try {
      change()
    } catch (error) {
      return this.#failed(error).error
    }
    return this.isOffline ? 'KAFKA_STORAGE_ERROR' : undefined
  }

  #failed(error: unknown): Refusal {
    if (!(error instanceof StorageError)) throw error
    this.environment.directory.fail(error)
    return offline
  }
}

const offline: Refusal = { error: 'KAFKA_STORAGE_ERROR', message: 'the log directory is offline' }

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high))
}
