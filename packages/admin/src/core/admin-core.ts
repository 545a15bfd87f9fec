import {
  type ClientContext,
  type ClientCore,
  type ClientEvents,
  type ClientMetric,
  type ClientPorts,
  ClientTelemetry,
  createClientCore,
  KafkaError,
  Metrics,
  type NetworkClient,
  watchNetwork,
} from '@odradek/client'
import { Hooks, silentLogger } from '@odradek/runtime'
import { type AdminConfig, type AdminOptions, parseAdminConfig } from '../config/admin-config.ts'
import { AdminCall, type CallOptions } from './admin-call.ts'
import { ClusterView } from './cluster-view.ts'

/** What the calls of one admin client share: connections, what is known of the cluster, and the calls under way. */
export class AdminCore {
  readonly config: AdminConfig
  readonly context: ClientContext
  readonly network: NetworkClient
  readonly view: ClusterView
  readonly hooks: Hooks<ClientEvents>
  readonly #calls = new Set<AdminCall>()
  readonly #core: ClientCore
  readonly #telemetry: ClientTelemetry
  #metrics: Metrics | undefined
  #clientInstanceId: string | undefined
  #made = 0
  #state: 'open' | 'closing' | 'closed' = 'open'
  #whenIdle: (() => void) | undefined

  /** @throws ConfigError */
  constructor(options: AdminOptions) {
    this.hooks = options.hooks ?? new Hooks<ClientEvents>()
    this.config = parseAdminConfig(options, options.logger ?? silentLogger)
    const core = createClientCore({
      config: this.config,
      ports: options as Partial<ClientPorts>,
      hooks: this.hooks,
      metadataMaxIdleMs: this.config.metadataMaxAgeMs,
      allowAutoTopicCreation: false,
    })
    const { context, network } = core
    this.#core = core
    this.context = context
    this.network = network
    this.view = new ClusterView({ context, network, ofControllers: this.config.bootstrapControllers.length > 0 })
    if (this.config.enableMetricsPush) {
      this.hooks.on('telemetrySubscribed', ({ clientInstanceId }) => {
        this.#clientInstanceId = clientInstanceId
      })
    }
    this.#telemetry = new ClientTelemetry({ core, source: () => this.#measured(), labels: {} })
  }

  /** The id that the cluster has given this client for its metrics; undefined before it has. */
  get clientInstanceId(): string | undefined {
    return this.#clientInstanceId
  }

  /** The metrics as they are now. */
  metrics(): Iterable<ClientMetric> {
    return this.#measured().metrics()
  }

  /** Runs one call. @throws KafkaError CLIENT_CLOSED, or whatever the call ends with */
  async run<Value>(name: string, options: CallOptions, work: (call: AdminCall) => Promise<Value>): Promise<Value> {
    if (this.#state !== 'open') throw new KafkaError('CLIENT_CLOSED', `${name}: the admin client is closed`)
    this.#made++
    using call = new AdminCall(this, { name, key: `admin call ${this.#made}`, options })
    this.#calls.add(call)
    try {
      return await work(call)
    } finally {
      this.#calls.delete(call)
      if (this.#calls.size === 0) this.#whenIdle?.()
    }
  }

  /** Takes no more calls, waits for those under way for at most `timeoutMs`, ends what is left with CLIENT_CLOSED, and closes all connections. */
  async close(timeoutMs: number | undefined): Promise<void> {
    this.#state = 'closing'
    const { clock } = this.context
    if (this.#calls.size > 0 && timeoutMs !== 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve
        if (timeoutMs !== undefined) clock.setTimer('admin close', timeoutMs, resolve)
      })
      clock.cancelTimer('admin close')
    }
    this.#state = 'closed'
    for (const call of this.#calls) {
      call.end(new KafkaError('CLIENT_CLOSED', `${call.name}: the admin client was closed`))
    }
    await this.#telemetry.close(timeoutMs)
    this.#core.close()
  }

  #measured(): Metrics {
    if (this.#metrics !== undefined) return this.#metrics
    const { metricsSampleWindowMs: windowMs, metricsNumSamples: samples, clientId } = this.config
    const metrics = new Metrics(this.context.clock, { windowMs, samples })
    watchNetwork({ core: this.#core, metrics, client: 'admin-client', latencyApi: '' })
    const tags = { 'client-id': clientId }
    metrics.gauge('count', { group: 'kafka-metrics-count', tags }, () => metrics.size)
    this.#metrics = metrics
    return metrics
  }
}
