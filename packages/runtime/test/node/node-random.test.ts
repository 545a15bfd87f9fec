import { describe, test } from 'vitest'
import { NodeRandom } from '../../src/node/index.ts'
import { randomConformance } from '../../src/testing/index.ts'

describe('NodeRandom', () => {
  randomConformance(test, { open: () => new NodeRandom() })
})
