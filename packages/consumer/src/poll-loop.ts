/**
 * One `poll`: what the group wants of the application, positions for partitions that have none, then records from the buffer, while the next
 * are asked for. When there are none it waits until something has happened: an answer, metadata, a position, a rebalance, or the time is
 * over. Nothing here is on a timer of its own, so who does not poll fetches nothing.
 */
import { type ClientCore, KafkaError } from '@odradek/client'
import type { Hooks } from '@odradek/runtime'
import type { ConsumerConfig } from './config/consumer-config.ts'
import type { ConsumerEvents } from './consumer-events.ts'
import type { ConsumerRecords } from './consumer-records.ts'
import { FetchBuffer } from './fetch/fetch-buffer.ts'
import { FetchCollector } from './fetch/fetch-collector.ts'
import { Fetcher } from './fetch/fetcher.ts'
import { OffsetFetcher } from './fetch/offset-fetcher.ts'
import type { TopicReaders } from './fetch/record-readers.ts'
import { SubscribedTopics } from './subscribed-topics.ts'
import type { SubscriptionState } from './subscription-state.ts'
import type { TopicPartition } from './topic-partition.ts'
import type { FetchPosition } from './topic-partition-state.ts'
import type { Wakeup } from './wakeup.ts'

/** What the loop asks of the consumer's group. */
export interface PolledGroup {
  /** What has to happen on the application's turn; undefined when there is nothing to do. @throws KafkaError */
  poll(): Promise<void> | undefined
  /** Gives partitions without a position their committed offsets, or marks them for a reset. @throws KafkaError */
  fetchCommittedOffsets(): Promise<void>
  /** What is waited for, in words; undefined when nothing is. */
  readonly waitsFor: string | undefined
}

/** What the loop is made with. */
export interface PollLoopOptions {
  readonly core: ClientCore
  readonly config: ConsumerConfig
  readonly hooks: Hooks<ConsumerEvents>
  readonly subscriptions: SubscriptionState
  readonly wakeup: Wakeup
  readonly readers: TopicReaders
  /** Undefined without `group.id`. */
  readonly group: PolledGroup | undefined
}

/** How long one `poll` may take. */
export interface PollOptions {
  /** Milliseconds to wait for records when there are none; 1,000 when left out. */
  readonly timeoutMs?: number | undefined
  /** Ends the wait with ABORTED. Kafka: `wakeup`. */
  readonly signal?: AbortSignal | undefined
}

/** So long records may be returned without a look at the network. */
const turnMs = 5
/** Up to so many records are worked on before a fetch could have brought more. */
const fewRecords = 32
/** Waiting is remarkable after so long without anything that came. */
const stallMs = 10_000

/** From the buffer to the application, again and again. */
export class PollLoop {
  readonly offsets: OffsetFetcher
  readonly topics: SubscribedTopics
  readonly #options: PollLoopOptions
  readonly #buffer = new FetchBuffer()
  readonly #collector: FetchCollector
  readonly #fetcher: Fetcher
  #isFetchingCommitted = false
  #failure: unknown
  #isClosed = false
  #turnBeganMs = 0
  #waitsSinceMs: number | undefined

