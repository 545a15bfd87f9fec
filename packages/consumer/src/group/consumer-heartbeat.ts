/**
 * The heartbeats of a KIP-848 member: one in flight at a time, the next after the interval that the coordinator gave, at once when there is
 * something to tell, and after a back-off when one failed. On timers alone, so that they never wait for the application. Kafka:
 * `ConsumerHeartbeatRequestManager`.
 */
import { asKafkaError, backoffMs, KafkaError } from '@odradek/client'
import type { Input } from '@odradek/protocol'
import {
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponse,
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '@odradek/protocol/messages'
import type { MembershipContext } from './membership-context.ts'

/** ConsumerGroupHeartbeat, as a client calls it. */
export const consumerGroupHeartbeatApi = {
  request: consumerGroupHeartbeatRequest,
  response: consumerGroupHeartbeatResponse,
}

/** The first version that takes regular expressions. */
const takesRegexSince = 1

/** What heartbeats are sent for. */
export interface ConsumerHeartbeatOptions {
  readonly context: MembershipContext
  /** The next heartbeat, which then counts as sent; undefined when there is none to send. */
  readonly build: () => Input<ConsumerGroupHeartbeatRequest> | undefined
  readonly onAnswer: (response: ConsumerGroupHeartbeatResponse) => void
  /** The heartbeat failed. Answers when to send the next: `now`, after a `backoff`, or `never`. */
  readonly onFailure: (error: KafkaError) => 'now' | 'backoff' | 'never'
}

/** Sends heartbeats; see the top of the file. */
export class ConsumerHeartbeat {
  readonly #options: ConsumerHeartbeatOptions
  readonly #timer: string
  #state: 'idle' | 'waiting' | 'sending' = 'idle'
  #sendsAgain = false
  #failures = 0
  #intervalMs = 0
  /** Makes answers void that came after the member had left. */
  #life = 0

  constructor(options: ConsumerHeartbeatOptions) {
    this.#options = options
    this.#timer = `heartbeat of ${options.context.groupId}`
  }

  /** There is something to tell. While heartbeats fail the back-off has precedence. */
  now(): void {
    if (this.#state === 'sending') this.#sendsAgain = true
    else if (this.#failures === 0) this.#send()
  }

  /** Sends no more until `now`; the answer of one that is under way is void. */
  stop(): void {
    this.#life++
    this.#state = 'idle'
    this.#sendsAgain = false
    this.#failures = 0
    this.#options.context.core.context.clock.cancelTimer(this.#timer)
  }

  /** A last heartbeat, whatever is under way. When it does not arrive, the session ends by itself. */
  async farewell(body: Input<ConsumerGroupHeartbeatRequest>): Promise<void> {
    this.stop()
    const { connection, groupId, core } = this.#options.context
    if (!connection.isKnown) return
    try {
      await connection.request(consumerGroupHeartbeatApi, () => body)
    } catch (error) {
      core.context.logger.info('the coordinator was not told that this consumer leaves', { groupId, error })
    }
  }

  #schedule(delayMs: number): void {
    this.#state = 'waiting'
    this.#options.context.core.context.clock.setTimer(this.#timer, delayMs, () => this.#send())
  }

  #send(): void {
    this.#state = 'sending'
    this.#sendsAgain = false
    this.#options.context.core.context.clock.cancelTimer(this.#timer)
    void this.#exchange(this.#life)
  }

  async #exchange(life: number): Promise<void> {
    const { context, onAnswer } = this.#options
    const { hooks, groupId, connection } = context
    const startMs = this.#now()
    const tell = (error: KafkaError | null) =>
      hooks.emit('heartbeat', { groupId, latencyMs: this.#now() - startMs, error: error?.code ?? null })
    try {
      await connection.find()
      if (this.#life !== life) return
      const body = this.#options.build()
      if (body === undefined) {
        this.#state = 'idle'
        return
      }
      const response = await connection.request(consumerGroupHeartbeatApi, (version) => forVersion(body, version))
      if (this.#life !== life) return
      if (response.errorCode !== 0) {
        throw KafkaError.fromCode(response.errorCode, { api: 'ConsumerGroupHeartbeat' }, response.errorMessage)
      }
      tell(null)
      this.#failures = 0
      this.#intervalMs = response.heartbeatIntervalMs
      this.#schedule(this.#sendsAgain ? 0 : this.#intervalMs)
      onAnswer(response)
    } catch (error) {
      if (this.#life !== life) return
      const failure = asKafkaError(error, 'PROTOCOL_VIOLATION')
      if (failure.code === 'CLIENT_CLOSED') return
      tell(failure)
      this.#failed(failure)
    }
  }

  #failed(failure: KafkaError): void {
    const { context, onFailure } = this.#options
    const { config, random } = context.core.context
    context.connection.noteError(failure)
    const life = this.#life
    const next = onFailure(failure)
    // Whoever heard of the failure may have stopped the heartbeats, or asked for one.
    if (this.#life !== life) return
    if (next !== 'backoff') this.#failures = 0
    if (next === 'never') {
      this.#state = 'idle'
      return
    }
    if (next === 'now') {
      this.#schedule(0)
      return
    }
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = config
    this.#schedule(backoffMs(this.#failures++, { initialMs, maxMs, random }))
  }

  #now(): number {
    return this.#options.context.core.context.clock.monotonicMs()
  }
}

function forVersion(body: Input<ConsumerGroupHeartbeatRequest>, version: number): Input<ConsumerGroupHeartbeatRequest> {
  if (version >= takesRegexSince) return body
  const { subscribedTopicRegex, ...rest } = body
  if (typeof subscribedTopicRegex !== 'string' || subscribedTopicRegex === '') return rest
  throw new KafkaError(
    'UNSUPPORTED_VERSION',
    'the cluster cannot match topic patterns itself (ConsumerGroupHeartbeat version 0): subscribe with a RegExp',
  )
}
