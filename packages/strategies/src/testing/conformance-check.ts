import type { Random } from '../random.ts'
import { seededRandom } from './seeded-random.ts'

/** One promise that a strategy has to keep. `run` throws an Error that says what was expected, what came, and with which seed. */
export interface ConformanceCheck {
  /** A title for a test. */
  readonly name: string
  readonly run: () => void
}

/** How hard a suite tries. */
export interface ConformanceOptions {
  /** All inputs follow from it. Default 1. */
  readonly seed?: number
  /** How many inputs each check tries. Default 100. */
  readonly runs?: number
}

/** Fails a check. */
export function expect(condition: boolean, message: () => string): void {
  if (!condition) throw new Error(message())
}

/** A check that runs `property` on many inputs, each drawn from its own generator, so that one of them can be repeated alone. */
export function check(name: string, options: ConformanceOptions, property: (random: Random) => void): ConformanceCheck {
  const { seed = 1, runs = 100 } = options
  return {
    name,
    run() {
      for (let run = 0; run < runs; run++) {
        try {
          property(seededRandom(seed + run))
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error)
          throw new Error(`${name}: ${reason} (to repeat: { seed: ${seed + run}, runs: 1 })`, { cause: error })
        }
      }
    },
  }
}
