import type { Clock } from '../clock.ts'
import { DirectoryNode, fileAt } from '../memory/file-tree.ts'
import { StorageError } from '../storage.ts'
import { type DiskCall, type DiskFault, DiskFaults, type DiskOperation } from './disk-faults.ts'
import { SimInode } from './sim-inode.ts'
import { type NameEdit, SimNames } from './sim-names.ts'
import type { SimRandom } from './sim-random.ts'

/** How a `SimDisk` behaves. */
export interface SimDiskOptions {
  readonly random: SimRandom
  /** Times of change come from it, and delays need it. Without one, times are 0 and everything ends on the next microtask. */
  readonly clock?: Clock
  /** How long an asynchronous read takes: uniform between the two, in milliseconds. Default 0. */
  readonly readDelayMs?: readonly [from: number, to: number]
  /** How long a sync takes. Default 0. */
  readonly syncDelayMs?: readonly [from: number, to: number]
  /** Bytes that all files together may hold. Default 2^40. */
  readonly capacityBytes?: number
}

/** How hard a power failure hits a disk. */
export interface CrashOptions {
  /** How much of what was not synced is lost. Default `some`: chance decides for each file and directory. */
  readonly loses?: 'some' | 'all' | 'nothing'
}

/** Larger than any simulation: no need to add up what is used. */
const unbounded = 2 ** 40

/** What a `SimDisk` and all its mounts share: content, names, locks, faults, and the part that chance plays. */
export class SimPlatter {
  readonly names: SimNames
  readonly locks = new Set<string>()
  /** May be set at any time; below what is used, every write fails with `no-space`. */
  capacityBytes: number
  readonly #random: SimRandom
  readonly #clock: Clock | undefined
  readonly #readDelayMs: readonly [number, number]
  readonly #syncDelayMs: readonly [number, number]
  readonly #faults = new DiskFaults()
  readonly #observers = new Set<(call: DiskCall) => void>()
  readonly #inodes = new Set<SimInode>()
  #calls = 0
  #delays = 0
  #generation = 0

  constructor(options: SimDiskOptions) {
    this.#random = options.random
    this.#clock = options.clock
    this.#readDelayMs = options.readDelayMs ?? [0, 0]
    this.#syncDelayMs = options.syncDelayMs ?? [0, 0]
    this.capacityBytes = options.capacityBytes ?? unbounded
    this.names = new SimNames(this.nowMs())
  }

  /** How many calls were made: run once without faults to learn the number, then fail or crash at each. */
  get callCount(): number {
    return this.#calls
  }

  /** Counts up when the processes that use the disk die. */
  get generation(): number {
    return this.#generation
  }

  /** Bytes of all files that have a name. */
  get usedBytes(): number {
    return sizeOf(this.names.root)
  }

  /** The processes die; the page cache stays, so nothing that was written is lost. */
  kill(): void {
    this.#generation++
    this.locks.clear()
  }

  /** The power fails. */
  crash(options: CrashOptions = {}): void {
    this.kill()
    const loses = options.loses ?? 'some'
    this.names.crash(this.#random, loses)
    for (const inode of this.#inodes) inode.crash(this.#random, loses)
    this.#inodes.clear()
    this.#collect(this.names.root)
  }

  /** Lets calls fail; returns the function that ends it. */
  fail(fault: DiskFault): () => void {
    return this.#faults.add(fault)
  }

  /** Tells each call before it is made; a listener may `kill` or `crash` the disk, then the call itself fails. Returns the end. */
  observe(listener: (call: DiskCall) => void): () => void {
    this.#observers.add(listener)
    return () => this.#observers.delete(listener)
  }

  /** Flips one random bit of a file, at a random position or the given one. Returns the position. Throws when the file is empty. */
  corrupt(path: string, position?: number): number {
    const inode = fileAt(this.names.root, path, 'read')
    const at = position ?? this.#random.nextInt(inode.content.length)
    inode.corrupt(at, this.#random.nextInt(8))
    return at
  }

  nowMs(): number {
    return this.#clock?.now() ?? 0
  }

  /** Called first in each operation of a mount: throws when the mount is dead or a fault is set. */
  enter(generation: number, operation: DiskOperation, path: string): void {
    const failure = this.failureOf(generation, operation, path)
    if (failure !== undefined) throw failure.error
  }

  /** As `enter`, for callers that do something about an injected failure. */
  failureOf(generation: number, operation: DiskOperation, path: string): ReturnType<DiskFaults['failureOf']> {
    this.#assertAlive(generation, operation, path)
    const call: DiskCall = { operation, path, number: ++this.#calls }
    for (const observer of this.#observers) observer(call)
    this.#assertAlive(generation, operation, path)
    return this.#faults.failureOf(call)
  }

  /** Throws `no-space` when so many more bytes do not fit. */
  take(bytes: number, operation: DiskOperation, path: string): void {
    if (bytes <= 0 || this.capacityBytes === unbounded) return
    if (this.usedBytes + bytes > this.capacityBytes) throw new StorageError('no-space', { operation, path })
  }

  createInode(): SimInode {
    const inode = new SimInode(this.nowMs())
    this.#inodes.add(inode)
    return inode
  }

  changeNames(edits: readonly NameEdit[]): void {
    this.names.change(edits)
    for (const { directory } of edits) directory.modifiedMs = this.nowMs()
  }

  /** Waits as long as a read or sync takes. Never ends for a process that dies meanwhile (without a clock: fails with `closed`). */
  async completion(generation: number, operation: 'read' | 'sync', path: string): Promise<void> {
    const clock = this.#clock
    const [from, to] = operation === 'read' ? this.#readDelayMs : this.#syncDelayMs
    if (clock === undefined || to === 0) {
      await Promise.resolve()
      return this.#assertAlive(generation, operation, path)
    }
    return new Promise((resolve) => {
      clock.setTimer(`disk ${this.#delays++}`, this.#random.between(from, to), () => {
        if (generation === this.#generation) resolve()
      })
    })
  }

  /** A random number of bytes, fewer than given, that a failing append leaves behind. */
  remainder(bytes: number): number {
    return bytes === 0 ? 0 : this.#random.nextInt(bytes)
  }

  #assertAlive(generation: number, operation: DiskOperation, path: string): void {
    if (generation !== this.#generation) throw new StorageError('closed', { operation, path })
  }

  #collect(directory: DirectoryNode<SimInode>): void {
    for (const entry of directory.entries.values()) {
      if (entry instanceof DirectoryNode) this.#collect(entry)
      else this.#inodes.add(entry)
    }
  }
}

function sizeOf(directory: DirectoryNode<SimInode>): number {
  let bytes = 0
  for (const entry of directory.entries.values()) {
    bytes += entry instanceof DirectoryNode ? sizeOf(entry) : entry.content.length
  }
  return bytes
}
