import type { Storage } from '@odradek/runtime'
import { IndexEntries } from './index-entries.ts'

/** Bytes of one entry: offset relative to the segment's base, position in the log file, 4 bytes each. */
const entryBytes = 8

/** An offset and where in the log file its batch starts. */
export interface OffsetPosition {
  readonly offset: number
  readonly position: number
}

/**
 * The `.index` file of a segment: for some batches, about one for each `index.interval.bytes`, the batch's last offset and its
 * position in the log file. A look-up gives a place at or before the wanted offset, from which the log is scanned.
 */
export class OffsetIndex {
  readonly entries: IndexEntries
  readonly #baseOffset: number

  constructor(storage: Storage, options: { path: string; baseOffset: number; fileBytes: number }) {
    this.#baseOffset = options.baseOffset
    this.entries = new IndexEntries(storage, { path: options.path, entryBytes, fileBytes: options.fileBytes })
  }

  /** The last indexed offset; the segment's base offset when there is none. */
  get lastOffset(): number {
    const { count } = this.entries
    return count === 0 ? this.#baseOffset : this.#at(count - 1).offset
  }

  /** Notes where the batch with this last offset starts. An offset that is not beyond the last entry's is left out. */
  append(offset: number, position: number): void {
    if (this.entries.count > 0 && offset <= this.lastOffset) return
    const slot = this.entries.extend()
    slot.bytes.writeInt32BE(offset - this.#baseOffset, slot.position)
    slot.bytes.writeInt32BE(position, slot.position + 4)
  }

  /** The last entry whose offset is at most `targetOffset`; the start of the segment when there is none. */
  lookup(targetOffset: number): OffsetPosition {
    const relative = targetOffset - this.#baseOffset
    const found = this.entries.findLast((bytes, position) => bytes.readInt32BE(position) <= relative)
    return found < 0 ? { offset: this.#baseOffset, position: 0 } : this.#at(found)
  }

  /** The first entry whose position is at least `position`, or undefined: an upper bound for a read. */
  firstAtOrAfter(position: number): OffsetPosition | undefined {
    const before = this.entries.findLast((bytes, at) => bytes.readInt32BE(at + 4) < position)
    return before + 1 < this.entries.count ? this.#at(before + 1) : undefined
  }

  /** Drops entries for offsets at or beyond `offset`. */
  truncateTo(offset: number): void {
    const relative = offset - this.#baseOffset
    this.entries.truncate(this.entries.findLast((bytes, position) => bytes.readInt32BE(position) < relative) + 1)
  }

  /** Whether the entries are sorted and lie inside a log file of `logBytes`: what can be told without reading the log. */
  isPlausible(fileBytes: number, logBytes: number): boolean {
    if (fileBytes % entryBytes !== 0) return false
    const { count } = this.entries
    if (count === 0) return true
    const last = this.#at(count - 1)
    // A file that was preallocated and not trimmed ends with zeros.
    if (count > 1 && last.offset <= this.#at(0).offset) return false
    return last.offset >= this.#baseOffset && last.position >= 0 && last.position < logBytes
  }

  #at(index: number): OffsetPosition {
    const { bytes, position } = this.entries.entry(index)
    return { offset: this.#baseOffset + bytes.readInt32BE(position), position: bytes.readInt32BE(position + 4) }
  }
}
