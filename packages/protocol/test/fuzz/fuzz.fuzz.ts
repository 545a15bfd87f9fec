import { describe, test } from 'vitest'
import { fuzzTargets } from './fuzz-targets.ts'
import { runFuzz } from './run-fuzz.ts'

describe('spoiled bytes', () => {
  test.each(fuzzTargets().map((target) => [target.name, target] as const))(
    '%s are read or refused with a ProtocolError, and nothing else happens',
    (_, target) => runFuzz(target, { count: 20_000, seed: 1 }),
  )
})
