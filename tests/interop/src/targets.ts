/** The brokers that the suite runs against: Apache Kafka, whose behaviour is what the tests expect, and ours. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKafka, testBrokerJvm } from '@odradek/apache-kafka'
import { missing } from './runtimes.ts'

/** A broker under test. */
export type TargetName = 'apache' | 'odradek'

/** A running broker under test. */
export interface Target extends AsyncDisposable {
  readonly name: TargetName
  /** `host:port` of one or more brokers, separated by commas. */
  readonly bootstrap: string
}

/** A broker of ours, as `@odradek/server` starts it. */
export interface OurBroker {
  readonly bootstrap: string
  close(): Promise<void>
}

/** The part of `@odradek/server` that the suite uses. */
export interface OurServer {
  startBroker(options?: { dataDir?: string; config?: Readonly<Record<string, string>> }): Promise<OurBroker>
}

/** Where the global setup leaves the address of an Apache Kafka that all test files share. */
export const sharedApacheVariable = 'ODRADEK_APACHE_BOOTSTRAP'

/** Whether the whole suite was asked for (`npm run test:interop`) and not its quick part. */
export const fullSuite = process.env['ODRADEK_INTEROP'] === 'full'

/** The targets of this run: ours only in the quick part, both in the whole suite; `ODRADEK_INTEROP_TARGETS` names others. */
export function targetNames(): readonly TargetName[] {
  const named = process.env['ODRADEK_INTEROP_TARGETS']?.split(',')
  const all: readonly TargetName[] = ['apache', 'odradek']
  if (named !== undefined) return all.filter((name) => named.includes(name))
  return fullSuite ? all : ['odradek']
}

/** Why a target cannot be started here, or undefined if it can. */
export async function targetMissing(name: TargetName): Promise<string | undefined> {
  if (name === 'apache') return missing('java')
  return (await ourServer()) === undefined ? '@odradek/server is not there' : undefined
}

/** Starts a target on a fresh directory, or joins the Apache Kafka that the whole run shares. */
export async function startTarget(name: TargetName): Promise<Target> {
  const shared = process.env[sharedApacheVariable]
  if (name === 'apache' && shared !== undefined) {
    return { name, bootstrap: shared, [Symbol.asyncDispose]: async () => undefined }
  }
  const dir = await mkdtemp(join(tmpdir(), 'odradek-interop-'))
  const running = name === 'apache' ? await startApache(dir) : await startOurs(dir)
  return {
    name,
    bootstrap: running.bootstrap,
    async [Symbol.asyncDispose]() {
      await running.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Our server package, or undefined as long as it is not part of the workspace. */
export async function ourServer(): Promise<OurServer | undefined> {
  const specifier = '@odradek/server'
  try {
    const server: Partial<OurServer> = await import(/* @vite-ignore */ specifier)
    return server.startBroker === undefined ? undefined : (server as OurServer)
  } catch (error) {
    if (String(error).includes(specifier)) return undefined
    throw error
  }
}

async function startApache(dir: string): Promise<OurBroker> {
  const kafka = await startKafka({ dir, jvmFlags: testBrokerJvm })
  return { bootstrap: kafka.bootstrap, close: kafka.stop }
}

async function startOurs(dir: string): Promise<OurBroker> {
  const server = await ourServer()
  if (server === undefined) throw new Error('@odradek/server is not there')
  return await server.startBroker({ dataDir: dir })
}
