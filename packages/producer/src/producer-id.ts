import { asKafkaError, backoffMs, type ClientCore, KafkaError } from '@odradek/client'
import { initProducerIdRequest, initProducerIdResponse } from '@odradek/protocol/messages'
import type { ProducerSequences } from './producer-sequences.ts'

/** What fetching a producer id needs. */
export interface ProducerIdOptions {
  readonly core: ClientCore
  readonly sequences: ProducerSequences
  readonly onAssigned: () => void
  /** Nothing can be sent because of `error`; what waits has to fail. */
  readonly onFailure: (error: KafkaError) => void
}

const initProducerIdApi = { request: initProducerIdRequest, response: initProducerIdResponse }
/** Without transactions the time-out means nothing; Kafka's client sends the largest. */
const noTransactionTimeoutMs = 2_147_483_647
const fatalErrors: ReadonlySet<string> = new Set(['CLUSTER_AUTHORIZATION_FAILED', 'UNSUPPORTED_VERSION'])

/** Fetches the producer id from any broker, as often as it takes. */
export class ProducerId {
  readonly #options: ProducerIdOptions
  #state: 'idle' | 'fetching' | 'closed' = 'idle'
  #failures = 0
  #fatal: KafkaError | undefined

  constructor(options: ProducerIdOptions) {
    this.#options = options
  }

  /** Why there will never be an id. */
  get fatalError(): KafkaError | undefined {
    return this.#fatal
  }

  /** Whether there is an id; fetches one when there is none. */
  ensure(): boolean {
    if (this.#options.sequences.hasProducerId) return true
    if (this.#state === 'idle' && this.#fatal === undefined) this.#fetch()
    return false
  }

  /** Stops fetching. */
  close(): void {
    this.#state = 'closed'
    this.#options.core.context.clock.cancelTimer('producer id')
  }

  #fetch(): void {
    this.#state = 'fetching'
    this.#ask().then(
      () => this.#ended(),
      (error: unknown) => this.#failed(asKafkaError(error, 'PROTOCOL_VIOLATION')),
    )
  }

  async #ask(): Promise<void> {
    const { core, sequences } = this.#options
    const node = core.network.leastLoadedNode()
    const body = { transactionalId: null, transactionTimeoutMs: noTransactionTimeoutMs }
    const { errorCode, producerId, producerEpoch } = await core.network.request(node, initProducerIdApi, body)
    if (errorCode !== 0) throw KafkaError.fromCode(errorCode, { api: 'InitProducerId' })
    sequences.setProducerId(producerId, producerEpoch)
  }

  #ended(): void {
    if (this.#state === 'closed') return
    this.#state = 'idle'
    this.#failures = 0
    this.#options.onAssigned()
  }

  #failed(error: KafkaError): void {
    if (this.#state === 'closed') return
    const { core, onFailure } = this.#options
    const { config, clock, random } = core.context
    if (!error.retriable) {
      if (fatalErrors.has(error.code)) this.#fatal = error
      this.#state = 'idle'
      onFailure(error)
      return
    }
    const waitMs = backoffMs(this.#failures, {
      initialMs: config.retryBackoffMs,
      maxMs: config.retryBackoffMaxMs,
      random,
    })
    this.#failures++
    clock.setTimer('producer id', waitMs, () => this.#fetch())
  }
}
