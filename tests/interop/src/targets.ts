/** The brokers that the suite runs against: Apache Kafka, whose behaviour is what the tests expect, and ours. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKafka, testBrokerJvm } from '@odradek/apache-kafka'
import { startBroker } from '@odradek/server'
import { missing } from './runtimes.ts'

/** A broker under test. */
export type TargetName = 'apache' | 'odradek'

/** A running broker under test. */
export interface Target extends AsyncDisposable {
  readonly name: TargetName
  /** `host:port` of one or more brokers, separated by commas. */
  readonly bootstrap: string
}

/** A broker on a directory that the suite chose. */
export interface OpenedBroker {
  readonly bootstrap: string
  close(): Promise<void>
}

/** Where the global setup leaves the address of an Apache Kafka that all test files share. */
export const sharedApacheVariable = 'ODRADEK_APACHE_BOOTSTRAP'

/** Members of the consumer protocol hear of a new assignment with their next heartbeat; with Kafka's five seconds tests would mostly wait. */
const config = {
  'group.consumer.heartbeat.interval.ms': '500',
  'group.consumer.min.heartbeat.interval.ms': '500',
}

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
export function targetMissing(name: TargetName): string | undefined {
  return name === 'apache' ? missing('java') : undefined
}

/** Starts a target on a fresh directory, or joins the Apache Kafka that the whole run shares. */
export async function startTarget(name: TargetName): Promise<Target> {
  const shared = process.env[sharedApacheVariable]
  if (name === 'apache' && shared !== undefined) {
    return { name, bootstrap: shared, [Symbol.asyncDispose]: async () => undefined }
  }
  const dir = await mkdtemp(join(tmpdir(), 'odradek-interop-'))
  const running = name === 'apache' ? await startApache(dir) : await startBroker({ dataDir: dir, config })
  return {
    name,
    bootstrap: running.bootstrap,
    async [Symbol.asyncDispose]() {
      await running.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function startApache(dir: string): Promise<OpenedBroker> {
  const kafka = await startKafka({ dir, jvmFlags: testBrokerJvm, properties: config })
  return { bootstrap: kafka.bootstrap, close: kafka.stop }
}
