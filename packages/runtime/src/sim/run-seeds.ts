import { currentCommit } from '../node/current-commit.ts'
import { printProgress } from '../node/print-progress.ts'
import { processEnvironment } from '../node/process-environment.ts'

/** Which seeds `runSeeds` tries. */
export interface RunSeedsOptions {
  /** What runs this test alone, such as `npx vitest run packages/log/test/recovery.sim.ts`; told with a seed that fails. */
  readonly command: string
  /** How many seeds are tried. Default 100; the environment's `ODRADEK_SEEDS` has precedence: a number, or a range as in `251..500`. */
  readonly seeds?: number
  /** The first seed; the others follow it. Default 1; the environment's `ODRADEK_SEED` has precedence and is then tried alone. */
  readonly first?: number
  /** Of the seeds that `ODRADEK_SEEDS` asks for, only each one divisible by this number: for what is dear or seldom fails. Default 1. */
  readonly eachNth?: number
  /** Default: that of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Told of each hundredth seed of those that `ODRADEK_SEEDS` asks for. Default: a line on standard error. */
  readonly progress?: (line: string) => void
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
 * one seed, `ODRADEK_SEEDS=5000` tries that many, `ODRADEK_SEEDS=251..500` those.
 */
export async function runSeeds(options: RunSeedsOptions, run: (seed: number) => void | Promise<void>): Promise<void> {
  const { first, last, isAsked } = rangeOf(options)
  const progress = options.progress ?? printProgress
  const eachNth = isAsked ? (options.eachNth ?? 1) : 1
  for (let seed = first; seed <= last; seed++) {
    if (seed % eachNth !== 0) continue
    try {
      await run(seed)
    } catch (cause) {
      throw new SeedError(seed, { command: options.command, cause })
    }
    if (isAsked && seed % 100 === 0) progress(`seed ${seed} of ${first}..${last}: ${options.command}\n`)
  }
}

/** The first and the last seed, and whether somebody asked for that many. */
function rangeOf(options: RunSeedsOptions): {
  readonly first: number
  readonly last: number
  readonly isAsked: boolean
} {
  const environment = options.environment ?? processEnvironment()
  const only = numbers(environment, 'ODRADEK_SEED', /^(\d+)$/)?.[0]
  if (only !== undefined) return { first: only, last: only, isAsked: false }
  const first = options.first ?? 1
  const asked = numbers(environment, 'ODRADEK_SEEDS', /^(\d+)(?:\.\.(\d+))?$/)
  if (asked === undefined) return { first, last: first + (options.seeds ?? 100) - 1, isAsked: false }
  const [from, to] = asked
  return to === undefined
    ? { first, last: first + from! - 1, isAsked: true }
    : { first: from!, last: to, isAsked: true }
}

/** The numbers in a variable; undefined when it is not set. */
function numbers(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  pattern: RegExp,
): readonly number[] | undefined {
  const text = environment[name]
  if (text === undefined || text === '') return undefined
  const match = pattern.exec(text)
  if (match === null) throw new Error(`expected a whole number in ${name}, got ${text}`)
  return match.slice(1).flatMap((digits) => (digits === undefined ? [] : [Number(digits)]))
}
