import type { Clock } from '../clock.ts'
import type { Scheduled, Timeline } from './timeline.ts'

/** Virtual time, as one process of one node sees it. */
export class SimClock implements Clock {
  /** How far this node's wall clock is ahead of the world's (negative: behind), in milliseconds. May be set at any time. */
  skewMs: number
  readonly #timeline: Pick<Timeline, 'startMs' | 'elapsedMs' | 'schedule'>
  readonly #name: string
  readonly #timers = new Map<string, Scheduled>()
  #stopped = false

  constructor(
    timeline: Pick<Timeline, 'startMs' | 'elapsedMs' | 'schedule'>,
    options: { readonly name?: string; readonly skewMs?: number } = {},
  ) {
    this.#timeline = timeline
    this.#name = options.name ?? 'clock'
    this.skewMs = options.skewMs ?? 0
  }

  now(): number {
    return Math.floor(this.#timeline.startMs + this.#timeline.elapsedMs + this.skewMs)
  }

  monotonicMs(): number {
    return this.#timeline.elapsedMs
  }

  setTimer(key: string, delayMs: number, callback: () => void): void {
    this.cancelTimer(key)
    if (this.#stopped) return
    const scheduled = this.#timeline.schedule(delayMs, `${this.#name} timer ${key}`, () => {
      this.#timers.delete(key)
      callback()
    })
    this.#timers.set(key, scheduled)
  }

  cancelTimer(key: string): void {
    this.#timers.get(key)?.cancel()
    this.#timers.delete(key)
  }

  afterTurn(callback: () => void): void {
    if (this.#stopped) return
    this.#timeline.schedule(0, `${this.#name} after turn`, () => {
      if (!this.#stopped) callback()
    })
  }

  /** The process is dead: no timer fires any more. */
  stop(): void {
    this.#stopped = true
    for (const key of [...this.#timers.keys()]) this.cancelTimer(key)
  }
}
