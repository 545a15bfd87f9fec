import type { Storage } from '@odradek/runtime'
import { IndexEntries } from './index-entries.ts'

/** Bytes of one entry: timestamp in 8 bytes, offset relative to the segment's base in 4. */
const entryBytes = 12

/** A timestamp in milliseconds and an offset. */
export interface TimestampOffset {
  readonly timestamp: number
  readonly offset: number
}

/**
 * The `.timeindex` file of a segment: `(timestamp, offset)` says that no record up to that offset has a larger timestamp, and
 * that the batch which ends at the offset has it. Timestamps and offsets both grow from entry to entry.
 */
export class TimeIndex {
  readonly entries: IndexEntries
  readonly #baseOffset: number

  constructor(storage: Storage, options: { path: string; baseOffset: number; fileBytes: number }) {
    this.#baseOffset = options.baseOffset
    this.entries = new IndexEntries(storage, { path: options.path, entryBytes, fileBytes: options.fileBytes })
  }

  /** The last entry; timestamp -1 at the base offset when there is none. */
  get lastEntry(): TimestampOffset {
    const { count } = this.entries
    return count === 0 ? { timestamp: -1, offset: this.#baseOffset } : this.#at(count - 1)
  }

  /** Adds an entry when the timestamp is larger than the last one. */
  maybeAppend(timestamp: number, offset: number): void {
    const last = this.lastEntry
    if (timestamp <= last.timestamp || offset < last.offset) return
    const slot = this.entries.extend()
    slot.bytes.writeInt32BE(Math.floor(timestamp / 0x1_0000_0000), slot.position)
    slot.bytes.writeUInt32BE(timestamp % 0x1_0000_0000, slot.position + 4)
    slot.bytes.writeInt32BE(offset - this.#baseOffset, slot.position + 8)
  }

  /** The last entry whose timestamp is at most `timestamp`; timestamp -1 at the base offset when there is none. */
  lookup(timestamp: number): TimestampOffset {
    const found = this.entries.findLast((bytes, position) => timestampAt(bytes, position) <= timestamp)
    return found < 0 ? { timestamp: -1, offset: this.#baseOffset } : this.#at(found)
  }

  /** Drops entries for offsets at or beyond `offset`. */
  truncateTo(offset: number): void {
    const relative = offset - this.#baseOffset
    this.entries.truncate(this.entries.findLast((bytes, position) => bytes.readInt32BE(position + 8) < relative) + 1)
  }

  /** Whether the last entry is one this segment can have: what can be told without reading the log. */
  isPlausible(fileBytes: number): boolean {
    if (fileBytes % entryBytes !== 0) return false
    const { count } = this.entries
    if (count === 0) return true
    const last = this.#at(count - 1)
    return last.offset >= this.#baseOffset && last.timestamp >= this.#at(0).timestamp && last.timestamp >= 0
  }

  #at(index: number): TimestampOffset {
    const { bytes, position } = this.entries.entry(index)
    return { timestamp: timestampAt(bytes, position), offset: this.#baseOffset + bytes.readInt32BE(position + 8) }
  }
}

function timestampAt(bytes: Buffer, position: number): number {
  return bytes.readInt32BE(position) * 0x1_0000_0000 + bytes.readUInt32BE(position + 4)
}
