import type { Clock } from '../clock.ts'
import { type DirectoryEntry, type Storage, StorageError, type StorageFile, type StorageLock } from '../storage.ts'
import { ChunkedBytes } from './chunked-bytes.ts'
import { assertRenamable, DirectoryNode, directoryAt, fileAt, find, namesOf, place } from './file-tree.ts'

/** How a `MemoryStorage` is made. */
export interface MemoryStorageOptions {
  /** Where the time of the last change comes from; without it that time is 0. */
  readonly clock?: Pick<Clock, 'now'>
  /** Bytes that all files together may hold; a write beyond is refused with `no-space`. Default: no bound. */
  readonly capacityBytes?: number
}

/**
 * Files in memory. They are gone with the object; `sync` is a formality. As on a host, a file that is renamed or removed while it
 * is open stays usable through what is open, and its memory is free when it is closed.
 */
export class MemoryStorage implements Storage {
  readonly #root: DirectoryNode<MemoryFileNode>
  readonly #volume: Volume
  readonly #locks = new Set<string>()

  constructor(options: MemoryStorageOptions = {}) {
    const { clock, capacityBytes = Number.MAX_SAFE_INTEGER } = options
    this.#volume = { capacityBytes, usedBytes: 0, now: clock === undefined ? () => 0 : () => clock.now() }
    this.#root = new DirectoryNode(this.#volume.now())
  }

