import type { Clock, Hooks } from '@odradek/runtime'
import type { ConsumerConfig } from '../config/consumer-config.ts'
import type { ConsumerEvents } from '../consumer-events.ts'
import type { ConsumerRecords } from '../consumer-records.ts'
import type { ConsumerCoordinator } from '../group/consumer-coordinator.ts'
import type { PollOptions } from '../poll-loop.ts'
import type { SubscriptionState } from '../subscription-state.ts'
import type { TopicPartition } from '../topic-partition.ts'
import type { Wakeup } from '../wakeup.ts'
import type { Progress } from './record-source.ts'
import type { RunSource } from './run/run-source.ts'

/** The parts of a consumer that loops above `poll` use. */
export interface LoopSourceOptions<Key, Value> {
  readonly clock: Clock
  readonly hooks: Hooks<ConsumerEvents>
  readonly config: ConsumerConfig
  readonly subscriptions: SubscriptionState
  readonly wakeup: Wakeup
  readonly group: ConsumerCoordinator | undefined
  /** A poll that marks nothing as processed. */
  readonly poll: (options: PollOptions) => Promise<ConsumerRecords<Key, Value>>
  readonly isClosed: () => boolean
}

/** A consumer as its loops see it. */
export class LoopSource<Key, Value> implements RunSource<Key, Value> {
  readonly #options: LoopSourceOptions<Key, Value>
  readonly clock: Clock
  readonly hooks: Hooks<ConsumerEvents>
  readonly retryBackoffMs: number
  readonly maxPollIntervalMs: number
  readonly maxPollRecords: number

  constructor(options: LoopSourceOptions<Key, Value>) {
    this.#options = options
    const { clock, hooks, config } = options
    this.clock = clock
    this.hooks = hooks
    this.retryBackoffMs = config.retryBackoffMs
    this.maxPollIntervalMs = config.maxPollIntervalMs
    this.maxPollRecords = config.maxPollRecords
  }

  get isClosed(): boolean {
    return this.#options.isClosed()
  }

  next(options: PollOptions): Promise<ConsumerRecords<Key, Value>> {
    return this.#options.poll(options)
  }

  processed({ topic, partition, offset, leaderEpoch }: Progress): void {
    this.#options.subscriptions.markProcessedTo({ topic, partition }, offset, leaderEpoch)
  }

  reportBy(report: (() => void) | undefined): void {
    this.#options.subscriptions.reportProcessed = report
  }

  giveBack({ topic, partition, offset }: Progress): void {
    const state = this.#options.subscriptions.stateOf({ topic, partition })
    if (state?.position === undefined || state.position.offset <= offset) return
    const { processed, position } = state
    this.#options.subscriptions.seekUnvalidated({ topic, partition }, { ...position, offset })
    // To read something again does not undo what was processed before it.
    if (processed !== undefined) state.processed = processed
  }

  isPaused(partition: TopicPartition): boolean {
    return this.#options.subscriptions.stateOf(partition)?.isPaused === true
  }

  pause(partition: TopicPartition): void {
    if (this.#options.subscriptions.isAssigned(partition)) this.#options.subscriptions.pause(partition)
  }

  resume(partition: TopicPartition): void {
    if (this.#options.subscriptions.isAssigned(partition)) this.#options.subscriptions.resume(partition)
    this.#options.wakeup.wake()
  }

  beforeRevocation(drain: ((partitions: readonly TopicPartition[]) => Promise<void>) | undefined): void {
    const { group } = this.#options
    if (group !== undefined) group.beforeRevocation = drain
  }
}
