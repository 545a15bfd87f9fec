import type { MetricPlace, Metrics, Sensor } from '@odradek/client'

interface TopicSensors {
  readonly records: Sensor
  readonly bytes: Sensor
  readonly compression: Sensor
  readonly retries: Sensor
  readonly errors: Sensor
}

/** What is counted for each topic, from its first record on. Kafka: `producer-topic-metrics`. */
export class TopicMetrics {
  readonly #metrics: Metrics
  readonly #clientId: string
  readonly #topics = new Map<string, TopicSensors>()

  constructor(metrics: Metrics, clientId: string) {
    this.#metrics = metrics
    this.#clientId = clientId
  }

  /** A batch of the topic was sent; `ratio` is what compression left of it. */
  sent(topic: string, { records, bytes, ratio }: { records: number; bytes: number; ratio: number }): void {
    const sensors = this.#of(topic)
    sensors.records(records)
    sensors.bytes(bytes)
    sensors.compression(ratio)
  }

  /** Records of the topic are to be sent again. */
  retried(topic: string, records: number): void {
    this.#of(topic).retries(records)
  }

  /** Records of the topic will not be written. */
  failed(topic: string, records: number): void {
    this.#of(topic).errors(records)
  }

  #of(topic: string): TopicSensors {
    const known = this.#topics.get(topic)
    if (known !== undefined) return known
    const place: MetricPlace = { group: 'producer-topic-metrics', tags: { 'client-id': this.#clientId, topic } }
    const made = {
      records: this.#metrics.meter('record-send', place),
      bytes: this.#metrics.meter('byte', place),
      compression: this.#metrics.sampled('compression-rate', place, (stat, nowMs) => stat.average(nowMs)),
      retries: this.#metrics.meter('record-retry', place),
      errors: this.#metrics.meter('record-error', place),
    }
    this.#topics.set(topic, made)
    return made
  }
}