  constructor(options: PollLoopOptions) {
    this.#options = options
    const { core, config, subscriptions, hooks, wakeup, readers } = options
    const context = { core, config, subscriptions, hooks, buffer: this.#buffer }
    const onProgress = () => wakeup.wake()
    this.#collector = new FetchCollector(context)
    this.#fetcher = new Fetcher({ ...context, readers, onProgress })
    this.offsets = new OffsetFetcher({ ...context, wakeup })
    this.topics = new SubscribedTopics({ core, config, subscriptions, onChange: onProgress })
  }

  /** Bytes that were fetched and not returned. */
  get bufferedBytes(): number {
    return this.#buffer.bytes
  }

  /**
   * Records as soon as there are any, none when the time is over.
   * @throws KafkaError ABORTED by the signal, and what the group, positions or fetches failed with
   */
  async poll<Key, Value>({ timeoutMs = 1_000, signal }: PollOptions): Promise<ConsumerRecords<Key, Value>> {
    const { group, wakeup } = this.#options
    const deadlineMs = this.#now() + timeoutMs
    let hasWaited = await this.#lookAtNetwork()
    for (;;) {
      if (signal?.aborted === true) throw new KafkaError('ABORTED', 'the poll was aborted', { cause: signal.reason })
      await group?.poll()
      this.updatePositions()
      const records = this.#collector.collect<Key, Value>()
      this.#fetchNext(records.count)
      if (records.nextOffsets.size > 0) {
        this.#waitsSinceMs = undefined
        return records
      }
      const leftMs = deadlineMs - this.#now()
      if (this.#isClosed || (leftMs <= 0 && hasWaited)) return records
      hasWaited = true
      if (leftMs <= 0) await this.#turn()
      else await wakeup.wait(Math.min(leftMs, stallMs), signal)
      this.#watch()
    }
  }

  /**
   * Begins whatever partitions without a valid position need.
   * @throws KafkaError what that failed with before, or NO_OFFSET_FOR_PARTITION
   */
  updatePositions(): void {
    const { subscriptions, group } = this.#options
    this.#throwFailures()
    if (subscriptions.hasAllFetchPositions) return
    this.offsets.validatePositionsIfNeeded()
    if (group === undefined) subscriptions.resetInitializingPositions()
    else if (!this.#isFetchingCommitted && subscriptions.initializingPartitions().length > 0)
      this.#fetchCommitted(group)
    this.offsets.resetPositionsIfNeeded()
  }

  /** The position of an assigned partition, looked up when there is none. @throws KafkaError API_TIMED_OUT, ILLEGAL_STATE */
  async awaitPosition(partition: TopicPartition, timeoutMs: number): Promise<FetchPosition> {
    const { subscriptions, wakeup } = this.#options
    const deadlineMs = this.#now() + timeoutMs
    for (;;) {
      const state = subscriptions.assignedState(partition)
      if (state.hasValidPosition) return state.position!
      this.updatePositions()
      const leftMs = deadlineMs - this.#now()
      if (leftMs <= 0) {
        const where = `${state.topic}-${state.partition}`
        const message = `no position of ${where} within ${timeoutMs} ms: it is ${state.fetchState.name}`
        throw new KafkaError('API_TIMED_OUT', message, { context: { topic: state.topic, partition: state.partition } })
      }
      await wakeup.wait(leftMs)
    }
  }

  /** Fetches no more; a poll that waits returns. */
  close(): void {
    this.#isClosed = true
    this.#fetcher.close()
    this.offsets.close()
    this.#buffer.clear()
    this.#options.wakeup.wake()
  }

  /** A few records are waited for, and are returned first: to write the next fetch takes longer than to return them. */
  #fetchNext(returned: number): void {
    if (returned === 0 || returned > fewRecords) this.#fetcher.sendFetches()
    else this.#options.core.context.clock.afterTurn(() => this.#fetcher.sendFetches())
  }

  #fetchCommitted(group: PolledGroup): void {
    this.#isFetchingCommitted = true
    this.#fetcher.connectAhead()
    group
      .fetchCommittedOffsets()
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        this.#isFetchingCommitted = false
        this.#options.wakeup.wake()
      })
      .catch(() => undefined)
  }

  #throwFailures(): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
    this.topics.throwFailure()
    this.offsets.throwFailure()
  }

  /** Who polls in a tight loop must not keep answers and heartbeats out. */
  async #lookAtNetwork(): Promise<boolean> {
    if (this.#now() - this.#turnBeganMs < turnMs) return false
    await this.#turn()
    return true
  }

  async #turn(): Promise<void> {
    const { clock } = this.#options.core.context
    await new Promise<void>((resolve) => clock.afterTurn(resolve))
    this.#turnBeganMs = this.#now()
  }

  /** Tells what is waited for when that has lasted. */
  #watch(): void {
    const waitsFor = this.#waitsFor()
    const nowMs = this.#now()
    if (waitsFor === undefined || this.#waitsSinceMs === undefined) {
      this.#waitsSinceMs = waitsFor === undefined ? undefined : nowMs
      return
    }
    const sinceMs = nowMs - this.#waitsSinceMs
    if (sinceMs < stallMs) return
    const { hooks, core } = this.#options
    this.#waitsSinceMs = nowMs
    core.context.logger.warn('the consumer gets nowhere', { waitsFor, sinceMs })
    hooks.emit('stalled', { waitsFor, sinceMs })
  }

  #waitsFor(): string | undefined {
    const { group, subscriptions, core } = this.#options
    if (group?.waitsFor !== undefined) return group.waitsFor
    for (const { topic, partition, fetchState } of subscriptions.partitions) {
      if (fetchState.name !== 'FETCHING') return `the position of ${topic}-${partition} (${fetchState.name})`
      if (fetchState.position.currentLeader.leaderId === -1) {
        return `a leader of ${topic}-${partition}: ${core.metadata.lastFailure?.message ?? 'the metadata name none'}`
      }
    }
    return this.#fetcher.waitsFor
  }

  #now(): number {
    return this.#options.core.context.clock.monotonicMs()
  }
}
