/** The brokers that producer and consumer are held against: ours always, Apache Kafka in the whole suite (`ODRADEK_INTEROP=full`). */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafkaInstalled, startKafka, testBrokerJvm } from '@odradek/apache-kafka'
import { startBroker } from '@odradek/server'

/** A broker under test. */
export type TargetName = 'apache' | 'odradek'

/** A running broker under test. */
export interface Target extends AsyncDisposable {
  /** `host:port`. */
  readonly bootstrap: string
}

/** The targets of this run. */
export function targetNames(): readonly TargetName[] {
  const named = process.env['ODRADEK_INTEROP_TARGETS']?.split(',')
  const all: readonly TargetName[] = ['odradek', 'apache']
  if (named !== undefined) return all.filter((name) => named.includes(name))
  return process.env['ODRADEK_INTEROP'] === 'full' ? all : ['odradek']
}

/** Why a target cannot be started here, or undefined if it can; throws instead when all are required. */
export function targetMissing(name: TargetName): string | undefined {
  if (name === 'odradek' || (hasJava() && kafkaInstalled())) return undefined
  const why = 'Apache Kafka cannot be started here; tests/interop/install brings it'
  if (process.env['ODRADEK_REQUIRE_FOREIGN'] === '1') throw new Error(why)
  return why
}

/** Starts a broker on a fresh directory. */
export async function startTarget(name: TargetName): Promise<Target> {
  if (name === 'odradek') return await startBroker()
  const dir = await mkdtemp(join(tmpdir(), 'odradek-behaviour-'))
  const kafka = await startKafka({ dir, jvmFlags: testBrokerJvm })
  return {
    bootstrap: kafka.bootstrap,
    async [Symbol.asyncDispose]() {
      await kafka.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function hasJava(): boolean {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
