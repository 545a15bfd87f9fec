import type { MetricPlace, Metrics, Sensor } from '@odradek/client'
import type { Hooks } from '@odradek/runtime'
import type { ConsumerConfig } from '../config/consumer-config.ts'
import type { ConsumerEvents } from '../consumer-events.ts'
import type { SubscriptionState } from '../subscription-state.ts'
import { partitionKey, type TopicPartition } from '../topic-partition.ts'

const group = 'consumer-fetch-manager-metrics'

/** What is measured. */
export interface FetchMetricsOptions {
  readonly config: ConsumerConfig
  readonly hooks: Hooks<ConsumerEvents>
  readonly subscriptions: SubscriptionState
}

interface TopicSensors {
  readonly fetchSize: Sensor
  readonly bytes: Sensor
  readonly records: Sensor
  readonly perRequest: Sensor
}

/** What fetches bring, in all, for each topic, and for each partition how far behind the end it is. Kafka: `FetchMetricsManager`. */
export class FetchMetrics {
  readonly #metrics: Metrics
  readonly #options: FetchMetricsOptions
  readonly #place: MetricPlace
  readonly #topics = new Map<string, TopicSensors>()
  readonly #partitions = new Map<string, { readonly lag: Sensor; readonly lead: Sensor }>()

  constructor(metrics: Metrics, options: FetchMetricsOptions) {
    this.#metrics = metrics
    this.#options = options
    this.#place = { group, tags: { 'client-id': options.config.clientId } }
  }

  /** Counts from now on. */
  watch(): void {
    const { hooks } = this.#options
    const latency = this.#metrics.sensor('fetch-latency', ['avg', 'max'], this.#place)
    const fetches = this.#metrics.meter('fetch', this.#place)
    const throttle = this.#metrics.sensor('fetch-throttle-time', ['avg', 'max'], this.#place)
    const all = this.#sensors(this.#place)
    const isCommitted = this.#options.config.isolationLevel === 'read_committed'
    const { subscriptions } = this.#options
    this.#metrics.gauge('records-lag-max', this.#place, () => {
      let most = Number.NaN
      for (const state of subscriptions.partitions) {
        const lag = subscriptions.partitionLag(state, isCommitted)
        if (lag !== undefined && !(lag <= most)) most = lag
      }
      return most
    })
    this.#metrics.gauge('records-lead-min', this.#place, () => {
      let least = Number.NaN
      for (const { position, logStartOffset } of subscriptions.partitions) {
        if (position === undefined || logStartOffset === -1) continue
        const lead = Math.max(0, position.offset - logStartOffset)
        if (!(lead >= least)) least = lead
      }
      return least
    })
    hooks.on('fetchReceived', ({ latencyMs, bytes, throttleTimeMs, error }) => {
      if (error !== null) return
      latency(latencyMs)
      fetches(1)
      throttle(throttleTimeMs)
      all.fetchSize(bytes)
    })
    hooks.on('recordsReturned', (returned) => {
      const { topic, records, bytes, lag, lead } = returned
      const ofTopic = this.#topic(topic)
      ofTopic.fetchSize(bytes)
      for (const sensors of [all, ofTopic]) {
        sensors.bytes(bytes)
        sensors.records(records)
        sensors.perRequest(records)
      }
      const partition = this.#partition(returned)
      if (lag >= 0) partition.lag(lag)
      if (lead >= 0) partition.lead(lead)
    })
  }

  #sensors(place: MetricPlace): TopicSensors {
    return {
      fetchSize: this.#metrics.sensor('fetch-size', ['avg', 'max'], place),
      bytes: this.#metrics.meter('bytes-consumed', place),
      records: this.#metrics.meter('records-consumed', place),
      perRequest: this.#metrics.sensor('records-per-request', ['avg'], place),
    }
  }

  #topic(topic: string): TopicSensors {
    const known = this.#topics.get(topic)
    if (known !== undefined) return known
    const made = this.#sensors({ group, tags: { ...this.#place.tags, topic } })
    this.#topics.set(topic, made)
    return made
  }

  #partition({ topic, partition }: TopicPartition): { readonly lag: Sensor; readonly lead: Sensor } {
    const key = partitionKey({ topic, partition })
    const known = this.#partitions.get(key)
    if (known !== undefined) return known
    const { subscriptions, config } = this.#options
    const place = { group, tags: { ...this.#place.tags, topic, partition: `${partition}` } }
    const at = { topic, partition }
    const isCommitted = config.isolationLevel === 'read_committed'
    this.#metrics.gauge('records-lag', place, () => subscriptions.partitionLag(at, isCommitted) ?? Number.NaN)
    this.#metrics.gauge('preferred-read-replica', place, () => {
      return subscriptions.stateOf(at)?.preferredReadReplica(this.#metrics.nowMs) ?? -1
    })
    const made = {
      lag: this.#metrics.sensor('records-lag', ['avg', 'max'], place),
      lead: this.#metrics.sensor('records-lead', ['avg'], place),
    }
    this.#partitions.set(key, made)
    return made
  }
}
