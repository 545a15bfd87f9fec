import { StorageError, type StorageFile } from '../storage.ts'
import type { DiskOperation } from './disk-faults.ts'
import type { SimDisk } from './sim-disk.ts'
import type { SimInode } from './sim-inode.ts'

/** An open file of a simulated disk. */
export class SimFile implements StorageFile {
  readonly path: string
  readonly #disk: SimDisk
  readonly #inode: SimInode
  readonly #generation: number
  #closed = false

  constructor(disk: SimDisk, path: string, inode: SimInode) {
    this.#disk = disk
    this.path = path
    this.#inode = inode
    this.#generation = disk.generation
  }

  get size(): number {
    return this.#inode.content.length
  }

  append(chunks: readonly Uint8Array[]): number {
    this.#assertOpen('append')
    const bytes = join(chunks)
    const start = this.size
    const failure = this.#disk.failureOf(this.#generation, 'append', this.path)
    if (failure !== undefined) {
      if (failure.leavesBytes) this.#put(start, bytes.subarray(0, this.#disk.remainder(bytes.length)))
      throw failure.error
    }
    this.#disk.take(bytes.length, 'append', this.path)
    this.#put(start, bytes)
    return start
  }

  write(position: number, chunk: Uint8Array): void {
    this.#enter('write')
    this.#disk.take(position + chunk.length - this.size, 'write', this.path)
    this.#put(position, chunk)
  }

  async read(position: number, length: number): Promise<Uint8Array> {
    this.#enter('read')
    await this.#disk.completion(this.#generation, 'read', this.path)
    return this.#inode.content.read(position, length)
  }

  readSync(position: number, length: number): Uint8Array {
    this.#enter('read')
    return this.#inode.content.read(position, length)
  }

  truncate(size: number): void {
    this.#enter('truncate')
    this.#disk.take(size - this.size, 'truncate', this.path)
    this.#inode.truncate(size)
    this.#inode.modifiedMs = this.#disk.nowMs()
  }

  async sync(): Promise<void> {
    const changes = this.#beginSync()
    await this.#disk.completion(this.#generation, 'sync', this.path)
    this.#inode.makeDurable(changes)
  }

  syncNow(): void {
    this.#inode.makeDurable(this.#beginSync())
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.#generation === this.#disk.generation) this.#disk.enter(this.#generation, 'close', this.path)
  }

  #beginSync(): ReadonlySet<object> {
    this.#assertOpen('sync')
    const changes = this.#inode.pending()
    const failure = this.#disk.failureOf(this.#generation, 'sync', this.path)
    if (failure === undefined) return changes
    this.#inode.loseToError(changes)
    throw failure.error
  }

  #put(position: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#inode.write(position, bytes)
    this.#inode.modifiedMs = this.#disk.nowMs()
  }

  #enter(operation: DiskOperation): void {
    this.#assertOpen(operation)
    this.#disk.enter(this.#generation, operation, this.path)
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
