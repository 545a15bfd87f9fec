/** The two things that are counted while they happen; everything else is looked up when somebody asks. */
import type { Labels, MetricFamily, MetricSample } from './metric-family.ts'

interface InstrumentOptions {
  readonly name: string
  readonly help: string
}

/** A sum that only grows, one for each set of labels. */
export class Counter {
  readonly #options: InstrumentOptions
  readonly #values = new Map<string, { readonly labels: Labels; value: number }>()

  constructor(options: InstrumentOptions) {
    this.#options = options
  }

  /** Adds `amount` to the value of these labels. Labels come in the same order each time. */
  add(labels: Labels, amount = 1): void {
    const key = keyOf(labels)
    const entry = this.#values.get(key)
    if (entry === undefined) this.#values.set(key, { labels, value: amount })
    else entry.value += amount
  }

  /** Forgets every set of labels that has `name` at `value`: a deleted topic takes its series along. */
  forget(name: string, value: string): void {
    for (const [key, entry] of this.#values) if (entry.labels[name] === value) this.#values.delete(key)
  }

  /** The present values. */
  collect(): MetricFamily {
    return { ...this.#options, type: 'counter', samples: [...this.#values.values()] }
  }
}

/** How often values lay below each bound, one distribution for each set of labels. */
export class Histogram {
  readonly #options: InstrumentOptions
  readonly #bounds: readonly number[]
  readonly #values = new Map<string, Distribution>()

  constructor(options: InstrumentOptions & { readonly bounds: readonly number[] }) {
    const { bounds, ...rest } = options
    this.#options = rest
    this.#bounds = bounds
  }

  /** Takes a value in. */
  observe(labels: Labels, value: number): void {
    const key = keyOf(labels)
    let entry = this.#values.get(key)
    if (entry === undefined) {
      entry = { labels, counts: new Array<number>(this.#bounds.length + 1).fill(0), sum: 0 }
      this.#values.set(key, entry)
    }
    const bucket = this.#bounds.findIndex((bound) => value <= bound)
    entry.counts[bucket < 0 ? this.#bounds.length : bucket]! += 1
    entry.sum += value
  }

  /** The present values. */
  collect(): MetricFamily {
    const samples = [...this.#values.values()].flatMap((entry) => this.#samplesOf(entry))
    return { ...this.#options, type: 'histogram', samples }
  }

  #samplesOf({ labels, counts, sum }: Distribution): MetricSample[] {
    let below = 0
    const buckets = counts.map((count, index): MetricSample => {
      below += count
      const le = this.#bounds[index] ?? '+Inf'
      return { suffix: '_bucket', labels: { ...labels, le }, value: below }
    })
    return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: below }]
  }
}

interface Distribution {
  readonly labels: Labels
  readonly counts: number[]
  sum: number
}

function keyOf(labels: Labels): string {
  return Object.values(labels).join('\n')
}
