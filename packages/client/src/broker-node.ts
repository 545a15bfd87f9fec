/**
 * One broker, or one bootstrap address, and the connection to it. Connecting is: wait for the back-off of earlier failures, open the
 * stream, negotiate versions, authenticate. Whoever asks meanwhile waits for the same attempt.
 */
import type { Address } from '@odradek/runtime'
import { negotiateVersions } from './api-versions.ts'
import { backoffMs } from './backoff.ts'
import type { ClientContext } from './client-context.ts'
import { KafkaConnection } from './kafka-connection.ts'
import { asKafkaError, KafkaError } from './kafka-error.ts'
import { authenticate } from './sasl/authenticate.ts'

/** What a node is made with. */
export interface BrokerNodeOptions {
  readonly context: ClientContext
  /** -1 for a bootstrap address. */
  readonly nodeId: number
  readonly address: Address
  readonly rack: string | null
  /** Names the timers; unique within the client. */
  readonly name: string
  readonly clusterId: () => string | null
  /** Called when the connection came, went, or has room again. */
  readonly onChange: (node: BrokerNode) => void
}

/** Between 85 and 95 in a hundred of the session's time a new authentication begins, as in Kafka. */
const reauthenticateFrom = 0.85
const reauthenticateSpread = 0.1

/** A broker as this client knows it. */
export class BrokerNode {
  readonly nodeId: number
  readonly address: Address
  readonly rack: string | null
  readonly #options: BrokerNodeOptions
  #connection: KafkaConnection | undefined
  #connecting: Promise<KafkaConnection> | undefined
  #failures = 0
  #notBeforeMs = 0
  #connections = 0
  #closed = false
  #stopWaiting: ((error: KafkaError) => void) | undefined

  constructor(options: BrokerNodeOptions) {
    this.nodeId = options.nodeId
    this.address = options.address
    this.rack = options.rack
    this.#options = options
  }

  /** The connection when there is one that takes requests. */
  get connection(): KafkaConnection | undefined {
    return this.#connection?.isReady === true ? this.#connection : undefined
  }

  /** Requests that wait for answers. */
  get inFlight(): number {
    return this.#connection?.inFlight ?? 0
  }

  /** Whether the last attempt to connect failed and the next is not due. */
  get isBackingOff(): boolean {
    return this.#connection === undefined && this.#notBeforeMs > this.#options.context.clock.monotonicMs()
  }

  /** Failures to connect in a row. */
  get failures(): number {
    return this.#failures
  }

  /** The connection, made when there is none. @throws KafkaError CONNECTION_FAILED, or what authentication says */
  connect(): Promise<KafkaConnection> {
    if (this.#connection !== undefined && !this.#connection.isClosed) return Promise.resolve(this.#connection)
    if (this.#closed) return Promise.reject(closedError())
    if (this.#connecting === undefined) {
      this.#connecting = this.#open().finally(() => {
        this.#connecting = undefined
        this.#options.onChange(this)
      })
    }
    return this.#connecting
  }

  /** Ends the connection and every attempt to make one. */
  close(): void {
    this.#closed = true
    this.#stopWaiting?.(closedError())
    this.#connection?.close()
    this.#cancelTimers()
  }

