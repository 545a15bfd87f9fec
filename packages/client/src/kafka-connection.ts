/**
 * One connection to a broker. Requests are written as they come and answered in order; each has a deadline, and one that is missed ends
 * the connection, since nothing behind it could be told apart from late answers (as in Kafka's NetworkClient). While the broker asks for a
 * new authentication (KIP-368) further requests are held back until the ones before are answered and the exchange is over.
 */
import { decodeResponse, encodeRequestFrame, errors, FrameDecoder, type Input, Reader } from '@odradek/protocol'
import type { Clock, Connection, Hooks } from '@odradek/runtime'
import { type Api, apiName } from './api.ts'
import type { ApiVersionRange } from './api-versions.ts'
import type { ClientEvents } from './client-events.ts'
import { InFlightRequests } from './in-flight-requests.ts'
import { asKafkaError, KafkaError } from './kafka-error.ts'

/** What a connection is made with. */
export interface KafkaConnectionOptions {
  readonly stream: Connection
  readonly nodeId: number
  readonly clientId: string
  readonly clock: Clock
  readonly hooks: Hooks<ClientEvents>
  /** Unique among the connections that share the clock; it names the timers. */
  readonly name: string
  /** Called once, when the connection is over. */
  readonly onClose: (error: KafkaError | undefined) => void
  /** Called when an answer came or requests may flow again. */
  readonly onProgress: () => void
}

/** How one request is asked. */
export interface RequestOptions {
  /** Milliseconds until the answer has to be there. */
  readonly timeoutMs: number
  /** The version to ask in; the newest that both sides know when left out. */
  readonly version?: number
}

/** A stream to a broker that speaks Kafka's protocol. */
export class KafkaConnection {
  readonly #options: KafkaConnectionOptions
  readonly #inFlight = new InFlightRequests()
  readonly #frames = new FrameDecoder()
  #versions: ReadonlyMap<number, ApiVersionRange> = new Map()
  #correlationId = 0
  #closed: KafkaError | undefined
  #closedOnPurpose = false
  #deadlineTimerMs = Number.POSITIVE_INFINITY
  #held: (() => void)[] | undefined
  #whenAnswered: (() => void) | undefined
  #lastUsedMs: number

