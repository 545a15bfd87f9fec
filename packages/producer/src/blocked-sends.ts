/**
 * Records that wait for the metadata of their topic or for `buffer.memory`, in the order in which they were given for each topic, up to
 * `max.block.ms`. One timer serves all.
 */
import { asKafkaError, type ClientCore, KafkaError } from '@odradek/client'
import type { Hooks } from '@odradek/runtime'
import type { ProducerConfig } from './config/producer-config.ts'
import type { ProducerEvents } from './producer-events.ts'
import type { PendingRecord, TopicState } from './topic-state.ts'

/** What waiting needs. */
export interface BlockedSendsOptions {
  readonly core: ClientCore
  readonly config: ProducerConfig
  readonly hooks: Hooks<ProducerEvents>
  /** Puts a record into its batch; false when it still has to wait. */
  readonly place: (topic: TopicState, pending: PendingRecord) => boolean
  /** Somebody waits for memory: what is there has to go out. */
  readonly onMemoryWanted: () => void
  /** Some may wait no more. */
  readonly onSettled: () => void
}

/** The records of one producer that have no place yet. */
export class BlockedSends {
  readonly #options: BlockedSendsOptions
  readonly #topics = new Set<TopicState>()
  #timerMs = Number.POSITIVE_INFINITY

  constructor(options: BlockedSendsOptions) {
    this.#options = options
    const { metadata } = options.core
    metadata.onUpdate(() => this.#metadataUpdated())
    metadata.onFailure((error) => this.fail(() => error))
  }

  /** Whether a record waits that was given before a flush. */
  has(order: number): boolean {
    for (const { blocked } of this.#topics) if (blocked.some((pending) => pending.order <= order)) return true
    return false
  }

  /** How many records wait. */
  get size(): number {
    let size = 0
    for (const { blocked } of this.#topics) size += blocked.length
    return size
  }

  /** Fails all and stops the timer. */
  close(error: KafkaError): void {
    this.fail(() => error)
    this.#options.core.context.clock.cancelTimer('producer blocked')
  }

  /** A record has to wait: for its topic to be known, or for memory. */
  add(topic: TopicState, pending: PendingRecord, signal: AbortSignal | undefined): void {
    const deadlineMs = this.#options.core.context.clock.monotonicMs() + this.#options.config.maxBlockMs
    const abort = () => {
      topic.blocked.splice(topic.blocked.indexOf(blocked), 1)
      const error = new KafkaError('ABORTED', `aborted while waiting for ${reason}`, { cause: signal?.reason })
      blocked.call.failed({ index: blocked.index, count: 1 }, error)
      this.#waited(blocked, topic, 'failed')
      this.#options.onSettled()
    }
    const stopWatching = () => signal?.removeEventListener('abort', abort)
    const reason = this.#lacksMetadata(topic, pending) ? 'metadata' : 'memory'
    const blocked: PendingRecord = { ...pending, deadlineMs, reason, stopWatching }
    topic.blocked.push(blocked)
    this.#topics.add(topic)
    const { hooks } = this.#options
    if (hooks.has('sendBlocked')) hooks.emit('sendBlocked', { topic: topic.topic, reason })
    if (reason === 'metadata') this.#askForMetadata(topic)
    else this.#options.onMemoryWanted()
    this.#watch(deadlineMs)
    signal?.addEventListener('abort', abort, { once: true })
  }

  #lacksMetadata(topic: TopicState, { partition }: PendingRecord): boolean {
    return topic.partitionCount === 0 || (partition ?? 0) >= topic.partitionCount
  }

  #askForMetadata(topic: TopicState): void {
    this.#options.core.metadata.touch(topic.topic)
    this.#options.core.metadata.requestUpdate()
  }

  /** Places what waited, in its order, as far as it goes now. */
  retry(): void {
    for (const topic of this.#topics) {
      let placed = 0
      for (const pending of topic.blocked) {
        try {
          if (!this.#options.place(topic, pending)) break
          this.#waited(pending, topic, 'placed')
        } catch (error) {
          pending.call.failed({ index: pending.index, count: 1 }, asKafkaError(error, 'INVALID_RECORD'))
          this.#waited(pending, topic, 'failed')
        }
        pending.stopWatching?.()
        placed++
      }
      topic.blocked.splice(0, placed)
      const first = topic.blocked[0]
      if (first === undefined) this.#topics.delete(topic)
      else if (this.#lacksMetadata(topic, first)) this.#askForMetadata(topic)
    }
  }

  #metadataUpdated(): void {
    const { topicErrors } = this.#options.core.metadata.cluster
    for (const topic of this.#topics) {
      const code = topicErrors.get(topic.topic)
      if (code === undefined) continue
      const error = KafkaError.fromCode(code, { topic: topic.topic })
      if (!error.retriable) this.fail((_, blocked) => (blocked === topic ? error : undefined))
    }
    this.#options.onSettled()
  }

  #watch(deadlineMs: number): void {
    if (deadlineMs >= this.#timerMs) return
    const { clock } = this.#options.core.context
    this.#timerMs = deadlineMs
    clock.setTimer('producer blocked', Math.max(0, deadlineMs - clock.monotonicMs()), () => {
      this.#timerMs = Number.POSITIVE_INFINITY
      const now = clock.monotonicMs()
      this.fail((pending, topic) => (pending.deadlineMs <= now ? this.#timedOut(topic, pending) : undefined))
      for (const { blocked } of this.#topics) if (blocked[0] !== undefined) this.#watch(blocked[0].deadlineMs)
      this.#options.onSettled()
    })
  }

  #timedOut(topic: TopicState, pending: PendingRecord): KafkaError {
    const { maxBlockMs, bufferMemory } = this.#options.config
    const { metadata } = this.#options.core
    const context = { topic: topic.topic, partition: pending.partition }
    const after = `after ${maxBlockMs} ms (maxBlockMs)`
    if (!this.#lacksMetadata(topic, pending)) {
      const message = `no memory for another batch of ${topic.topic} ${after}: all ${bufferMemory} bytes of bufferMemory are taken`
      return new KafkaError('MAX_BLOCK_TIMED_OUT', message, { context })
    }
    const code = metadata.cluster.topicErrors.get(topic.topic)
    const cause = code === undefined ? metadata.lastFailure : KafkaError.fromCode(code, { topic: topic.topic })
    const why =
      topic.partitionCount > 0
        ? `it has ${topic.partitionCount} partitions, and no partition ${pending.partition}`
        : (cause?.message ?? 'no broker has answered')
    const message = `topic ${topic.topic} is not in the metadata ${after}: ${why}`
    return new KafkaError('MAX_BLOCK_TIMED_OUT', message, { cause, context })
  }

  /** Fails what `reason` gives an error for. */
  fail(reason: (pending: PendingRecord, topic: TopicState) => KafkaError | undefined): void {
    for (const topic of this.#topics) {
      const failed: [PendingRecord, KafkaError][] = []
      const kept: PendingRecord[] = []
      for (const pending of topic.blocked) {
        const error = reason(pending, topic)
        if (error === undefined) kept.push(pending)
        else failed.push([pending, error])
      }
      topic.blocked.splice(0, topic.blocked.length, ...kept)
      if (kept.length === 0) this.#topics.delete(topic)
      for (const [pending, error] of failed) {
        pending.stopWatching?.()
        pending.call.failed({ index: pending.index, count: 1 }, error)
        this.#waited(pending, topic, error.code === 'MAX_BLOCK_TIMED_OUT' ? 'timed-out' : 'failed')
      }
    }
  }

  #waited(
    { reason = 'metadata' }: PendingRecord,
    { topic }: TopicState,
    outcome: ProducerEvents['sendUnblocked']['outcome'],
  ): void {
    const { hooks } = this.#options
    if (hooks.has('sendUnblocked')) hooks.emit('sendUnblocked', { topic, reason, outcome })
  }
}
