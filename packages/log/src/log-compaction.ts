import { ProtocolError, RecordBatchView, recordBatchOverheadBytes } from '@odradek/protocol'
import type { Clock, Storage } from '@odradek/runtime'
import { wholeBatchSize } from './batch-scanner.ts'
import type { CleanableLog } from './cleanable-log.ts'
import { CleanedTransactions } from './cleaned-transactions.ts'
import { cleanedSuffix, maxRelativeOffset } from './log-file-names.ts'
import { LogSegment } from './log-segment.ts'
import { OffsetMap } from './offset-map.ts'
import type { PartitionLog } from './partition-log.ts'
import { RecordFilter } from './record-filter.ts'
import { maxDecompressedBytes } from './record-rules.ts'

/** How compaction works. */
export interface CompactionOptions {
  readonly storage: Storage
  readonly clock: Clock
  /** Bytes read between two turns of the event loop: `log.cleaner.io.buffer.size`. */
  readonly ioBufferBytes: number
  /** Memory for keys: `log.cleaner.dedupe.buffer.size`. */
  readonly dedupeBufferBytes: number
  /** Called for so many bytes read or written; waits as long as `log.cleaner.io.max.bytes.per.second` asks for. */
  readonly throttle: (bytes: number) => Promise<void>
  /** Whether to go on. */
  readonly isStopped: () => boolean
}

/** What a round came to. */
export interface CompactionResult {
  /** Everything before is compacted. */
  readonly endOffset: number
  readonly bytesRead: number
  readonly bytesWritten: number
  readonly recordsRead: number
  readonly recordsKept: number
}

/** The round was given up because the log changed under it or the cleaner was stopped; nothing is lost, the next one starts anew. */
export class CompactionAborted extends Error {
  override readonly name = 'CompactionAborted'
}

/** A log that cannot be compacted: its bytes are not what was written. */
export class UncleanableLogError extends Error {
  override readonly name = 'UncleanableLogError'
}

/**
 * One round of compaction of one log (Kafka's `Cleaner`). First the keys of the part that is not compacted are read into a map of
 * their last offsets; then all segments up to there are copied without what the map says is out of date, several small ones into
 * one, and swapped in. Reading is done in slices between which the event loop serves others.
 */
export class LogCompaction {
  readonly #cleanable: CleanableLog
  readonly #log: PartitionLog
  readonly #options: CompactionOptions
  readonly #offsets: OffsetMap
  readonly #now: number
  #bytesRead = 0
  #bytesWritten = 0
  #recordsRead = 0
  #recordsKept = 0

  constructor(cleanable: CleanableLog, options: CompactionOptions) {
    this.#cleanable = cleanable
    this.#log = cleanable.log
    this.#options = options
    this.#offsets = new OffsetMap(options.dedupeBufferBytes)
    this.#now = options.clock.now()
  }

