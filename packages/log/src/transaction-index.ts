import { type Storage, StorageError, type StorageFile } from '@odradek/runtime'

/** Bytes of one entry: version (2), producer id, first offset, last offset, last stable offset (8 each). */
const entryBytes = 34
const entryVersion = 0

/** A transaction that was aborted: its producer, its range in the log, and the last stable offset once it was decided. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
  readonly lastOffset: number
  readonly lastStableOffset: number
}

/**
 * The `.txnindex` file of a segment: the transactions whose abort marker lies in the segment. It exists only when there is one.
 * Entries are held in memory once read; they are few.
 */
export class TransactionIndex {
  path: string
  readonly #storage: Storage
  #entries: AbortedTransaction[] | undefined
  #written = 0
  #file: StorageFile | undefined
  /** Size of the file in bytes as it was found; 0 when there is none. */
  readonly #fileBytes: number

  constructor(storage: Storage, options: { path: string; fileBytes: number }) {
    this.#storage = storage
    this.path = options.path
    this.#fileBytes = options.fileBytes
    if (options.fileBytes === 0) this.#entries = []
  }

  /** All entries, in the order of their markers. */
  get entries(): readonly AbortedTransaction[] {
    this.#entries ??= this.#read()
    return this.#entries
  }

  get isEmpty(): boolean {
    return this.#entries === undefined ? this.#fileBytes === 0 : this.#entries.length === 0
  }

  append(entry: AbortedTransaction): void {
    this.#entries ??= this.#read()
    this.#entries.push(entry)
  }

  /**
   * The aborted transactions that a reader of `[fetchOffset, upperBoundOffset)` has to know. `isComplete` says that later
   * segments cannot have more of them.
   */
  collect(fetchOffset: number, upperBoundOffset: number): { transactions: AbortedTransaction[]; isComplete: boolean } {
    const transactions: AbortedTransaction[] = []
    for (const entry of this.entries) {
      if (entry.lastOffset >= fetchOffset && entry.firstOffset < upperBoundOffset) transactions.push(entry)
      if (entry.lastStableOffset >= upperBoundOffset) return { transactions, isComplete: true }
    }
    return { transactions, isComplete: false }
  }

  /** Drops transactions whose marker lies at or beyond `offset`. */
  truncateTo(offset: number): void {
    const kept = this.entries.filter((entry) => entry.lastOffset < offset)
    if (kept.length === this.entries.length) return
    this.#entries = kept
    if (kept.length < this.#written) {
      this.#written = kept.length
      this.#open().truncate(kept.length * entryBytes)
    }
  }

  /** Whether the file is whole entries of this segment. */
  isPlausible(baseOffset: number): boolean {
    if (this.#fileBytes % entryBytes !== 0) return false
    return this.entries.every((entry) => entry.lastOffset >= baseOffset)
  }

  /** Brings the file up to what is here; makes none for an index without entries. */
  write(): void {
    if (this.#entries === undefined || this.#entries.length === this.#written) return
    const file = this.#open()
    file.truncate(this.#written * entryBytes)
    const added = this.#entries.slice(this.#written)
    const bytes = Buffer.alloc(added.length * entryBytes)
    added.forEach((entry, i) => {
      writeEntry(bytes, i * entryBytes, entry)
    })
    file.append([bytes])
    this.#written = this.#entries.length
  }

  async sync(): Promise<void> {
    await this.#file?.sync()
  }

  syncNow(): void {
    this.#file?.syncNow()
  }

  close(): void {
    this.#file?.close()
    this.#file = undefined
  }

  #read(): AbortedTransaction[] {
    const bytes = this.#content()
    const entries: AbortedTransaction[] = []
    for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
      if (bytes.readInt16BE(at) !== entryVersion) break
      entries.push({
        producerId: readLong(bytes, at + 2),
        firstOffset: readLong(bytes, at + 10),
        lastOffset: readLong(bytes, at + 18),
        lastStableOffset: readLong(bytes, at + 26),
      })
    }
    this.#written = entries.length
    return entries
  }

  #content(): Buffer {
    try {
      const bytes = this.#storage.readFile(this.path)
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    } catch (error) {
      if (error instanceof StorageError && error.code === 'not-found') return Buffer.alloc(0)
      throw error
    }
  }

  #open(): StorageFile {
    this.#file ??= this.#storage.open(this.path)
    return this.#file
  }
}

function readLong(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4)
}

function writeEntry(bytes: Buffer, at: number, entry: AbortedTransaction): void {
  bytes.writeInt16BE(entryVersion, at)
  const longs = [entry.producerId, entry.firstOffset, entry.lastOffset, entry.lastStableOffset]
  longs.forEach((value, i) => {
    bytes.writeInt32BE(Math.floor(value / 0x1_0000_0000), at + 2 + i * 8)
    bytes.writeUInt32BE(value >= 0 ? value % 0x1_0000_0000 : (value % 0x1_0000_0000) + 0x1_0000_0000, at + 6 + i * 8)
  })
}
