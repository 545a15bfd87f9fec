import { DirectoryNode } from '../memory/file-tree.ts'
import type { SimInode } from './sim-inode.ts'
import type { SimRandom } from './sim-random.ts'

export type SimEntry = SimInode | DirectoryNode<SimInode>

/** One name of one directory that now leads to another entry, or to none. */
export interface NameEdit {
  readonly directory: DirectoryNode<SimInode>
  readonly name: string
  readonly entry: SimEntry | undefined
}

/**
 * The names of a simulated disk: the tree that processes see, what each directory surely has on the platter, and the changes
 * between the two in order. A change is atomic (a rename never leaves both names or none), and the changes of one directory reach
 * the platter in their order, but those of different directories do not wait for each other. A file's own `sync` says nothing
 * about its name: that takes `syncDirectory`.
 */
export class SimNames {
  readonly root: DirectoryNode<SimInode>
  readonly #durable = new WeakMap<DirectoryNode<SimInode>, Map<string, SimEntry>>()
  #pending: (readonly NameEdit[])[] = []

  constructor(modifiedMs: number) {
    this.root = new DirectoryNode(modifiedMs)
  }

  /** Makes the edits as one step, seen by processes at once. */
  change(edits: readonly NameEdit[]): void {
    for (const { directory, name, entry } of edits) {
      if (entry === undefined) directory.entries.delete(name)
      else directory.entries.set(name, entry)
    }
    this.#pending.push(edits)
  }

  /** The directory's pending changes, with those of other directories that must come before them; a sync makes just these durable. */
  pendingOf(directory: DirectoryNode<SimInode>): ReadonlySet<object> {
    const directories = new Set([directory])
    const found = new Set<object>()
    for (const edits of this.#pending.toReversed()) {
      if (!edits.some((edit) => directories.has(edit.directory))) continue
      found.add(edits)
      for (const edit of edits) directories.add(edit.directory)
    }
    return found
  }

  makeDurable(changes: ReadonlySet<object>): void {
    for (const edits of this.#pending) if (changes.has(edits)) this.#apply(edits)
    this.#pending = this.#pending.filter((edits) => !changes.has(edits))
  }

  /** The power fails: the tree becomes what the platter holds, with a part of the pending changes that chance decides. */
  crash(random: SimRandom, loses: 'some' | 'all' | 'nothing'): void {
    const lossRate = { all: 1, nothing: 0, some: random.pick([0, 0.05, 0.5, 1]) }[loses]
    const broken = new Set<DirectoryNode<SimInode>>()
    for (const edits of this.#pending) {
      if (edits.some(({ directory }) => broken.has(directory)) || random.chance(lossRate)) {
        for (const { directory } of edits) broken.add(directory)
      } else {
        this.#apply(edits)
      }
    }
    this.#pending = []
    this.#restore(this.root)
  }

  #apply(edits: readonly NameEdit[]): void {
    for (const { directory, name, entry } of edits) {
      const entries = this.#durableOf(directory)
      if (entry === undefined) entries.delete(name)
      else entries.set(name, entry)
    }
  }

  #restore(directory: DirectoryNode<SimInode>): void {
    directory.entries.clear()
    for (const [name, entry] of this.#durableOf(directory)) {
      directory.entries.set(name, entry)
      if (entry instanceof DirectoryNode) this.#restore(entry)
    }
  }

  #durableOf(directory: DirectoryNode<SimInode>): Map<string, SimEntry> {
    const entries = this.#durable.get(directory) ?? new Map()
    this.#durable.set(directory, entries)
    return entries
  }
}
