import { StorageError, type StorageFile } from '../storage.ts'
import type { DiskOperation } from './disk-faults.ts'
import type { SimInode } from './sim-inode.ts'
import type { SimPlatter } from './sim-platter.ts'

/** An open file of a simulated disk. */
export class SimFile implements StorageFile {
  readonly path: string
  readonly #platter: SimPlatter
  readonly #inode: SimInode
  readonly #generation: number
  #closed = false

  constructor(platter: SimPlatter, path: string, inode: SimInode) {
    this.#platter = platter
    this.path = path
    this.#inode = inode
    this.#generation = platter.generation
  }

  get size(): number {
    return this.#inode.content.length
  }

  append(chunks: readonly Uint8Array[]): number {
    this.#assertOpen('append')
    const bytes = join(chunks)
    const start = this.size
    const failure = this.#platter.failureOf(this.#generation, 'append', this.path)
    if (failure !== undefined) {
      if (failure.leavesBytes) this.#put(start, bytes.subarray(0, this.#platter.remainder(bytes.length)))
      throw failure.error
    }
    this.#platter.take(bytes.length, 'append', this.path)
    this.#put(start, bytes)
    return start
  }

  write(position: number, chunk: Uint8Array): void {
    this.#enter('write')
    this.#platter.take(position + chunk.length - this.size, 'write', this.path)
    this.#put(position, chunk)
  }

  async read(position: number, length: number): Promise<Uint8Array> {
    this.#enter('read')
    await this.#platter.completion(this.#generation, 'read', this.path)
    return this.#inode.content.read(position, length)
  }

  readSync(position: number, length: number): Uint8Array {
    this.#enter('read')
    return this.#inode.content.read(position, length)
  }

  truncate(size: number): void {
    this.#enter('truncate')
    this.#platter.take(size - this.size, 'truncate', this.path)
    this.#inode.truncate(size)
    this.#inode.modifiedMs = this.#platter.nowMs()
  }

  async sync(): Promise<void> {
    const changes = this.#beginSync()
    await this.#platter.completion(this.#generation, 'sync', this.path)
    this.#inode.makeDurable(changes)
  }

  syncNow(): void {
    this.#inode.makeDurable(this.#beginSync())
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.#generation === this.#platter.generation) this.#platter.enter(this.#generation, 'close', this.path)
  }

  #beginSync(): ReadonlySet<object> {
    this.#assertOpen('sync')
    const changes = this.#inode.pending()
    const failure = this.#platter.failureOf(this.#generation, 'sync', this.path)
    if (failure === undefined) return changes
    this.#inode.loseToError(changes)
    throw failure.error
  }

  #put(position: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#inode.write(position, bytes)
    this.#inode.modifiedMs = this.#platter.nowMs()
  }

  #enter(operation: DiskOperation): void {
    this.#assertOpen(operation)
    this.#platter.enter(this.#generation, operation, this.path)
  }

  #assertOpen(operation: DiskOperation): void {
    if (this.#closed) throw new StorageError('closed', { operation, path: this.path })
  }
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const chunk of chunks) length += chunk.length
  const bytes = new Uint8Array(length)
  let position = 0
  for (const chunk of chunks) {
    bytes.set(chunk, position)
    position += chunk.length
  }
  return bytes
}
