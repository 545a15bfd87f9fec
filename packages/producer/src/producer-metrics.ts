import type { Hooks } from '@odradek/runtime'
import type { ProducerEvents } from './producer-events.ts'

/** Kafka's names of the producer's metrics that are kept here. Totals count, averages are over all since `ProducerMetrics` was made. */
export type ProducerMetricName =
  | 'batch-size-avg'
  | 'batch-size-max'
  | 'batch-split-total'
  | 'connection-close-total'
  | 'connection-count'
  | 'connection-creation-total'
  | 'failed-connection-total'
  | 'incoming-byte-total'
  | 'outgoing-byte-total'
  | 'record-error-total'
  | 'record-queue-time-avg'
  | 'record-queue-time-max'
  | 'record-retry-total'
  | 'record-send-total'
  | 'record-size-avg'
  | 'records-per-batch-avg'
  | 'request-latency-avg'
  | 'request-latency-max'
  | 'request-total'
  | 'response-total'

/** What Kafka counts for each topic (`producer-topic-metrics`). */
export type ProducerTopicMetricName = 'byte-total' | 'record-error-total' | 'record-retry-total' | 'record-send-total'

/** Sum, number and largest of some values. */
class Samples {
  #sum = 0
  #count = 0
  max = 0

  add(value: number, weight = 1): void {
    this.#sum += value
    this.#count += weight
    if (value > this.max) this.max = value
  }

  get average(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count
  }
}

/**
 * Counts what a producer does, under Kafka's metric names. It listens to the hooks from when it is made until `close`, so a producer
 * without it pays nothing. Rates are differences of totals between two looks.
 */
export class ProducerMetrics implements Disposable {
  readonly #batchSize = new Samples()
  readonly #queueTime = new Samples()
  readonly #latency = new Samples()
  readonly #recordSize = new Samples()
  readonly #recordsPerBatch = new Samples()
  readonly #totals = new Map<ProducerMetricName, number>()
  readonly #topics = new Map<string, Map<ProducerTopicMetricName, number>>()
  readonly #endings: (() => void)[] = []

  constructor(hooks: Hooks<ProducerEvents>) {
    this.#watchBatches(hooks)
    this.#watchConnections(hooks)
  }

  /** The metrics as they are now. Times are milliseconds, sizes bytes. */
  snapshot(): Readonly<Record<ProducerMetricName, number>> {
    const total = (name: ProducerMetricName) => this.#totals.get(name) ?? 0
    return {
      'batch-size-avg': this.#batchSize.average,
      'batch-size-max': this.#batchSize.max,
      'batch-split-total': total('batch-split-total'),
      'connection-close-total': total('connection-close-total'),
      'connection-count': total('connection-count'),
      'connection-creation-total': total('connection-creation-total'),
      'failed-connection-total': total('failed-connection-total'),
      'incoming-byte-total': total('incoming-byte-total'),
      'outgoing-byte-total': total('outgoing-byte-total'),
      'record-error-total': total('record-error-total'),
      'record-queue-time-avg': this.#queueTime.average,
      'record-queue-time-max': this.#queueTime.max,
      'record-retry-total': total('record-retry-total'),
      'record-send-total': total('record-send-total'),
      'record-size-avg': this.#recordSize.average,
      'records-per-batch-avg': this.#recordsPerBatch.average,
      'request-latency-avg': this.#latency.average,
      'request-latency-max': this.#latency.max,
      'request-total': total('request-total'),
      'response-total': total('response-total'),
    }
  }

  /** The metrics of a topic; all 0 when nothing was sent to it. */
  topic(topic: string): Readonly<Record<ProducerTopicMetricName, number>> {
    const totals = this.#topics.get(topic)
    const total = (name: ProducerTopicMetricName) => totals?.get(name) ?? 0
    return {
      'byte-total': total('byte-total'),
      'record-error-total': total('record-error-total'),
      'record-retry-total': total('record-retry-total'),
      'record-send-total': total('record-send-total'),
    }
  }

  /** Listens no more. */
  close(): void {
    for (const end of this.#endings.splice(0)) end()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #watchBatches(hooks: Hooks<ProducerEvents>): void {
    this.#endings.push(
      hooks.on('batchSent', ({ topic, records, bytes, attempt, queuedMs }) => {
        if (attempt > 1) return
        this.#batchSize.add(bytes)
        this.#queueTime.add(queuedMs)
        this.#recordSize.add(bytes, records)
        this.#recordsPerBatch.add(records)
        this.#count('record-send-total', records)
        this.#countTopic(topic, 'record-send-total', records)
        this.#countTopic(topic, 'byte-total', bytes)
      }),
      hooks.on('batchRetried', ({ topic, records }) => {
        this.#count('record-retry-total', records)
        this.#countTopic(topic, 'record-retry-total', records)
      }),
      hooks.on('batchFailed', ({ topic, records }) => {
        this.#count('record-error-total', records)
        this.#countTopic(topic, 'record-error-total', records)
      }),
      hooks.on('batchSplit', () => this.#count('batch-split-total', 1)),
    )
  }

  #watchConnections(hooks: Hooks<ProducerEvents>): void {
    this.#endings.push(
      hooks.on('requestSent', ({ bytes }) => {
        this.#count('request-total', 1)
        this.#count('outgoing-byte-total', bytes)
      }),
      hooks.on('responseReceived', ({ bytes, latencyMs }) => {
        this.#count('response-total', 1)
        this.#count('incoming-byte-total', bytes)
        this.#latency.add(latencyMs)
      }),
      hooks.on('connectionOpened', () => {
        this.#count('connection-creation-total', 1)
        this.#count('connection-count', 1)
      }),
      hooks.on('connectionClosed', () => {
        this.#count('connection-close-total', 1)
        this.#count('connection-count', -1)
      }),
      hooks.on('connectionFailed', () => this.#count('failed-connection-total', 1)),
    )
  }

  #count(name: ProducerMetricName, by: number): void {
    this.#totals.set(name, (this.#totals.get(name) ?? 0) + by)
  }

  #countTopic(topic: string, name: ProducerTopicMetricName, by: number): void {
    const totals = this.#topics.get(topic) ?? new Map<ProducerTopicMetricName, number>()
    this.#topics.set(topic, totals.set(name, (totals.get(name) ?? 0) + by))
  }
}
