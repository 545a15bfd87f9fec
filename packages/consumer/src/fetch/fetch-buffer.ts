import type { TopicPartitionState } from '../topic-partition-state.ts'
import type { CompletedFetch } from './completed-fetch.ts'

interface Link {
  readonly fetch: CompletedFetch
  next: Link | undefined
}

/**
 * What was fetched and not returned yet: a linked queue, in the order in which it came. A partition that is in it is not fetched again, so
 * it holds at most one answer of each partition, and is bounded by `fetch.max.bytes` times the brokers. Kafka: `FetchBuffer`.
 */
export class FetchBuffer {
  #first: Link | undefined
  #last: Link | undefined
  readonly #partitions = new Set<TopicPartitionState>()
  /** Bytes of records that wait to be returned. */
  bytes = 0

  get isEmpty(): boolean {
    return this.#first === undefined
  }

  /** The fetch whose turn it is. */
  peek(): CompletedFetch | undefined {
    return this.#first?.fetch
  }

  add(fetch: CompletedFetch): void {
    const link: Link = { fetch, next: undefined }
    if (this.#last === undefined) this.#first = link
    else this.#last.next = link
    this.#last = link
    this.#partitions.add(fetch.state)
    this.bytes += fetch.sizeInBytes
  }

  /** Takes the first fetch out. */
  poll(): CompletedFetch | undefined {
    const link = this.#first
    if (link === undefined) return undefined
    this.#first = link.next
    if (this.#first === undefined) this.#last = undefined
    this.#partitions.delete(link.fetch.state)
    this.bytes -= link.fetch.sizeInBytes
    return link.fetch
  }

  /** Whether something of the partition waits. */
  has(state: TopicPartitionState): boolean {
    return this.#partitions.has(state)
  }

  /** Drops what is not wanted any more. */
  retain(isWanted: (fetch: CompletedFetch) => boolean): void {
    const kept: CompletedFetch[] = []
    for (let link = this.#first; link !== undefined; link = link.next) if (isWanted(link.fetch)) kept.push(link.fetch)
    this.clear()
    for (const fetch of kept) this.add(fetch)
  }

  clear(): void {
    this.#first = undefined
    this.#last = undefined
    this.#partitions.clear()
    this.bytes = 0
  }
}
