import { ProtocolError, RecordBatchView, recordBatchOverheadBytes } from '@odradek/protocol'
import type { StorageFile } from '@odradek/runtime'
import { wholeBatchSize } from './batch-scanner.ts'

/** Bytes read beyond what is asked for: what lies between an index entry and the wanted batch, and the header after the last. */
const slackBytes = 8192

/** Which batches of a segment are wanted. */
export interface SegmentReadOptions {
  /** A place at or before the batch that holds `offset`, from the offset index. */
  readonly position: number
  /** Last offset of the batch at `position`, where the index tells it. */
  readonly anchorLastOffset: number | undefined
  /** Bytes of the file that may be read. */
  readonly end: number
  readonly offset: number
  /** Batches that reach this offset or beyond are left out: the high watermark or the last stable offset. */
  readonly limitOffset: number
  readonly maxBytes: number
  /** The first batch is given whatever its size. */
  readonly minOneMessage: boolean
  /** The segment's base offset: no batch lies before it. */
  readonly baseOffset: number
  /** Where the next segment begins, or the log ends: no batch reaches it. */
  readonly endOffset: number
  /** Where the memory for the bytes comes from; a new array when left out. */
  readonly memory?: ((length: number) => Uint8Array | undefined) | undefined
}

/** What was read: the batches as one run of bytes, or where the bytes stop being batches. */
export interface SegmentReadResult {
  /** Whole batches; empty when there is none within the limits. */
  readonly bytes: Uint8Array
  /** Position of the first byte in the file. */
  readonly position: number
  /** True when the segment has no batch at or beyond the offset: the next segment may. */
  readonly atEnd: boolean
  /** A batch that is not what was written, when one was met; what comes before it is in `bytes`. */
  readonly corruption: CorruptBatch | undefined
}

/** Where a log file does not hold what was written. */
export interface CorruptBatch {
  readonly position: number
  readonly reason: string
  /** The bytes at an index entry's position are not the batch the entry names: the index may be the one that is wrong. */
  readonly atIndexEntry: boolean
}

const nothing = new Uint8Array(0)

/**
 * Reads batches from a log file for a consumer or a follower. Bytes from a disk are believed only after their checksum matches.
 * The base offset lies outside the checksum; that it is right shows in its neighbours, since offsets only grow from batch to
 * batch: so each batch handed out is compared with the one before it (or its index entry) and the one after it.
 */
export async function readSegment(file: StorageFile, options: SegmentReadOptions): Promise<SegmentReadResult> {
  const walk = new SegmentWalk(options)
  for (;;) {
    const result = walk.through(await file.read(walk.position, walk.windowBytes, options.memory?.(walk.windowBytes)))
    if (result !== undefined) return result
  }
}

/** The same at once. */
export function readSegmentSync(file: StorageFile, options: SegmentReadOptions): SegmentReadResult {
  const walk = new SegmentWalk(options)
  for (;;) {
    const result = walk.through(file.readSync(walk.position, walk.windowBytes))
    if (result !== undefined) return result
  }
}

interface Header {
  readonly batch: RecordBatchView
  readonly size: number
  readonly lastOffset: number
}

interface SkippedBatch {
  readonly batch: RecordBatchView
  readonly position: number
}

/** Goes through the file window by window: skips the batches before the offset, gathers those wanted. */
class SegmentWalk {
  /** Where the next window starts. */
  position: number
  #wantedBytes: number
  readonly #options: SegmentReadOptions
  #previousLastOffset: number
  /** The last batch that was passed over, and where it starts. */
  #skipped: SkippedBatch | undefined

  constructor(options: SegmentReadOptions) {
    this.#options = options
    this.position = options.position
    this.#wantedBytes = Math.max(options.maxBytes, 0) + slackBytes
    this.#previousLastOffset = options.baseOffset - 1
  }

