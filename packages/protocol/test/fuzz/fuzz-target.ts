import type { SeededRandom } from './seeded-random.ts'

/** One thing to be fuzzed. */
export interface FuzzTarget {
  readonly name: string
  /** Makes one input from `random` and throws when what is fuzzed breaks its promise. */
  run(random: SeededRandom): void
}

/** An input on which a target broke its promise. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure'

  constructor(target: string, seed: number, cause: unknown) {
    super(
      `${target} fails; repeat with: npm run fuzz -w @odradek/protocol -- --target ${target} --seed ${seed} --count 1`,
      {
        cause,
      },
    )
  }
}
