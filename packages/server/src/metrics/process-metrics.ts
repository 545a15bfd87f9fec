import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { MetricFamily, MetricsSource } from './metric-family.ts'

/** What the process uses, under the names every Prometheus client uses; and how long its event loop is held up. */
export class ProcessMetrics implements MetricsSource {
  readonly #delay = monitorEventLoopDelay({ resolution: 20 })

  constructor() {
    this.#delay.enable()
  }

  collect(): MetricFamily[] {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed, external } = process.memoryUsage()
    const delay = this.#delay
    const families: MetricFamily[] = [
      { ...family('process_cpu_seconds_total', 'CPU seconds used.', (user + system) / 1e6), type: 'counter' },
      family('process_start_time_seconds', 'Start of the process, Unix time.', Date.now() / 1000 - process.uptime()),
      family('process_resident_memory_bytes', 'Resident memory.', rss),
      family('nodejs_heap_size_used_bytes', 'JavaScript objects.', heapUsed),
      family('nodejs_external_memory_bytes', 'Memory outside the JavaScript heap: buffers.', external),
      family(
        'nodejs_eventloop_lag_p99_seconds',
        'Delay of the event loop since the last look.',
        delay.percentile(99) / 1e9,
      ),
      family('nodejs_eventloop_lag_max_seconds', 'Longest delay since the last look.', delay.max / 1e9),
    ]
    delay.reset()
    return families
  }

  /** Ends the measuring. */
  close(): void {
    this.#delay.disable()
  }
}

function family(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: 'gauge', samples: [{ value }] }
}
