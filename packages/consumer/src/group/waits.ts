import { KafkaError } from '@odradek/client'
import type { Clock } from '@odradek/runtime'

/** What `within` answers when the time is over first. */
export const late = Symbol('late')

/** Waits of one owner, each on a timer of its own, all of which end when the owner does. */
export class Waits {
  readonly #clock: Clock
  readonly #name: string
  readonly #pending = new Map<string, (error: KafkaError) => void>()
  #count = 0
  #isClosed = false

  /** `name` has to be unique among the users of the clock. */
  constructor(clock: Clock, name: string) {
    this.#clock = clock
    this.#name = name
  }

  /** Waits so many milliseconds. @throws KafkaError CLIENT_CLOSED when the owner ends meanwhile */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closedError())
      const key = this.#nextKey()
      this.#pending.set(key, reject)
      this.#clock.setTimer(key, delayMs, () => {
        this.#pending.delete(key)
        resolve()
      })
    })
  }

  /** What the promise comes to, or `late` after so many milliseconds. */
  async within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | typeof late> {
    if (timeoutMs === Number.POSITIVE_INFINITY) return promise
    const key = this.#nextKey()
    const timeUp = new Promise<typeof late>((resolve) => {
      this.#clock.setTimer(key, Math.max(0, timeoutMs), () => resolve(late))
    })
    try {
      return await Promise.race([promise, timeUp])
    } finally {
      this.#clock.cancelTimer(key)
    }
  }

  /** Ends all waits of `sleep`. */
  close(): void {
    this.#isClosed = true
    for (const [key, reject] of this.#pending) {
      this.#clock.cancelTimer(key)
      reject(closedError())
    }
    this.#pending.clear()
  }

  #nextKey(): string {
    this.#count++
    return `${this.#name} wait ${this.#count}`
  }
}

function closedError(): KafkaError {
  return new KafkaError('CLIENT_CLOSED', 'the consumer was closed')
}
