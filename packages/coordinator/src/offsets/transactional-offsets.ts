import type { CommittedOffset, OffsetKey } from './committed-offsets.ts'

/** An offset that a transaction will commit, or not. */
export interface PendingOffset {
  readonly key: OffsetKey
  readonly committed: CommittedOffset
}

/**
 * Offsets committed within transactions that have not ended (KIP-98): they count when the transaction is committed, and are
 * forgotten when it is aborted. Until then a group that asks for stable offsets is told to wait (KIP-447).
 */
export class TransactionalOffsets {
  readonly #byProducer = new Map<number, Map<string, PendingOffset>>()

  add(producerId: number, pending: PendingOffset): void {
    const offsets = this.#byProducer.get(producerId) ?? new Map<string, PendingOffset>()
    this.#byProducer.set(producerId, offsets.set(textOf(pending.key), pending))
  }

  /** A tombstone takes the offset from every transaction. */
  delete(key: OffsetKey): void {
    for (const offsets of this.#byProducer.values()) offsets.delete(textOf(key))
  }

  /** Ends a producer's transaction, and tells what it would have committed. */
  end(producerId: number): readonly PendingOffset[] {
    const offsets = this.#byProducer.get(producerId)
    this.#byProducer.delete(producerId)
    return [...(offsets?.values() ?? [])]
  }

  isOpen(key: OffsetKey): boolean {
    if (this.#byProducer.size === 0) return false
    const text = textOf(key)
    return [...this.#byProducer.values()].some((offsets) => offsets.has(text))
  }

  /** What transactions would commit for a group; a partition may be named more than once. */
  *ofGroup(groupId: string): Generator<OffsetKey> {
    for (const offsets of this.#byProducer.values()) {
      for (const { key } of offsets.values()) if (key.group === groupId) yield key
    }
  }

  hasOpen(groupId: string): boolean {
    return this.ofGroup(groupId).next().done !== true
  }

  /** What transactions would commit for a topic. */
  *ofTopic(topic: string): Generator<PendingOffset> {
    for (const offsets of this.#byProducer.values()) {
      for (const pending of offsets.values()) if (pending.key.topic === topic) yield pending
    }
  }
}

function textOf({ group, topic, partition }: OffsetKey): string {
  return JSON.stringify([group, topic, partition])
}
