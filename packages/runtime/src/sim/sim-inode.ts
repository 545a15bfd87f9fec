import { ChunkedBytes } from '../memory/chunked-bytes.ts'
import type { SimRandom } from './sim-random.ts'

/** The unit in which a page cache is written back. */
const pageBytes = 4096

/** What may become of one file's pending changes when the power fails. */
const someFates = ['all', 'nothing', 'prefix', 'prefix', 'pages'] as const

/** A change of a file's content that has reached the page cache, and perhaps the platter. */
type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number }

interface PendingChange {
  readonly change: Change
  /** A sync of it failed: the host believes it clean now, and no later sync will write it (fsync tells an error once). */
  lostToError: boolean
}

/**
 * A file of a simulated disk, apart from its names: what processes see (`content`), what is surely on the platter (`#durable`), and
 * the changes between the two in order. Unless a sync has failed, `#durable` with all pending changes applied equals `content`.
 */
export class SimInode {
  content = new ChunkedBytes()
  modifiedMs: number
  #durable = new ChunkedBytes()
  #pending: PendingChange[] = []
  /** A failed sync has left the page cache with bytes that never come to the platter. */
  #diverged = false

  constructor(modifiedMs: number) {
    this.modifiedMs = modifiedMs
  }

  write(position: number, bytes: Uint8Array): void {
    this.#add({ kind: 'write', position, bytes: bytes.slice() })
  }

  truncate(size: number): void {
    this.#add({ kind: 'truncate', size })
  }

  /** What is pending now; a sync makes just this durable when it ends. */
  pending(): ReadonlySet<object> {
    return new Set(this.#pending)
  }

  /** Brings the given changes to the platter, in order. */
  makeDurable(changes: ReadonlySet<object>): void {
    const left: PendingChange[] = []
    for (const pending of this.#pending) {
      if (!changes.has(pending)) left.push(pending)
      else if (pending.lostToError) this.#diverged = true
      else apply(this.#durable, pending.change)
    }
    this.#pending = left
  }

  /** A sync of these changes failed. */
  loseToError(changes: ReadonlySet<object>): void {
    for (const pending of this.#pending) {
      if (changes.has(pending) && pending.change.kind === 'write') pending.lostToError = true
    }
  }

  /** Flips one bit on the platter and in the page cache. */
  corrupt(position: number, bit: number): void {
    for (const bytes of [this.content, this.#durable]) {
      if (position < bytes.length) bytes.write(position, Uint8Array.of(bytes.read(position, 1)[0]! ^ (1 << bit)))
    }
  }

  /** The power fails: `content` becomes what the platter holds, with a part of the pending changes that chance decides. */
  crash(random: SimRandom, loses: 'some' | 'all' | 'nothing'): void {
    if (this.#pending.length === 0 && !this.#diverged) return
    this.#diverged = false
    const { length } = this.content
    const changes = this.#pending.map(({ change }) => change)
    this.#pending = []
    switch (loses === 'some' ? random.pick(someFates) : loses) {
      case 'all':
        break
      case 'nothing':
        for (const change of changes) apply(this.#durable, change)
        break
      case 'prefix':
        applyPrefix(this.#durable, changes, random)
        break
      case 'pages':
        for (const change of changes) applyPages(this.#durable, change, random)
        break
    }
    // The length is metadata: it may reach the platter before the bytes, which then read as zeros.
    if (loses === 'some' && this.#durable.length < length && random.chance(0.25)) this.#durable.truncate(length)
    this.content = copy(this.#durable)
  }

  #add(change: Change): void {
    apply(this.content, change)
    this.#pending.push({ change, lostToError: false })
  }
}

function apply(bytes: ChunkedBytes, change: Change): void {
  if (change.kind === 'truncate') bytes.truncate(change.size)
  else bytes.write(change.position, change.bytes)
}

/** Whole changes from the first on, and of the one after them a torn beginning. */
function applyPrefix(bytes: ChunkedBytes, changes: readonly Change[], random: SimRandom): void {
  const kept = random.nextInt(changes.length + 1)
  for (const change of changes.slice(0, kept)) apply(bytes, change)
  const torn = changes[kept]
  if (torn?.kind !== 'write' || torn.bytes.length === 0) return
  bytes.write(torn.position, torn.bytes.subarray(0, random.nextInt(torn.bytes.length)))
}

/** Each page of a write by itself, as a cache that writes back in any order leaves it. */
function applyPages(bytes: ChunkedBytes, change: Change, random: SimRandom): void {
  if (change.kind === 'truncate') {
    if (random.chance(0.5)) bytes.truncate(change.size)
    return
  }
  for (let start = 0; start < change.bytes.length; ) {
    const position = change.position + start
    const end = Math.min(change.bytes.length, start + pageBytes - (position % pageBytes))
    if (random.chance(0.5)) bytes.write(position, change.bytes.subarray(start, end))
    start = end
  }
}

function copy(bytes: ChunkedBytes): ChunkedBytes {
  const result = new ChunkedBytes()
  if (bytes.length > 0) result.append(bytes.read(0, bytes.length))
  return result
}
