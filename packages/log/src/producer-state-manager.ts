import type { RecordBatchView } from '@odradek/protocol'
import { type Storage, StorageError } from '@odradek/runtime'
import type { AppendOrigin } from './append-result.ts'
import { offsetOfFileName, producerSnapshotSuffix, segmentFileName } from './log-file-names.ts'
import {
  type CompletedTransaction,
  type OngoingTransaction,
  ProducerAppendInfo,
  type ProducerCheckFailure,
  type VerificationState,
} from './producer-append-info.ts'
import { CorruptSnapshotError, decodeProducerSnapshot, encodeProducerSnapshot } from './producer-snapshot-file.ts'
import type { ProducerStateEntry } from './producer-state-entry.ts'

/** What a group of accepted batches changes, taken over by `ProducerStateManager.update`. */
export interface ProducerUpdate {
  readonly producers: Map<number, ProducerAppendInfo>
  readonly completed: CompletedTransaction[]
}

/**
 * The producers of one partition (Kafka's `ProducerStateManager`): for each producer id the last batches, so that a batch sent
 * again is recognised and a gap refused, and the transactions that are open, which bound what a read_committed consumer sees.
 *
 * The state is a function of the log: it is what reading all batches from the log start to `mapEndOffset` leads to, without the
 * producers that were silent for `producer.id.expiration.ms`. Snapshots at `mapEndOffset`, taken when a segment is rolled and at
 * a clean shutdown, spare recovery the reading of what lies before them; a snapshot keeps only the last batch of each producer.
 */
export class ProducerStateManager {
  readonly #storage: Storage
  #directory: string
  readonly #producerIdExpirationMs: number
  readonly #producers = new Map<number, ProducerStateEntry>()
  /** By first offset, in the order of their first offsets. */
  readonly #ongoing = new Map<number, OngoingTransaction>()
  /** Decided transactions whose marker is not below the high watermark. */
  readonly #unreplicated = new Map<number, OngoingTransaction>()
  /** Offsets of the snapshot files, sorted. */
  #snapshots: number[]
  #mapEndOffset = 0
  #lastSnapshotOffset = 0

  /** `fileNames` are the names in the partition's directory. */
  constructor(storage: Storage, options: { directory: string; fileNames: readonly string[]; expirationMs: number }) {
    this.#storage = storage
    this.#directory = options.directory
    this.#producerIdExpirationMs = options.expirationMs
    this.#snapshots = options.fileNames
      .filter((name) => name.endsWith(producerSnapshotSuffix))
      .map(offsetOfFileName)
      .filter((offset) => offset !== undefined)
      .sort((a, b) => a - b)
  }

  /** The offset up to which (exclusive) the state counts. */
  get mapEndOffset(): number {
    return this.#mapEndOffset
  }

  /** The producers known, for DescribeProducers, snapshots and compaction. */
  get activeProducers(): ReadonlyMap<number, ProducerStateEntry> {
    return this.#producers
  }

  get isEmpty(): boolean {
    return this.#producers.size === 0 && this.#unreplicated.size === 0
  }

