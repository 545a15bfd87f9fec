import { decimals } from './java-format.ts'

const mostLatencies = 500_000
const percentiles = [0.5, 0.95, 0.99, 0.999]

/** What a run of sends is measured by. */
export interface SendStatsOptions {
  /** How many records there will be. */
  readonly records: number
  readonly reportingIntervalMs: number
  /** These are the records behind a warm-up. */
  readonly isSteadyState: boolean
  readonly startMs: number
  readonly out: (line: string) => void
}

/** Counts, sizes and latencies of records that were acknowledged, in all and since the last line. Kafka: `ProducerPerformance.Stats`. */
export class SendStats {
  readonly #options: SendStatsOptions
  readonly #sampling: number
  readonly #latencies: number[] = []
  #isQuiet = false
  #all = emptyTally()
  #window = emptyTally()
  #windowStartMs: number

  constructor(options: SendStatsOptions) {
    this.#options = options
    this.#windowStartMs = options.startMs
    this.#sampling = Math.floor(options.records / Math.min(options.records, mostLatencies))
  }

  /** One record was acknowledged at `nowMs`. */
  record({
    latencyMs,
    bytes,
    nowMs,
  }: {
    readonly latencyMs: number
    readonly bytes: number
    readonly nowMs: number
  }): void {
    if (this.#all.count % this.#sampling === 0) this.#latencies.push(latencyMs)
    add(this.#all, latencyMs, bytes)
    add(this.#window, latencyMs, bytes)
    if (nowMs - this.#windowStartMs < this.#options.reportingIntervalMs) return
    const { isSteadyState, out } = this.#options
    if (isSteadyState && this.#window.count === this.#all.count) out('In steady state.')
    if (!this.#isQuiet) out(this.#windowLine(nowMs))
    this.#window = emptyTally()
    this.#windowStartMs = nowMs
  }

  /** No more lines while records are sent: others count them now. */
  suppressPrinting(): void {
    this.#isQuiet = true
  }

  /** The line at the end. */
  total(nowMs: number): string {
    const { count, bytes, totalLatencyMs, maxLatencyMs } = this.#all
    const elapsedMs = nowMs - this.#options.startMs
    const sorted = this.#latencies.sort((one, other) => one - other)
    const [p50, p95, p99, p999] = percentiles.map((part) => sorted[Math.floor(part * sorted.length)] ?? 0)
    const rate = decimals((1000 * count) / elapsedMs, 6)
    const megabytes = decimals((1000 * bytes) / elapsedMs / (1024 * 1024), 2)
    const state = this.#options.isSteadyState ? ' steady state' : ''
    return (
      `${count}${state} records sent, ${rate} records/sec (${megabytes} MB/sec), ` +
      `${decimals(totalLatencyMs / count, 2)} ms avg latency, ${decimals(maxLatencyMs, 2)} ms max latency, ` +
      `${p50} ms 50th, ${p95} ms 95th, ${p99} ms 99th, ${p999} ms 99.9th.`
    )
  }

  #windowLine(nowMs: number): string {
    const { count, bytes, totalLatencyMs, maxLatencyMs } = this.#window
    const elapsedMs = nowMs - this.#windowStartMs
    const rate = decimals((1000 * count) / elapsedMs, 1)
    const megabytes = decimals((1000 * bytes) / elapsedMs / (1024 * 1024), 2)
    return (
      `${count} records sent, ${rate} records/sec (${megabytes} MB/sec), ` +
      `${decimals(totalLatencyMs / count, 1)} ms avg latency, ${decimals(maxLatencyMs, 1)} ms max latency.`
    )
  }
}

interface Tally {
  count: number
  bytes: number
  totalLatencyMs: number
  maxLatencyMs: number
}

function emptyTally(): Tally {
  return { count: 0, bytes: 0, totalLatencyMs: 0, maxLatencyMs: 0 }
}

function add(tally: Tally, latencyMs: number, bytes: number): void {
  tally.count++
  tally.bytes += bytes
  tally.totalLatencyMs += latencyMs
  tally.maxLatencyMs = Math.max(tally.maxLatencyMs, latencyMs)
}
