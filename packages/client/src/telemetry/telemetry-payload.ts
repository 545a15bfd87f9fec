import { compressionTypes, defaultCodecs } from '@odradek/protocol'
import type { ClientMetric, MetricSource } from '../metrics/client-metric.ts'
import { encodeOtlpMetrics, type OtlpMetric } from './otlp-metrics.ts'

/** What a cluster asks of a client (KIP-714). */
export interface TelemetrySubscription {
  readonly clientInstanceId: string
  readonly subscriptionId: number
  readonly pushIntervalMs: number
  /** Prefixes of telemetry names; one empty prefix asks for all, none at all for nothing. */
  readonly requestedMetrics: readonly string[]
  /** Ids of the codecs that may be used, the best one first. */
  readonly acceptedCompressionTypes: readonly number[]
  readonly telemetryMaxBytes: number
  readonly deltaTemporality: boolean
}

type Sums = Map<string, { readonly value: number; readonly atMs: number }>

const prefix = 'org.apache.kafka.'

/** The name under which Kafka's clients push a metric: `producer-node-metrics` `request-total` is `org.apache.kafka.producer.node.request.total`. */
export function telemetryName({ group, name }: Pick<ClientMetric, 'group' | 'name'>): string {
  return `${prefix}${group.replace('-metrics', '')}.${name}`.toLowerCase().replaceAll('-', '.')
}

/** Turns the metrics of a source into pushes; remembers what was pushed, for those who want differences. */
export class TelemetryPayload {
  readonly #source: MetricSource
  readonly #resource: Readonly<Record<string, string>>
  readonly #startMs: number
  #pushed: Sums = new Map()
  #next: Sums = new Map()

  constructor(
    source: MetricSource,
    options: { readonly resource: Readonly<Record<string, string>>; readonly startMs: number },
  ) {
    this.#source = source
    this.#resource = options.resource
    this.#startMs = options.startMs
  }

  /** The cluster took the last one: differences are those to it from now on. */
  confirm(): void {
    this.#pushed = this.#next
  }

  /** The next push. What was never measured is left out. */
  next(subscription: TelemetrySubscription, nowMs: number): { readonly metrics: number; readonly bytes: Uint8Array } {
    const { requestedMetrics, deltaTemporality: delta } = subscription
    const found: OtlpMetric[] = []
    const sums: Sums = new Map()
    for (const metric of this.#source.metrics()) {
      const name = telemetryName(metric)
      if (Number.isNaN(metric.value) || !requestedMetrics.some((wanted) => name.startsWith(wanted))) continue
      const attributes = attributesOf(metric.tags)
      const { kind } = metric
      const key = `${name} ${Object.values(attributes).join(' ')}`
      const before = delta ? this.#pushed.get(key) : undefined
      const value = kind === 'sum' ? metric.value - (before?.value ?? 0) : metric.value
      found.push({ name, attributes, kind, value, startMs: before?.atMs ?? this.#startMs })
      if (kind === 'sum') sums.set(key, { value: metric.value, atMs: nowMs })
    }
    this.#next = sums
    return { metrics: found.length, bytes: encodeOtlpMetrics(found, { nowMs, delta, resource: this.#resource }) }
  }
}

/** Compresses by the first of the codecs that the broker takes; the id tells which, 0 none. */
export function compressTelemetry(
  bytes: Uint8Array,
  accepted: readonly number[],
): { readonly compressionType: number; readonly metrics: Uint8Array } {
  const id = accepted.find((type) => compressionTypes[type] !== undefined) ?? 0
  const type = compressionTypes[id]!
  if (type === 'none') return { compressionType: 0, metrics: bytes }
  return { compressionType: id, metrics: defaultCodecs.of(type).compress(bytes) }
}

/** Tags as attributes; the broker knows the client id by itself. */
function attributesOf(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(tags).filter(([key]) => key !== 'client-id')
  return Object.fromEntries(pairs.map(([key, value]) => [key.toLowerCase().replaceAll(/[^a-z0-9]/g, '_'), value]))
}
