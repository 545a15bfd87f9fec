/**
 * Pushes a client's metrics to the cluster, when the cluster asks for them (KIP-714). Kafka: `ClientTelemetryReporter`.
 *
 * - `idle` waits for a connection, over which it asks what is wanted;
 * - `asking` waits for that answer;
 * - `resting` knows what is wanted; the timer leads to the next push, or, when nothing is wanted, to the next question;
 * - `pushing` waits for the acknowledgement of a push;
 * - `off` is the end: the client is closed, pushing is switched off, or the broker does not do telemetry.
 *
 * Nothing is measured before the cluster asks for something, and a failure never reaches the application.
 */
import { errors, zeroUuid } from '@odradek/protocol'
import {
  getTelemetrySubscriptionsRequest,
  getTelemetrySubscriptionsResponse,
  pushTelemetryRequest,
  pushTelemetryResponse,
} from '@odradek/protocol/messages'
import type { ClientCore } from '../client-core.ts'
import type { KafkaConnection } from '../kafka-connection.ts'
import { asKafkaError, type KafkaError } from '../kafka-error.ts'
import type { MetricSource } from '../metrics/client-metric.ts'
import { compressTelemetry, TelemetryPayload, type TelemetrySubscription } from './telemetry-payload.ts'

/** What pushing needs. */
export interface ClientTelemetryOptions {
  readonly core: ClientCore
  /** The metrics; asked for once, when the cluster first wants any. */
  readonly source: () => MetricSource
  /** Labels of the client beside its id: `client_rack`, `group_id`. Empty ones are left out. */
  readonly labels: Readonly<Record<string, string>>
}

type State =
  | { readonly name: 'idle' | 'asking' | 'off' }
  | { readonly name: 'resting' | 'pushing'; readonly subscription: TelemetrySubscription }

const subscriptionsApi = { request: getTelemetrySubscriptionsRequest, response: getTelemetrySubscriptionsResponse }
const pushApi = { request: pushTelemetryRequest, response: pushTelemetryResponse }
const defaultPushIntervalMs = 300_000
/** Clients that began together are spread from half to one and a half of the interval. */
const spread = { least: 0.5, most: 1.5 }
/** How long closing waits for the last push to be taken. */
const lastPushTimeoutMs = 1_000

/** How long to wait after an error before asking anew; undefined for ever. Kafka: `maybeFetchErrorIntervalMs`. */
const waits: ReadonlyMap<number, (intervalMs: number) => number> = new Map([
  [errors.UNKNOWN_SUBSCRIPTION_ID.code, () => 0],
  [errors.UNSUPPORTED_COMPRESSION_TYPE.code, () => 0],
  [errors.TELEMETRY_TOO_LARGE.code, (intervalMs: number) => intervalMs],
  [errors.THROTTLING_QUOTA_EXCEEDED.code, (intervalMs: number) => intervalMs],
])

/** The telemetry of one client. */
export class ClientTelemetry {
  readonly #options: ClientTelemetryOptions
  readonly #timer = 'client telemetry'
  readonly #stopListening: () => void
  #state: State
  #payload: TelemetryPayload | undefined
  #clientInstanceId = zeroUuid
  #subscriptionId: number | undefined
  #intervalMs = defaultPushIntervalMs

