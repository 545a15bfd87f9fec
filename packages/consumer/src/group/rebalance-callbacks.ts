import type { ClientContext } from '@odradek/client'
import type { Hooks } from '@odradek/runtime'
import type { ConsumerEvents } from '../consumer-events.ts'
import type { SubscriptionState } from '../subscription-state.ts'
import type { TopicPartition } from '../topic-partition.ts'

/** What the callbacks are called for. */
export interface RebalanceCallbacksOptions {
  readonly context: ClientContext
  readonly subscriptions: SubscriptionState
  readonly hooks: Hooks<ConsumerEvents>
}

/** What a callback threw; undefined when it ended well. */
export type CallbackFailure = { readonly thrown: unknown } | undefined

type Callback = 'onPartitionsRevoked' | 'onPartitionsAssigned' | 'onPartitionsLost'

/**
 * Calls the application when partitions come and go, and waits for it. What a callback throws is answered, so that the rebalance comes to
 * its end before `poll` throws it. Kafka: `ConsumerRebalanceListenerInvoker`.
 */
export class RebalanceCallbacks {
  readonly #options: RebalanceCallbacksOptions
  #running: Callback | undefined

  constructor(options: RebalanceCallbacksOptions) {
    this.#options = options
  }

  /** The callback that has not ended. */
  get running(): Callback | undefined {
    return this.#running
  }

  /** Partitions are given up in order. */
  async revoked(partitions: readonly TopicPartition[]): Promise<CallbackFailure> {
    const { hooks } = this.#options
    hooks.emit('partitionsRevoked', { partitions })
    return await this.#call('onPartitionsRevoked', partitions)
  }

  /** Partitions were added; told also when there are none. */
  async assigned(partitions: readonly TopicPartition[]): Promise<CallbackFailure> {
    const { hooks } = this.#options
    hooks.emit('partitionsAssigned', { partitions })
    return await this.#call('onPartitionsAssigned', partitions)
  }

  /** Partitions are gone, and may be another member's already. */
  async lost(partitions: readonly TopicPartition[]): Promise<CallbackFailure> {
    const { hooks, subscriptions } = this.#options
    hooks.emit('partitionsLost', { partitions })
    const handlesLoss = subscriptions.rebalanceListener?.onPartitionsLost !== undefined
    return await this.#call(handlesLoss ? 'onPartitionsLost' : 'onPartitionsRevoked', partitions)
  }

  async #call(callback: Callback, partitions: readonly TopicPartition[]): Promise<CallbackFailure> {
    const { subscriptions, context } = this.#options
    const listener = subscriptions.rebalanceListener
    if (listener?.[callback] === undefined) return undefined
    this.#running = callback
    try {
      await listener[callback](partitions)
      return undefined
    } catch (error) {
      context.logger.error('a rebalance callback threw', { callback, error })
      return { thrown: error }
    } finally {
      this.#running = undefined
    }
  }
}
