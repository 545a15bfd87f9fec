import { errors } from '@odradek/protocol'
import type { Clock, Random } from '@odradek/runtime'
import {
  type FetchRequestPartition,
  FetchSession,
  finalEpoch,
  initialEpoch,
  nextSessionEpoch,
  sessionKey,
} from './fetch-session.ts'

/** What a Fetch request says about its session and partitions. */
export interface SessionRequest {
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly usesTopicIds: boolean
  readonly partitions: readonly FetchRequestPartition[]
  readonly forgotten: readonly { readonly topic: string; readonly topicId: string; readonly partition: number }[]
}

/** How a Fetch request is to be answered: what to read, and which session (null: none) to answer in. */
export type FetchContext =
  | { readonly errorCode: number }
  | {
      readonly partitions: readonly FetchRequestPartition[]
      /** Null when the client keeps no session or no slot is free. */
      readonly session: FetchSession | null
      /** A full answer tells every partition, an incremental one only what is new. */
      readonly incremental: boolean
    }

/** A session in use may lose its slot to a newer one after this long without a fetch. */
const minEvictionMs = 120_000

/**
 * The sessions of a broker, at most `max.incremental.fetch.session.cache.slots`. A client without a slot is served in full each
 * time, as one that asks for no session.
 */
export class FetchSessions {
  readonly #sessions = new Map<number, FetchSession>()
  readonly #clock: Clock
  readonly #random: Random
  readonly #slots: number

  constructor(options: { readonly clock: Clock; readonly random: Random; readonly slots: number }) {
    this.#clock = options.clock
    this.#random = options.random
    this.#slots = options.slots
  }

  get size(): number {
    return this.#sessions.size
  }

  /** Finds, makes, changes or closes the session the request is about. */
  open(request: SessionRequest): FetchContext {
    if (request.sessionEpoch === initialEpoch || request.sessionEpoch === finalEpoch) return this.#openFull(request)
    const session = this.#sessions.get(request.sessionId)
    if (session === undefined) return { errorCode: errors.FETCH_SESSION_ID_NOT_FOUND.code }
    if (session.usesTopicIds !== request.usesTopicIds) return { errorCode: errors.FETCH_SESSION_TOPIC_ID_ERROR.code }
    if (session.epoch !== request.sessionEpoch) return { errorCode: errors.INVALID_FETCH_SESSION_EPOCH.code }
    session.update(request.partitions, request.forgotten)
    if (session.size === 0) {
      this.#sessions.delete(session.id)
      return { partitions: [], session: null, incremental: false }
    }
    session.epoch = nextSessionEpoch(session.epoch)
    session.lastUsedMs = this.#clock.now()
    return { partitions: session.partitions(), session, incremental: true }
  }

  #openFull(request: SessionRequest): FetchContext {
    if (request.sessionId !== 0) this.#sessions.delete(request.sessionId)
    // A partition that is named twice counts once, with what was named last.
    const partitions = [...new Map(request.partitions.map((partition) => [sessionKey(partition), partition])).values()]
    if (request.sessionEpoch === finalEpoch || !this.#makeRoom()) {
      return { partitions, session: null, incremental: false }
    }
    const session = new FetchSession(this.#freeId(), { usesTopicIds: request.usesTopicIds, now: this.#clock.now() })
    session.update(partitions, [])
    this.#sessions.set(session.id, session)
    return { partitions, session, incremental: false }
  }

  #makeRoom(): boolean {
    if (this.#sessions.size < this.#slots) return true
    let stalest: FetchSession | undefined
    for (const session of this.#sessions.values()) {
      if (stalest === undefined || session.lastUsedMs < stalest.lastUsedMs) stalest = session
    }
    if (stalest === undefined || this.#clock.now() - stalest.lastUsedMs < minEvictionMs) return false
    return this.#sessions.delete(stalest.id)
  }

  #freeId(): number {
    for (;;) {
      const id = 1 + this.#random.nextInt(0x7fff_fffe)
      if (!this.#sessions.has(id)) return id
    }
  }
}