  constructor(options: ClientTelemetryOptions) {
    this.#options = options
    const isOn = options.core.context.config.enableMetricsPush
    this.#state = { name: isOn ? 'idle' : 'off' }
    this.#stopListening = isOn
      ? options.core.network.onChange(({ connection, nodeId }) => {
          if (this.#state.name === 'idle' && connection !== undefined && nodeId >= 0) this.#ask(connection)
        })
      : () => undefined
  }

  /** Ends it. A client that has pushed, or was about to, says good-bye with its last figures, within `timeoutMs`. */
  async close(timeoutMs: number = lastPushTimeoutMs): Promise<void> {
    const state = this.#state
    this.#stopListening()
    this.#state = { name: 'off' }
    const { context, network } = this.#options.core
    context.clock.cancelTimer(this.#timer)
    if (!('subscription' in state) || state.subscription.requestedMetrics.length === 0) return
    const connection = network.readyConnection()
    if (connection === undefined || timeoutMs <= 0) return
    await this.#send(connection, state.subscription, {
      isTerminating: true,
      timeoutMs: Math.min(timeoutMs, lastPushTimeoutMs),
    }).catch((error: unknown) => this.#tell(asKafkaError(error, 'PROTOCOL_VIOLATION')))
  }

  #ask(connection: KafkaConnection): void {
    const { context } = this.#options.core
    this.#state = { name: 'asking' }
    connection
      .request(
        subscriptionsApi,
        { clientInstanceId: this.#clientInstanceId },
        { timeoutMs: context.config.requestTimeoutMs },
      )
      .then(
        ({ errorCode, throttleTimeMs: _throttle, ...subscription }) => {
          if (this.#state.name !== 'asking') return
          if (errorCode !== 0) this.#refused(errorCode)
          else this.#subscribed(subscription)
        },
        (error: KafkaError) => {
          if (this.#state.name === 'asking') this.#failed(error)
        },
      )
  }

  #subscribed(subscription: TelemetrySubscription): void {
    const { context } = this.#options.core
    const { clientInstanceId, subscriptionId, pushIntervalMs, requestedMetrics } = subscription
    this.#clientInstanceId = clientInstanceId
    this.#intervalMs = pushIntervalMs
    const isNew = subscriptionId !== this.#subscriptionId
    this.#subscriptionId = subscriptionId
    if (requestedMetrics.length > 0) this.#payload ??= this.#startMeasuring()
    if (context.hooks.has('telemetrySubscribed')) {
      context.hooks.emit('telemetrySubscribed', { clientInstanceId, pushIntervalMs, requestedMetrics })
    }
    const factor = spread.least + context.random.nextFloat() * (spread.most - spread.least)
    this.#rest(subscription, isNew ? pushIntervalMs * factor : pushIntervalMs)
  }

  #startMeasuring(): TelemetryPayload {
    const { source, labels, core } = this.#options
    const resource = Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))
    return new TelemetryPayload(source(), { resource, startMs: core.context.clock.now() })
  }

  #rest(subscription: TelemetrySubscription, delayMs: number): void {
    this.#state = { name: 'resting', subscription }
    this.#options.core.context.clock.setTimer(this.#timer, delayMs, () => {
      if (subscription.requestedMetrics.length === 0) this.#askSoon()
      else this.#push(subscription)
    })
  }

  #push(subscription: TelemetrySubscription): void {
    const { network, context } = this.#options.core
    const connection = network.readyConnection()
    if (connection === undefined) {
      this.#rest(subscription, subscription.pushIntervalMs)
      return
    }
    this.#state = { name: 'pushing', subscription }
    const options = { isTerminating: false, timeoutMs: context.config.requestTimeoutMs }
    this.#send(connection, subscription, options).then(
      (errorCode) => {
        if (this.#state.name !== 'pushing') return
        if (errorCode !== 0) this.#refused(errorCode)
        else this.#rest(subscription, subscription.pushIntervalMs)
      },
      (error: unknown) => {
        if (this.#state.name === 'pushing') this.#failed(asKafkaError(error, 'PROTOCOL_VIOLATION'))
      },
    )
  }

  /** Sends the figures of now and resolves with the broker's error code. */
  async #send(
    connection: KafkaConnection,
    subscription: TelemetrySubscription,
    options: { readonly isTerminating: boolean; readonly timeoutMs: number },
  ): Promise<number> {
    const { clock, hooks } = this.#options.core.context
    const { isTerminating: terminating, timeoutMs } = options
    const { clientInstanceId, subscriptionId, acceptedCompressionTypes, telemetryMaxBytes } = subscription
    const payload = this.#payload!.next(subscription, clock.now())
    const compressed = compressTelemetry(payload.bytes, acceptedCompressionTypes)
    if (compressed.metrics.length > telemetryMaxBytes) return errors.TELEMETRY_TOO_LARGE.code
    const body = { clientInstanceId, subscriptionId, terminating, ...compressed }
    const { errorCode } = await connection.request(pushApi, body, { timeoutMs })
    if (errorCode !== 0) return errorCode
    this.#payload?.confirm()
    if (hooks.has('telemetryPushed')) {
      hooks.emit('telemetryPushed', { metrics: payload.metrics, bytes: compressed.metrics.length, terminating })
    }
    return 0
  }

  #refused(errorCode: number): void {
    const waitMs = waits.get(errorCode)?.(this.#intervalMs)
    if (waitMs === undefined) {
      this.#tellCode(errorCode)
      this.#end()
    } else if (waitMs === 0) this.#askSoon()
    else this.#options.core.context.clock.setTimer(this.#timer, waitMs, () => this.#askSoon())
  }

  /** A broker that does not do telemetry ends it; a lost connection does not. */
  #failed(error: KafkaError): void {
    if (!error.retriable) {
      if (error.code !== 'UNSUPPORTED_VERSION') this.#tell(error)
      this.#end()
      return
    }
    const { clock, config } = this.#options.core.context
    clock.setTimer(this.#timer, config.retryBackoffMaxMs, () => this.#askSoon())
  }

  #askSoon(): void {
    this.#state = { name: 'idle' }
    const connection = this.#options.core.network.readyConnection()
    if (connection !== undefined) this.#ask(connection)
  }

  #end(): void {
    this.#stopListening()
    this.#state = { name: 'off' }
  }

  #tellCode(errorCode: number): void {
    this.#options.core.context.logger.warn('the cluster refused the metrics of this client; they are pushed no more', {
      errorCode,
    })
  }

  #tell(error: KafkaError): void {
    this.#options.core.context.logger.warn('the metrics of this client could not be pushed', { error: error.message })
  }
}