  open(path: string, options: { readonly create?: boolean } = {}): StorageFile {
    if (options.create === false) return new MemoryFile(path, fileAt(this.#root, path, 'open'))
    const { directory, name } = place(this.#root, path, 'open')
    if (!directory.entries.has(name)) {
      directory.entries.set(name, new MemoryFileNode(this.#volume))
      directory.modifiedMs = this.#volume.now()
    }
    return new MemoryFile(path, fileAt(this.#root, path, 'open'))
  }

  readFile(path: string): Uint8Array {
    const { content } = fileAt(this.#root, path, 'read')
    return content.read(0, content.length)
  }

  writeFile(path: string, content: Uint8Array): void {
    const { directory, name } = place(this.#root, path, 'write')
    const former = directory.entries.get(name)
    if (former instanceof DirectoryNode) {
      throw new StorageError('io', { operation: 'write', path }, new Error('is a directory'))
    }
    const file = new MemoryFileNode(this.#volume)
    file.append([content], path)
    directory.entries.set(name, file)
    former?.unlink()
    directory.modifiedMs = this.#volume.now()
  }

  list(directory: string): readonly DirectoryEntry[] {
    const entries: DirectoryEntry[] = []
    for (const [name, node] of directoryAt(this.#root, directory, 'list').entries) {
      const isDirectory = node instanceof DirectoryNode
      const size = isDirectory ? 0 : node.content.length
      entries.push({ name, directory: isDirectory, size, modifiedMs: node.modifiedMs })
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  exists(path: string): boolean {
    return find(this.#root, path) !== undefined
  }

  makeDirectory(path: string): void {
    let directory = this.#root
    for (const name of namesOf(path)) {
      const next = directory.entries.get(name) ?? new DirectoryNode<MemoryFileNode>(this.#volume.now())
      if (!(next instanceof DirectoryNode))
        throw new StorageError('io', { operation: 'mkdir', path }, new Error(`${name} is a file`))
      directory.entries.set(name, next)
      directory = next
    }
  }

  rename(from: string, to: string): void {
    const source = place(this.#root, from, 'rename')
    const target = place(this.#root, to, 'rename')
    const node = source.directory.entries.get(source.name)
    if (node === undefined) throw new StorageError('not-found', { operation: 'rename', path: from })
    assertRenamable(node, target, from)
    const replaced = target.directory.entries.get(target.name)
    if (replaced === node) return
    if (replaced instanceof MemoryFileNode) replaced.unlink()
    source.directory.entries.delete(source.name)
    target.directory.entries.set(target.name, node)
    source.directory.modifiedMs = target.directory.modifiedMs = this.#volume.now()
  }

  remove(path: string): void {
    if (find(this.#root, path) === undefined) return
    const { directory, name } = place(this.#root, path, 'remove')
    unlinkAll(directory.entries.get(name)!)
    directory.entries.delete(name)
    directory.modifiedMs = this.#volume.now()
  }

  async syncDirectory(directory: string): Promise<void> {
    this.syncDirectoryNow(directory)
  }

  syncDirectoryNow(directory: string): void {
    directoryAt(this.#root, directory, 'sync')
  }

  lock(path: string): StorageLock {
    const key = namesOf(path).join('/')
    if (this.#locks.has(key)) throw new StorageError('locked', { operation: 'lock', path })
    this.open(path).close()
    this.#locks.add(key)
    let held = true
    return {
      release: () => {
        if (held) this.#locks.delete(key)
        held = false
      },
    }
  }

  /** Without a bound both figures are 2^53 - 1. */
  space(_path: string): { readonly totalBytes: number; readonly usableBytes: number } {
    const { capacityBytes, usedBytes } = this.#volume
    if (capacityBytes === Number.MAX_SAFE_INTEGER) return { totalBytes: capacityBytes, usableBytes: capacityBytes }
    return { totalBytes: capacityBytes, usableBytes: capacityBytes - usedBytes }
  }
}

interface Volume {
  readonly capacityBytes: number
  usedBytes: number
  readonly now: () => number
}

/** A file apart from its name: it lives while a name leads to it or somebody has it open. */
class MemoryFileNode {
  readonly content = new ChunkedBytes()
  modifiedMs: number
  readonly #volume: Volume
  #linked = true
  #openings = 0

  constructor(volume: Volume) {
    this.#volume = volume
    this.modifiedMs = volume.now()
  }

  append(chunks: readonly Uint8Array[], path: string): number {
    const start = this.content.length
    let length = 0
    for (const chunk of chunks) length += chunk.length
    this.#take(length, 'append', path)
    for (const chunk of chunks) this.content.append(chunk)
    return start
  }

  write(position: number, chunk: Uint8Array, path: string): void {
    this.#take(Math.max(0, position + chunk.length - this.content.length), 'write', path)
    this.content.write(position, chunk)
  }

  truncate(size: number, path: string): void {
    this.#take(size - this.content.length, 'truncate', path)
    this.content.truncate(size)
  }

  opened(): void {
    this.#openings++
  }

  closed(): void {
    this.#openings--
    this.#free()
  }

  unlink(): void {
    this.#linked = false
    this.#free()
  }

  #take(bytes: number, operation: string, path: string): void {
    const { capacityBytes, usedBytes, now } = this.#volume
    if (bytes > 0 && usedBytes + bytes > capacityBytes) throw new StorageError('no-space', { operation, path })
    this.#volume.usedBytes += bytes
    this.modifiedMs = now()
  }

  #free(): void {
    if (this.#linked || this.#openings > 0) return
    this.#volume.usedBytes -= this.content.length
    this.content.truncate(0)
  }
}

class MemoryFile implements StorageFile {
  readonly path: string
  readonly #node: MemoryFileNode
  #closed = false

  constructor(path: string, node: MemoryFileNode) {
    this.path = path
    this.#node = node
    node.opened()
  }

  get size(): number {
    return this.#node.content.length
  }

  append(chunks: readonly Uint8Array[]): number {
    this.#assertOpen('append')
    return this.#node.append(chunks, this.path)
  }

  write(position: number, chunk: Uint8Array): void {
    this.#assertOpen('write')
    this.#node.write(position, chunk, this.path)
  }

  async read(position: number, length: number): Promise<Uint8Array> {
    return this.readSync(position, length)
  }

  readSync(position: number, length: number): Uint8Array {
    this.#assertOpen('read')
    return this.#node.content.read(position, length)
  }

  truncate(size: number): void {
    this.#assertOpen('truncate')
    this.#node.truncate(size, this.path)
  }

  async sync(): Promise<void> {
    this.#assertOpen('sync')
  }

  syncNow(): void {
    this.#assertOpen('sync')
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#node.closed()
  }

  #assertOpen(operation: string): void {
    if (this.#closed) throw new StorageError('closed', { operation, path: this.path })
  }
}

function unlinkAll(node: MemoryFileNode | DirectoryNode<MemoryFileNode>): void {
  if (node instanceof MemoryFileNode) node.unlink()
  else for (const entry of node.entries.values()) unlinkAll(entry)
}
