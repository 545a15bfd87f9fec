import type { Clock } from '@odradek/runtime'
import type { ClientMetric, MetricSource } from './client-metric.ts'
import { SampledStat, type SampleWindows } from './sampled-stat.ts'

/** Where a metric belongs. */
export interface MetricPlace {
  readonly group: string
  readonly tags: Readonly<Record<string, string>>
}

/** Takes the values of one or several metrics. */
export type Sensor = (value: number) => void

/** How a sensor's values are read. */
export type StatKind = 'avg' | 'max' | 'rate' | 'total'

interface Row extends MetricPlace {
  readonly name: string
  readonly kind: ClientMetric['kind']
  readonly read: (nowMs: number) => number
}

/** The metrics of one client. Kafka: `Metrics`. */
export class Metrics implements MetricSource {
  readonly #clock: Clock
  readonly #windows: SampleWindows
  readonly #rows: Row[] = []

  constructor(clock: Clock, windows: SampleWindows) {
    this.#clock = clock
    this.#windows = windows
  }

  /** Makes `<name>-<kind>` for each kind, `rate` and `total` being those of the sum of the values, and answers what takes them. */
  sensor(name: string, kinds: readonly StatKind[], place: MetricPlace): Sensor {
    const stat = new SampledStat(this.#windows)
    let total = 0
    const readers: Readonly<Record<StatKind, (nowMs: number) => number>> = {
      avg: (nowMs) => stat.average(nowMs),
      max: (nowMs) => stat.max(nowMs),
      rate: (nowMs) => stat.rate(nowMs),
      total: () => total,
    }
    const isSampled = kinds.some((kind) => kind !== 'total')
    for (const kind of kinds) {
      const read = readers[kind]
      this.#rows.push({ ...place, name: `${name}-${kind}`, kind: kind === 'total' ? 'sum' : 'gauge', read })
    }
    return (value) => {
      total += value
      if (isSampled) stat.record(value, this.#clock.monotonicMs())
    }
  }

  /** Makes `<name>-rate` and `<name>-total` of how often something happened, and what it came to: `add(4)` counts four. */
  meter(name: string, place: MetricPlace): Sensor {
    return this.sensor(name, ['rate', 'total'], place)
  }

  /** A metric that is looked up whenever somebody asks. */
  gauge(name: string, place: MetricPlace, read: () => number): void {
    this.#rows.push({ ...place, name, kind: 'gauge', read })
  }

  /** A windowed figure under a name of its own: `compression-rate`, `bufferpool-wait-ratio`. */
  sampled(name: string, place: MetricPlace, read: (stat: SampledStat, nowMs: number) => number): Sensor {
    const stat = new SampledStat(this.#windows)
    this.#rows.push({ ...place, name, kind: 'gauge', read: (nowMs) => read(stat, nowMs) })
    return (value) => stat.record(value, this.#clock.monotonicMs())
  }

  /** The time that `metrics` is told in. */
  get nowMs(): number {
    return this.#clock.monotonicMs()
  }

  /** How many metrics there are. */
  get size(): number {
    return this.#rows.length
  }

  *metrics(): Iterable<ClientMetric> {
    const nowMs = this.#clock.monotonicMs()
    for (const { name, group, tags, kind, read } of this.#rows) yield { name, group, tags, kind, value: read(nowMs) }
  }
}
