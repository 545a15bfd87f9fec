/**
 * Commits what was processed, every `auto.commit.interval.ms`. Processed is what the application has said to be done with by asking for
 * more, and a partition that is no longer assigned has no position here: so nothing is committed that another member may be reading, and
 * nothing before its time. A position that was committed is not committed again.
 */
import { asKafkaError, type ClientCore, type KafkaError } from '@odradek/client'
import type { ConsumerConfig } from '../config/consumer-config.ts'
import type { SubscriptionState } from '../subscription-state.ts'
import { type OffsetAndMetadata, PartitionMap, type TopicPartition } from '../topic-partition.ts'

/** What commits itself. */
export interface AutoCommitOptions {
  readonly core: ClientCore
  readonly config: ConsumerConfig
  readonly subscriptions: SubscriptionState
  readonly commit: (offsets: PartitionMap<OffsetAndMetadata>, timeoutMs: number) => Promise<void>
}

const timer = 'auto commit'

/** Kafka: `maybeAutoCommitOffsetsAsync`. */
export class AutoCommit {
  readonly #options: AutoCommitOptions
  #committed = new PartitionMap<number>()
  #isClosed = false

  constructor(options: AutoCommitOptions) {
    this.#options = options
    this.restart()
  }

  /** The interval begins anew, as after each assignment; what was committed before it does not count. */
  restart(): void {
    this.#committed = new PartitionMap()
    this.#schedule(this.#options.config.autoCommitIntervalMs)
  }

  /** Commits now what was processed of some partitions, or of all. @throws KafkaError */
  async commitNow(timeoutMs: number, partitions?: readonly TopicPartition[]): Promise<void> {
    const offsets = this.#processed(partitions)
    if (offsets.size === 0) return
    await this.#options.commit(offsets, timeoutMs)
    for (const [partition, { offset }] of offsets) this.#committed.set(partition, offset)
  }

  /** Commits no more. */
  close(): void {
    this.#isClosed = true
    this.#options.core.context.clock.cancelTimer(timer)
  }

  #schedule(delayMs: number): void {
    const { config, core } = this.#options
    if (this.#isClosed || !config.enableAutoCommit) return
    core.context.clock.setTimer(timer, delayMs, () => {
      this.commitNow(config.requestTimeoutMs).then(
        () => this.#schedule(config.autoCommitIntervalMs),
        (error: unknown) => this.#failed(asKafkaError(error, 'PROTOCOL_VIOLATION')),
      )
    })
  }

  #failed(error: KafkaError): void {
    const { config, core } = this.#options
    if (this.#isClosed) return
    core.context.logger.warn('offsets were not committed automatically', { reason: error.message })
    this.#schedule(error.retriable ? config.retryBackoffMs : config.autoCommitIntervalMs)
  }

  #processed(partitions: readonly TopicPartition[] | undefined): PartitionMap<OffsetAndMetadata> {
    const all = this.#options.subscriptions.allProcessed()
    const wanted = partitions === undefined ? all.keys() : partitions
    const offsets = new PartitionMap<OffsetAndMetadata>()
    for (const partition of wanted) {
      const processed = all.get(partition)
      if (processed !== undefined && this.#committed.get(partition) !== processed.offset)
        offsets.set(partition, processed)
    }
    return offsets
  }
}
