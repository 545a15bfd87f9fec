import { int, list, used, valid } from './config-row.ts'
import { listOf } from './validators.ts'

/** Configs of a client metrics subscription (KIP-714). */
export const clientMetricsConfigs = {
  'interval.ms': int(300_000, 'Pause between two pushes of a client.', used),
  match: list(
    [],
    'Which clients push: selector=pattern pairs, all of which must match; everybody when empty.',
    valid(listOf({})),
    used,
  ),
  metrics: list([], 'Prefixes of the metrics to push; * for all, none when empty.', valid(listOf({})), used),
}
