import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { startSlowProxy } from '../src/slow-proxy.ts'

const mebibyte = 2 ** 20
/** What the process may take beyond `buffer.memory` while it floods. */
const allowanceBytes = 60 * mebibyte

test.each([
  { bufferMemory: 32 * mebibyte, recordBytes: 20_000, outstanding: 2_000, records: 6_000 },
  { bufferMemory: 2 * mebibyte, recordBytes: 1_024, outstanding: 4_000, records: 60_000 },
])(
  'with $outstanding open sends of $recordBytes bytes before a slow broker a producer stays under $bufferMemory bytes plus 60 MB',
  { timeout: 120_000 },
  async ({ bufferMemory, recordBytes, outstanding, records }) => {
    await using broker = await startBroker()
    await using proxy = await startSlowProxy(broker.port, 20 * mebibyte)
    using cluster = new Cluster(broker.bootstrap)
    const topic = await cluster.createTopic()
    const flags = ['--conditions=@odradek/source', '--disable-warning=ExperimentalWarning']
    const script = resolve(import.meta.dirname, '../src/flood.ts')
    const numbers = [records, outstanding, recordBytes, bufferMemory].map(String)
    const env = { ...process.env, FLOOD_PROXY_PORT: String(proxy.port) }
    const args = [...flags, script, broker.bootstrap, topic, ...numbers]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    const { acknowledged, blocked, beforeBytes, peakBytes } = JSON.parse(stdout)
    const grownBytes = peakBytes - beforeBytes
    const [peak, grown] = [peakBytes, grownBytes].map((bytes) => Math.round(bytes / mebibyte))
    console.info(`peak ${peak} MiB, ${grown} MiB of them since the flood began`)
    expect(acknowledged).toBe(records)
    expect(blocked).toBeGreaterThan(0)
    expect(grownBytes).toBeLessThan(bufferMemory + allowanceBytes)
  },
)
