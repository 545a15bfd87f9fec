import * as fs from 'node:fs'
import { StorageError, type StorageFile } from '../storage.ts'
import { attempt, hostCode, storageFailure } from './storage-failure.ts'
import { unwritten } from './unwritten.ts'

/**
 * A file of the host. The length is kept here rather than asked for: a file has one writer, and an append then costs one system
 * call. The descriptor outlives `close` until the reads and syncs under way have ended, because the host may give its number to
 * another file at once.
 */
export class NodeFile implements StorageFile {
  readonly path: string
  readonly #descriptor: number
  #size: number
  #closed = false
  #underWay = 0
  #syncRunning: Promise<void> | undefined
  #syncNext: Promise<void> | undefined

  constructor(path: string, descriptor: number) {
    this.path = path
    this.#descriptor = descriptor
    this.#size = attempt('stat', path, () => fs.fstatSync(descriptor).size)
  }

  get size(): number {
    return this.#size
  }

  append(chunks: readonly Uint8Array[]): number {
    this.#assertOpen('append')
    const start = this.#size
    try {
      this.#size = this.#writeAll(chunks, start)
    } catch (error) {
      this.#takeBack(start)
      throw storageFailure('append', this.path, error)
    }
    return start
  }

  write(position: number, chunk: Uint8Array): void {
    this.#assertOpen('write')
    const end = attempt('write', this.path, () => this.#writeAll([chunk], position))
    if (end > this.#size) this.#size = end
  }

  async read(position: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    this.#assertOpen('read')
    const available = this.#available(position, length)
    const target = into === undefined ? allocate(available) : into.subarray(0, available)
    this.#underWay++
    try {
      let filled = 0
      while (filled < target.length) {
        const count = await this.#readInto(target.subarray(filled), position + filled)
        if (count === 0) break
        filled += count
      }
      return filled === target.length ? target : target.subarray(0, filled)
    } catch (error) {
      throw storageFailure('read', this.path, error)
    } finally {
      this.#finished()
    }
  }

  readSync(position: number, length: number): Uint8Array {
    this.#assertOpen('read')
    const target = allocate(this.#available(position, length))
    let filled = 0
    while (filled < target.length) {
      const count = attempt('read', this.path, () =>
        fs.readSync(this.#descriptor, target, filled, target.length - filled, position + filled),
      )
      if (count === 0) break
      filled += count
    }
    return filled === target.length ? target : target.subarray(0, filled)
  }

  truncate(size: number): void {
    this.#assertOpen('truncate')
    attempt('truncate', this.path, () => fs.ftruncateSync(this.#descriptor, size))
    this.#size = size
  }

  /** Calls that come while a sync runs share the next one: the one that runs may have begun before their bytes were written. */
  async sync(): Promise<void> {
    this.#assertOpen('sync')
    if (this.#syncRunning === undefined) {
      this.#syncRunning = this.#flush()
      return this.#syncRunning
    }
    this.#syncNext ??= this.#syncAfter(this.#syncRunning)
    return this.#syncNext
  }

  syncNow(): void {
    this.#assertOpen('sync')
    attempt('sync', this.path, () => fs.fdatasyncSync(this.#descriptor))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.#underWay === 0) this.#release()
  }

  #writeAll(chunks: readonly Uint8Array[], position: number): number {
    let pending = chunks
    let end = position
    while (pending.length > 0) {
      const [only] = pending
      const written =
        pending.length === 1 && only !== undefined
          ? fs.writeSync(this.#descriptor, only, 0, only.length, end)
          : fs.writevSync(this.#descriptor, pending, end)
      end += written
      pending = unwritten(pending, written)
    }
    return end
  }

  /** After a failed append: some of the bytes may stand in the file already. */
  #takeBack(size: number): void {
    try {
      fs.ftruncateSync(this.#descriptor, size)
    } catch (error) {
      // The failure of the append itself is the one to report; a disk that refuses even this is seen by whoever uses it next.
      if (hostCode(error) === undefined) throw error
    }
  }

  #available(position: number, length: number): number {
    return Math.max(0, Math.min(length, this.#size - position))
  }

  #readInto(target: Uint8Array, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const begin = () =>
        fs.read(this.#descriptor, target, 0, target.length, position, (error, count) => {
          if (error === null) resolve(count)
          else if (error.code === 'EINTR') begin()
          else reject(error)
        })
      begin()
    })
  }

  #flush(): Promise<void> {
    this.#underWay++
    return new Promise((resolve, reject) => {
      fs.fdatasync(this.#descriptor, (error) => {
        this.#syncRunning = undefined
        this.#finished()
        if (error === null) resolve()
        else reject(storageFailure('sync', this.path, error))
      })
    })
  }

  async #syncAfter(running: Promise<void>): Promise<void> {
    this.#underWay++
    try {
      await running.catch(() => undefined)
      this.#syncNext = undefined
      this.#syncRunning = this.#flush()
    } finally {
      this.#finished()
    }
    return this.#syncRunning
  }

  #finished(): void {
    this.#underWay--
    if (this.#closed && this.#underWay === 0) this.#release()
  }

  #release(): void {
    attempt('close', this.path, () => fs.closeSync(this.#descriptor))
  }

  #assertOpen(operation: string): void {
    if (this.#closed) throw new StorageError('closed', { operation, path: this.path })
  }
}

/** Memory that is not zeroed first, as a plain `Uint8Array`: of a `Buffer`, `slice` would be a view and not a copy. */
function allocate(length: number): Uint8Array {
  const buffer = Buffer.allocUnsafeSlow(length)
  return new Uint8Array(buffer.buffer, buffer.byteOffset, length)
}
