import type { Clock } from '@odradek/runtime'

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  #now: number
  readonly #timers = new Map<string, { readonly at: number; readonly callback: () => void }>()

  constructor(now = 1_700_000_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonicMs(): number {
    return this.#now
  }

  setTimer(key: string, delayMs: number, callback: () => void): void {
    this.#timers.set(key, { at: this.#now + delayMs, callback })
  }

  cancelTimer(key: string): void {
    this.#timers.delete(key)
  }

  afterTurn(callback: () => void): void {
    setImmediate(callback)
  }

  /** Lets time pass and the timers that are due go off, in their order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers.delete(due[0])
      this.#now = Math.max(this.#now, due[1].at)
      due[1].callback()
    }
    this.#now = end
  }

  /** Keys of the timers that are set. */
  get timers(): string[] {
    return [...this.#timers.keys()]
  }
}