  /** @throws CompactionAborted, UncleanableLogError, StorageError */
  async run(): Promise<CompactionResult> {
    await this.#buildOffsetMap()
    const endOffset = this.#offsets.latestOffset + 1
    const segments = this.#log.segments.range(0, endOffset)
    const inactive = segments.filter((segment) => segment !== this.#log.segments.active)
    const transactions = new CleanedTransactions((transaction) => this.#keepAborted?.(transaction))
    for (const group of groupBySize(inactive, this.#log.config, this.#cleanable.firstUncleanableOffset)) {
      await this.#cleanGroup(group, transactions)
    }
    const { storage } = this.#options
    await storage.syncDirectory(this.#log.directory)
    return {
      endOffset,
      bytesRead: this.#bytesRead,
      bytesWritten: this.#bytesWritten,
      recordsRead: this.#recordsRead,
      recordsKept: this.#recordsKept,
    }
  }

  /** Where aborted transactions that stay are noted; set while a group is written. */
  #keepAborted: ((transaction: Parameters<LogSegment['transactionIndex']['append']>[0]) => void) | undefined

  async #buildOffsetMap(): Promise<void> {
    const { firstDirtyOffset, firstUncleanableOffset } = this.#cleanable
    const dirty = this.#log.segments.range(firstDirtyOffset, firstUncleanableOffset)
    const transactions = new CleanedTransactions()
    transactions.add(this.#log.abortedTransactions(firstDirtyOffset, firstUncleanableOffset))
    for (const [i, segment] of dirty.entries()) {
      let isFull = false
      const { position } = segment.offsetIndex.lookup(firstDirtyOffset)
      await this.#eachBatch(segment, {
        from: position,
        visit: (batch) => {
          isFull = !this.#mapBatch(batch, transactions)
          return !isFull
        },
      })
      if (isFull) return
      const endOffset = dirty[i + 1]?.baseOffset ?? firstUncleanableOffset
      this.#offsets.latestOffset = Math.max(this.#offsets.latestOffset, endOffset - 1)
    }
  }

  /** Takes the batch's keys; false when there is no room for them. */
  #mapBatch(batch: RecordBatchView, transactions: CleanedTransactions): boolean {
    const { firstDirtyOffset } = this.#cleanable
    if (batch.isControl) transactions.onControlBatch(batch)
    else if (!transactions.onDataBatch(batch)) {
      for (const { key, offset } of batch.records({ maxDecompressedBytes: maxDecompressedBytes(this.#log.config) })) {
        if (key !== null && offset >= firstDirtyOffset && !this.#offsets.put(key, offset)) {
          if (this.#offsets.latestOffset < firstDirtyOffset) {
            throw new UncleanableLogError(`one batch has more than ${this.#offsets.capacity} keys`)
          }
          return false
        }
      }
    }
    if (batch.lastOffset >= firstDirtyOffset) {
      this.#offsets.latestOffset = Math.max(this.#offsets.latestOffset, batch.lastOffset)
    }
    return true
  }

  async #cleanGroup(group: readonly LogSegment[], transactions: CleanedTransactions): Promise<void> {
    const { storage } = this.#options
    const { directory, config } = this.#log
    const baseOffset = group[0]!.baseOffset
    const cleaned = new LogSegment(storage, { directory, baseOffset, now: this.#now, mark: cleanedSuffix })
    try {
      cleaned.create()
      this.#keepAborted = (transaction) => cleaned.transactionIndex.append(transaction)
      const filter = new RecordFilter({
        config,
        offsets: this.#offsets,
        transactions,
        now: this.#now,
        endOffset: this.#cleanable.firstUncleanableOffset,
        producers: this.#log.producerState.activeProducers,
      })
      for (const [i, segment] of group.entries()) {
        const endOffset = group[i + 1]?.baseOffset ?? segment.readNextOffset()
        transactions.add(this.#log.abortedTransactions(segment.baseOffset, endOffset))
        await this.#copy(segment, cleaned, filter)
      }
      cleaned.becomeInactive()
      await cleaned.flush()
      cleaned.setModifiedMs(group.at(-1)!.modifiedMs)
      if (this.#options.isStopped() || this.#log.isOffline) throw new CompactionAborted()
      if (!this.#log.replaceSegments({ cleaned, replaced: group })) throw new CompactionAborted()
    } catch (error) {
      if (!this.#log.isOffline && !this.#log.segments.all.includes(cleaned)) cleaned.remove()
      throw error
    }
  }

  async #copy(source: LogSegment, target: LogSegment, filter: RecordFilter): Promise<void> {
    let chunks: Uint8Array[] = []
    const flush = (): void => {
      if (chunks.length > 0) target.write(chunks)
      chunks = []
    }
    const filterBatch = (batch: RecordBatchView): boolean => {
      const filtered = filter.filter(batch)
      this.#recordsRead += filtered.recordsRead
      this.#recordsKept += filtered.recordsKept
      if (filtered.batch !== undefined) {
        const bytes = filtered.batch.toBytes()
        target.note(filtered.batch, this.#log.config, this.#now)
        chunks.push(bytes)
        this.#bytesWritten += bytes.length
      }
      return true
    }
    await this.#eachBatch(source, { from: 0, visit: filterBatch, sliceEnd: flush })
  }

  /** Reads the batches of a segment in slices; `sliceEnd` is called after each, before the wait for the next. */
  async #eachBatch(segment: LogSegment, walk: SliceWalk): Promise<void> {
    const { from, visit, sliceEnd = () => {} } = walk
    const end = segment.writtenSize
    let position = from
    let wanted = this.#options.ioBufferBytes
    while (position < end) {
      if (this.#options.isStopped() || this.#log.isOffline) throw new CompactionAborted()
      const length = Math.min(wanted, end - position)
      const slice = await segment.file.read(position, length)
      if (slice.length < length) throw new CompactionAborted()
      wanted = this.#options.ioBufferBytes
      let at = 0
      while (at < slice.length) {
        const size = slice.length - at < recordBatchOverheadBytes ? recordBatchOverheadBytes : wholeBatchSize(slice, at)
        if (size === undefined || position + at + size > end) throw this.#corrupt(segment, position + at)
        if (at + size > slice.length) {
          wanted = Math.max(wanted, size)
          break
        }
        const batch = new RecordBatchView(slice, at)
        if (!batch.hasValidCrc()) throw this.#corrupt(segment, position + at)
        if (!this.#visit(segment, batch, visit)) return sliceEnd()
        at += size
      }
      position += at
      this.#bytesRead += at
      sliceEnd()
      await this.#options.throttle(at)
    }
  }

  #visit(segment: LogSegment, batch: RecordBatchView, visit: (batch: RecordBatchView) => boolean): boolean {
    try {
      return visit(batch)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      throw new UncleanableLogError(`${segment.path} at offset ${batch.baseOffset}: ${error.message}`)
    }
  }

  #corrupt(segment: LogSegment, position: number): UncleanableLogError {
    const reason = 'there is no whole batch with a matching checksum'
    this.#log.reportCorruption(segment.path, position, reason)
    return new UncleanableLogError(`${segment.path} at byte ${position}: ${reason}`)
  }
}

interface SliceWalk {
  readonly from: number
  /** False ends the walk. */
  readonly visit: (batch: RecordBatchView) => boolean
  readonly sliceEnd?: () => void
}

/** Runs of segments that fit into one: together no larger than a segment may be, in log, indexes and range of offsets. */
export function groupBySize(
  segments: readonly LogSegment[],
  { segmentBytes, segmentIndexBytes }: { readonly segmentBytes: number; readonly segmentIndexBytes: number },
  firstUncleanableOffset: number,
): LogSegment[][] {
  const groups: LogSegment[][] = []
  let group: LogSegment[] = []
  let log = 0
  let index = 0
  let time = 0
  for (const [i, segment] of segments.entries()) {
    const { size, offsetIndex, timeIndex, baseOffset } = segment
    const lastOffset = (segments[i + 1]?.baseOffset ?? Math.max(firstUncleanableOffset, baseOffset + 1)) - 1
    const fits =
      log + size <= segmentBytes &&
      index + offsetIndex.entries.sizeInBytes <= segmentIndexBytes &&
      time + timeIndex.entries.sizeInBytes <= segmentIndexBytes &&
      (size === 0 || lastOffset - (group[0]?.baseOffset ?? baseOffset) <= maxRelativeOffset)
    if (group.length > 0 && !fits) {
      groups.push(group)
      group = []
      log = index = time = 0
    }
    group.push(segment)
    log += size
    index += offsetIndex.entries.sizeInBytes
    time += timeIndex.entries.sizeInBytes
  }
  if (group.length > 0) groups.push(group)
  return groups
}
