import { type RecordBatchView, recordBatches } from '@odradek/protocol'
import { StorageError } from '@odradek/runtime'
import type { LogErrorName } from './append-result.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { LogConfig } from './log-config.ts'
import type { LogEnvironment } from './log-environment.ts'
import type { LogSegment } from './log-segment.ts'
import type { LogSegments } from './log-segments.ts'
import type {
  AbortedTransactionStart,
  FetchedRecords,
  OffsetSpec,
  ReadOptions,
  ReadResult,
  TimestampAndOffset,
} from './read-result.ts'
import { maxDecompressedBytes } from './record-rules.ts'
import type { SegmentReadResult } from './segment-read.ts'
import type { PartitionTail } from './tail-cache.ts'
import type { AbortedTransaction } from './transaction-index.ts'

/** What a reader sees of its log. */
export interface ReadableLog {
  readonly environment: LogEnvironment
  readonly config: LogConfig
  readonly segments: LogSegments
  readonly leaderEpochs: LeaderEpochCache
  readonly tail: PartitionTail
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logEndOffset: number
  /** Counts the truncations: a read that waited across one has to start again. */
  readonly truncations: number
  reportCorruption(path: string, position: number, reason: string): void
}

interface Wanted {
  readonly offset: number
  readonly limitOffset: number
  readonly maxBytes: number
  readonly minOneMessage: boolean
  readonly memory: ReadOptions['memory']
}

/** Reads of one partition log: the tail from memory and at once, the rest from files, checked. */
export class LogReader {
  readonly #log: ReadableLog

  constructor(log: ReadableLog) {
    this.#log = log
  }

  /** See `PartitionLog.read`. */
  read(offset: number, options: ReadOptions): ReadResult | Promise<ReadResult> {
    const log = this.#log
    if (log.environment.directory.failure !== undefined) return this.#offline()
    if (offset < log.logStartOffset || offset > log.logEndOffset) {
      const message = `offset ${offset} is outside the log, which holds ${log.logStartOffset} to ${log.logEndOffset}`
      return this.#failure('OFFSET_OUT_OF_RANGE', message)
    }
    const limitOffset = this.#limit(options)
    if (offset >= limitOffset) return this.#fetched([], options, offset)
    const { maxBytes, minOneMessage, memory } = options
    const wanted = { offset, limitOffset, maxBytes, minOneMessage, memory }
    const chunks = log.tail.read(wanted)
    if (chunks !== undefined) return this.#fetched(chunks, options, offset)
    const read = this.#readSegments(wanted)
    return read instanceof Promise
      ? read.then(
          (result) => this.#answer(result, options, wanted),
          (error) => this.#failed(error),
        )
      : this.#answer(read, options, wanted)
  }

  /** See `PartitionLog.offsetForTimestamp`. */
  async offsetForTimestamp(spec: OffsetSpec): Promise<TimestampAndOffset | undefined> {
    const log = this.#log
    const at = (offset: number): TimestampAndOffset => ({
      timestamp: -1,
      offset,
      leaderEpoch: log.leaderEpochs.epochForOffset(offset) ?? -1,
    })
    switch (spec) {
      case 'earliest':
      case 'earliest-local':
        return at(log.logStartOffset)
      case 'latest':
        return { timestamp: -1, offset: log.logEndOffset, leaderEpoch: log.leaderEpochs.latestEpoch ?? -1 }
      case 'latest-tiered':
        return { timestamp: -1, offset: -1, leaderEpoch: -1 }
      case 'max-timestamp':
        return this.#maxTimestamp()
      default:
        return this.#firstAtOrAfter(spec)
    }
  }

  /** The aborted transactions with records in `[fetchOffset, upperBoundOffset)`. */
  abortedTransactions(fetchOffset: number, upperBoundOffset: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = []
    const { segments } = this.#log
    for (
      let segment = segments.floor(fetchOffset) ?? segments.first;
      segment !== undefined;
      segment = segments.higher(segment.baseOffset)
    ) {
      const { transactions, isComplete } = segment.transactionIndex.collect(fetchOffset, upperBoundOffset)
      found.push(...transactions)
      if (isComplete) break
    }
    return found
  }

