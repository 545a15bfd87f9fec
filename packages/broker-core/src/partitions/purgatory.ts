import type { Clock } from '@odradek/runtime'

/** An operation that cannot be answered yet. */
export interface DelayedOperation {
  /** Answers if it can now; true when it did (or the client is gone). Called again only when a watched key changed. */
  tryComplete(): boolean
  /** Answers with what there is: the time is up, or the broker closes. */
  expire(): void
}

/**
 * Requests that wait for partitions: fetches for records, produces for replicas. Keyed by partition and woken by `check`, so
 * nothing polls; each has a deadline. (Kafka's DelayedOperationPurgatory; one event loop needs no locks and no timer wheel.)
 */
export class Purgatory {
  readonly #clock: Clock
  readonly #name: string
  readonly #watchers = new Map<string, Set<Waiting>>()
  readonly #waiting = new Set<Waiting>()
  #nextId = 0

  /** `name` keeps the timer keys of several purgatories apart. */
  constructor(name: string, clock: Clock) {
    this.#name = name
    this.#clock = clock
  }

  /** Operations that wait at present. */
  get size(): number {
    return this.#waiting.size
  }

  /** Parks an operation that `tryComplete` could not answer, until a key changes or `delayMs` passes. Returns how to drop it. */
  park(operation: DelayedOperation, keys: readonly string[], delayMs: number): () => void {
    const waiting: Waiting = { operation, keys, timerKey: `${this.#name}-${this.#nextId++}` }
    this.#waiting.add(waiting)
    for (const key of keys) {
      const watchers = this.#watchers.get(key)
      if (watchers === undefined) this.#watchers.set(key, new Set([waiting]))
      else watchers.add(waiting)
    }
    this.#clock.setTimer(waiting.timerKey, delayMs, () => {
      if (this.#forget(waiting)) operation.expire()
    })
    return () => {
      this.#forget(waiting)
    }
  }

  /** Tells that something about the key changed. */
  check(key: string): void {
    const watchers = this.#watchers.get(key)
    if (watchers === undefined) return
    for (const waiting of [...watchers]) {
      if (this.#waiting.has(waiting) && waiting.operation.tryComplete()) this.#forget(waiting)
    }
  }

  /** Answers everything that waits, as if its time were up. */
  close(): void {
    for (const waiting of [...this.#waiting]) {
      if (this.#forget(waiting)) waiting.operation.expire()
    }
  }

  #forget(waiting: Waiting): boolean {
    if (!this.#waiting.delete(waiting)) return false
    this.#clock.cancelTimer(waiting.timerKey)
    for (const key of waiting.keys) {
      const watchers = this.#watchers.get(key)
      watchers?.delete(waiting)
      if (watchers?.size === 0) this.#watchers.delete(key)
    }
    return true
  }
}

interface Waiting {
  readonly operation: DelayedOperation
  readonly keys: readonly string[]
  readonly timerKey: string
}
