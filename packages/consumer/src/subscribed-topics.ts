import { type ClientCore, KafkaError } from '@odradek/client'
import { errorByCode } from '@odradek/protocol'
import type { ConsumerConfig } from './config/consumer-config.ts'
import { leaderOf } from './fetch/topic-metadata.ts'
import type { SubscriptionState } from './subscription-state.ts'

/** What the topics are watched with. */
export interface SubscribedTopicsOptions {
  readonly core: ClientCore
  readonly config: ConsumerConfig
  readonly subscriptions: SubscriptionState
  readonly onChange: () => void
}

/** Errors of a topic that are told to the application; one that does not exist may come to be. */
const toldErrors: ReadonlySet<string> = new Set(['TOPIC_AUTHORIZATION_FAILED', 'INVALID_TOPIC_EXCEPTION'])

/**
 * Keeps the subscription and the metadata in step: a pattern's topics as the cluster has them, the leaders of all positions, and what the
 * cluster refuses to tell. Kafka: `ConsumerMetadata`.
 */
export class SubscribedTopics {
  readonly #options: SubscribedTopicsOptions
  #failure: KafkaError | undefined

  constructor(options: SubscribedTopicsOptions) {
    this.#options = options
    const { metadata } = options.core
    metadata.onUpdate(() => this.#updated())
    metadata.onFailure((error) => {
      this.#failure = error
      options.onChange()
    })
  }

  /** What the metadata have to tell since the last call. @throws KafkaError */
  throwFailure(): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
  }

  /** Takes the topics that match the pattern from what is known. */
  matchPattern(): void {
    const { core, config, subscriptions } = this.#options
    if (subscriptions.type !== 'auto-pattern') return
    const matching: string[] = []
    for (const { topic, isInternal } of core.metadata.cluster.topics.values()) {
      if (isInternal && config.excludeInternalTopics) continue
      if (subscriptions.matchesPattern(topic)) matching.push(topic)
    }
    subscriptions.subscribeFromPattern(matching)
  }

  #updated(): void {
    const { core, subscriptions, onChange } = this.#options
    this.matchPattern()
    subscriptions.validateLeaders((partition) => leaderOf(core.metadata, partition))
    for (const [topic, code] of core.metadata.cluster.topicErrors) {
      if (!toldErrors.has(errorByCode(code).name) || !subscriptions.metadataTopics.has(topic)) continue
      this.#failure = KafkaError.fromCode(code, { topic, api: 'Metadata' })
    }
    onChange()
  }
}
