/** Brokers that can be killed as a crash would end them, and started again on what is left. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, startKafka, testBrokerJvm } from '@odradek/apache-kafka'
import { startServerProcess } from './server-process.ts'
import type { Target, TargetName } from './targets.ts'

/** A running broker that comes back where it was. */
export interface KillableTarget extends Target {
  readonly port: number
  killAndRestart(): Promise<void>
}

/** Starts a broker in a process of its own on a fresh directory. */
export async function startKillableTarget(name: TargetName): Promise<KillableTarget> {
  const [port] = await freePorts(1)
  if (name === 'odradek') {
    const server = await startServerProcess(port!)
    return Object.assign(server, { port: port! })
  }
  const dir = await mkdtemp(join(tmpdir(), 'odradek-killable-'))
  const start = () => startKafka({ dir, ports: [port!], jvmFlags: testBrokerJvm })
  let kafka = await start()
  return {
    bootstrap: kafka.bootstrap,
    port: port!,
    async killAndRestart() {
      await kafka.kill()
      kafka = await start()
    },
    async [Symbol.asyncDispose]() {
      await kafka.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
