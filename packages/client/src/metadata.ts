/**
 * What this client knows of the cluster, and its refreshing: when a topic is wanted that is not known, when an answer shows that something
 * has changed, and after `metadata.max.age.ms`. One refresh is under way at a time; failures are retried with back-off, and when no known
 * broker answers the client begins from its bootstrap servers again (KIP-899, KIP-1102).
 */
import { errorByCode, errors } from '@odradek/protocol'
import { metadataRequest, metadataResponse } from '@odradek/protocol/messages'
import { backoffMs } from './backoff.ts'
import type { ClientContext } from './client-context.ts'
import {
  type ClusterMetadata,
  emptyClusterMetadata,
  type LeaderUpdate,
  type TopicMetadata,
  withLeader,
  withMetadataResponse,
} from './cluster-metadata.ts'
import { asKafkaError, KafkaError } from './kafka-error.ts'
import type { NetworkClient } from './network-client.ts'

const metadataApi = { request: metadataRequest, response: metadataResponse }

/** How the metadata of a client is made. */
export interface MetadataOptions {
  readonly context: ClientContext
  readonly network: NetworkClient
  /** Topics that nobody asked for during so many milliseconds are forgotten (`metadata.max.idle.ms`). */
  readonly maxIdleMs: number
  /** Whether asking for a topic may create it, as producers do. */
  readonly allowAutoTopicCreation: boolean
  /** The topics to ask for beside those that somebody waits or asked for; `all` for every topic there is. */
  readonly topics?: (() => Iterable<string> | 'all') | undefined
}

/** How long to wait for a topic. */
export interface AwaitTopicOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Waits until the topic has that partition, too. */
  readonly partition?: number | undefined
}

interface Waiter {
  readonly topic: string
  readonly partition: number
  readonly settle: (outcome: TopicMetadata | KafkaError) => void
}

/** The topics, partitions and leaders of a cluster as far as a client wants to know them. */
export class Metadata {
  readonly #options: MetadataOptions
  readonly #wanted = new Map<string, number>()
  readonly #waiters = new Set<Waiter>()
  readonly #listeners = new Set<() => void>()
  readonly #failureListeners = new Set<(error: KafkaError) => void>()
  #cluster: ClusterMetadata = emptyClusterMetadata
  #state: 'idle' | 'waiting' | 'asking' | 'closed' = 'idle'
  #askAgain = false
  #failures = 0
  #waits = 0
  #lastFailure: KafkaError | undefined
  #lastUpdateMs: number
  /** Until when no refresh begins: one follows the other no sooner than `retry.backoff.ms`. */
  #notBeforeMs = 0

  constructor(options: MetadataOptions) {
    this.#options = options
    this.#lastUpdateMs = options.context.clock.monotonicMs()
  }

  /** What is known now. */
  get cluster(): ClusterMetadata {
    return this.#cluster
  }

  /** Milliseconds since the cluster last told anything, or since this was made. */
  get ageMs(): number {
    return this.#now() - this.#lastUpdateMs
  }

