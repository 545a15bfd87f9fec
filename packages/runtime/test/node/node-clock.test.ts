import { describe, test } from 'vitest'
import { NodeClock } from '../../src/node/index.ts'
import { clockConformance } from '../../src/testing/index.ts'

describe('NodeClock', () => {
  clockConformance(test, { open: () => new NodeClock(), close: (clock) => (clock as NodeClock).cancelAll() })
})
