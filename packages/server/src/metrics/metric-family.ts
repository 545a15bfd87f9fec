/**
 * Metrics as Prometheus takes them. Names are those the common JMX exporter rules give Kafka's MBeans, so that dashboards made
 * for Apache Kafka work: `kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec` is
 * `kafka_server_brokertopicmetrics_messagesin_total`.
 */

/** Label values by label name. */
export type Labels = Readonly<Record<string, string | number>>

/** One value of a metric. */
export interface MetricSample {
  readonly labels?: Labels
  readonly value: number
  /** What follows the metric's name: `_bucket`, `_sum` or `_count` of a histogram. */
  readonly suffix?: '_bucket' | '_sum' | '_count'
}

/** A metric and all its values. */
export interface MetricFamily {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly samples: readonly MetricSample[]
}

/** Anything that has metrics to tell when it is asked. */
export interface MetricsSource {
  /** The present values. */
  collect(): Iterable<MetricFamily>
}

/** Kafka's name of a metric: group, type and name of its MBean. */
export interface KafkaMetricName {
  /** `kafka.server` */
  readonly group: string
  /** `BrokerTopicMetrics` */
  readonly type: string
  /** `MessagesInPerSec` */
  readonly name: string
}

/** The Prometheus name; a rate becomes the counter it is made of. */
export function prometheusName({ group, type, name }: KafkaMetricName): string {
  const isRate = /PerSec$/.test(name)
  const parts = [group.replace('.', '_'), type, name.replace(/PerSec$/, '')].join('_')
  return `${parts.replace(/[^a-zA-Z0-9_]/g, '').toLowerCase()}${isRate ? '_total' : ''}`
}
