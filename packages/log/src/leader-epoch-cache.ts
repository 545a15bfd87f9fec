import type { Storage } from '@odradek/runtime'
import { CheckpointFile, CheckpointFormatError } from './checkpoint-file.ts'

/** The name of a partition's leader epoch file. */
export const leaderEpochCheckpointName = 'leader-epoch-checkpoint'

/** A leader epoch and the offset of the first record written under it. */
export interface EpochEntry {
  readonly epoch: number
  readonly startOffset: number
}

/** The answer to OffsetForLeaderEpoch; both -1 when nothing is known. */
export interface EpochEndOffset {
  readonly leaderEpoch: number
  readonly endOffset: number
}

const undefinedEpochEndOffset: EpochEndOffset = { leaderEpoch: -1, endOffset: -1 }

/**
 * Which leader epoch began at which offset (Kafka's `LeaderEpochFileCache`, KIP-101 and KIP-320), kept in
 * `leader-epoch-checkpoint`. Epochs and start offsets both grow from entry to entry: a new entry that contradicts older ones
 * replaces them, because what was written last is what the log holds.
 */
export class LeaderEpochCache {
  #entries: EpochEntry[]
  readonly #file: CheckpointFile<EpochEntry>

  /** Reads the file; one that cannot be read counts as empty, since recovery and new appends fill it again. */
  constructor(storage: Storage, directory: string) {
    this.#file = new CheckpointFile(storage, `${directory}/${leaderEpochCheckpointName}`, {
      print: ({ epoch, startOffset }) => `${epoch} ${startOffset}`,
      parse: parseEntry,
    })
    this.#entries = this.#read()
  }

  /** All entries, oldest first. */
  get entries(): readonly EpochEntry[] {
    return this.#entries
  }

  /** The newest epoch, or undefined when none is known. */
  get latestEpoch(): number | undefined {
    return this.#entries.at(-1)?.epoch
  }

  /** The newest entry. */
  get latestEntry(): EpochEntry | undefined {
    return this.#entries.at(-1)
  }

  /** The epoch before the newest. */
  get previousEpoch(): number | undefined {
    return this.#entries.at(-2)?.epoch
  }

  /**
   * Notes that records from `startOffset` were written under `epoch`, when that is news; the file is replaced then.
   * Entries that contradict it are dropped.
   */
  assign(epoch: number, startOffset: number): void {
    if (this.#assign(epoch, startOffset)) this.#write()
  }

  /** Like `assign` for many entries, with one write. */
  assignAll(entries: readonly EpochEntry[]): void {
    let changed = false
    for (const { epoch, startOffset } of entries) changed = this.#assign(epoch, startOffset) || changed
    if (changed) this.#write()
  }

  /** The epoch under which the record at `offset` was written. */
  epochForOffset(offset: number): number | undefined {
    return this.#entries.findLast((entry) => entry.startOffset <= offset)?.epoch
  }

  /**
   * The end offset of the largest epoch that is not beyond `requestedEpoch`, as OffsetForLeaderEpoch answers; `-1`s when the
   * request names an epoch newer than any known.
   */
  endOffsetFor(requestedEpoch: number, logEndOffset: number): EpochEndOffset {
    const latest = this.latestEpoch
    if (requestedEpoch < 0 || latest === undefined || requestedEpoch > latest) return undefinedEpochEndOffset
    if (requestedEpoch === latest) return { leaderEpoch: latest, endOffset: logEndOffset }
    const higher = this.#entries.find((entry) => entry.epoch > requestedEpoch) as EpochEntry
    const floor = this.#entries.findLast((entry) => entry.epoch <= requestedEpoch)
    return { leaderEpoch: floor?.epoch ?? requestedEpoch, endOffset: higher.startOffset }
  }

  /** Forgets epochs that begin at or after `endOffset`. */
  truncateFromEnd(endOffset: number): void {
    const kept = this.#entries.filter((entry) => entry.startOffset < endOffset)
    this.#replace(kept)
  }

  /** Forgets epochs that ended before `startOffset`; the one that covers it begins there now. */
  truncateFromStart(startOffset: number): void {
    const covering = this.#entries.findLastIndex((entry) => entry.startOffset <= startOffset)
    if (covering < 0) return
    const first = { epoch: (this.#entries[covering] as EpochEntry).epoch, startOffset }
    this.#replace([first, ...this.#entries.slice(covering + 1)])
  }

  /** Forgets everything. */
  clear(): void {
    this.#replace([])
  }

  #assign(epoch: number, startOffset: number): boolean {
    const latest = this.#entries.at(-1)
    if (latest !== undefined && latest.epoch === epoch && startOffset >= latest.startOffset) return false
    if (epoch < 0 || startOffset < 0) return false
    const kept = this.#entries.filter((entry) => entry.epoch < epoch && entry.startOffset < startOffset)
    this.#entries = [...kept, { epoch, startOffset }]
    return true
  }

  #read(): EpochEntry[] {
    try {
      return this.#file.read()
    } catch (error) {
      if (error instanceof CheckpointFormatError) return []
      throw error
    }
  }

  #replace(entries: EpochEntry[]): void {
    const same =
      entries.length === this.#entries.length &&
      entries.every((entry, i) => entry.startOffset === this.#entries[i]?.startOffset)
    if (same) return
    this.#entries = entries
    this.#write()
  }

  #write(): void {
    this.#file.write(this.#entries)
  }
}

function parseEntry(line: string): EpochEntry | undefined {
  const parts = /^(\d+) (\d+)$/.exec(line)
  return parts === null ? undefined : { epoch: Number(parts[1]), startOffset: Number(parts[2]) }
}
