/**
 * Metrics as OpenTelemetry's protocol has them (`opentelemetry.proto.metrics.v1.MetricsData`), which is what PushTelemetry carries. The
 * field numbers are those of the published schema; five small messages do not need a protobuf library.
 */
import { ProtobufWriter } from './protobuf-writer.ts'

/** A metric as it is pushed. */
export interface OtlpMetric {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly kind: 'gauge' | 'sum'
  readonly value: number
  /** Since when a sum has been counting, milliseconds since 1970. */
  readonly startMs: number
}

/** What all metrics of one push have in common. */
export interface OtlpMetricsOptions {
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** Whether sums are those since the push before (delta), or since `startMs` (cumulative). */
  readonly delta: boolean
  /** Describes the client: `client_rack`. */
  readonly resource: Readonly<Record<string, string>>
}

const temporality = { delta: 1, cumulative: 2 }
const field = {
  resourceMetrics: 1,
  resource: 1,
  resourceAttributes: 1,
  scopeMetrics: 2,
  metrics: 2,
  metricName: 1,
  gauge: 5,
  sum: 7,
  dataPoints: 1,
  temporality: 2,
  isMonotonic: 3,
  startTime: 2,
  time: 3,
  asDouble: 4,
  pointAttributes: 7,
} as const

/** The bytes of one MetricsData message. */
export function encodeOtlpMetrics(metrics: Iterable<OtlpMetric>, options: OtlpMetricsOptions): Uint8Array {
  const writer = new ProtobufWriter()
  writer.message(field.resourceMetrics, (resourceMetrics) => {
    resourceMetrics.message(field.resource, (resource) =>
      putAttributes(resource, field.resourceAttributes, options.resource),
    )
    resourceMetrics.message(field.scopeMetrics, (scope) => {
      for (const metric of metrics) scope.message(field.metrics, (target) => putMetric(target, metric, options))
    })
  })
  return writer.bytes()
}

function putMetric(writer: ProtobufWriter, metric: OtlpMetric, { nowMs, delta }: OtlpMetricsOptions): void {
  const isSum = metric.kind === 'sum'
  writer.string(field.metricName, metric.name)
  writer.message(isSum ? field.sum : field.gauge, (data) => {
    data.message(field.dataPoints, (point) => {
      if (isSum) point.fixed64(field.startTime, nanoseconds(metric.startMs))
      point.fixed64(field.time, nanoseconds(nowMs))
      point.double(field.asDouble, metric.value)
      putAttributes(point, field.pointAttributes, metric.attributes)
    })
    if (!isSum) return
    data.varint(field.temporality, delta ? temporality.delta : temporality.cumulative)
    data.varint(field.isMonotonic, 1)
  })
}

/** KeyValue { key = 1, value = 2 { string_value = 1 } } */
function putAttributes(writer: ProtobufWriter, number: number, attributes: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(attributes)) {
    writer.message(number, (pair) => {
      pair.string(1, key)
      pair.message(2, (any) => any.string(1, value))
    })
  }
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms)) * 1_000_000n
}