  async #open(): Promise<KafkaConnection> {
    await this.#backOff()
    const { context } = this.#options
    const { config } = context
    const timeoutMs = backoffMs(this.#failures, {
      initialMs: config.socketConnectionSetupTimeoutMs,
      maxMs: config.socketConnectionSetupTimeoutMaxMs,
      random: context.random,
    })
    let connection: KafkaConnection | undefined
    try {
      connection = await this.#dial(timeoutMs)
      await this.#greet(connection, timeoutMs)
    } catch (error) {
      connection?.close()
      throw this.#failed(error)
    }
    if (this.#closed) {
      connection.close()
      throw closedError()
    }
    this.#failures = 0
    this.#notBeforeMs = 0
    this.#connection = connection
    context.hooks.emit('connectionOpened', { nodeId: this.nodeId, ...this.address })
    this.#watchIdle(connection)
    return connection
  }

  /** The back-off is waited for by whoever connects, so that no caller turns in circles. */
  async #backOff(): Promise<void> {
    const { clock } = this.#options.context
    const waitMs = this.#notBeforeMs - clock.monotonicMs()
    if (waitMs <= 0) return
    await new Promise<void>((resolve, reject) => {
      this.#stopWaiting = reject
      clock.setTimer(`${this.#options.name} back-off`, waitMs, resolve)
    })
    this.#stopWaiting = undefined
  }

  async #dial(timeoutMs: number): Promise<KafkaConnection> {
    const { transport, config, clock, hooks, security } = this.#options.context
    const tls = await security.tls()
    const stream = await transport.connect({ ...this.address, timeoutMs, ...(tls === undefined ? {} : { tls }) })
    this.#connections++
    const connection: KafkaConnection = new KafkaConnection({
      stream,
      nodeId: this.nodeId,
      clientId: config.clientId,
      clock,
      hooks,
      name: `${this.#options.name} connection ${this.#connections}`,
      onClose: (error) => this.#gone(connection, error),
      onProgress: () => this.#options.onChange(this),
    })
    return connection
  }

  async #greet(connection: KafkaConnection, timeoutMs: number): Promise<void> {
    const { config } = this.#options.context
    const known = config.metadataClusterCheckEnable && this.nodeId >= 0
    const clusterId = known ? this.#options.clusterId() : null
    await negotiateVersions(connection, { timeoutMs, clusterId, nodeId: clusterId === null ? -1 : this.nodeId })
    await this.#authenticate(connection, timeoutMs)
  }

  async #authenticate(connection: KafkaConnection, timeoutMs: number): Promise<void> {
    const { security, random, clock, hooks } = this.#options.context
    if (security.mechanism === undefined) return
    const isAgain = connection === this.#connection
    const { nodeId } = this
    const startMs = clock.monotonicMs()
    const options = { ...this.address, mechanism: security.mechanism, random, timeoutMs }
    const sessionLifetimeMs = await authenticate(connection, options).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      hooks.emit('authenticationFailed', { nodeId, isAgain, reason })
      throw error
    })
    const durationMs = clock.monotonicMs() - startMs
    hooks.emit(isAgain ? 'reauthenticated' : 'authenticated', { nodeId, sessionLifetimeMs, durationMs })
    if (sessionLifetimeMs <= 0 || connection.isClosed) return
    const part = reauthenticateFrom + random.nextFloat() * reauthenticateSpread
    clock.setTimer(`${this.#options.name} re-authentication`, sessionLifetimeMs * part, () => {
      connection
        .exclusively(() => this.#authenticate(connection, this.#options.context.config.requestTimeoutMs))
        .catch((error: unknown) => connection.close(asKafkaError(error, 'SASL_AUTHENTICATION_FAILED')))
    })
  }

  #failed(cause: unknown): KafkaError {
    const { context } = this.#options
    const { config, random, clock, hooks } = context
    const { host, port } = this.address
    const retryInMs = backoffMs(this.#failures, {
      initialMs: config.reconnectBackoffMs,
      maxMs: config.reconnectBackoffMaxMs,
      random,
    })
    this.#failures++
    this.#notBeforeMs = clock.monotonicMs() + retryInMs
    const reason = cause instanceof Error ? cause.message : String(cause)
    hooks.emit('connectionFailed', { nodeId: this.nodeId, host, port, reason, retryInMs })
    // What authentication and negotiation say is final; that nobody answers is not.
    if (cause instanceof KafkaError && !cause.retriable) return cause
    return new KafkaError('CONNECTION_FAILED', `no connection to broker ${host}:${port}: ${reason}`, {
      cause,
      context: { broker: `${host}:${port}` },
    })
  }

  #gone(connection: KafkaConnection, error: KafkaError | undefined): void {
    if (this.#connection !== connection) return
    const { hooks } = this.#options.context
    hooks.emit('connectionClosed', { nodeId: this.nodeId, ...this.address, reason: error?.message })
    this.#connection = undefined
    this.#cancelTimers()
    const { clock, config } = this.#options.context
    this.#notBeforeMs = clock.monotonicMs() + config.reconnectBackoffMs
    this.#options.onChange(this)
  }

  #watchIdle(connection: KafkaConnection, delayMs?: number): void {
    const { clock, config } = this.#options.context
    const limitMs = config.connectionsMaxIdleMs
    if (limitMs < 0) return
    clock.setTimer(`${this.#options.name} idle`, delayMs ?? limitMs, () => {
      if (connection.isClosed) return
      const leftMs = limitMs - connection.idleMs
      if (leftMs <= 0) connection.close()
      // At least a millisecond, since a rest of next to none would not move the clock on.
      else this.#watchIdle(connection, Math.max(1, leftMs))
    })
  }

  #cancelTimers(): void {
    const { clock } = this.#options.context
    for (const what of ['idle', 're-authentication', 'back-off']) clock.cancelTimer(`${this.#options.name} ${what}`)
  }
}

function closedError(): KafkaError {
  return new KafkaError(
    'NETWORK_EXCEPTION',
    'the connection was given up: the client is closed, or the broker has moved',
  )
}
