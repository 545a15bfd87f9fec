import type { RecordBatchView } from '@odradek/protocol'
import { type Storage, StorageError, type StorageFile } from '@odradek/runtime'
import { scanBatches } from './batch-scanner.ts'
import type { LogConfig } from './log-config.ts'
import {
  logSuffix,
  maxRelativeOffset,
  offsetIndexSuffix,
  segmentFileName,
  timeIndexSuffix,
  transactionIndexSuffix,
} from './log-file-names.ts'
import { OffsetIndex } from './offset-index.ts'
import { readSegment, readSegmentSync, type SegmentReadOptions, type SegmentReadResult } from './segment-read.ts'
import { TimeIndex, type TimestampOffset } from './time-index.ts'
import { TransactionIndex } from './transaction-index.ts'

/** A segment's files as a directory listing shows them: sizes in bytes, 0 for a file that is not there. */
export interface SegmentFileSizes {
  readonly log: number
  readonly offsetIndex: number
  readonly timeIndex: number
  readonly transactionIndex: number
  readonly modifiedMs: number
}

/** Which append is about to come, for the decision to roll. */
export interface RollParams {
  readonly sizeInBytes: number
  readonly maxTimestamp: number
  readonly lastOffset: number
  readonly now: number
}

const noFiles: SegmentFileSizes = { log: 0, offsetIndex: 0, timeIndex: 0, transactionIndex: 0, modifiedMs: 0 }

/**
 * A piece of a partition's log: a `.log` file of record batches from a base offset on, and its indexes (Kafka's `LogSegment`).
 * Batches are noted as they are accepted and written when the owner says so, several at once; `size` counts both.
 */
export class LogSegment {
  readonly baseOffset: number
  readonly offsetIndex: OffsetIndex
  readonly timeIndex: TimeIndex
  readonly transactionIndex: TransactionIndex
  readonly createdMs: number
  /** Off `segment.ms` for this segment: its share of `segment.jitter.ms`. */
  readonly rollJitterMs: number
  #storage: Storage
  #directory: string
  #mark: string
  #file: StorageFile | undefined
  #size: number
  #modifiedMs: number
  #bytesSinceLastIndexEntry = 0
  #maxTimestamp: TimestampOffset | undefined
  /** Largest timestamp of the first batch; undefined until it is known, -1 when it has none. */
  #firstTimestamp: number | undefined
  /** Whether index entries name the last offset of the batch at their position; an old Kafka wrote others. */
  #exactIndex = true
  /** The log file is not there yet. */
  #isNew: boolean
  #removed = false

  constructor(storage: Storage, options: LogSegmentOptions) {
    const { directory, baseOffset, files = noFiles } = options
    this.#storage = storage
    this.#directory = directory
    this.#mark = options.mark ?? ''
    this.baseOffset = baseOffset
    this.createdMs = options.now
    this.rollJitterMs = options.rollJitterMs ?? 0
    this.#isNew = options.files === undefined
    this.#size = files.log
    this.#modifiedMs = files.log === 0 ? options.now : files.modifiedMs
    this.offsetIndex = new OffsetIndex(storage, {
      path: this.#path(offsetIndexSuffix),
      baseOffset,
      fileBytes: files.offsetIndex,
    })
    this.timeIndex = new TimeIndex(storage, {
      path: this.#path(timeIndexSuffix),
      baseOffset,
      fileBytes: files.timeIndex,
    })
    this.transactionIndex = new TransactionIndex(storage, {
      path: this.#path(transactionIndexSuffix),
      fileBytes: files.transactionIndex,
    })
  }

  /** Bytes of batches, counting those that are noted and not yet written. */
  get size(): number {
    return this.#size
  }

  /** Bytes in the file. */
  get writtenSize(): number {
    return this.#file === undefined ? this.#size : this.#file.size
  }

  /** Path of the `.log` file. */
  get path(): string {
    return this.#path(logSuffix)
  }

