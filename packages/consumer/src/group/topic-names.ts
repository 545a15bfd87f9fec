import { zeroUuid } from '@odradek/protocol'
import { metadataRequest, metadataResponse } from '@odradek/protocol/messages'
import type { MembershipContext } from './membership-context.ts'

const metadataApi = { request: metadataRequest, response: metadataResponse }
/** The first version that can be asked by topic id alone. */
const asksByIdSince = 12

/**
 * The names of topics by their ids, which is how assignments name them. Those that are not in the metadata, as with a pattern that the broker
 * matches, are asked for, and are among the topics of the metadata from then on.
 */
export class TopicNames {
  readonly #context: MembershipContext
  readonly #names = new Map<string, string>()
  #isAsking = false

  constructor(context: MembershipContext) {
    this.#context = context
  }

  /** The name of a topic; undefined when it is not known. */
  of(topicId: string): string | undefined {
    return this.#names.get(topicId) ?? this.#look(topicId)
  }

  /** These are needed; metadata that has them tells so. */
  want(topicIds: readonly string[]): void {
    const { subscriptions, topics, core } = this.#context
    const missing = topicIds.filter((topicId) => this.of(topicId) === undefined)
    if (missing.length === 0) return
    if (subscriptions.re2jPattern === undefined) {
      core.metadata.requestUpdate()
      return
    }
    if (this.#isAsking) return
    this.#isAsking = true
    this.#ask(missing).then(
      (names) => {
        this.#isAsking = false
        topics.watch(names)
        core.metadata.requestUpdate()
      },
      () => {
        this.#isAsking = false
        this.#askLater(topicIds)
      },
    )
  }

  #look(topicId: string): string | undefined {
    for (const topic of this.#context.core.metadata.cluster.topics.values()) {
      if (topic.topicId !== topicId) continue
      this.#names.set(topicId, topic.topic)
      return topic.topic
    }
    return undefined
  }

  async #ask(topicIds: readonly string[]): Promise<string[]> {
    const { network, context } = this.#context.core
    const connection = await network.leastLoadedNode().connect()
    const version = connection.versionOf(metadataApi)
    const byId = version >= asksByIdSince
    const body = byId
      ? { topics: topicIds.map((topicId) => ({ topicId, name: null })), allowAutoTopicCreation: false }
      : { topics: null }
    const response = await connection.request(metadataApi, body, {
      timeoutMs: context.config.requestTimeoutMs,
      version,
    })
    const wanted = new Set(topicIds)
    const names: string[] = []
    for (const { name, topicId, errorCode } of response.topics) {
      if (errorCode !== 0 || name === null || topicId === zeroUuid || !wanted.has(topicId)) continue
      names.push(name)
    }
    return names
  }

  #askLater(topicIds: readonly string[]): void {
    const { waits, core } = this.#context
    waits.sleep(core.context.config.retryBackoffMaxMs).then(
      () => this.want(topicIds),
      () => undefined,
    )
  }
}