  constructor(options: KafkaConnectionOptions) {
    this.#options = options
    this.#lastUsedMs = options.clock.monotonicMs()
    options.stream.start({ data: (chunk) => this.#receive(chunk), close: (error) => this.#ended(error) })
  }

  /** Requests that wait for their answers. */
  get inFlight(): number {
    return this.#inFlight.size
  }

  /** Whether requests go out at once: it is open and not being authenticated anew. */
  get isReady(): boolean {
    return this.#closed === undefined && this.#held === undefined
  }

  /** Whether the stream is over. */
  get isClosed(): boolean {
    return this.#closed !== undefined
  }

  /** Whether the bytes of a request stay with the broker when it has answered, so that they must not be used for others. */
  get isByReference(): boolean {
    return this.#options.stream.isByReference === true
  }

  /** Milliseconds without request or answer. */
  get idleMs(): number {
    return this.#inFlight.size > 0 ? 0 : this.#options.clock.monotonicMs() - this.#lastUsedMs
  }

  /** What the broker serves, from ApiVersions. */
  setVersions(versions: ReadonlyMap<number, ApiVersionRange>): void {
    this.#versions = versions
  }

  /** The newest version that both sides know. @throws KafkaError UNSUPPORTED_VERSION when there is none */
  versionOf(api: Api<object, object>): number {
    const { apiKey, minVersion, maxVersion } = api.request
    const theirs = this.#versions.get(apiKey)
    const version = Math.min(maxVersion, theirs?.maxVersion ?? -1)
    if (theirs !== undefined && version >= Math.max(minVersion, theirs.minVersion)) return version
    const served = theirs === undefined ? 'none' : `${theirs.minVersion} to ${theirs.maxVersion}`
    throw new KafkaError(
      'UNSUPPORTED_VERSION',
      `${apiName(api)}: the broker serves ${served} of the versions, ${minVersion} to ${maxVersion} are known here`,
      { context: { api: apiName(api), broker: this.#broker() } },
    )
  }

  /** Asks and resolves with the answer. @throws KafkaError, retriable when the connection or the time was lost */
  request<Request extends object, Response extends object>(
    api: Api<Request, Response>,
    body: Input<Request>,
    options: RequestOptions,
  ): Promise<Response> {
    return new Promise<Response>((resolve, reject) => {
      const write = () => {
        try {
          const version = options.version ?? this.versionOf(api)
          const correlationId = this.#write(api, body, version)
          const now = this.#options.clock.monotonicMs()
          const deadlineMs = now + options.timeoutMs
          this.#inFlight.add({
            correlationId,
            api: api.request.name,
            version,
            sentMs: now,
            deadlineMs,
            response: api.response,
            resolve: resolve as (body: object) => void,
            reject,
          })
          this.#watchDeadline(deadlineMs)
        } catch (error) {
          reject(asKafkaError(error, 'PROTOCOL_VIOLATION'))
        }
      }
      if (this.#held === undefined) write()
      else this.#held.push(write)
    })
  }

  /** Asks what has no answer: Produce with acks=0. @throws KafkaError when the connection is over */
  sendWithoutResponse<Request extends object>(api: Api<Request, object>, body: Input<Request>): void {
    this.#write(api, body, this.versionOf(api))
  }

  /** Holds back requests, waits for the answers that are due, runs `exchange` (which asks by `requestNow`), and lets requests flow again. */
  async exclusively(exchange: () => Promise<void>): Promise<void> {
    this.#held = []
    if (this.#inFlight.size > 0)
      await new Promise<void>((resolve) => {
        this.#whenAnswered = resolve
      })
    try {
      await exchange()
    } finally {
      this.#releaseHeld()
      if (this.#closed === undefined) this.#options.onProgress()
    }
  }

  /** Like `request`, also while others are held back: for the exchange itself. */
  requestNow<Request extends object, Response extends object>(
    api: Api<Request, Response>,
    body: Input<Request>,
    options: RequestOptions,
  ): Promise<Response> {
    const held = this.#held
    this.#held = undefined
    const answer = this.request(api, body, options)
    this.#held = held
    return answer
  }

  /** Ends the connection; what waits fails with `error`, or NETWORK_EXCEPTION. */
  close(error?: KafkaError): void {
    if (this.#closed !== undefined) return
    this.#closedOnPurpose = error === undefined
    const { stream } = this.#options
    const isOrderly = error === undefined && this.#inFlight.size === 0
    this.#finish(error ?? this.#lost('closed by this client'))
    // An orderly end lets what was written go out, such as Produce requests that have no answer.
    if (isOrderly) stream.end()
    if (!isOrderly || stream.pendingBytes === 0) stream.destroy()
  }

  #write<Request extends object>(api: Api<Request, object>, body: Input<Request>, version: number): number {
    if (this.#closed !== undefined) throw this.#closed
    const { stream, clientId, hooks, nodeId, clock } = this.#options
    this.#correlationId = (this.#correlationId + 1) & 0x7fff_ffff
    const correlationId = this.#correlationId
    const chunks = encodeRequestFrame(api.request, body, { version, correlationId, clientId })
    stream.write(chunks)
    this.#lastUsedMs = clock.monotonicMs()
    if (hooks.has('requestSent')) {
      const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
      hooks.emit('requestSent', { nodeId, api: apiName(api), version, correlationId, bytes })
    }
    return correlationId
  }

  #receive(chunk: Uint8Array): void {
    try {
      for (const frame of this.#frames.push(chunk)) if (this.#closed === undefined) this.#answer(frame)
    } catch (error) {
      this.close(asKafkaError(error, 'PROTOCOL_VIOLATION'))
    }
    if (this.#closed === undefined) this.#options.onProgress()
  }

  #answer(frame: Uint8Array): void {
    const { clock, hooks, nodeId } = this.#options
    const correlationId = new Reader(frame).readInt32()
    const request = this.#inFlight.take(correlationId)
    if (request === undefined) {
      throw new KafkaError(
        'PROTOCOL_VIOLATION',
        `an answer to a request that was not asked (correlation id ${correlationId})`,
        {
          context: { broker: this.#broker() },
        },
      )
    }
    this.#lastUsedMs = clock.monotonicMs()
    if (hooks.has('responseReceived')) {
      const { api, version } = request
      const latencyMs = this.#lastUsedMs - request.sentMs
      const name = api.replace(/Request$/, '')
      hooks.emit('responseReceived', { nodeId, api: name, version, correlationId, bytes: frame.length, latencyMs })
    }
    try {
      request.resolve(decodeAnswer(request, frame))
    } catch (error) {
      request.reject(asKafkaError(error, 'PROTOCOL_VIOLATION'))
      throw error
    }
    if (this.#inFlight.size === 0) this.#tellAnswered()
  }

  /** One timer serves all requests: it is set for the earliest deadline and looks again when it fires. */
  #watchDeadline(deadlineMs: number): void {
    if (deadlineMs >= this.#deadlineTimerMs) return
    const { clock, name } = this.#options
    this.#deadlineTimerMs = deadlineMs
    clock.setTimer(`${name} deadline`, Math.max(0, deadlineMs - clock.monotonicMs()), () => {
      this.#deadlineTimerMs = Number.POSITIVE_INFINITY
      const late = this.#inFlight.expired(clock.monotonicMs())
      if (late === undefined) {
        const next = this.#inFlight.earliestDeadlineMs
        if (next !== Number.POSITIVE_INFINITY) this.#watchDeadline(next)
        return
      }
      const api = late.api.replace(/Request$/, '')
      const waitedMs = Math.round(late.deadlineMs - late.sentMs)
      this.close(
        new KafkaError(
          'REQUEST_TIMED_OUT',
          `broker ${this.#broker()} did not answer ${api} within ${waitedMs} ms (requestTimeoutMs)`,
          {
            context: { api, broker: this.#broker() },
          },
        ),
      )
    })
  }

  #releaseHeld(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const write of held) write()
  }

  #tellAnswered(): void {
    const resolve = this.#whenAnswered
    this.#whenAnswered = undefined
    resolve?.()
  }

  #ended(error: Error | undefined): void {
    this.#finish(this.#closed ?? this.#lost(error?.message ?? 'closed by the broker', error))
  }

  #finish(error: KafkaError): void {
    if (this.#closed !== undefined) return
    this.#closed = error
    const { clock, name, onClose } = this.#options
    clock.cancelTimer(`${name} deadline`)
    for (const request of this.#inFlight.takeAll()) request.reject(error)
    this.#releaseHeld()
    this.#tellAnswered()
    onClose(this.#closedOnPurpose ? undefined : error)
  }

  #lost(why: string, cause?: unknown): KafkaError {
    const message = `the connection to broker ${this.#broker()} was lost: ${why}`
    return new KafkaError(errors.NETWORK_EXCEPTION.name, message, { cause, context: { broker: this.#broker() } })
  }

  #broker(): string {
    const { stream, nodeId } = this.#options
    const address = `${stream.remote.host}:${stream.remote.port}`
    return nodeId < 0 ? address : `${address} (id ${nodeId})`
  }
}

function decodeAnswer(
  request: { response: Api<object, object>['response']; version: number },
  frame: Uint8Array,
): object {
  return decodeResponse(request.response, frame, request.version).body
}
