import type { Clock } from '@odradek/runtime'

/**
 * Work gathered over one turn of the event loop: partitions that were appended to are written once, at its end, however many
 * requests and connections appended. Whoever needs the write waits for `end`.
 */
export class Turn {
  readonly #clock: Clock
  readonly #dirty = new Set<() => void>()
  #waiting: (() => void)[] = []
  #scheduled = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Runs `write` once at the end of the turn; the same function counts once. */
  add(write: () => void): void {
    this.#dirty.add(write)
    this.#schedule()
  }

  /** Calls back after the turn's writes were made, in the order of the calls. */
  whenWritten(callback: () => void): void {
    this.#waiting.push(callback)
    this.#schedule()
  }

  /** Makes the turn's writes at once; for shutdown. */
  flush(): void {
    const writes = [...this.#dirty]
    this.#dirty.clear()
    for (const write of writes) write()
    const waiting = this.#waiting
    this.#waiting = []
    for (const callback of waiting) callback()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#clock.afterTurn(() => {
      this.#scheduled = false
      this.flush()
    })
  }
}