  /** First offset of the oldest transaction that is open or whose end is not replicated: the last stable offset, when below the high watermark. */
  get firstUnstableOffset(): number | undefined {
    let first = this.firstUndecidedOffset
    for (const { firstOffset } of this.#unreplicated.values())
      if (first === undefined || firstOffset < first) first = firstOffset
    return first
  }

  /** First offset of the oldest transaction that is open. */
  get firstUndecidedOffset(): number | undefined {
    return this.#ongoing.values().next().value?.firstOffset
  }

  get latestSnapshotOffset(): number | undefined {
    return this.#snapshots.at(-1)
  }

  get snapshotOffsets(): readonly number[] {
    return this.#snapshots
  }

  producer(producerId: number): ProducerStateEntry | undefined {
    return this.#producers.get(producerId)
  }

  /** True while the oldest transaction has been open for longer than `maxTransactionTimeoutMs` and five minutes. */
  hasLateTransaction(now: number, maxTransactionTimeoutMs: number): boolean {
    const oldest = this.#ongoing.values().next().value
    const timestamp = oldest === undefined ? -1 : (this.#producers.get(oldest.producerId)?.lastTimestamp ?? -1)
    return timestamp > 0 && now - timestamp > maxTransactionTimeoutMs + 300_000
  }

  /** Takes accepted batches over, all but their completed transactions (see `complete`). */
  update(producers: Map<number, ProducerAppendInfo>): void {
    for (const [producerId, info] of producers) {
      this.#producers.set(producerId, info.updated)
      for (const transaction of info.started) this.#ongoing.set(transaction.firstOffset, transaction)
    }
  }

  /** The last stable offset once this transaction is complete, for the transaction index. */
  lastStableOffsetAfter(completed: CompletedTransaction): number {
    for (const { producerId, firstOffset } of this.#ongoing.values()) {
      if (producerId !== completed.producerId) return firstOffset
    }
    return completed.lastOffset + 1
  }

  /** Ends a transaction; it stays unstable until the high watermark has passed its marker. */
  complete(completed: CompletedTransaction): void {
    const transaction = this.#ongoing.get(completed.firstOffset)
    if (transaction === undefined) throw new Error(`no transaction starts at offset ${completed.firstOffset}`)
    this.#ongoing.delete(completed.firstOffset)
    transaction.lastOffset = completed.lastOffset
    this.#unreplicated.set(completed.firstOffset, transaction)
  }

  setMapEndOffset(offset: number): void {
    this.#mapEndOffset = offset
  }

  onHighWatermarkUpdated(highWatermark: number): void {
    if (this.#unreplicated.size > 0) this.#removeUnreplicatedBefore(highWatermark)
  }

  onLogStartOffsetIncremented(logStartOffset: number): void {
    this.#removeUnreplicatedBefore(logStartOffset)
    if (this.#mapEndOffset < logStartOffset) this.#mapEndOffset = logStartOffset
    this.#lastSnapshotOffset = this.latestSnapshotOffset ?? logStartOffset
  }

  /** Applies one batch that is in the log already, without checks: for recovery. Answers the transaction it completed, with the last stable offset after it. */
  replay(batch: RecordBatchView): { completed: CompletedTransaction; lastStableOffset: number } | undefined {
    if (batch.producerId < 0) return undefined
    const update = prepareUpdate(this, [batch], { origin: 'replication', transactionVersion: 0 })
    if ('error' in update) return undefined
    this.update(update.producers)
    const completed = update.completed[0]
    if (completed === undefined) return undefined
    const lastStableOffset = this.lastStableOffsetAfter(completed)
    this.complete(completed)
    return { completed, lastStableOffset }
  }

  /** Forgets producers that were silent for `producer.id.expiration.ms` and have no open transaction; answers how many. */
  removeExpired(now: number): number {
    let removed = 0
    for (const [producerId, entry] of this.#producers) {
      if (!this.#isExpired(entry, now)) continue
      this.#producers.delete(producerId)
      removed++
    }
    return removed
  }

  /** Writes a snapshot at `mapEndOffset` unless the last one is as new. Answers the file's path when it wrote one. */
  takeSnapshot(options: { readonly durable?: boolean } = {}): string | undefined {
    if (this.#mapEndOffset <= this.#lastSnapshotOffset) return undefined
    const path = this.#path(this.#mapEndOffset)
    const file = this.#storage.open(path)
    try {
      if (file.size > 0) file.truncate(0)
      file.append([encodeProducerSnapshot(this.#producers.values())])
      if (options.durable === true) file.syncNow()
    } finally {
      file.close()
    }
    if (!this.#snapshots.includes(this.#mapEndOffset)) {
      this.#snapshots = [...this.#snapshots, this.#mapEndOffset].sort((a, b) => a - b)
    }
    this.#lastSnapshotOffset = this.#mapEndOffset
    return path
  }

  /**
   * Brings the state to `logEndOffset`: drops snapshots outside the log, and, unless the state is at that offset already, loads
   * the newest snapshot left. The caller then replays the batches from `mapEndOffset` on.
   */
  truncateAndReload(logStartOffset: number, logEndOffset: number, now: number): void {
    for (const offset of this.#snapshots) {
      if (offset > logEndOffset || offset <= logStartOffset) this.removeSnapshot(offset)
    }
    if (logEndOffset === this.#mapEndOffset) {
      this.onLogStartOffsetIncremented(logStartOffset)
      return
    }
    this.#clear()
    this.#loadFromSnapshot(logStartOffset, now)
  }

  /** Forgets everything, snapshots included, and starts at `offset`. */
  truncateFullyAndStartAt(offset: number): void {
    this.#clear()
    for (const snapshot of this.#snapshots) this.removeSnapshot(snapshot)
    this.#lastSnapshotOffset = 0
    this.#mapEndOffset = offset
  }

  /** Removes snapshot files without a segment, except the newest one when it lies beyond all segments: that of a clean shutdown. */
  removeStraySnapshots(segmentBaseOffsets: readonly number[]): void {
    const bases = new Set(segmentBaseOffsets)
    const lastBase = segmentBaseOffsets.at(-1) ?? -1
    const newestStray = this.#snapshots.findLast((offset) => !bases.has(offset))
    for (const offset of this.#snapshots) {
      const isKept = bases.has(offset) || (offset === newestStray && offset > lastBase)
      if (!isKept) this.removeSnapshot(offset)
    }
  }

  /** Removes the snapshot file of that offset. */
  removeSnapshot(offset: number): void {
    if (this.forgetSnapshot(offset)) this.#storage.remove(this.#path(offset))
  }

  /** Forgets a snapshot whose file the caller renames or removes; false when there is none. */
  forgetSnapshot(offset: number): boolean {
    const kept = this.#snapshots.filter((snapshot) => snapshot !== offset)
    if (kept.length === this.#snapshots.length) return false
    this.#snapshots = kept
    return true
  }

  /** Tells that the partition's directory was renamed. */
  setDirectory(directory: string): void {
    this.#directory = directory
  }

  #loadFromSnapshot(logStartOffset: number, now: number): void {
    for (let offset = this.latestSnapshotOffset; offset !== undefined; offset = this.latestSnapshotOffset) {
      const entries = this.#readSnapshot(offset)
      if (entries === undefined) {
        this.removeSnapshot(offset)
        continue
      }
      this.#load(entries.filter((entry) => !this.#isExpired(entry, now)))
      this.#lastSnapshotOffset = offset
      this.#mapEndOffset = offset
      return
    }
    this.#lastSnapshotOffset = logStartOffset
    this.#mapEndOffset = logStartOffset
  }

  #load(entries: readonly ProducerStateEntry[]): void {
    const open: OngoingTransaction[] = []
    for (const entry of entries) {
      this.#producers.set(entry.producerId, entry)
      const firstOffset = entry.currentTransactionFirstOffset
      if (firstOffset !== undefined) open.push({ producerId: entry.producerId, firstOffset, lastOffset: undefined })
    }
    open.sort((a, b) => a.firstOffset - b.firstOffset)
    for (const transaction of open) this.#ongoing.set(transaction.firstOffset, transaction)
  }

  #readSnapshot(offset: number): ProducerStateEntry[] | undefined {
    try {
      return decodeProducerSnapshot(this.#storage.readFile(this.#path(offset)))
    } catch (error) {
      if (error instanceof CorruptSnapshotError) return undefined
      if (error instanceof StorageError && error.code === 'not-found') return undefined
      throw error
    }
  }

  #isExpired(entry: ProducerStateEntry, now: number): boolean {
    return (
      entry.currentTransactionFirstOffset === undefined && now - entry.lastTimestamp >= this.#producerIdExpirationMs
    )
  }

  #removeUnreplicatedBefore(offset: number): void {
    for (const [firstOffset, { lastOffset }] of this.#unreplicated) {
      if (lastOffset !== undefined && lastOffset < offset) this.#unreplicated.delete(firstOffset)
    }
  }

  #clear(): void {
    this.#producers.clear()
    this.#ongoing.clear()
    this.#unreplicated.clear()
  }

  #path(offset: number): string {
    return `${this.#directory}/${segmentFileName(offset, producerSnapshotSuffix)}`
  }
}

/** Checks batches that are to be appended against the producers' state and builds what they change; changes nothing itself. */
export function prepareUpdate(
  state: ProducerStateManager,
  batches: readonly RecordBatchView[],
  options: {
    readonly origin: AppendOrigin
    readonly transactionVersion: number
    readonly verificationOf?: (producerId: number) => VerificationState | undefined
  },
): ProducerUpdate | ProducerCheckFailure {
  const producers = new Map<number, ProducerAppendInfo>()
  const completed: CompletedTransaction[] = []
  for (const batch of batches) {
    const { producerId } = batch
    if (producerId < 0) continue
    let info = producers.get(producerId)
    if (info === undefined) {
      const verification = options.verificationOf?.(producerId)
      info = new ProducerAppendInfo(state.producer(producerId), producerId, { ...options, verification })
      producers.set(producerId, info)
    }
    const failure = info.append(batch, completed)
    if (failure !== undefined) return failure
  }
  return { producers, completed }
}
