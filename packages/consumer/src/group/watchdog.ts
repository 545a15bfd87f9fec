import type { Clock } from '@odradek/runtime'

/** What a watchdog is made with. */
export interface WatchdogOptions {
  readonly clock: Clock
  /** What is waited for, undefined for nothing. */
  readonly waitsFor: () => string | undefined
  /** The same thing is waited for since `sinceMs`; told again while it lasts. */
  readonly onStalled: (waitsFor: string, sinceMs: number) => void
}

const timer = 'watchdog'
const intervalMs = 5_000

/** Tells what is waited for when nothing goes on for ten seconds or more, so that nothing stalls silently. */
export class Watchdog {
  readonly #options: WatchdogOptions
  #last: string | undefined
  #sinceMs = 0
  #isRunning = false

  constructor(options: WatchdogOptions) {
    this.#options = options
  }

  /** Begins to look; calling it again changes nothing. */
  start(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#schedule()
  }

  /** Looks no more. */
  stop(): void {
    this.#isRunning = false
    this.#last = undefined
    this.#options.clock.cancelTimer(timer)
  }

  #schedule(): void {
    const { clock } = this.#options
    clock.setTimer(timer, intervalMs, () => {
      this.#look(clock.monotonicMs())
      this.#schedule()
    })
  }

  #look(nowMs: number): void {
    const waitsFor = this.#options.waitsFor()
    if (waitsFor === undefined || waitsFor !== this.#last) {
      this.#last = waitsFor
      this.#sinceMs = nowMs
      return
    }
    const sinceMs = nowMs - this.#sinceMs
    if (sinceMs >= 2 * intervalMs) this.#options.onStalled(waitsFor, sinceMs)
  }
}
