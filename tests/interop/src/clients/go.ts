import { join, resolve } from 'node:path'
import { cached } from '../cache.ts'
import type { ForeignClient } from '../foreign-client.ts'
import { LineDriver } from '../line-driver.ts'
import { mustRun } from '../process.ts'
import { DrivenClient } from './driven-client.ts'

const sources = resolve(import.meta.dirname, '../../go')

/** Builds (once for each state of its sources) and starts the program that holds Go's clients. */
export async function startGoDriver(): Promise<LineDriver> {
  return new LineDriver(await goProgram(), [])
}

/** The path of the built program. Building downloads modules the first time, which `tests/interop/install` does. */
export async function goProgram(): Promise<string> {
  const directory = await cached('go', [sources], async (work) => {
    await mustRun('go', ['build', '-o', join(work, 'driver'), '.'], { cwd: sources, timeoutMs: 600_000 })
  })
  return join(directory, 'driver')
}

/** franz-go, sarama and kafka-go in one driver. */
export function goClients(driver: LineDriver): readonly ForeignClient[] {
  return [
    new DrivenClient(driver, 'franz-go'),
    new DrivenClient(driver, 'sarama'),
    new DrivenClient(driver, 'kafka-go', { noIdempotence: true }),
  ]
}