  #limit({ isolation }: ReadOptions): number {
    switch (isolation) {
      case 'log-end':
        return this.#log.logEndOffset
      case 'high-watermark':
        return this.#log.highWatermark
      case 'last-stable-offset':
        return this.#log.lastStableOffset
    }
  }

  /** Reads from the segment that holds the offset, or from the next ones when compaction left nothing there. */
  #readSegments(wanted: Wanted): SegmentRead | Promise<SegmentRead> {
    const { segments, environment } = this.#log
    const segment = segments.floor(wanted.offset)
    if (segment === undefined) return { segment, result: undefined }
    if (!environment.synchronousReads) return this.#readAsync(segment, wanted)
    for (let next: LogSegment | undefined = segment; next !== undefined; next = segments.higher(next.baseOffset)) {
      const result = next.readSync({ ...wanted, endOffset: this.#endOf(next) })
      if (!result.atEnd) return { segment: next, result }
    }
    return { segment, result: undefined }
  }

  async #readAsync(first: LogSegment, wanted: Wanted): Promise<SegmentRead> {
    const { segments } = this.#log
    const { truncations } = this.#log
    for (
      let segment: LogSegment | undefined = first;
      segment !== undefined;
      segment = segments.higher(segment.baseOffset)
    ) {
      const result = await segment.read({ ...wanted, endOffset: this.#endOf(segment) })
      if (truncations !== this.#log.truncations) return { segment, result: 'again' }
      if (!result.atEnd) return { segment, result }
    }
    return { segment: first, result: undefined }
  }

  /** The offset that no batch of the segment reaches. */
  #endOf(segment: LogSegment): number {
    return this.#log.segments.higher(segment.baseOffset)?.baseOffset ?? this.#log.logEndOffset
  }

  #answer({ segment, result }: SegmentRead, options: ReadOptions, wanted: Wanted): ReadResult | Promise<ReadResult> {
    if (result === 'again') return this.read(wanted.offset, options)
    if (result === undefined || segment === undefined) return this.#fetched([], options, wanted.offset)
    const { bytes, corruption } = result
    if (corruption !== undefined) {
      this.#log.reportCorruption(segment.path, corruption.position, corruption.reason)
      if (bytes.length === 0) {
        const message = `the batch at byte ${corruption.position} of ${segment.path} is corrupt: ${corruption.reason}`
        return this.#failure('CORRUPT_MESSAGE', message)
      }
    }
    return this.#fetched(bytes.length === 0 ? [] : [bytes], options, wanted.offset)
  }

  /** A failed read takes the directory offline, unless the segment was just deleted under the reader. */
  #failed(error: unknown): ReadResult {
    if (!(error instanceof StorageError)) throw error
    if (error.code === 'closed' || error.code === 'not-found') {
      return this.#failure('OFFSET_OUT_OF_RANGE', 'the segment was deleted while it was read')
    }
    this.#log.environment.directory.fail(error)
    return this.#offline()
  }

  #fetched(chunks: readonly Uint8Array[], { isolation }: ReadOptions, offset: number): FetchedRecords {
    const { logStartOffset, highWatermark, lastStableOffset, logEndOffset } = this.#log
    let sizeInBytes = 0
    for (const chunk of chunks) sizeInBytes += chunk.length
    const fetched = { chunks, sizeInBytes, logStartOffset, highWatermark, lastStableOffset, logEndOffset }
    if (isolation !== 'last-stable-offset') return fetched
    return { ...fetched, abortedTransactions: this.#abortedAmong(chunks, offset) }
  }

  #abortedAmong(chunks: readonly Uint8Array[], offset: number): readonly AbortedTransactionStart[] {
    const last = chunks.at(-1)
    if (last === undefined || this.#log.segments.all.every((segment) => segment.transactionIndex.isEmpty)) return []
    let endOffset = offset
    for (const batch of recordBatches(last)) endOffset = batch.nextOffset
    return this.abortedTransactions(offset, endOffset).map(({ producerId, firstOffset }) => ({
      producerId,
      firstOffset,
    }))
  }

  #failure(error: LogErrorName, message: string): ReadResult {
    const { logStartOffset, highWatermark, lastStableOffset, logEndOffset } = this.#log
    return { error, message, logStartOffset, highWatermark, lastStableOffset, logEndOffset }
  }

  #offline(): ReadResult {
    return this.#failure('KAFKA_STORAGE_ERROR', 'the log directory is offline')
  }

  async #maxTimestamp(): Promise<TimestampAndOffset> {
    let newest: LogSegment | undefined
    for (const segment of this.#log.segments.all) {
      const { timestamp } = segment.maxTimestamp
      if (timestamp >= 0 && timestamp > (newest?.maxTimestamp.timestamp ?? -1)) newest = segment
    }
    if (newest === undefined) return { timestamp: -1, offset: -1, leaderEpoch: -1 }
    const { timestamp, offset } = newest.maxTimestamp
    // The segment remembers the last offset of the batch; the answer is the first record in it with that time.
    const found = await this.#search(newest, offset, timestamp)
    return found ?? { timestamp: -1, offset: -1, leaderEpoch: -1 }
  }

  async #firstAtOrAfter(timestamp: number): Promise<TimestampAndOffset | undefined> {
    const { logStartOffset, segments } = this.#log
    for (const segment of segments.all) {
      if (segment.largestTimestamp < timestamp) continue
      const { offset } = segment.timeIndex.lookup(timestamp)
      const found = await this.#search(segment, Math.max(offset, logStartOffset), timestamp)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The first record whose timestamp is at least `timestamp`, from the batch that holds `fromOffset` on. */
  async #search(segment: LogSegment, fromOffset: number, timestamp: number): Promise<TimestampAndOffset | undefined> {
    const limitOffset = this.#log.logEndOffset
    for (let offset = fromOffset; ; ) {
      const endOffset = this.#endOf(segment)
      const result = await segment.read({ offset, limitOffset, endOffset, maxBytes: 262_144, minOneMessage: true })
      const { corruption } = result
      if (corruption !== undefined) this.#log.reportCorruption(segment.path, corruption.position, corruption.reason)
      if (result.bytes.length === 0) return undefined
      for (const batch of recordBatches(result.bytes)) {
        if (batch.maxTimestamp >= timestamp) {
          const found = this.#searchBatch(batch, timestamp)
          if (found !== undefined) return found
        }
        offset = batch.nextOffset
      }
    }
  }

  #searchBatch(batch: RecordBatchView, timestamp: number): TimestampAndOffset | undefined {
    const { config, logStartOffset } = this.#log
    for (const record of batch.records({ maxDecompressedBytes: maxDecompressedBytes(config) })) {
      if (record.timestamp >= timestamp && record.offset >= logStartOffset) {
        return { timestamp: record.timestamp, offset: record.offset, leaderEpoch: batch.partitionLeaderEpoch }
      }
    }
    return undefined
  }
}

interface SegmentRead {
  readonly segment: LogSegment | undefined
  /** Undefined when no segment has more; `again` when the log was truncated meanwhile. */
  readonly result: SegmentReadResult | undefined | 'again'
}
