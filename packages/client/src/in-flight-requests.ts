import type { MessageType } from '@odradek/protocol'

/** A request that was written and whose response has not come. */
export interface InFlightRequest {
  readonly correlationId: number
  readonly api: string
  readonly version: number
  readonly sentMs: number
  readonly deadlineMs: number
  readonly response: MessageType<object>
  readonly resolve: (body: object) => void
  readonly reject: (error: Error) => void
}

/** The requests of one connection that wait for their responses, which come in the order of the requests. */
export class InFlightRequests {
  readonly #requests = new Map<number, InFlightRequest>()

  /** How many wait. */
  get size(): number {
    return this.#requests.size
  }

  /** A request was written. */
  add(request: InFlightRequest): void {
    this.#requests.set(request.correlationId, request)
  }

  /** Takes out the request that a response belongs to; undefined when none does. */
  take(correlationId: number): InFlightRequest | undefined {
    const request = this.#requests.get(correlationId)
    if (request !== undefined) this.#requests.delete(correlationId)
    return request
  }

  /** Takes all out, oldest first, when the connection is gone. */
  takeAll(): InFlightRequest[] {
    const all = [...this.#requests.values()]
    this.#requests.clear()
    return all
  }

  /** The earliest deadline, Infinity when nothing waits. */
  get earliestDeadlineMs(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const { deadlineMs } of this.#requests.values()) earliest = Math.min(earliest, deadlineMs)
    return earliest
  }

  /** A request whose deadline has passed. */
  expired(nowMs: number): InFlightRequest | undefined {
    for (const request of this.#requests.values()) if (request.deadlineMs <= nowMs) return request
    return undefined
  }
}
