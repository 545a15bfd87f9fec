/** One figure of a client at one time, under the name that Kafka's clients give it. */
export interface ClientMetric {
  /** Kafka's name of the metric within its group: `record-send-total`. */
  readonly name: string
  /** Kafka's name of the group: `producer-metrics`, `producer-node-metrics`, `producer-topic-metrics`. */
  readonly group: string
  /** `client-id`, and what else tells it from its siblings: `node-id`, `topic`. */
  readonly tags: Readonly<Record<string, string>>
  /** A sum only grows; a gauge is what it is at the moment. */
  readonly kind: 'gauge' | 'sum'
  /** Milliseconds, bytes, or what the name says; NaN when nothing was measured yet. */
  readonly value: number
}

/** Something that has metrics. */
export interface MetricSource {
  /** The metrics as they are now. */
  metrics(): Iterable<ClientMetric>
}
