/**
 * A disk that may do everything a real one may. Processes see what they wrote at once, through the page cache. The platter has
 * only what was synced, and a part of the rest that chance decides when the power fails:
 *
 * - of one file's changes since its last sync all, none, the first ones and a torn beginning of the next, or any of their pages,
 *   with zeros where the length arrived before the bytes;
 * - of the names created, renamed and removed in a directory since its last `syncDirectory` the first ones. A synced file whose
 *   name was not synced may be gone.
 *
 * What was synced is never lost. A sync that fails loses what it should have written: a later sync that succeeds does not bring
 * it back, as on Linux.
 */
import type { DiskCall, DiskFault } from './disk-faults.ts'
import { type CrashOptions, type SimDiskOptions, SimPlatter } from './sim-platter.ts'
import { SimStorage } from './sim-storage.ts'

/** A simulated disk: made once, mounted by each process that uses it, crashed and spoilt by the test. */
export class SimDisk {
  readonly #platter: SimPlatter

  constructor(options: SimDiskOptions) {
    this.#platter = new SimPlatter(options)
  }

  /** How many calls were made: run once without faults to learn the number, then fail or crash at each. */
  get callCount(): number {
    return this.#platter.callCount
  }

  /** Bytes of all files that have a name. */
  get usedBytes(): number {
    return this.#platter.usedBytes
  }

  /** Bytes that all files together may hold. May be set at any time; below what is used, every write fails with `no-space`. */
  get capacityBytes(): number {
    return this.#platter.capacityBytes
  }

  set capacityBytes(bytes: number) {
    this.#platter.capacityBytes = bytes
  }

  /** The disk as a process sees it, until `kill` or `crash`: then everything on it fails with `closed`. */
  mount(): SimStorage {
    return new SimStorage(this.#platter)
  }

  /** The processes die; the page cache stays, so nothing that was written is lost. */
  kill(): void {
    this.#platter.kill()
  }

  /** The power fails. */
  crash(options: CrashOptions = {}): void {
    this.#platter.crash(options)
  }

  /** Lets calls fail; returns the function that ends it. */
  fail(fault: DiskFault): () => void {
    return this.#platter.fail(fault)
  }

  /** Tells each call before it is made; a listener may `kill` or `crash` the disk, then the call itself fails. Returns the end. */
  observe(listener: (call: DiskCall) => void): () => void {
    return this.#platter.observe(listener)
  }

  /** Flips one random bit of a file, at a random position or the given one. Returns the position. Throws when the file is empty. */
  corrupt(path: string, position?: number): number {
    return this.#platter.corrupt(path, position)
  }
}
