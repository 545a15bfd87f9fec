/** One partition of a fetch as the client asked for it; offsets and sizes as in the Fetch request. */
export interface FetchRequestPartition {
  /** Given by name up to version 12, by id from version 13. */
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly fetchOffset: number
  readonly currentLeaderEpoch: number
  readonly lastFetchedEpoch: number
  readonly logStartOffset: number
  readonly maxBytes: number
}

/** A partition that an incremental session remembers, with what the client was last told about it. */
export interface SessionPartition {
  request: FetchRequestPartition
  highWatermark: number
  logStartOffset: number
}

/** The parts of a partition's answer that decide whether it has to be told again. */
export interface SessionAnswer {
  readonly incremental: boolean
  readonly errorCode: number
  readonly hasRecords: boolean
  readonly hasDivergingEpoch: boolean
  readonly highWatermark: number
  readonly logStartOffset: number
}

/** The partition's identity in a session. */
export function sessionKey(partition: {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
}): string {
  return `${partition.topic}/${partition.topicId}/${partition.partition}`
}

/**
 * An incremental fetch session (KIP-227): the client names a partition once, later only what it changes, and is told only of
 * partitions that have something new. Partitions that were served go to the back, so that none starves behind a full one.
 */
export class FetchSession {
  readonly id: number
  /** True when the client names topics by id (version 13 and later); it may not switch within a session. */
  readonly usesTopicIds: boolean
  readonly #partitions = new Map<string, SessionPartition>()
  epoch = 1
  lastUsedMs: number
  readonly createdMs: number

  constructor(id: number, options: { readonly usesTopicIds: boolean; readonly now: number }) {
    this.id = id
    this.usesTopicIds = options.usesTopicIds
    this.createdMs = options.now
    this.lastUsedMs = options.now
  }

  get size(): number {
    return this.#partitions.size
  }

  /** Partitions in the order they are served. */
  partitions(): readonly FetchRequestPartition[] {
    return [...this.#partitions.values()].map((partition) => partition.request)
  }

  /** Adds and changes what a request names and forgets what it no longer wants. */
  update(
    requested: readonly FetchRequestPartition[],
    forgotten: readonly { readonly topic: string; readonly topicId: string; readonly partition: number }[],
  ): void {
    for (const request of requested) {
      const key = sessionKey(request)
      const present = this.#partitions.get(key)
      if (present === undefined) this.#partitions.set(key, { request, highWatermark: -1, logStartOffset: -1 })
      else present.request = request
    }
    for (const partition of forgotten) this.#partitions.delete(sessionKey(partition))
  }

  /**
   * True when the answer says something the client does not know yet; notes it as told. An incremental answer with records moves
   * its partition to the back; a full one leaves the order that the client asked for.
   */
  tell(partition: FetchRequestPartition, answer: SessionAnswer): boolean {
    const key = sessionKey(partition)
    const known = this.#partitions.get(key)
    if (known === undefined) return true
    const changed = known.highWatermark !== answer.highWatermark || known.logStartOffset !== answer.logStartOffset
    known.highWatermark = answer.highWatermark
    known.logStartOffset = answer.logStartOffset
    if (answer.hasRecords && answer.incremental) {
      this.#partitions.delete(key)
      this.#partitions.set(key, known)
    }
    // An error is told again whenever it persists, since the client may have acted on it meanwhile.
    if (answer.errorCode !== 0) known.highWatermark = -1
    return changed || answer.hasRecords || answer.hasDivergingEpoch || answer.errorCode !== 0
  }
}

/** The epoch a client uses after `epoch`: it wraps to 1, since 0 asks for a new session. */
export function nextSessionEpoch(epoch: number): number {
  if (epoch < 0) return finalEpoch
  return epoch === 0x7fff_ffff ? 1 : epoch + 1
}

/** `session_epoch` that asks for a full fetch and a new session. */
export const initialEpoch = 0
/** `session_epoch` that asks for a full fetch without a session, and closes the session it names. */
export const finalEpoch = -1
