/**
 * The metrics of a producer under the names of Kafka's own (`producer-metrics`, `producer-node-metrics`, `producer-topic-metrics`). It is
 * made when somebody first asks for them, so a producer that nobody measures pays nothing, and counts from then on. Left out is what has
 * nothing to measure here: the loop of Java's selector (`select-*`, `io-*`) and transactions (`txn-*`). Kafka: `SenderMetricsRegistry`,
 * `SenderMetrics`, `KafkaProducerMetrics`, `BufferPool`.
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
import type { BlockedSends } from './blocked-sends.ts'
import type { BufferPool } from './buffer-pool.ts'
import type { ProducerConfig } from './config/producer-config.ts'
import type { ProducerEvents } from './producer-events.ts'
import { TopicMetrics } from './topic-metrics.ts'

/** What is measured. */
export interface ProducerMetricsOptions {
  readonly core: ClientCore
  readonly config: ProducerConfig
  readonly hooks: Hooks<ProducerEvents>
  readonly pool: BufferPool
  readonly blocked: BlockedSends
}

const nanosecondsPerMs = 1_000_000

/** Measures one producer from now on. */
export class ProducerMetrics implements MetricSource {
  readonly #metrics: Metrics
  readonly #place: MetricPlace
  readonly #topics: TopicMetrics

  constructor(options: ProducerMetricsOptions) {
    const { core, config, hooks } = options
    const windows = { windowMs: config.metricsSampleWindowMs, samples: config.metricsNumSamples }
    const metrics = new Metrics(core.context.clock, windows)
    this.#metrics = metrics
    this.#place = { group: 'producer-metrics', tags: { 'client-id': config.clientId } }
    this.#topics = new TopicMetrics(metrics, config.clientId)
    watchNetwork({ core, metrics, client: 'producer', latencyApi: 'Produce' })
    this.#watchSending(hooks)
    this.#watchBatches(hooks)
    this.#watchWaiting(hooks)
    this.#watchBuffer(options)
    metrics.gauge('count', { group: 'kafka-metrics-count', tags: this.#place.tags }, () => metrics.size)
  }

  metrics(): Iterable<ClientMetric> {
    return this.#metrics.metrics()
  }

  /** Batches are told before the request that carries them, in the same turn, and every attempt counts. */
  #watchSending(hooks: Hooks<ProducerEvents>): void {
    const metrics = this.#metrics
    const place = this.#place
    const batchSize = metrics.sensor('batch-size', ['avg', 'max'], place)
    const compression = metrics.sensor('compression-rate', ['avg'], place)
    const queueTime = metrics.sensor('record-queue-time', ['avg', 'max'], place)
    const recordSize = metrics.sensor('record-size', ['avg', 'max'], place)
    const sent = metrics.meter('record-send', place)
    const perRequest = metrics.sensor('records-per-request', ['avg'], place)
    const latency = metrics.sensor('request-latency', ['avg', 'max'], place)
    const throttle = metrics.sensor('produce-throttle-time', ['avg', 'max'], place)
    let records = 0
    hooks.on('batchSent', (batch) => {
      const ratio = batch.uncompressedBytes > 0 ? batch.bytes / batch.uncompressedBytes : 1
      records += batch.records
      batchSize(batch.bytes)
      compression(ratio)
      queueTime(batch.queuedMs)
      recordSize(batch.maxRecordBytes)
      sent(batch.records)
      this.#topics.sent(batch.topic, { records: batch.records, bytes: batch.bytes, ratio })
    })
    hooks.on('requestSent', ({ api }) => {
      if (api !== 'Produce') return
      perRequest(records)
      records = 0
    })
    hooks.on('responseReceived', ({ api, latencyMs }) => {
      if (api === 'Produce') latency(latencyMs)
    })
    hooks.on('produceAnswered', ({ throttleTimeMs }) => throttle(throttleTimeMs))
  }

  #watchBatches(hooks: Hooks<ProducerEvents>): void {
    const retried = this.#metrics.meter('record-retry', this.#place)
    const failed = this.#metrics.meter('record-error', this.#place)
    const split = this.#metrics.meter('batch-split', this.#place)
    hooks.on('batchRetried', ({ topic, records }) => {
      retried(records)
      this.#topics.retried(topic, records)
    })
    hooks.on('batchFailed', ({ topic, records }) => {
      failed(records)
      this.#topics.failed(topic, records)
    })
    hooks.on('batchSplit', () => split(1))
  }

  /** How long anything waited: Java counts its threads, here calls that wait at the same time count once. */
  #watchWaiting(hooks: Hooks<ProducerEvents>): void {
    const metrics = this.#metrics
    const place = this.#place
    const ratio = metrics.sampled('bufferpool-wait-ratio', place, (stat, nowMs) => stat.rate(nowMs) / 1000)
    const forMemory = metrics.sensor('bufferpool-wait-time-ns', ['total'], place)
    const forMetadata = metrics.sensor('metadata-wait-time-ns', ['total'], place)
    const exhausted = metrics.meter('buffer-exhausted', place)
    const flushTime = metrics.sensor('flush-time-ns', ['total'], place)
    const waits = {
      memory: new WaitingTime((ms) => {
        ratio(ms)
        forMemory(ms * nanosecondsPerMs)
      }),
      metadata: new WaitingTime((ms) => forMetadata(ms * nanosecondsPerMs)),
    }
    hooks.on('sendBlocked', ({ reason }) => waits[reason].begin(metrics.nowMs))
    hooks.on('sendUnblocked', ({ reason, outcome }) => {
      waits[reason].end(metrics.nowMs)
      if (reason === 'memory' && outcome === 'timed-out') exhausted(1)
    })
    hooks.on('flushed', ({ durationMs }) => flushTime(durationMs * nanosecondsPerMs))
  }

  #watchBuffer({ pool, blocked }: ProducerMetricsOptions): void {
    this.#metrics.gauge('buffer-total-bytes', this.#place, () => pool.totalBytes)
    this.#metrics.gauge('buffer-available-bytes', this.#place, () => pool.freeBytes)
    this.#metrics.gauge('waiting-threads', this.#place, () => blocked.size)
  }
}

/** Time during which at least one waits. */
class WaitingTime {
  readonly #ended: (ms: number) => void
  #count = 0
  #sinceMs = 0

  constructor(ended: (ms: number) => void) {
    this.#ended = ended
  }

  begin(nowMs: number): void {
    if (this.#count === 0) this.#sinceMs = nowMs
    this.#count++
  }

  end(nowMs: number): void {
    // One that began before anybody measured ends unseen.
    if (this.#count === 0) return
    this.#count--
    if (this.#count === 0) this.#ended(nowMs - this.#sinceMs)
  }
}
