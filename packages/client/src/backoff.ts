import type { Random } from '@odradek/runtime'

/** How waits grow. */
export interface BackoffOptions {
  readonly initialMs: number
  readonly maxMs: number
  readonly random: Random
}

const multiplier = 2
const jitter = 0.2

/**
 * Milliseconds to wait after `failures` failures in a row (0 for the first one): doubled each time up to the largest, and up to a fifth
 * more or less by chance, so that clients that failed together do not come back together. Kafka: `ExponentialBackoff` (KIP-580).
 */
export function backoffMs(failures: number, { initialMs, maxMs, random }: BackoffOptions): number {
  const most = Math.max(initialMs, maxMs)
  if (most === 0) return 0
  const exponential = Math.min(initialMs * multiplier ** Math.min(failures, 40), most)
  const factor = initialMs >= maxMs ? 1 : 1 - jitter + random.nextFloat() * 2 * jitter
  return Math.min(exponential * factor, most)
}