  /** Calls `listener` after each change. */
  onUpdate(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Calls `listener` when a refresh failed in a way that no retry will mend: authentication, versions. */
  onFailure(listener: (error: KafkaError) => void): void {
    this.#failureListeners.add(listener)
  }

  /** Why the last refresh failed; undefined when it did not. */
  get lastFailure(): KafkaError | undefined {
    return this.#lastFailure
  }

  /** What is known of a topic. */
  topic(name: string): TopicMetadata | undefined {
    return this.#cluster.topics.get(name)
  }

  /** Keeps the topic from being forgotten. */
  touch(name: string): void {
    this.#wanted.set(name, this.#now())
  }

  /**
   * Waits until the topic is known.
   * @throws KafkaError what the cluster says of the topic when a retry cannot mend it; UNKNOWN_TOPIC_OR_PARTITION, MAX_BLOCK_TIMED_OUT
   * when the time is over; ABORTED by the signal
   */
  awaitTopic(name: string, options: AwaitTopicOptions): Promise<TopicMetadata> {
    this.touch(name)
    const known = this.#found(name, options.partition ?? 0)
    if (known !== undefined) return Promise.resolve(known)
    return new Promise<TopicMetadata>((resolve, reject) => {
      const { clock } = this.#options.context
      const { signal, timeoutMs, partition = 0 } = options
      this.#waits++
      const timer = `metadata wait ${this.#waits}`
      const settle = (outcome: TopicMetadata | KafkaError) => {
        this.#waiters.delete(waiter)
        clock.cancelTimer(timer)
        signal?.removeEventListener('abort', abort)
        if (outcome instanceof Error) reject(outcome)
        else resolve(outcome)
      }
      const waiter: Waiter = { topic: name, partition, settle }
      const abort = () =>
        settle(new KafkaError('ABORTED', 'aborted while waiting for metadata', { cause: signal?.reason }))
      if (this.#state === 'closed') return settle(new KafkaError('CLIENT_CLOSED', 'the client is closed'))
      if (signal?.aborted === true) return abort()
      this.#waiters.add(waiter)
      signal?.addEventListener('abort', abort)
      clock.setTimer(timer, timeoutMs, () => settle(this.#timedOut(waiter, timeoutMs)))
      this.requestUpdate()
    })
  }

  /** Asks the cluster soon. */
  requestUpdate(): void {
    if (this.#state === 'closed') return
    if (this.#state === 'asking') this.#askAgain = true
    else if (this.#state === 'idle') this.#schedule(Math.max(0, this.#notBeforeMs - this.#now()))
  }

  /** Takes over a leader that a broker told; false when it was not news. */
  updateLeader(update: LeaderUpdate): boolean {
    const cluster = withLeader(this.#cluster, update)
    if (cluster === undefined) return false
    this.#take(cluster)
    return true
  }

  /** Ends all refreshing; who waits is told. */
  close(): void {
    this.#state = 'closed'
    const { clock } = this.#options.context
    clock.cancelTimer('metadata refresh')
    clock.cancelTimer('metadata age')
    for (const waiter of [...this.#waiters]) waiter.settle(new KafkaError('CLIENT_CLOSED', 'the client was closed'))
    this.#listeners.clear()
  }

  #schedule(delayMs: number): void {
    this.#state = 'waiting'
    const ask = () => {
      this.#refresh().then(
        () => this.#afterRefresh(),
        (error: unknown) => this.#failed(asKafkaError(error, 'PROTOCOL_VIOLATION')),
      )
    }
    if (delayMs > 0) this.#options.context.clock.setTimer('metadata refresh', delayMs, ask)
    else ask()
  }

  async #refresh(): Promise<void> {
    this.#state = 'asking'
    this.#askAgain = false
    const { network, allowAutoTopicCreation } = this.#options
    this.#forgetIdle()
    const wanted = this.#options.topics?.() ?? []
    const names = wanted === 'all' ? null : [...new Set([...this.#wanted.keys(), ...wanted])]
    const topics = names?.map((name) => ({ name })) ?? null
    const node = network.leastLoadedNode()
    const connection = await node.connect()
    const timeoutMs = this.#options.context.config.requestTimeoutMs
    const version = connection.versionOf(metadataApi)
    const body = version < 4 ? { topics } : { topics, allowAutoTopicCreation }
    const response = await connection.request(metadataApi, body, { timeoutMs, version })
    if (this.#isClosed()) return
    if (response.errorCode !== 0) throw KafkaError.fromCode(response.errorCode, { api: 'Metadata' })
    if (response.brokers.length === 0) throw new KafkaError('BROKER_NOT_AVAILABLE', 'the metadata has no brokers in it')
    this.#failures = 0
    this.#lastUpdateMs = this.#now()
    this.#lastFailure = undefined
    this.#take(withMetadataResponse(this.#cluster, response, names === null))
  }

  #afterRefresh(): void {
    if (this.#isClosed()) return
    this.#state = 'idle'
    const { context } = this.#options
    const { retryBackoffMs, metadataMaxAgeMs } = context.config
    this.#notBeforeMs = this.#now() + retryBackoffMs
    if (this.#askAgain || this.#waiters.size > 0) this.requestUpdate()
    else context.clock.setTimer('metadata age', metadataMaxAgeMs, () => this.requestUpdate())
  }

  #failed(error: KafkaError): void {
    if (this.#isClosed()) return
    const { context, network } = this.#options
    const { config, hooks, random } = context
    this.#lastFailure = error
    const retryInMs = backoffMs(this.#failures, {
      initialMs: config.retryBackoffMs,
      maxMs: config.retryBackoffMaxMs,
      random,
    })
    this.#failures++
    hooks.emit('metadataFailed', { reason: error.message, retryInMs })
    const mayRebootstrap = config.metadataRecoveryStrategy === 'rebootstrap'
    const required = mayRebootstrap && error.code === errors.REBOOTSTRAP_REQUIRED.name
    if (mayRebootstrap && this.#cluster.brokers.size > 0) {
      const tooOld = this.#now() - this.#lastUpdateMs >= config.metadataRecoveryRebootstrapTriggerMs
      if (network.isUnreachable || tooOld || required) this.#rebootstrap(error.message)
    }
    // What no retry can mend is told to who waits; somebody who asks later tries again.
    if (!error.retriable && !required) {
      for (const waiter of [...this.#waiters]) waiter.settle(error)
      for (const listener of this.#failureListeners) listener(error)
    }
    this.#schedule(retryInMs)
  }

  #rebootstrap(reason: string): void {
    const { context, network } = this.#options
    this.#lastUpdateMs = this.#now()
    this.#cluster = { ...this.#cluster, brokers: new Map() }
    network.rebootstrap()
    context.hooks.emit('rebootstrapped', { reason })
  }

  #take(cluster: ClusterMetadata): void {
    const { context, network } = this.#options
    this.#cluster = cluster
    network.setBrokers(cluster.brokers.values(), cluster.clusterId)
    for (const waiter of [...this.#waiters]) this.#settleIfKnown(waiter)
    if (context.hooks.has('metadataUpdated')) {
      const { clusterId, brokers, topics } = cluster
      context.hooks.emit('metadataUpdated', { clusterId, brokers: brokers.size, topics: topics.size })
    }
    for (const listener of this.#listeners) listener()
  }

  #settleIfKnown(waiter: Waiter): void {
    const known = this.#found(waiter.topic, waiter.partition)
    if (known !== undefined) {
      waiter.settle(known)
      return
    }
    const code = this.#cluster.topicErrors.get(waiter.topic)
    if (code !== undefined && !errorByCode(code).retriable) {
      waiter.settle(KafkaError.fromCode(code, { topic: waiter.topic }))
    }
  }

  #found(name: string, partition: number): TopicMetadata | undefined {
    const topic = this.#cluster.topics.get(name)
    return topic !== undefined && partition < topic.partitions.length ? topic : undefined
  }

  #timedOut({ topic, partition }: Waiter, timeoutMs: number): KafkaError {
    const code = this.#cluster.topicErrors.get(topic)
    const known = this.#cluster.topics.get(topic)
    const why =
      known !== undefined
        ? `it has ${known.partitions.length} partitions, and no partition ${partition}`
        : code !== undefined
          ? errorByCode(code).message
          : (this.#lastFailure?.message ?? 'no broker has answered')
    const message = `topic ${topic} is not in the metadata after ${timeoutMs} ms (maxBlockMs): ${why}`
    return new KafkaError('MAX_BLOCK_TIMED_OUT', message, { cause: this.#lastFailure, context: { topic } })
  }

  #forgetIdle(): void {
    const oldest = this.#now() - this.#options.maxIdleMs
    const waitedFor = new Set([...this.#waiters].map(({ topic }) => topic))
    for (const [name, usedMs] of this.#wanted) {
      if (usedMs >= oldest || waitedFor.has(name)) continue
      this.#wanted.delete(name)
      const topics = new Map(this.#cluster.topics)
      topics.delete(name)
      this.#cluster = { ...this.#cluster, topics }
    }
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  #now(): number {
    return this.#options.context.clock.monotonicMs()
  }
}
