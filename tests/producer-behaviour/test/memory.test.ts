import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { startSlowProxy } from '../src/slow-proxy.ts'

const mebibyte = 2 ** 20
/**
 * What a flood may take beyond `buffer.memory`, its open promises and what V8 has not collected yet included. The aim is 60 MB; thousands of
 * open sends take more, and their buffers do not.
 */
const allowanceBytes = 110 * mebibyte
const buffersAllowanceBytes = 8 * mebibyte

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
  { bufferMemory: 2 * mebibyte, recordBytes: 1_024, outstanding: 4_000, records: 60_000 },
  { bufferMemory: 8 * mebibyte, recordBytes: 4_000, outstanding: 4_000, records: 20_000 },
])(
  'before a slow broker, $outstanding open sends of $recordBytes bytes, a producer stays under buffer.memory plus 110 MiB, and its buffers under 8 MiB more',
  { timeout: 120_000 },
  async (load) => {
    const { grownBytes, buffersBytes } = await flood(load)
    expect(grownBytes).toBeLessThan(load.bufferMemory + allowanceBytes)
    expect(buffersBytes).toBeLessThan(load.bufferMemory + buffersAllowanceBytes)
  },
)
