/**
 * The metrics of a consumer under the names of Kafka's own (`consumer-metrics`, `consumer-fetch-manager-metrics`,
 * `consumer-coordinator-metrics`, `consumer-node-metrics`). It is made when somebody first asks for them, so a consumer that nobody measures
 * pays nothing, and counts from then on. Left out is what has nothing to measure here: the loop of Java's selector (`select-*`, `io-*`).
 * Kafka: `FetchMetricsRegistry`, `KafkaConsumerMetrics`, `ConsumerCoordinatorMetrics`.
 */
import {
  type ClientCore,
  type ClientMetric,
  type MetricPlace,
  type MetricSource,
  Metrics,
  watchNetwork,
} from '@odradek/client'
import type { Hooks } from '@odradek/runtime'
import type { ConsumerConfig } from './config/consumer-config.ts'
import type { ConsumerEvents } from './consumer-events.ts'
import { FetchMetrics } from './fetch/fetch-metrics.ts'
import type { SubscriptionState } from './subscription-state.ts'

/** What is measured. */
export interface ConsumerMetricsOptions {
  readonly core: ClientCore
  readonly config: ConsumerConfig
  readonly hooks: Hooks<ConsumerEvents>
  readonly subscriptions: SubscriptionState
}

/** Measures one consumer from now on. */
export class ConsumerMetrics implements MetricSource {
  readonly #metrics: Metrics
  readonly #tags: MetricPlace['tags']
  #lastPollMs: number | undefined
  #pollBeganMs = 0
  #idle: (ratio: number) => void = () => undefined
  #between: (ms: number) => void = () => undefined

  constructor(options: ConsumerMetricsOptions) {
    const { core, config } = options
    const windows = { windowMs: config.metricsSampleWindowMs, samples: config.metricsNumSamples }
    const metrics = new Metrics(core.context.clock, windows)
    this.#metrics = metrics
    this.#tags = { 'client-id': config.clientId }
    watchNetwork({ core, metrics, client: 'consumer', latencyApi: 'Fetch' })
    new FetchMetrics(metrics, options).watch()
    this.#watchPolls()
    this.#watchGroup(options)
    metrics.gauge('count', { group: 'kafka-metrics-count', tags: this.#tags }, () => metrics.size)
  }

  metrics(): Iterable<ClientMetric> {
    return this.#metrics.metrics()
  }

  /** A poll begins. */
  pollBegan(): void {
    const { nowMs } = this.#metrics
    this.#pollBeganMs = nowMs
    if (this.#lastPollMs !== undefined) this.#between(nowMs - this.#lastPollMs)
  }

  /** A poll has ended: the part of the time since the one before that was spent in it was idle. */
  pollEnded(): void {
    const { nowMs } = this.#metrics
    const sinceMs = nowMs - (this.#lastPollMs ?? this.#pollBeganMs)
    if (sinceMs > 0) this.#idle((nowMs - this.#pollBeganMs) / sinceMs)
    this.#lastPollMs = this.#pollBeganMs
  }

  #watchPolls(): void {
    const metrics = this.#metrics
    const place: MetricPlace = { group: 'consumer-metrics', tags: this.#tags }
    this.#between = metrics.sensor('time-between-poll', ['avg', 'max'], place)
    this.#idle = metrics.sensor('poll-idle-ratio', ['avg'], place)
    const since = () => (this.#lastPollMs === undefined ? -1 : Math.floor((metrics.nowMs - this.#lastPollMs) / 1000))
    metrics.gauge('last-poll-seconds-ago', place, since)
  }

  #watchGroup({ hooks, subscriptions, config }: ConsumerMetricsOptions): void {
    if (config.groupId === null) return
    const metrics = this.#metrics
    const place: MetricPlace = { group: 'consumer-coordinator-metrics', tags: this.#tags }
    const commitLatency = metrics.sensor('commit-latency', ['avg', 'max'], place)
    const commits = metrics.meter('commit', place)
    const heartbeatTime = metrics.sensor('heartbeat-response-time', ['max'], place)
    const heartbeats = metrics.meter('heartbeat', place)
    const joinTime = metrics.sensor('join-time', ['avg', 'max'], place)
    const joins = metrics.meter('join', place)
    const syncTime = metrics.sensor('sync-time', ['avg', 'max'], place)
    const syncs = metrics.meter('sync', place)
    const rebalances = metrics.sensor('rebalance', ['total'], place)
    const rebalanceLatency = metrics.sensor('rebalance-latency', ['avg', 'max', 'total'], place)
    let heartbeatMs: number | undefined
    let rebalanceMs: number | undefined
    let startedMs: number | undefined
    const secondsSince = (ms: number | undefined) => (ms === undefined ? -1 : Math.floor((metrics.nowMs - ms) / 1000))
    metrics.gauge('assigned-partitions', place, () => subscriptions.assignmentSize)
    metrics.gauge('last-heartbeat-seconds-ago', place, () => secondsSince(heartbeatMs))
    metrics.gauge('last-rebalance-seconds-ago', place, () => secondsSince(rebalanceMs))
    hooks.on('committed', ({ latencyMs }) => {
      commitLatency(latencyMs)
      commits(1)
    })
    hooks.on('heartbeat', ({ latencyMs }) => {
      heartbeatTime(latencyMs)
      heartbeats(1)
      heartbeatMs = metrics.nowMs
    })
    hooks.on('responseReceived', ({ api, latencyMs }) => {
      if (api !== 'JoinGroup' && api !== 'SyncGroup') return
      const [time, count] = api === 'JoinGroup' ? [joinTime, joins] : [syncTime, syncs]
      time(latencyMs)
      count(1)
    })
    hooks.on('rebalanceStarted', () => {
      startedMs = metrics.nowMs
    })
    hooks.on('partitionsAssigned', () => {
      rebalanceMs = metrics.nowMs
      rebalances(1)
      if (startedMs !== undefined) rebalanceLatency(rebalanceMs - startedMs)
      startedMs = undefined
    })
  }
}
