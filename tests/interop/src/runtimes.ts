/**
 * Which foreign runtimes this machine has. A test that needs a missing one is skipped and says so in its title; with
 * `ODRADEK_REQUIRE_FOREIGN=1` (continuous integration) a missing one is a failure instead.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { kafkaInstalled } from '@odradek/apache-kafka'
import { interopHome } from './cache.ts'

/** A runtime that some tests need. */
export type Runtime = 'java' | 'go' | 'python' | 'kcat'

const checks: Record<Runtime, () => string | undefined> = {
  java: () => lacks('javac', '-version') ?? (kafkaInstalled() ? undefined : "Apache Kafka's jars are not installed"),
  go: () => lacks('go', 'version'),
  python: () => (existsSync(pythonProgram()) ? undefined : 'the Python clients are not installed'),
  kcat: () => lacks('kcat', '-V'),
}

const known = new Map<Runtime, string | undefined>()

/** The Python of the virtual environment that `tests/interop/install` makes. */
export function pythonProgram(): string {
  return join(interopHome(), 'venv', 'bin', 'python')
}

/** Why `runtime` cannot be used here, or undefined if it can. Throws instead of telling why when all are required. */
export function missing(runtime: Runtime): string | undefined {
  if (!known.has(runtime)) known.set(runtime, checks[runtime]())
  const why = known.get(runtime)
  if (why === undefined) return undefined
  const text = `${why}; tests/interop/install brings it`
  if (process.env['ODRADEK_REQUIRE_FOREIGN'] === '1') throw new Error(text)
  return text
}

function lacks(program: string, versionFlag: string): string | undefined {
  try {
    execFileSync(program, [versionFlag], { stdio: 'ignore' })
    return undefined
  } catch {
    return `${program} is not there`
  }
}
