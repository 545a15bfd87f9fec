/**
 * One call of the admin client, from its beginning to its deadline: it may ask many nodes many times, and whatever it waits for ends when
 * the deadline has passed or the signal is aborted. What failed in a way that may pass is tried again with back-off.
 */
import { type Api, apiName, asKafkaError, type BrokerNode, backoffMs, KafkaError } from '@odradek/client'
import type { ErrorName, Input } from '@odradek/protocol'
import type { AdminCore } from './admin-core.ts'

/** What every call takes. */
export interface CallOptions {
  /** Milliseconds until the call ends with REQUEST_TIMED_OUT; `defaultApiTimeoutMs` when left out. */
  readonly timeoutMs?: number | undefined
  /** Ends the call with ABORTED. What a broker was already asked to do may still be done. */
  readonly signal?: AbortSignal | undefined
}

/** What is asked, as far as it depends on the version that both sides know. */
export type RequestBody<Request> = Input<Request> | ((version: number) => Input<Request>)

/** Whom to ask: any node, the controller, or the broker of an id. */
export type Target = 'any' | 'controller' | number

/** One question to one node. */
export interface Question<Request extends object, Response extends object> {
  readonly api: Api<Request, Response>
  readonly to: Target
  readonly body: RequestBody<Request>
  /** The error that the answer as a whole carries. */
  readonly check?: (response: Response) => KafkaError | undefined
  /** Errors of `check` after which the question is asked again; NOT_CONTROLLER among them finds the controller anew. */
  readonly retryOn?: ReadonlySet<string>
}

/** An answer and the version that it was given in. */
export interface Answer<Response> {
  readonly response: Response
  readonly version: number
}

/** Errors that mean: ask somebody else, or the same later. */
const passing: ReadonlySet<string> = new Set<ErrorName>([
  'NOT_CONTROLLER',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
])

/** A call under way. */
export class AdminCall {
  readonly core: AdminCore
  /** As Kafka names it: `createTopics`. */
  readonly name: string
  readonly #key: string
  readonly #deadlineMs: number
  readonly #timeoutMs: number
  readonly #signal: AbortSignal | undefined
  readonly #over: Promise<never>
  #end: (error: KafkaError) => void = () => undefined
  #ended: KafkaError | undefined
  #lastFailure: KafkaError | undefined
  #sent = 0
  #pauses = 0
  readonly #pausing = new Set<string>()
  #apiName = ''

