/**
 * What was measured of late: average, largest and rate over the last `samples` windows of `windowMs`, the current one included. Old
 * windows are dropped whole, so that memory and time do not depend on how much is measured. Kafka: `SampledStat` with `Avg`, `Max`, `Rate`.
 */
export interface SampleWindows {
  /** `metrics.sample.window.ms` */
  readonly windowMs: number
  /** `metrics.num.samples` */
  readonly samples: number
}

interface Sample {
  startMs: number
  lastMs: number
  sum: number
  count: number
  max: number
}

/** Values of late. */
export class SampledStat {
  readonly #windows: SampleWindows
  readonly #samples: Sample[] = []
  #current = 0

  constructor(windows: SampleWindows) {
    this.#windows = windows
  }

  /** Takes a value, measured at `nowMs`. */
  record(value: number, nowMs: number): void {
    const sample = this.#sampleAt(nowMs)
    sample.sum += value
    sample.count++
    sample.lastMs = nowMs
    if (value > sample.max) sample.max = value
  }

  /** The mean; NaN when there is nothing. */
  average(nowMs: number): number {
    let [sum, count] = [0, 0]
    for (const sample of this.#fresh(nowMs)) {
      sum += sample.sum
      count += sample.count
    }
    return count === 0 ? Number.NaN : sum / count
  }

  /** The largest; NaN when there is nothing. */
  max(nowMs: number): number {
    let max = Number.NEGATIVE_INFINITY
    for (const sample of this.#fresh(nowMs)) if (sample.count > 0) max = Math.max(max, sample.max)
    return max === Number.NEGATIVE_INFINITY ? Number.NaN : max
  }

  /** The sum a second. A client that has just begun is not said to be faster than it is: the windows before count as empty. */
  rate(nowMs: number): number {
    const { windowMs, samples } = this.#windows
    const fresh = this.#fresh(nowMs)
    let [sum, startMs] = [0, nowMs]
    for (const sample of fresh) {
      sum += sample.sum
      startMs = Math.min(startMs, sample.startMs)
    }
    const elapsedMs = nowMs - startMs
    const missing = Math.max(0, samples - 1 - Math.floor(elapsedMs / windowMs))
    return (sum * 1000) / Math.max(elapsedMs + missing * windowMs, windowMs, 1)
  }

  #sampleAt(nowMs: number): Sample {
    const current = this.#samples[this.#current]
    if (current !== undefined && nowMs - current.startMs < this.#windows.windowMs) return current
    const made = { startMs: nowMs, lastMs: nowMs, sum: 0, count: 0, max: Number.NEGATIVE_INFINITY }
    this.#current = current === undefined ? 0 : (this.#current + 1) % (this.#windows.samples + 1)
    this.#samples[this.#current] = made
    return made
  }

  #fresh(nowMs: number): Sample[] {
    const { windowMs, samples } = this.#windows
    return this.#samples.filter(({ lastMs }) => nowMs - lastMs < windowMs * samples)
  }
}
