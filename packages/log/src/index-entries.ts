import { type Storage, StorageError, type StorageFile } from '@odradek/runtime'

/** Entries read from the file at once when a closed segment's index is searched. */
const pageEntries = 512
const initialEntries = 32

/**
 * The entries of an index file: fixed size, append only, sorted. Those of the active segment live in memory, in a buffer that
 * grows with use, and reach the file when the segment is flushed, rolled or closed; until then recovery would rebuild them from
 * the log, so no append waits for them. Those of a closed segment stay in the file and are read one page at a time.
 */
export class IndexEntries {
  path: string
  readonly #storage: Storage
  readonly #entryBytes: number
  #count: number
  /** How many of the first entries the file holds as they are here. */
  #written: number
  /** All entries, or undefined while they are only in the file. */
  #resident: Buffer | undefined
  #page: Buffer | undefined
  #pageStart = 0
  #file: StorageFile | undefined

  /** `fileBytes` is the file's present size; 0 for a new index, whose file is made when it is first written. */
  constructor(storage: Storage, options: { path: string; entryBytes: number; fileBytes: number }) {
    this.#storage = storage
    this.path = options.path
    this.#entryBytes = options.entryBytes
    this.#count = Math.floor(options.fileBytes / options.entryBytes)
    this.#written = this.#count
    if (this.#count === 0) this.#resident = Buffer.alloc(0)
  }

  get count(): number {
    return this.#count
  }

  get sizeInBytes(): number {
    return this.#count * this.#entryBytes
  }

  /** Bytes of memory in use. */
  get memoryBytes(): number {
    return (this.#resident?.length ?? 0) + (this.#page?.length ?? 0)
  }

  /** Makes room for one more entry and gives the buffer and the position to write it at. */
  extend(): { readonly bytes: Buffer; readonly position: number } {
    let bytes = this.#load()
    const position = this.#count * this.#entryBytes
    if (position + this.#entryBytes > bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(initialEntries * this.#entryBytes, bytes.length * 2))
      bytes.copy(grown, 0, 0, position)
      bytes = grown
      this.#resident = grown
    }
    this.#count++
    return { bytes, position }
  }

  /** The buffer that holds entry `index`, and its position there. The buffer may change at the next call. */
  entry(index: number): { readonly bytes: Buffer; readonly position: number } {
    if (this.#resident !== undefined) return { bytes: this.#resident, position: index * this.#entryBytes }
    const pageStart = index - (index % pageEntries)
    if (this.#page === undefined || this.#pageStart !== pageStart) {
      this.#page = this.#read(pageStart, Math.min(pageEntries, this.#count - pageStart))
      this.#pageStart = pageStart
    }
    return { bytes: this.#page, position: (index - pageStart) * this.#entryBytes }
  }

  /** The last index for which `isAtMost` holds, where it holds for a prefix of the entries; -1 when for none. */
  findLast(isAtMost: (bytes: Buffer, position: number) => boolean): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      const { bytes, position } = this.entry(middle)
      if (isAtMost(bytes, position)) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Keeps the first `count` entries. */
  truncate(count: number): void {
    if (count >= this.#count) return
    // Nothing is kept of a file that is made anew, which may be megabytes of preallocated zeros.
    if (count === 0) this.#resident = Buffer.alloc(0)
    else this.#load()
    this.#page = undefined
    this.#count = count
    if (this.#written > count) {
      this.#written = count
      this.#open().truncate(count * this.#entryBytes)
    }
  }

  /** Brings the file up to what is here: exactly the entries, nothing preallocated behind them. */
  write(): void {
    const file = this.#open()
    const size = this.#written * this.#entryBytes
    if (file.size !== size) file.truncate(size)
    if (this.#written === this.#count) return
    file.append([this.#load().subarray(size, this.sizeInBytes)])
    this.#written = this.#count
  }

  /** Writes, and gives the memory back: for a segment that takes no more appends. */
  release(): void {
    this.write()
    if (this.#count > 0) this.#resident = undefined
  }

  /** Resolves when what `write` wrote is durable. */
  async sync(): Promise<void> {
    await this.#file?.sync()
  }

  syncNow(): void {
    this.#file?.syncNow()
  }

  /** Gives the file handle back. Entries not written are lost. */
  close(): void {
    this.#file?.close()
    this.#file = undefined
  }

  #load(): Buffer {
    if (this.#resident !== undefined) return this.#resident
    this.#page = undefined
    // A copy, since entries are added in it and a storage may hand out a view of its own bytes.
    this.#resident = Buffer.from(this.#read(0, this.#count))
    return this.#resident
  }

  #read(first: number, count: number): Buffer {
    const bytes = this.#open().readSync(first * this.#entryBytes, count * this.#entryBytes)
    if (bytes.length < count * this.#entryBytes) {
      throw new StorageError(
        'io',
        { operation: 'read', path: this.path },
        new Error(`the index is shorter than its ${this.#count} entries`),
      )
    }
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  #open(): StorageFile {
    this.#file ??= this.#storage.open(this.path)
    return this.#file
  }
}
