import { clusterWide, int, javaClass, list, long, low, string, used, valid } from '../config-row.ts'
import { atLeast, listOf } from '../validators.ts'

/** Metrics, client telemetry (KIP-714) and client quotas. */
export const metricsAndQuotaConfigs = {
  'metric.reporters': list(
    ['org.apache.kafka.common.metrics.JmxReporter'],
    'Java classes that report metrics; Prometheus text is served instead.',
    low,
    valid(listOf({})),
    clusterWide,
  ),
  'metrics.num.samples': int(2, 'Samples kept for a metric.', low, valid(atLeast(1))),
  'metrics.recording.level': string('INFO', 'Which metrics are recorded.', low),
  'metrics.sample.window.ms': long(30_000, 'Length of a sample of a metric.', low, valid(atLeast(1))),
  'kafka.metrics.polling.interval.secs': int(
    10,
    "Pause between two polls of Kafka's old metrics reporters.",
    low,
    valid(atLeast(1)),
  ),
  'kafka.metrics.reporters': list([], 'Java classes of the old metrics reporters.', low, valid(listOf({}))),
  'telemetry.max.bytes': int(1_048_576, 'Most bytes in one PushTelemetry request.', low, valid(atLeast(1)), used),
  'quota.window.num': int(11, 'Samples kept for client quotas.', low, valid(atLeast(1))),
  'quota.window.size.seconds': int(1, 'Length of a sample for client quotas.', low, valid(atLeast(1))),
  'client.quota.callback.class': javaClass(
    null,
    'Java class that computes client quotas; has no counterpart here.',
    low,
  ),
}
