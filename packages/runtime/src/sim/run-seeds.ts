import { currentCommit } from '../node/current-commit.ts'
import { processEnvironment } from '../node/process-environment.ts'

/** Which seeds `runSeeds` tries. */
export interface RunSeedsOptions {
  /** What runs this test alone, such as `npx vitest run packages/log/test/recovery.sim.ts`; told with a seed that fails. */
  readonly command: string
  /** How many seeds are tried. Default 100; the environment's `ODRADEK_SEEDS` has precedence. */
  readonly seeds?: number
  /** The first seed; the others follow it. Default 1; the environment's `ODRADEK_SEED` has precedence and is then tried alone. */
  readonly first?: number
  /** Default: that of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** A seed that fails, with the command that repeats it; the failure itself is the `cause`. */
export class SeedError extends Error {
  override readonly name = 'SeedError'
  readonly seed: number

  constructor(seed: number, options: { readonly command: string; readonly cause: unknown }) {
    const reason = options.cause instanceof Error ? options.cause.message : String(options.cause)
    const repeat = `ODRADEK_SEED=${seed} ${options.command}`
    super(`seed ${seed} fails: ${reason}\n  commit: ${currentCommit()}\n  repeat: ${repeat}`, { cause: options.cause })
    this.seed = seed
  }
}

/**
 * Runs a simulation with one seed after the other and stops at the first that fails, with a `SeedError`. `ODRADEK_SEED=7` repeats
 * one seed, `ODRADEK_SEEDS=5000` tries that many.
 */
export async function runSeeds(options: RunSeedsOptions, run: (seed: number) => void | Promise<void>): Promise<void> {
  const environment = options.environment ?? processEnvironment()
  const only = integer(environment, 'ODRADEK_SEED')
  const first = only ?? options.first ?? 1
  const count = only === undefined ? (integer(environment, 'ODRADEK_SEEDS') ?? options.seeds ?? 100) : 1
  for (let seed = first; seed < first + count; seed++) {
    try {
      await run(seed)
    } catch (cause) {
      throw new SeedError(seed, { command: options.command, cause })
    }
  }
}

function integer(environment: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = environment[name]
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`expected a whole number in ${name}, got ${text}`)
  return value
}
