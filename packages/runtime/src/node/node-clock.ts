import type { Clock } from '../clock.ts'

/** Node fires a longer timer at once. */
const longestTimeoutMs = 2 ** 31 - 1

/** How a `NodeClock` is made. */
export interface NodeClockOptions {
  /** True lets the process end while timers are pending. Default false. */
  readonly unref?: boolean
}

/** The host's time. A timer never fires before its delay has passed on `monotonicMs`. */
export class NodeClock implements Clock {
  readonly #timers = new Map<string, Timer>()
  readonly #unref: boolean

  constructor(options: NodeClockOptions = {}) {
    this.#unref = options.unref ?? false
  }

  now(): number {
    return Date.now()
  }

  monotonicMs(): number {
    return performance.now()
  }

  setTimer(key: string, delayMs: number, callback: () => void): void {
    this.cancelTimer(key)
    const timer: Timer = { key, dueMs: performance.now() + delayMs, callback, immediate: undefined, timeout: undefined }
    this.#timers.set(key, timer)
    if (delayMs > 0) this.#wait(timer, delayMs)
    else this.#onNextTurn(timer)
  }

  cancelTimer(key: string): void {
    const timer = this.#timers.get(key)
    if (timer === undefined) return
    this.#timers.delete(key)
    clearImmediate(timer.immediate)
    clearTimeout(timer.timeout)
  }

  afterTurn(callback: () => void): void {
    setImmediate(callback)
  }

  /** Cancels every timer, so that nothing of this clock keeps the process alive. */
  cancelAll(): void {
    for (const key of [...this.#timers.keys()]) this.cancelTimer(key)
  }

  #wait(timer: Timer, delayMs: number): void {
    timer.timeout = setTimeout(() => this.#due(timer), Math.min(Math.ceil(delayMs), longestTimeoutMs))
    if (this.#unref) timer.timeout.unref()
  }

  #onNextTurn(timer: Timer): void {
    timer.immediate = setImmediate(() => this.#fire(timer))
    if (this.#unref) timer.immediate.unref()
  }

  /** Node counts whole milliseconds from the start of a turn, so it may be a little early; a very long delay comes in parts. */
  #due(timer: Timer): void {
    const leftMs = timer.dueMs - performance.now()
    if (leftMs > 0) this.#wait(timer, leftMs)
    else this.#fire(timer)
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer.key)
    timer.callback()
  }
}

interface Timer {
  readonly key: string
  readonly dueMs: number
  readonly callback: () => void
  immediate: NodeJS.Immediate | undefined
  timeout: NodeJS.Timeout | undefined
}
