import type { Clock } from '@odradek/runtime'

/** Where test clocks begin: 14 November 2023, 22:13:20 UTC. */
export const testStartMs = 1_700_000_000_000

/** A clock that stands still until the test moves it. Turns of the event loop are the host's. */
export class TestClock implements Clock {
  #now = testStartMs
  readonly #timers = new Map<string, { readonly at: number; readonly callback: () => void }>()

  now(): number {
    return this.#now
  }

  monotonicMs(): number {
    return this.#now - testStartMs
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

  /** Lets time pass; the timers that are due go off in their order, each followed by what it causes. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers.delete(due[0])
      this.#now = Math.max(this.#now, due[1].at)
      due[1].callback()
      await turns()
    }
    this.#now = end
    await turns()
  }

  /** Forgets all timers, as the end of the process does. */
  cancelAll(): void {
    this.#timers.clear()
  }
}

/** Lets everything happen that is under way and needs no time to pass. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}
