import type { FuzzTarget } from './fuzz-target.ts'
import { messageTarget } from './message-target.ts'
import { frameTarget, recordBatchTarget } from './record-batch-target.ts'

/** Everything that reads bytes from outside; `npm run fuzz` and the short runs in the check go through the list. */
export function fuzzTargets(): readonly FuzzTarget[] {
  return [messageTarget(), recordBatchTarget(), frameTarget()]
}