  constructor(core: AdminCore, { name, key, options }: { name: string; key: string; options: CallOptions }) {
    this.core = core
    this.name = name
    this.#key = key
    const { clock } = core.context
    this.#timeoutMs = options.timeoutMs ?? core.config.defaultApiTimeoutMs
    this.#deadlineMs = clock.monotonicMs() + this.#timeoutMs
    this.#signal = options.signal
    this.#over = new Promise<never>((_, reject) => {
      this.#end = (error) => {
        this.#ended ??= error
        reject(this.#ended)
      }
    })
    // Whoever waits is told; that nobody waits is no failure.
    this.#over.catch(() => undefined)
    clock.setTimer(`${key} deadline`, this.#timeoutMs, () => this.#end(this.#timedOut()))
    if (this.#signal?.aborted === true) this.#abort()
    else this.#signal?.addEventListener('abort', this.#abort)
  }

  /** Milliseconds that a broker is given for work that it does before it answers. */
  get workTimeoutMs(): number {
    const leftMs = Math.round(this.#deadlineMs - this.core.context.clock.monotonicMs())
    return Math.max(1, Math.min(this.core.config.requestTimeoutMs, leftMs))
  }

  /** Whether that is how this call ended in time-out: what was not answered then is told so item by item. */
  isTimeout(error: unknown): error is KafkaError {
    return error === this.#ended && this.#ended?.code === 'REQUEST_TIMED_OUT'
  }

  /** Whether that is how this call ended. */
  isEnd(error: unknown): boolean {
    return error !== undefined && error === this.#ended
  }

  /** Ends the call from outside. */
  end(error: KafkaError): void {
    this.#end(error)
  }

  /** Gives back timers and listeners. */
  [Symbol.dispose](): void {
    const { clock } = this.core.context
    clock.cancelTimer(`${this.#key} deadline`)
    for (const timer of this.#pausing) clock.cancelTimer(timer)
    this.#signal?.removeEventListener('abort', this.#abort)
  }

  /** Waits for something, no longer than the call may last. */
  within<Value>(promise: Promise<Value>): Promise<Value> {
    return Promise.race([promise, this.#over])
  }

  /** Asks a node once. @throws KafkaError retriable when connection or answer were lost */
  async request<Request extends object, Response extends object>(
    node: BrokerNode,
    api: Api<Request, Response>,
    body: RequestBody<Request>,
  ): Promise<Answer<Response>> {
    const connection = await this.within(node.connect())
    const version = connection.versionOf(api)
    const given = typeof body === 'function' ? body(version) : body
    const timeoutMs = this.core.config.requestTimeoutMs
    this.#sent++
    const response = await this.within(connection.request(api, given, { timeoutMs, version }))
    return { response, version }
  }

  /** Whether a node serves an API that is known here. @throws KafkaError when it cannot be reached */
  async supports(node: BrokerNode, api: Api<object, object>): Promise<boolean> {
    const connection = await this.within(node.connect())
    try {
      connection.versionOf(api)
      return true
    } catch (error) {
      if (error instanceof KafkaError && error.code === 'UNSUPPORTED_VERSION') return false
      throw error
    }
  }

  /** The node a question goes to. @throws KafkaError retriable when there is none now */
  async node(target: Target): Promise<BrokerNode> {
    const { view, network } = this.core
    if (target === 'any' && !view.ofControllers) return network.leastLoadedNode()
    // Of the controllers only the active one answers for the cluster (KIP-919).
    if (target === 'any' || target === 'controller') return await view.controller(this)
    return await view.node(this, target)
  }

  /** Asks until there is an answer. @throws KafkaError what `check` found, or why there is none */
  async ask<Request extends object, Response extends object>(
    question: Question<Request, Response>,
  ): Promise<Answer<Response>> {
    const { api, to, body, check, retryOn = passing } = question
    return await this.retrying(async () => {
      this.apiNameOf(api)
      const node = await this.node(to)
      const answer = await this.request(node, api, body)
      const error = check?.(answer.response)
      if (error === undefined) return { value: answer }
      return { error, isFinal: !retryOn.has(error.code) }
    })
  }

  /** Repeats an attempt while it fails in a way that may pass. @throws KafkaError */
  async retrying<Value>(
    attempt: () => Promise<{ value: Value } | { error: KafkaError; isFinal: boolean }>,
  ): Promise<Value> {
    for (let failures = 0; ; failures++) {
      let error: KafkaError
      let isFinal: boolean
      try {
        const outcome = await this.within(attempt())
        if ('value' in outcome) return outcome.value
        error = outcome.error
        isFinal = outcome.isFinal
      } catch (thrown) {
        error = asKafkaError(thrown, 'PROTOCOL_VIOLATION')
        isFinal = !error.retriable || error === this.#ended
      }
      if (isFinal || failures >= this.core.config.retries) throw error
      this.noteFailure(error)
      await this.pause(failures)
    }
  }

  /** Remembers why something has to be tried again, and doubts what is known of the nodes. */
  noteFailure(error: KafkaError): void {
    this.#lastFailure = error
    if (error.code === 'REBOOTSTRAP_REQUIRED') this.core.view.rebootstrap(error.message)
    else this.core.view.suspect()
  }

  /** Waits before the next attempt. */
  async pause(failures: number): Promise<void> {
    const { context, config } = this.core
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = config
    this.#pauses++
    const timer = `${this.#key} pause ${this.#pauses}`
    this.#pausing.add(timer)
    const waitMs = backoffMs(failures, { initialMs, maxMs, random: context.random })
    await this.within(
      new Promise<void>((resolve) => {
        context.clock.setTimer(timer, waitMs, resolve)
      }),
    )
    this.#pausing.delete(timer)
  }

  /** Says which API is being asked now, for the message of a time-out. */
  apiNameOf(api: Pick<Api<object, object>, 'request'>): void {
    this.#apiName = apiName(api)
  }

  readonly #abort = () => {
    this.#end(new KafkaError('ABORTED', `${this.name} was aborted by its signal`, { cause: this.#signal?.reason }))
  }

  #timedOut(): KafkaError {
    const last = this.#lastFailure === undefined ? 'no broker has answered' : this.#lastFailure.message
    const message = `${this.name} (${this.#apiName}) did not end within ${this.#timeoutMs} ms, after ${this.#sent} requests: ${last}`
    const kafkaMessage =
      this.#sent === 0
        ? `Timed out waiting for a node assignment. Call: ${this.name}`
        : `Call(callName=${this.name}, deadlineMs=${this.core.context.clock.now()}, tries=${this.#sent}, nextAllowedTryMs=-1) timed out at ${this.core.context.clock.now()} after ${this.#sent} attempt(s)`
    const context = { api: this.#apiName }
    return new KafkaError('REQUEST_TIMED_OUT', message, { cause: this.#lastFailure, context, kafkaMessage })
  }
}
