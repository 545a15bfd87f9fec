import type { Clock } from '@odradek/runtime'

/** What a poll timer is made with. */
export interface PollTimerOptions {
  readonly clock: Clock
  readonly maxPollIntervalMs: number
  /** Asks a poll that waits for records to come by, so that waiting is not taken for being late. */
  readonly onProbe: () => void
  readonly onExpired: (sinceMs: number) => void
}

const timer = 'max poll interval'
/** How long a waiting poll may take to answer the probe. */
const probeMs = 10

/** Watches that the application polls every `max.poll.interval.ms`. One timer, which looks at the time of the last poll when it fires. */
export class PollTimer {
  readonly #options: PollTimerOptions
  #lastPollMs = 0
  #state: 'idle' | 'running' | 'probing' = 'idle'

  constructor(options: PollTimerOptions) {
    this.#options = options
  }

  /** Whether a poll that waits is asked to come by. */
  get isProbing(): boolean {
    return this.#state === 'probing'
  }

  /** The application polls. */
  polled(): void {
    this.#lastPollMs = this.#options.clock.monotonicMs()
    if (this.#state === 'running') return
    this.#state = 'running'
    this.#schedule(this.#options.maxPollIntervalMs)
  }

  /** Watches no more until the next poll. */
  stop(): void {
    this.#state = 'idle'
    this.#options.clock.cancelTimer(timer)
  }

  #schedule(delayMs: number): void {
    this.#options.clock.setTimer(timer, delayMs, () => this.#look())
  }

  #look(): void {
    const { clock, maxPollIntervalMs, onProbe, onExpired } = this.#options
    const sinceMs = clock.monotonicMs() - this.#lastPollMs
    if (sinceMs < maxPollIntervalMs) {
      this.#state = 'running'
      // Less than a millisecond would be no time at all where clocks have fractions.
      this.#schedule(Math.max(1, maxPollIntervalMs - sinceMs))
      return
    }
    if (this.#state === 'probing') {
      this.#state = 'idle'
      onExpired(sinceMs)
      return
    }
    this.#state = 'probing'
    this.#schedule(probeMs)
    onProbe()
  }
}
