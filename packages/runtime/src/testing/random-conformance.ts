import assert from 'node:assert/strict'
import type { Random } from '../random.ts'
import { type Conformance, conformance } from './conformance.ts'

/** What every `Random` promises, as tests. */
export const randomConformance: Conformance<Random> = conformance<Random>([
  [
    'nextInt gives whole numbers of [0, bound)',
    async (random) => {
      for (const bound of [1, 2, 3, 10, 1000, 2 ** 31, 2 ** 32]) {
        for (let index = 0; index < 200; index++) {
          const value = random.nextInt(bound)
          assert.ok(Number.isInteger(value) && value >= 0 && value < bound, `${value} of ${bound}`)
        }
      }
    },
  ],
  [
    'nextInt is uniform, also for a bound that does not divide 2^32',
    async (random) => {
      for (const bound of [2, 3, 7, 16]) assertUniform(bound, () => random.nextInt(bound))
      assertUniform(3, () => Math.floor(random.nextInt(3 * 2 ** 30) / 2 ** 30))
    },
  ],
  [
    'nextInt refuses a bound that is no whole number of 1 to 2^32',
    async (random) => {
      for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) assert.throws(() => random.nextInt(bound), RangeError)
    },
  ],
  [
    'nextFloat gives numbers of [0, 1), uniform',
    async (random) => {
      assertUniform(10, () => Math.floor(random.nextFloat() * 10))
    },
  ],
  [
    'nextBytes gives as many bytes as asked for, uniform, as a plain Uint8Array',
    async (random) => {
      for (const length of [0, 1, 16, 5000]) {
        const bytes = random.nextBytes(length)
        assert.deepEqual([bytes.length, Object.getPrototypeOf(bytes) === Uint8Array.prototype], [length, true])
      }
      const bytes = random.nextBytes(20_000)
      let index = 0
      assertUniform(256, () => bytes[index++]!)
      assert.notDeepEqual(random.nextBytes(16), random.nextBytes(16))
    },
  ],
])

/** Draws 20,000 values; a fair source deviates by six standard deviations less often than once in a hundred million bins. */
function assertUniform(bins: number, draw: () => number): void {
  const draws = 20_000
  const counts = new Array<number>(bins).fill(0)
  for (let index = 0; index < draws; index++) counts[draw()]!++
  const expected = draws / bins
  const allowed = 6 * Math.sqrt(expected * (1 - 1 / bins))
  for (const [bin, count] of counts.entries()) {
    assert.ok(Math.abs(count - expected) <= allowed, `bin ${bin} of ${bins}: ${count}, expected about ${expected}`)
  }
}