  /** The open `.log` file, made when it is not there. */
  get file(): StorageFile {
    if (this.#removed) throw new StorageError('closed', { operation: 'open', path: this.path })
    this.#file ??= this.#storage.open(this.path, { create: this.#isNew })
    this.#isNew = false
    return this.#file
  }

  /** The largest timestamp so far and the last offset of its batch; -1 at the base offset for a segment without timestamps. */
  get maxTimestamp(): TimestampOffset {
    this.#maxTimestamp ??= this.timeIndex.lastEntry
    return this.#maxTimestamp
  }

  /** The largest timestamp, or the time of the last write when the records have none: what retention goes by. */
  get largestTimestamp(): number {
    const { timestamp } = this.maxTimestamp
    return timestamp >= 0 ? timestamp : this.#modifiedMs
  }

  /** Largest timestamp of the first batch; -1 when there is none. */
  get firstTimestamp(): number {
    if (this.#firstTimestamp === undefined && this.writtenSize > 0) {
      scanBatches(this.file, { from: 0, to: this.writtenSize }, (batch) => {
        this.#firstTimestamp = batch.maxTimestamp
        return false
      })
    }
    return this.#firstTimestamp ?? -1
  }

  get modifiedMs(): number {
    return this.#modifiedMs
  }

  /** Makes the empty log file; one that a crash left there is emptied. */
  create(): void {
    if (this.file.size > 0) this.file.truncate(0)
  }

  /** Notes an accepted batch: size, timestamps and, about every `index.interval.bytes`, index entries. */
  note(batch: RecordBatchView, config: LogConfig, now: number): void {
    const { maxTimestamp, lastOffset, sizeInBytes } = batch
    if (lastOffset - this.baseOffset > maxRelativeOffset || lastOffset < this.baseOffset) {
      throw new Error(`offset ${lastOffset} does not fit into the segment at ${this.baseOffset}`)
    }
    if (this.#size === 0) this.#firstTimestamp = maxTimestamp
    if (maxTimestamp > this.maxTimestamp.timestamp) this.#maxTimestamp = { timestamp: maxTimestamp, offset: lastOffset }
    if (this.#bytesSinceLastIndexEntry > config.indexIntervalBytes) {
      this.offsetIndex.append(lastOffset, this.#size)
      this.timeIndex.maybeAppend(this.maxTimestamp.timestamp, this.maxTimestamp.offset)
      this.#bytesSinceLastIndexEntry = 0
    }
    this.#size += sizeInBytes
    this.#bytesSinceLastIndexEntry += sizeInBytes
    this.#modifiedMs = now
  }

  /** Writes batches that were noted, in their order. */
  write(chunks: readonly Uint8Array[]): void {
    this.file.append(chunks)
  }

  /** Whether the segment has to make room for a new one before this append (Kafka's `shouldRoll`). */
  shouldRoll(config: LogConfig, append: RollParams): boolean {
    if (this.#size > config.segmentBytes - append.sizeInBytes) return true
    if (append.lastOffset - this.baseOffset > maxRelativeOffset) return true
    if (this.#size > 0 && this.#waitedForRoll(append) > config.segmentMs - this.rollJitterMs) return true
    const { entries } = this.offsetIndex
    return (
      entries.sizeInBytes + 8 > config.segmentIndexBytes ||
      this.timeIndex.entries.sizeInBytes + 24 > config.segmentIndexBytes
    )
  }

  /** Reads batches from the one that holds `offset` on, as far as they are written. */
  async read(wanted: SegmentReadRequest): Promise<SegmentReadResult> {
    const result = await readSegment(this.file, this.#request(wanted))
    if (result.corruption?.atIndexEntry !== true) return result
    // Either the index or the batch is wrong: the batches from the start of the file on tell which.
    return this.#trusting(await readSegment(this.file, { ...this.#request(wanted), ...fromStart }))
  }

  /** The same at once. */
  readSync(wanted: SegmentReadRequest): SegmentReadResult {
    const result = readSegmentSync(this.file, this.#request(wanted))
    if (result.corruption?.atIndexEntry !== true) return result
    return this.#trusting(readSegmentSync(this.file, { ...this.#request(wanted), ...fromStart }))
  }

  /** Reads the batches in the file from the one that holds `offset` on, at once. Answers where they end. */
  scan(offset: number, visit: (batch: RecordBatchView, position: number) => boolean | undefined): number {
    const { position } = this.offsetIndex.lookup(offset)
    return scanBatches(this.file, { from: position, to: this.writtenSize }, (batch, at) =>
      batch.lastOffset < offset ? undefined : visit(batch, at),
    )
  }

  /** The offset after the last batch in the file; the base offset for an empty segment. */
  readNextOffset(): number {
    let next = this.baseOffset
    this.scan(this.offsetIndex.lastOffset, (batch) => {
      next = batch.nextOffset
    })
    return next
  }

  /** Forgets the batches from the one that holds `offset` on, in the file and the indexes; answers how many bytes. */
  truncateTo(offset: number, now: number): number {
    let end: number | undefined
    this.scan(offset, (_batch, position) => {
      end = position
      return false
    })
    this.offsetIndex.truncateTo(offset)
    this.timeIndex.truncateTo(offset)
    this.transactionIndex.truncateTo(offset)
    if (end === undefined) return 0
    const truncated = this.writtenSize - end
    this.#cut(end, now)
    this.#reloadMaxTimestamp()
    return truncated
  }

  /** What stands after a rebuild of the segment from its file; see `recoverSegment`. */
  reset(): void {
    this.offsetIndex.entries.truncate(0)
    this.timeIndex.entries.truncate(0)
    this.transactionIndex.truncateTo(this.baseOffset)
    this.#maxTimestamp = { timestamp: -1, offset: this.baseOffset }
    this.#bytesSinceLastIndexEntry = 0
    this.#firstTimestamp = undefined
    this.#size = 0
  }

  /** Cuts the file after a `reset` and as many notes as there are good batches. */
  cutToNoted(now: number): void {
    this.#cut(this.#size, now)
  }

  /** Keeps what stands behind the good batches after a `reset`: it is reported when it is read. */
  keepWholeFile(): void {
    this.#size = this.file.size
  }

  /** Adds the largest timestamp to the time index: before it is believed without a scan, by readers of a rolled or flushed segment. */
  completeTimeIndex(): void {
    const { timestamp, offset } = this.maxTimestamp
    if (timestamp >= 0) this.timeIndex.maybeAppend(timestamp, offset)
  }

  /** The segment takes no more appends: its indexes are written and their memory given back. */
  becomeInactive(): void {
    this.completeTimeIndex()
    this.offsetIndex.entries.release()
    this.timeIndex.entries.release()
    this.transactionIndex.write()
  }

  /** Makes batches and indexes durable, unless the segment is gone by now. */
  async flush(): Promise<void> {
    if (this.#removed) return
    this.completeTimeIndex()
    this.writeIndexes()
    await Promise.all([
      this.file.sync(),
      this.offsetIndex.entries.sync(),
      this.timeIndex.entries.sync(),
      this.transactionIndex.sync(),
    ])
  }

  /** The same at once. */
  flushNow(): void {
    this.completeTimeIndex()
    this.writeIndexes()
    this.file.syncNow()
    this.offsetIndex.entries.syncNow()
    this.timeIndex.entries.syncNow()
    this.transactionIndex.syncNow()
  }

  /** Brings the index files up to what is known. */
  writeIndexes(): void {
    this.offsetIndex.entries.write()
    this.timeIndex.entries.write()
    this.transactionIndex.write()
  }

  close(): void {
    this.#file?.close()
    this.#file = undefined
    this.offsetIndex.entries.close()
    this.timeIndex.entries.close()
    this.transactionIndex.close()
  }

  /** Renames the files that exist, from the present mark (`.cleaned`, `.swap`, `.deleted` or none) to another. The log comes last, so that it never stands without its indexes. */
  changeMark(mark: string): void {
    for (const suffix of [offsetIndexSuffix, timeIndexSuffix, transactionIndexSuffix, logSuffix]) {
      const from = this.#path(suffix)
      if (this.#storage.exists(from)) this.#storage.rename(from, `${this.#name(suffix)}${mark}`)
    }
    this.#mark = mark
    this.#movedTo(this.#directory)
  }

  /** Removes the files. */
  remove(): void {
    this.close()
    this.#removed = true
    for (const suffix of [logSuffix, offsetIndexSuffix, timeIndexSuffix, transactionIndexSuffix]) {
      this.#storage.remove(this.#path(suffix))
    }
  }

  /** Tells that the partition's directory was renamed. */
  setDirectory(directory: string): void {
    this.#movedTo(directory)
  }

  setModifiedMs(modifiedMs: number): void {
    this.#modifiedMs = modifiedMs
  }

  #request(wanted: SegmentReadRequest): SegmentReadOptions {
    const entry = this.offsetIndex.lookup(wanted.offset)
    const anchorLastOffset = this.#exactIndex && entry.position > 0 ? entry.offset : undefined
    const { position } = entry
    return { ...wanted, position, anchorLastOffset, end: this.writtenSize, baseOffset: this.baseOffset }
  }

  #trusting(result: SegmentReadResult): SegmentReadResult {
    if (result.corruption === undefined) this.#exactIndex = false
    return result
  }

  #waitedForRoll({ maxTimestamp, now }: RollParams): number {
    const first = this.firstTimestamp
    return first >= 0 ? maxTimestamp - first : now - this.createdMs
  }

  #cut(size: number, now: number): void {
    if (this.file.size !== size) {
      this.file.truncate(size)
      this.#modifiedMs = now
    }
    this.#size = size
    this.#bytesSinceLastIndexEntry = 0
    if (size === 0) this.#firstTimestamp = undefined
  }

  /** The largest timestamp after a truncation: the last time index entry, or a batch after it. */
  #reloadMaxTimestamp(): void {
    let max = this.timeIndex.lastEntry
    this.scan(max.offset, (batch) => {
      if (batch.maxTimestamp > max.timestamp) max = { timestamp: batch.maxTimestamp, offset: batch.lastOffset }
    })
    this.#maxTimestamp = max
  }

  #movedTo(directory: string): void {
    this.#directory = directory
    this.offsetIndex.entries.path = this.#path(offsetIndexSuffix)
    this.timeIndex.entries.path = this.#path(timeIndexSuffix)
    this.transactionIndex.path = this.#path(transactionIndexSuffix)
  }

  #name(suffix: string): string {
    return `${this.#directory}/${segmentFileName(this.baseOffset, suffix)}`
  }

  #path(suffix: string): string {
    return this.#name(suffix) + this.#mark
  }
}

/** Which files make the segment. */
export interface LogSegmentOptions {
  readonly directory: string
  readonly baseOffset: number
  readonly now: number
  /** The files found; left out for a new segment. */
  readonly files?: SegmentFileSizes
  readonly rollJitterMs?: number
  /** `.cleaned`, `.swap` or `.deleted` behind the file names. */
  readonly mark?: string
}

/** Which batches are wanted; see `SegmentReadOptions`. */
export type SegmentReadRequest = Pick<
  SegmentReadOptions,
  'offset' | 'limitOffset' | 'endOffset' | 'maxBytes' | 'minOneMessage' | 'memory'
>

const fromStart = { position: 0, anchorLastOffset: undefined }
