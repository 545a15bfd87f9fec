import { FuzzFailure, type FuzzTarget } from './fuzz-target.ts'
import { SeededRandom } from './seeded-random.ts'

/**
 * Runs `count` inputs through a target; input number n has seed `seed + n`, so that one can be repeated alone.
 * @throws FuzzFailure with the seed of the first input that breaks the target's promise.
 */
export function runFuzz(target: FuzzTarget, { count, seed }: { count: number; seed: number }): void {
  for (let number = 0; number < count; number++) {
    try {
      target.run(new SeededRandom(seed + number))
    } catch (error) {
      throw new FuzzFailure(target.name, seed + number, error)
    }
  }
}
