/**
 * What a broker remembers of the fetches of this consumer (KIP-227). The first request names every partition; the broker keeps them under a
 * session id, and further requests name only what changed since: partitions with another offset, new ones, and those to forget. The epoch
 * counts the requests, so that a request that got lost is noticed. When anything goes wrong a full request begins a new session in place of
 * the old one. Kafka: `FetchSessionHandler`, `FetchMetadata`.
 */
import { type Input, zeroUuid } from '@odradek/protocol'
import type { FetchRequest, FetchResponse } from '@odradek/protocol/messages'

/** One partition as it is asked for. */
export interface PartitionFetch {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly fetchOffset: number
  readonly currentLeaderEpoch: number
  readonly partitionMaxBytes: number
}

/** What a session adds to a Fetch request. */
export type SessionRequest = Pick<
  Input<FetchRequest>,
  'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'
> & { readonly sessionId: number; readonly sessionEpoch: number }

const noSession = 0
const initialEpoch = 0
const finalEpoch = -1
const maxEpoch = 0x7fff_ffff

/** The session with one broker. */
export class FetchSession {
  #sessionId = noSession
  #epoch = initialEpoch
  #usesTopicIds = true
  #partitions = new Map<string, PartitionFetch>()

  /** A request for these partitions and no others. */
  build(fetches: readonly PartitionFetch[]): SessionRequest {
    const usesTopicIds = fetches.every(({ topicId }) => topicId !== zeroUuid)
    // Names and ids do not mix within a session.
    if (this.#epoch !== initialEpoch && usesTopicIds !== this.#usesTopicIds) this.#epoch = initialEpoch
    this.#usesTopicIds = usesTopicIds
    const before = this.#partitions
    this.#partitions = new Map(fetches.map((fetch) => [keyOf(fetch), fetch]))
    const header = { sessionId: this.#sessionId, sessionEpoch: this.#epoch }
    if (this.#epoch === initialEpoch) return { ...header, topics: byTopic(fetches), forgottenTopicsData: [] }
    const changed = fetches.filter((fetch) => !isSame(before.get(keyOf(fetch)), fetch))
    const forgotten = [...before.values()].filter((fetch) => {
      const now = this.#partitions.get(keyOf(fetch))
      return now === undefined || now.topicId !== fetch.topicId
    })
    return { ...header, topics: byTopic(changed), forgottenTopicsData: forgottenByTopic(forgotten) }
  }

  /** Whether the last request named topics by their ids. */
  get usesTopicIds(): boolean {
    return this.#usesTopicIds
  }

  /** What was asked for under a name or id; undefined when it was not. */
  asked(topic: string, topicId: string, partition: number): PartitionFetch | undefined {
    return this.#partitions.get(`${this.#usesTopicIds ? topicId : topic}-${partition}`)
  }

  /** All that was asked for. */
  get partitions(): Iterable<PartitionFetch> {
    return this.#partitions.values()
  }

  /** Goes on as the broker answered; false when the answer does not fit, and is to be thrown away. */
  handleResponse(response: FetchResponse): boolean {
    if (response.errorCode !== 0) {
      this.reset()
      return false
    }
    if (this.#epoch === initialEpoch && !this.#isFull(response)) {
      this.reset()
      return false
    }
    this.#sessionId = response.sessionId
    this.#epoch = response.sessionId === noSession ? initialEpoch : this.#epoch === maxEpoch ? 1 : this.#epoch + 1
    return true
  }

  /** The broker forgot the session. */
  forget(): void {
    this.#sessionId = noSession
    this.#epoch = initialEpoch
  }

  /** An answer did not come: the next request ends the session and begins another. */
  reset(): void {
    this.#epoch = initialEpoch
  }

  /** The request that ends the session; undefined when there is none. */
  end(): SessionRequest | undefined {
    if (this.#sessionId === noSession) return undefined
    return { sessionId: this.#sessionId, sessionEpoch: finalEpoch, topics: [], forgottenTopicsData: [] }
  }

  #isFull(response: FetchResponse): boolean {
    let answered = 0
    for (const { topic, topicId, partitions } of response.responses) {
      for (const { partitionIndex } of partitions) {
        if (this.asked(topic, topicId, partitionIndex) === undefined) return false
        answered++
      }
    }
    return answered === this.#partitions.size || response.sessionId === noSession
  }

  /** How a partition is known in this session. */
  static keyOf(fetch: PartitionFetch): string {
    return keyOf(fetch)
  }
}

function keyOf({ topic, topicId, partition }: PartitionFetch): string {
  return `${topicId === zeroUuid ? topic : topicId}-${partition}`
}

function isSame(before: PartitionFetch | undefined, now: PartitionFetch): boolean {
  return (
    before !== undefined &&
    before.fetchOffset === now.fetchOffset &&
    before.currentLeaderEpoch === now.currentLeaderEpoch &&
    before.partitionMaxBytes === now.partitionMaxBytes
  )
}

/** Runs of partitions of one topic, in the order in which they are to be served. */
function byTopic(fetches: readonly PartitionFetch[]): Input<FetchRequest>['topics'] {
  const topics: { topic: string; topicId: string; partitions: PartitionFetch[] }[] = []
  for (const fetch of fetches) {
    const last = topics.at(-1)
    if (last !== undefined && last.topic === fetch.topic && last.topicId === fetch.topicId) last.partitions.push(fetch)
    else topics.push({ topic: fetch.topic, topicId: fetch.topicId, partitions: [fetch] })
  }
  return topics
}

function forgottenByTopic(fetches: readonly PartitionFetch[]): Input<FetchRequest>['forgottenTopicsData'] {
  return byTopic(fetches)?.map(({ topic = '', topicId = zeroUuid, partitions = [] }) => ({
    topic,
    topicId,
    partitions: partitions.map(({ partition = 0 }) => partition),
  }))
}
