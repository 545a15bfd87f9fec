import { assertRenamable, DirectoryNode, directoryAt, fileAt, find, namesOf, place } from '../memory/file-tree.ts'
import { type DirectoryEntry, type Storage, StorageError, type StorageFile, type StorageLock } from '../storage.ts'
import { SimFile } from './sim-file.ts'
import type { SimInode } from './sim-inode.ts'
import type { SimPlatter } from './sim-platter.ts'

/** A simulated disk as one process sees it; made by `SimDisk.mount`. */
export class SimStorage implements Storage {
  readonly #platter: SimPlatter
  readonly #generation: number

  constructor(platter: SimPlatter) {
    this.#platter = platter
    this.#generation = platter.generation
  }

  open(path: string, options: { readonly create?: boolean } = {}): StorageFile {
    this.#platter.enter(this.#generation, 'open', path)
    const { root } = this.#platter.names
    if (options.create !== false) {
      const { directory, name } = place(root, path, 'open')
      if (!directory.entries.has(name))
        this.#platter.changeNames([{ directory, name, entry: this.#platter.createInode() }])
    }
    return new SimFile(this.#platter, path, fileAt(root, path, 'open'))
  }

  readFile(path: string): Uint8Array {
    this.#platter.enter(this.#generation, 'read', path)
    const { content } = fileAt(this.#platter.names.root, path, 'read')
    return content.read(0, content.length).slice()
  }

  writeFile(path: string, content: Uint8Array): void {
    const temporary = `${path}.tmp`
    const { directory, name } = place(this.#platter.names.root, path, 'write')
    if (directory.entries.get(name) instanceof DirectoryNode) {
      throw new StorageError('io', { operation: 'write', path }, new Error('is a directory'))
    }
    const file = this.open(temporary)
    try {
      file.truncate(0)
      file.append([content])
      file.syncNow()
      this.rename(temporary, path)
    } catch (error) {
      if (this.#generation === this.#platter.generation) this.#unlink(temporary)
      throw error
    } finally {
      file.close()
    }
  }

  list(directory: string): readonly DirectoryEntry[] {
    this.#platter.enter(this.#generation, 'list', directory)
    const entries: DirectoryEntry[] = []
    for (const [name, entry] of directoryAt(this.#platter.names.root, directory, 'list').entries) {
      const isDirectory = entry instanceof DirectoryNode
      const size = isDirectory ? 0 : entry.content.length
      entries.push({ name, directory: isDirectory, size, modifiedMs: entry.modifiedMs })
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  exists(path: string): boolean {
    return find(this.#platter.names.root, path) !== undefined
  }

  makeDirectory(path: string): void {
    this.#platter.enter(this.#generation, 'mkdir', path)
    let directory = this.#platter.names.root
    for (const name of namesOf(path)) {
      const entry = directory.entries.get(name) ?? new DirectoryNode<SimInode>(this.#platter.nowMs())
      if (!(entry instanceof DirectoryNode))
        throw new StorageError('io', { operation: 'mkdir', path }, new Error(`${name} is a file`))
      if (!directory.entries.has(name)) this.#platter.changeNames([{ directory, name, entry }])
      directory = entry
    }
  }

  rename(from: string, to: string): void {
    this.#platter.enter(this.#generation, 'rename', from)
    const { root } = this.#platter.names
    const source = place(root, from, 'rename')
    const target = place(root, to, 'rename')
    const entry = source.directory.entries.get(source.name)
    if (entry === undefined) throw new StorageError('not-found', { operation: 'rename', path: from })
    assertRenamable(entry, target, from)
    const replaced = target.directory.entries.get(target.name)
    if (replaced === entry) return
    this.#platter.changeNames([
      { ...source, entry: undefined },
      { ...target, entry },
    ])
  }

  remove(path: string): void {
    this.#platter.enter(this.#generation, 'remove', path)
    this.#unlink(path)
  }

  async syncDirectory(directory: string): Promise<void> {
    this.#platter.enter(this.#generation, 'sync-directory', directory)
    const { names } = this.#platter
    const changes = names.pendingOf(directoryAt(names.root, directory, 'sync'))
    await this.#platter.completion(this.#generation, 'sync', directory)
    names.makeDurable(changes)
  }

  syncDirectoryNow(directory: string): void {
    this.#platter.enter(this.#generation, 'sync-directory', directory)
    const { names } = this.#platter
    names.makeDurable(names.pendingOf(directoryAt(names.root, directory, 'sync')))
  }

  lock(path: string): StorageLock {
    this.#platter.enter(this.#generation, 'lock', path)
    const { locks } = this.#platter
    const key = namesOf(path).join('/')
    if (locks.has(key)) throw new StorageError('locked', { operation: 'lock', path })
    this.open(path).close()
    locks.add(key)
    let held = true
    return {
      release: () => {
        if (held && this.#generation === this.#platter.generation) locks.delete(key)
        held = false
      },
    }
  }

  space(_path: string): { readonly totalBytes: number; readonly usableBytes: number } {
    const { capacityBytes, usedBytes } = this.#platter
    return { totalBytes: capacityBytes, usableBytes: Math.max(0, capacityBytes - usedBytes) }
  }

  /** Takes away one name; whole directories from the inside out, as a host does, so that a crash may leave a part. */
  #unlink(path: string): void {
    const entry = find(this.#platter.names.root, path)
    if (entry === undefined) return
    if (entry instanceof DirectoryNode) for (const name of [...entry.entries.keys()]) this.#unlink(`${path}/${name}`)
    this.#platter.changeNames([{ ...place(this.#platter.names.root, path, 'remove'), entry: undefined }])
  }
}
