import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { startKafka, testBrokerJvm } from '@odradek/apache-kafka'
import { startBroker } from '@odradek/server'
import type { OpenedBroker, TargetName } from './targets.ts'

/** Starts the named broker as node 1 on a data directory, formatting it if it is new. */
export async function openDataDirectory(name: TargetName, dataDir: string): Promise<OpenedBroker> {
  if (name === 'apache') {
    // Its properties and output go beside the data directory, not into it.
    const dir = await mkdtemp(join(dataDir, '..', 'apache-'))
    const kafka = await startKafka({ dir, dataDir, jvmFlags: testBrokerJvm })
    return { bootstrap: kafka.bootstrap, close: kafka.stop }
  }
  return await startBroker({ dataDir })
}
