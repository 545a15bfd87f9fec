/**
 * Finds offsets: where partitions begin that have none (`auto.offset.reset`), whether the log up to a position is still what it was after the
 * leader has changed (KIP-320), and what the application asks for by timestamp. Resets and validations go on by themselves and put what they
 * find into the subscription; what went wrong with them is told by the next `poll`. Kafka: `OffsetFetcher`.
 */
import { asKafkaError, KafkaError } from '@odradek/client'
import { errorByCode } from '@odradek/protocol'
import {
  type OffsetForLeaderEpochResponse,
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '@odradek/protocol/messages'
import type { AutoOffsetResetStrategy } from '../config/auto-offset-reset.ts'
import { LogTruncationError } from '../log-truncation-error.ts'
import { groupByTopic, type OffsetAndTimestamp, PartitionMap, type TopicPartition } from '../topic-partition.ts'
import type { FetchPosition, TopicPartitionState } from '../topic-partition-state.ts'
import type { Wakeup } from '../wakeup.ts'
import type { FetchContext } from './fetch-collector.ts'
import { earliestTimestamp, latestTimestamp, listOffsets } from './list-offsets.ts'
import { awaitTopic, leaderOf } from './topic-metadata.ts'

const offsetForLeaderEpochApi = { request: offsetForLeaderEpochRequest, response: offsetForLeaderEpochResponse }
const retryTimer = 'consumer positions'
const unknownOffset = -1
const unknownEpoch = -1

/** What an offset fetcher is made with. */
export interface OffsetFetcherOptions extends Pick<FetchContext, 'core' | 'config' | 'subscriptions' | 'hooks'> {
  /** Woken when positions were found, or may be asked for again. */
  readonly wakeup: Wakeup
}

/** A position and the partition that waits for it to be confirmed. */
interface Validation {
  readonly state: TopicPartitionState
  readonly position: FetchPosition
}

/** Asks for offsets. */
export class OffsetFetcher {
  readonly #options: OffsetFetcherOptions
  #failure: KafkaError | undefined

  constructor(options: OffsetFetcherOptions) {
    this.#options = options
  }

  /** What a reset or validation failed with since the last call. @throws KafkaError */
  throwFailure(): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
  }

  /** Tries nothing again. */
  close(): void {
    this.#options.core.context.clock.cancelTimer(retryTimer)
  }

  /** Begins to look up the offsets of partitions that wait for one. */
  resetPositionsIfNeeded(): void {
    const { subscriptions, core } = this.#options
    const strategies = new Map<TopicPartitionState, AutoOffsetResetStrategy>()
    for (const state of subscriptions.partitionsNeedingReset(this.#now())) {
      if (state.fetchState.name !== 'AWAIT_RESET') continue
      // The metadata that bring a leader bring the next try as well.
      if (leaderOf(core.metadata, state).leaderId === -1) core.metadata.requestUpdate()
      else strategies.set(state, state.fetchState.strategy)
    }
    if (strategies.size === 0) return
    const states = [...strategies.keys()]
    this.#holdBack(states, this.#options.config.requestTimeoutMs)
    this.#resetPositions(strategies).then(
      () => this.#options.wakeup.wake(),
      (error: unknown) => this.#failed(states, error),
    )
  }

  /** Begins to validate positions whose leader has changed. */
  validatePositionsIfNeeded(): void {
    const { subscriptions, config } = this.#options
    const byLeader = new Map<number, Validation[]>()
    for (const state of subscriptions.partitionsNeedingValidation(this.#now())) {
      const position = state.position!
      const validations = byLeader.get(position.currentLeader.leaderId) ?? []
      byLeader.set(position.currentLeader.leaderId, [...validations, { state, position }])
    }
    for (const [leaderId, validations] of byLeader) {
      const states = validations.map(({ state }) => state)
      this.#holdBack(states, config.requestTimeoutMs)
      this.#validate(leaderId, validations).then(
        () => this.#options.wakeup.wake(),
        (error: unknown) => {
          if (error instanceof KafkaError && error.code === 'UNSUPPORTED_VERSION') {
            // A broker this old cannot tell, and the position has to be believed.
            for (const state of states) state.completeValidation()
            this.#options.wakeup.wake()
          } else this.#failed(states, error)
        },
      )
    }
  }

  /**
   * Offsets by timestamp, asked for until all partitions have answered.
   * @throws KafkaError API_TIMED_OUT, or what no retry mends
   */
  async offsetsByTimestamp(
    timestamps: PartitionMap<number>,
    timeoutMs: number,
  ): Promise<PartitionMap<OffsetAndTimestamp | null>> {
    const { core, config } = this.#options
    const deadlineMs = this.#now() + timeoutMs
    const found = new PartitionMap<OffsetAndTimestamp | null>()
    let asked = timestamps
    for (;;) {
      for (const { topic, partition } of asked.keys()) {
        await awaitTopic(core, topic, { timeoutMs: Math.max(0, deadlineMs - this.#now()), partition })
      }
      const listed = await listOffsets({ core, config }, asked)
      for (const [partition, offset] of listed.found) found.set(partition, offset)
      if (listed.retry.size === 0) return found
      const leftMs = deadlineMs - this.#now()
      const [[first, cause]] = listed.retry as Iterable<readonly [TopicPartition, KafkaError]> as [
        readonly [TopicPartition, KafkaError],
      ]
      if (leftMs <= 0) {
        const where = `${first.topic}-${first.partition}`
        const message = `no offset of ${where} within ${timeoutMs} ms: ${cause.message}`
        throw new KafkaError('API_TIMED_OUT', message, { cause, context: first })
      }
      asked = new PartitionMap([...listed.retry.keys()].map((partition) => [partition, timestamps.get(partition)!]))
      await this.#options.wakeup.sleep(Math.min(leftMs, config.retryBackoffMs))
    }
  }

  async #resetPositions(strategies: ReadonlyMap<TopicPartitionState, AutoOffsetResetStrategy>): Promise<void> {
    const { core, config } = this.#options
    const timestamps = new PartitionMap<number>()
    for (const [state, strategy] of strategies) timestamps.set(state, this.#timestampOf(strategy))
    const { found, retry } = await listOffsets({ core, config }, timestamps)
    const beyond: TopicPartitionState[] = []
    for (const [state, strategy] of strategies) {
      const offset = found.get(state)
      if (offset === undefined) continue
      if (offset === null) beyond.push(state)
      else this.#resetPosition(state, strategy, offset)
    }
    // No record is that young: the end it is.
    if (beyond.length > 0) {
      const ends = await listOffsets(
        { core, config },
        new PartitionMap(beyond.map((state) => [state, latestTimestamp])),
      )
      for (const state of beyond) {
        const end = ends.found.get(state)
        if (end) this.#resetPosition(state, strategies.get(state)!, end)
        else retry.set(state, ends.retry.get(state) ?? new KafkaError('OFFSET_NOT_AVAILABLE', 'the log has no end'))
      }
    }
    this.#retryLater([...strategies.keys()].filter((state) => retry.has(state)))
  }

  #timestampOf(strategy: AutoOffsetResetStrategy): number {
    if (strategy.kind === 'earliest') return earliestTimestamp
    return strategy.kind === 'by_duration'
      ? this.#options.core.context.clock.now() - strategy.durationMs
      : latestTimestamp
  }

  /** Takes the offset unless something else was decided meanwhile. Kafka: `maybeSeekUnvalidated`. */
  #resetPosition(state: TopicPartitionState, strategy: AutoOffsetResetStrategy, found: OffsetAndTimestamp): void {
    const { subscriptions, core, hooks } = this.#options
    const { fetchState } = state
    if (!subscriptions.isCurrent(state) || fetchState.name !== 'AWAIT_RESET' || fetchState.strategy !== strategy) return
    const { topic, partition } = state
    const { offset, leaderEpoch } = found
    state.seekUnvalidated({ offset, offsetEpoch: leaderEpoch, currentLeader: leaderOf(core.metadata, state) })
    if (strategy.kind !== 'none') hooks.emit('positionReset', { topic, partition, offset, reason: strategy.kind })
  }

  async #validate(leaderId: number, validations: readonly Validation[]): Promise<void> {
    const { core } = this.#options
    const node = core.network.node(leaderId)
    if (node === undefined) throw new KafkaError('LEADER_NOT_AVAILABLE', `broker ${leaderId} is not in the metadata`)
    const topics = groupByTopic(validations, ({ state }) => state.topic)
    const response = await core.network.request(node, offsetForLeaderEpochApi, {
      topics: [...topics].map(([topic, rows]) => ({
        topic,
        partitions: rows.map(({ state, position }) => ({
          partition: state.partition,
          currentLeaderEpoch: position.currentLeader.leaderEpoch,
          leaderEpoch: position.offsetEpoch ?? unknownEpoch,
        })),
      })),
    })
    for (const validation of validations) this.#takeEndOffset(validation, response)
  }

  #takeEndOffset({ state, position }: Validation, { topics }: OffsetForLeaderEpochResponse): void {
    const { subscriptions, core } = this.#options
    // A seek, a reset or another leader has made the question moot.
    if (!subscriptions.isCurrent(state) || state.position !== position) return
    const answer = topics
      .find(({ topic }) => topic === state.topic)
      ?.partitions.find(({ partition }) => partition === state.partition)
    const { topic, partition } = state
    const error = answer === undefined ? 'UNKNOWN_SERVER_ERROR' : errorByCode(answer.errorCode).name
    if (error === 'TOPIC_AUTHORIZATION_FAILED') throw new KafkaError(error, error, { context: { topic, partition } })
    if (answer === undefined || error !== 'NONE') {
      core.metadata.requestUpdate()
      this.#retryLater([state])
      return
    }
    const { endOffset, leaderEpoch } = answer
    const isUnknown = endOffset === unknownOffset || leaderEpoch === unknownEpoch
    if (!isUnknown && endOffset >= position.offset) state.completeValidation()
    else this.#truncated(state, position, isUnknown ? undefined : { offset: endOffset, leaderEpoch })
  }

  #truncated(
    state: TopicPartitionState,
    position: FetchPosition,
    end: { readonly offset: number; readonly leaderEpoch: number } | undefined,
  ): void {
    const { subscriptions, hooks, core } = this.#options
    const { topic, partition } = state
    core.context.logger.warn('the log was cut off before the position', {
      topic,
      partition,
      offset: position.offset,
      ...end,
    })
    if (!subscriptions.hasDefaultOffsetResetPolicy) {
      const { offset, offsetEpoch: leaderEpoch } = position
      const divergent = end === undefined ? null : { topic, partition, ...end }
      this.#retryLater([state])
      throw new LogTruncationError({ topic, partition, offset, leaderEpoch }, divergent)
    }
    if (end === undefined) {
      state.requestReset(subscriptions.defaultResetStrategy)
      return
    }
    state.seekValidated({ ...position, offset: end.offset, offsetEpoch: end.leaderEpoch })
    hooks.emit('positionReset', { topic, partition, offset: end.offset, reason: 'truncated' })
  }

  /** No further try before then; an answer that comes or fails earlier says otherwise. */
  #holdBack(states: readonly TopicPartitionState[], delayMs: number): void {
    for (const state of states) state.nextRetryMs = this.#now() + delayMs
  }

  /** The next try comes by itself after the back-off. */
  #retryLater(states: readonly TopicPartitionState[]): void {
    if (states.length === 0) return
    const { config, core, wakeup } = this.#options
    this.#holdBack(states, config.retryBackoffMs)
    core.context.clock.setTimer(retryTimer, config.retryBackoffMs, () => wakeup.wake())
  }

  #failed(states: readonly TopicPartitionState[], cause: unknown): void {
    const { core, wakeup } = this.#options
    const error = asKafkaError(cause, 'PROTOCOL_VIOLATION')
    this.#retryLater(states.filter((state) => !state.hasValidPosition))
    core.metadata.requestUpdate()
    if (!error.retriable) this.#failure ??= error
    wakeup.wake()
  }

  #now(): number {
    return this.#options.core.context.clock.monotonicMs()
  }
}
