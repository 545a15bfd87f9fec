import { KafkaError } from '@odradek/client'
import type { Hooks, Logger } from '@odradek/runtime'
import type { ConsumerEvents } from './consumer-events.ts'
import type { ConsumerRecords } from './consumer-records.ts'
import type { ConsumerInterceptor } from './interceptor.ts'

/** The interceptors of one consumer, asked in their order. What one throws is logged and fails nothing. Kafka: `ConsumerInterceptors`. */
export class Interceptors {
  readonly #interceptors: readonly ConsumerInterceptor[]
  readonly #logger: Logger

  constructor(interceptors: readonly ConsumerInterceptor[], logger: Logger) {
    this.#interceptors = interceptors
    this.#logger = logger
  }

  /** Shows them every commit, the automatic ones as well. */
  watchCommits(hooks: Hooks<ConsumerEvents>): void {
    for (const interceptor of this.#interceptors) {
      if (interceptor.onCommit === undefined) continue
      hooks.on('committed', ({ offsets }) => this.#guarded(() => interceptor.onCommit?.(offsets, null)))
      hooks.on('commitFailed', ({ offsets, error, reason }) =>
        this.#guarded(() => interceptor.onCommit?.(offsets, new KafkaError(error, reason))),
      )
    }
  }

  /** What they make of the records. */
  onConsume<Key, Value>(records: ConsumerRecords<Key, Value>): ConsumerRecords<Key, Value> {
    let seen = records
    for (const interceptor of this.#interceptors) {
      const answer = this.#guarded(() => interceptor.onConsume?.(seen as ConsumerRecords<unknown, unknown>))
      if (answer !== undefined) seen = answer as ConsumerRecords<Key, Value>
    }
    return seen
  }

  #guarded<T>(ask: () => T): T | undefined {
    try {
      return ask()
    } catch (error) {
      this.#logger.warn('an interceptor threw', { error: error instanceof Error ? error.message : String(error) })
      return undefined
    }
  }
}
