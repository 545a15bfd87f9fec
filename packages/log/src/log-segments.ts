import type { LogSegment } from './log-segment.ts'

/** The segments of a log in the order of their base offsets; the last one is the active one, which takes appends. */
export class LogSegments {
  #all: readonly LogSegment[] = []

  get all(): readonly LogSegment[] {
    return this.#all
  }

  /** The segment that takes appends. There always is one while the log is open. */
  get active(): LogSegment {
    return this.#all.at(-1) as LogSegment
  }

  get first(): LogSegment | undefined {
    return this.#all[0]
  }

  /** Bytes of all segments. */
  get sizeInBytes(): number {
    let size = 0
    for (const segment of this.#all) size += segment.size
    return size
  }

  /** The segment that holds `offset`: the last one whose base offset is not beyond it. */
  floor(offset: number): LogSegment | undefined {
    return this.#all[this.#floorIndex(offset)]
  }

  /** The segment after the one with that base offset. */
  higher(baseOffset: number): LogSegment | undefined {
    return this.#all[this.#floorIndex(baseOffset) + 1]
  }

  /** The segments that may hold offsets in `[from, to)`. */
  range(from: number, to: number): LogSegment[] {
    if (from >= to) return []
    const start = Math.max(0, this.#floorIndex(from))
    return this.#all.slice(start, this.#floorIndex(to - 1) + 1)
  }

  add(segment: LogSegment): void {
    this.replace([segment], [])
  }

  remove(removed: readonly LogSegment[]): void {
    this.replace([], removed)
  }

  /** Takes `added` in and `removed` out as one step; readers see either state. */
  replace(added: readonly LogSegment[], removed: readonly LogSegment[]): void {
    const gone = new Set(removed)
    this.#all = [...this.#all.filter((segment) => !gone.has(segment)), ...added].sort(
      (a, b) => a.baseOffset - b.baseOffset,
    )
  }

  #floorIndex(offset: number): number {
    let low = 0
    let high = this.#all.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#all[middle]!.baseOffset <= offset) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