  /** Length of the next window. */
  get windowBytes(): number {
    return Math.min(this.#options.end - this.position, this.#wantedBytes)
  }

  /** The result, or undefined when another window from `position` on is needed. */
  through(window: Uint8Array): SegmentReadResult | undefined {
    const start = this.position
    const { end, offset } = this.#options
    let at = 0
    let first = -1
    const result = (reason?: string): SegmentReadResult => ({
      bytes: first < 0 ? nothing : window.subarray(first, at),
      position: start + Math.max(first, 0),
      atEnd: first < 0 && start + at === end,
      corruption: reason === undefined ? undefined : this.#corruption(start + at, reason),
    })
    if (window.length < this.windowBytes) return result('the file is shorter than it was')
    while (start + at < end) {
      const left = end - start - at
      if (left < recordBatchOverheadBytes) return result('the file ends within a batch')
      if (window.length - at < recordBatchOverheadBytes) {
        return first < 0 ? this.#continueAt(start + at, recordBatchOverheadBytes) : result()
      }
      const header = this.#header(window, at, start)
      if (typeof header === 'string') return result(header)
      const { batch, size, lastOffset } = header
      const behind = left - size
      if (behind < 0 || (behind > 0 && behind < recordBatchOverheadBytes)) return result('the file ends within a batch')
      if (lastOffset >= offset) {
        if (first < 0 && batch.baseOffset > offset && this.#isGapDoubtful()) return this.#explainGap()
        if (!this.#isWanted(lastOffset, at + size - (first < 0 ? at : first), first < 0)) return result()
        // The header of the neighbour is needed as well, unless the file ends here.
        const needed = Math.min(left, size + recordBatchOverheadBytes)
        if (window.length - at < needed) return first < 0 ? this.#continueAt(start + at, needed) : result()
        const reason = whyCorrupt(batch, needed > size ? new RecordBatchView(window, at + size) : undefined)
        if (reason !== undefined) return result(reason)
        if (first < 0) first = at
      }
      if (lastOffset < offset) this.#skipped = { batch, position: start + at }
      this.#previousLastOffset = lastOffset
      at += size
      if (at > window.length) return this.#continueAt(start + at, 0)
    }
    return first < 0 && this.#isGapDoubtful() ? this.#explainGap() : result()
  }

  #header(window: Uint8Array, at: number, start: number): Header | string {
    const size = wholeBatchSize(window, at)
    if (size === undefined) return 'there is no batch header'
    try {
      const batch = new RecordBatchView(window, at)
      const { baseOffset, lastOffset } = batch
      const isRestarted = this.#skipped?.position === start + at
      if (
        (baseOffset <= this.#previousLastOffset && !isRestarted) ||
        lastOffset < baseOffset ||
        lastOffset >= this.#options.endOffset
      ) {
        return `offsets ${baseOffset} to ${lastOffset} follow offset ${this.#previousLastOffset}`
      }
      const { anchorLastOffset, position } = this.#options
      if (anchorLastOffset !== undefined && start + at === position && lastOffset !== anchorLastOffset) {
        return `the batch ends at offset ${lastOffset}, its index entry says ${anchorLastOffset}`
      }
      return { batch, size, lastOffset }
    } catch (error) {
      if (error instanceof ProtocolError) return error.reason
      throw error
    }
  }

  /** The wanted offset is in no batch. That is how compaction leaves it, unless the batch before says too little of itself. */
  #isGapDoubtful(): boolean {
    const skipped = this.#skipped?.batch
    return skipped !== undefined && !(skipped.isComplete && skipped.hasValidCrc())
  }

  #explainGap(): SegmentReadResult | undefined {
    const { batch, position } = this.#skipped as SkippedBatch
    if (!batch.isComplete) return this.#continueAt(position, batch.sizeInBytes)
    const corruption = this.#corruption(position, 'the checksum is not that of the bytes')
    return { bytes: nothing, position, atEnd: false, corruption }
  }

  #isWanted(lastOffset: number, totalBytes: number, isFirst: boolean): boolean {
    const { limitOffset, maxBytes, minOneMessage } = this.#options
    return lastOffset < limitOffset && (totalBytes <= maxBytes || (isFirst && minOneMessage))
  }

  #corruption(position: number, reason: string): CorruptBatch {
    const { anchorLastOffset } = this.#options
    return { position, reason, atIndexEntry: anchorLastOffset !== undefined && position === this.#options.position }
  }

  #continueAt(position: number, neededBytes: number): undefined {
    this.position = position
    this.#wantedBytes = Math.max(this.#wantedBytes, neededBytes + slackBytes)
  }
}

function whyCorrupt(batch: RecordBatchView, next: RecordBatchView | undefined): string | undefined {
  if (!batch.hasValidCrc()) return 'the checksum is not that of the bytes'
  try {
    if (next !== undefined && next.magic === 2 && next.baseOffset <= batch.lastOffset) {
      return `offsets up to ${batch.lastOffset} reach into the next batch at ${next.baseOffset}`
    }
  } catch (error) {
    // What is wrong is the next batch, which is reported when it is read itself.
    if (!(error instanceof ProtocolError)) throw error
  }
  return undefined
}
