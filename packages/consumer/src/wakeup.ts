import type { Clock } from '@odradek/runtime'

/** What one consumer waits by: until something has happened, or the time is over. */
export class Wakeup {
  readonly #clock: Clock
  readonly #waiting = new Set<() => void>()
  #waits = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Wakes whoever waits. */
  wake(): void {
    for (const resolve of [...this.#waiting]) resolve()
  }

  /** Resolves after `delayMs`, whatever happens meanwhile. */
  sleep(delayMs: number): Promise<void> {
    this.#waits++
    return new Promise<void>((resolve) => this.#clock.setTimer(`consumer wait ${this.#waits}`, delayMs, resolve))
  }

  /** Resolves at the next `wake`, when the signal is aborted, or after `timeoutMs`. */
  wait(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise<void>((resolve) => {
      this.#waits++
      const timer = `consumer wait ${this.#waits}`
      const done = () => {
        this.#waiting.delete(done)
        this.#clock.cancelTimer(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal?.addEventListener('abort', done)
      this.#clock.setTimer(timer, timeoutMs, done)
    })
  }
}
