import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import type { DirectoryEntry, Storage, StorageFile, StorageLock } from '../storage.ts'
import { takeLock } from './lock-file.ts'
import { NodeFile } from './node-file.ts'
import { attempt, hostCode, storageFailure } from './storage-failure.ts'

/**
 * The host's file system. What is written reaches the page cache before the call returns; `sync` and asynchronous reads run in
 * Node's thread pool.
 */
export class NodeStorage implements Storage {
  open(path: string, options: { readonly create?: boolean } = {}): StorageFile {
    const flags = fs.constants.O_RDWR | (options.create === false ? 0 : fs.constants.O_CREAT)
    const descriptor = attempt('open', path, () => fs.openSync(path, flags, 0o644))
    try {
      return new NodeFile(path, descriptor)
    } catch (error) {
      fs.closeSync(descriptor)
      throw error
    }
  }

  readFile(path: string): Uint8Array {
    const content = attempt('read', path, () => fs.readFileSync(path))
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
  }

  writeFile(path: string, content: Uint8Array): void {
    const temporary = `${path}.tmp`
    try {
      attempt('write', path, () => fs.writeFileSync(temporary, content, { flush: true }))
      attempt('rename', temporary, () => fs.renameSync(temporary, path))
    } catch (error) {
      fs.rmSync(temporary, { force: true, recursive: true })
      throw error
    }
  }

  list(directory: string): readonly DirectoryEntry[] {
    const names = attempt('list', directory, () => fs.readdirSync(directory)).sort()
    const entries: DirectoryEntry[] = []
    for (const name of names) {
      const path = join(directory, name)
      const stat = attempt('list', path, () => fs.statSync(path, { throwIfNoEntry: false }))
      // A name may be gone by the time it is looked at: then it is not in the directory any more.
      if (stat === undefined) continue
      const isDirectory = stat.isDirectory()
      entries.push({ name, directory: isDirectory, size: isDirectory ? 0 : stat.size, modifiedMs: stat.mtimeMs })
    }
    return entries
  }

  exists(path: string): boolean {
    return fs.existsSync(path)
  }

  makeDirectory(path: string): void {
    attempt('mkdir', path, () => fs.mkdirSync(path, { recursive: true }))
  }

  rename(from: string, to: string): void {
    attempt('rename', from, () => fs.renameSync(from, to))
  }

  remove(path: string): void {
    attempt('remove', path, () => fs.rmSync(path, { recursive: true, force: true }))
  }

  async syncDirectory(directory: string): Promise<void> {
    // Windows cannot open a directory; its file system writes names through a journal by itself.
    if (process.platform === 'win32') return
    try {
      const handle = await fs.promises.open(directory, 'r')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    } catch (error) {
      // Some network file systems know no fsync of a directory and say so with EINVAL; there is nothing to be made durable.
      if (hostCode(error) !== 'EINVAL') throw storageFailure('sync', directory, error)
    }
  }

  syncDirectoryNow(directory: string): void {
    if (process.platform === 'win32') return
    const descriptor = attempt('sync', directory, () => fs.openSync(directory, 'r'))
    try {
      fs.fsyncSync(descriptor)
    } catch (error) {
      if (hostCode(error) !== 'EINVAL') throw storageFailure('sync', directory, error)
    } finally {
      fs.closeSync(descriptor)
    }
  }

  lock(path: string): StorageLock {
    return attempt('lock', path, () => takeLock(path))
  }

  space(path: string): { readonly totalBytes: number; readonly usableBytes: number } {
    const existing = fs.existsSync(path) ? path : dirname(path)
    const { bsize, blocks, bavail } = attempt('space', path, () => fs.statfsSync(existing))
    return { totalBytes: blocks * bsize, usableBytes: bavail * bsize }
  }
}
