import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { startSlowProxy } from '../src/slow-proxy.ts'

const mebibyte = 2 ** 20
const bufferMemory = 32 * mebibyte
/** What the process may take beyond `buffer.memory` while it floods. */
const allowanceBytes = 60 * mebibyte

interface Load {
  readonly recordBytes: number
  readonly outstanding: number
  readonly records: number
  readonly bufferMemory: number
}

/** Floods a slow broker from a process of its own; answers by how much its memory grew. */
async function flood(load: Load): Promise<{ readonly grownBytes: number; readonly buffersBytes: number }> {
  await using broker = await startBroker()
  await using proxy = await startSlowProxy(broker.port, 20 * mebibyte)
  using cluster = new Cluster(broker.bootstrap)
  const topic = await cluster.createTopic()
  const flags = ['--conditions=@odradek/source', '--disable-warning=ExperimentalWarning']
  const script = resolve(import.meta.dirname, '../src/flood.ts')
  const numbers = [load.records, load.outstanding, load.recordBytes, load.bufferMemory].map(String)
  const env = { ...process.env, FLOOD_PROXY_PORT: String(proxy.port) }
  const args = [...flags, script, broker.bootstrap, topic, ...numbers]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  const { acknowledged, blocked, grownBytes, buffersBytes } = JSON.parse(stdout)
  expect(acknowledged).toBe(load.records)
  expect(blocked).toBeGreaterThan(0)
  const [grown, buffers] = [grownBytes, buffersBytes].map((bytes) => Math.round(bytes / mebibyte))
  console.info(`resident memory grew by ${grown} MiB, buffers took ${buffers} MiB`)
  return { grownBytes, buffersBytes }
}

test.each([
  { bufferMemory, recordBytes: 20_000, outstanding: 2_000, records: 6_000 },
  { bufferMemory: 2 * mebibyte, recordBytes: 1_024, outstanding: 4_000, records: 60_000 },
])(
  'before a slow broker, $outstanding open sends of $recordBytes bytes, a producer stays under buffer.memory plus 60 MB',
  { timeout: 120_000 },
  async (load) => {
    const { grownBytes } = await flood(load)
    expect(grownBytes).toBeLessThan(load.bufferMemory + allowanceBytes)
  },
)

test('buffers stay near buffer.memory however many sends are open: more of them wait as promises alone', {
  timeout: 120_000,
}, async () => {
  const { buffersBytes } = await flood({ bufferMemory, recordBytes: 1_024, outstanding: 40_000, records: 120_000 })
  expect(buffersBytes).toBeLessThan(bufferMemory + allowanceBytes)
})
