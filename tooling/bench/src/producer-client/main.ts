/** One Node client under one workload in a process of its own: `main.ts <client> <workload as JSON>`; prints what it took as JSON. */
import {
  outstandingSends,
  type ProducerMeasurement,
  type ProducerWorkload,
  poolSize,
  recordsPerSend,
  warmUpPart,
} from '../producer/workload.ts'
import { quantile } from '../statistics.ts'
import type { BenchRecord, OpenClient } from './bench-client.ts'
import { openKafkaTs } from './kafka-ts.ts'
import { openKafkajs } from './kafkajs.ts'
import { openOdradek } from './odradek.ts'
import { openPlatformatic } from './platformatic.ts'
import { recordPool } from './record-pool.ts'

const clients: Readonly<Record<string, OpenClient>> = {
  odradek: openOdradek(),
  'odradek-linger-0': openOdradek({ lingerMs: 0 }),
  'odradek-batch-1m': openOdradek({ batchSize: 1_000_000 }),
  kafkajs: openKafkajs,
  platformatic: openPlatformatic,
  'kafka-ts': openKafkaTs,
}

const [name, json] = process.argv.slice(2) as [string, string]
const workload = JSON.parse(json) as ProducerWorkload
const open = clients[name]
if (open === undefined) throw new Error(`no client ${name}: there are ${Object.keys(clients).join(', ')}`)
const client = await open(workload)
const pool = recordPool(workload)
const arrays = Array.from({ length: poolSize / recordsPerSend }, (_, index) =>
  pool.slice(index * recordsPerSend, (index + 1) * recordsPerSend),
)
// The first send finds the brokers; a thousand at once would find them a thousand times in some clients.
await client.sendOne(pool[0]!)
await send(workload.records * warmUpPart, [])
const measurement = await measure()
await client.close()
process.stdout.write(`${JSON.stringify(measurement)}\n`)

async function measure(): Promise<ProducerMeasurement> {
  const { records: count, recordBytes } = workload
  const latencies: number[] = []
  const before = process.cpuUsage()
  const startedMs = performance.now()
  await send(count, latencies)
  const seconds = (performance.now() - startedMs) / 1_000
  const { user, system } = process.cpuUsage(before)
  return {
    recordsPerSecond: count / seconds,
    megabytesPerSecond: (count * recordBytes) / seconds / 1e6,
    cpuSecondsPerMillion: (user + system) / count,
    peakMib: process.resourceUsage().maxRSS / 1024,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  }
}

async function send(count: number, latencies: number[]): Promise<void> {
  const { mode } = workload
  let left = mode === 'many' ? Math.ceil(count / recordsPerSend) : count
  let next = 0
  const lane = async () => {
    while (left > 0) {
      left--
      next++
      const sent = performance.now()
      if (mode === 'many') await client.sendMany(arrays[next % arrays.length] as BenchRecord[])
      else await client.sendOne(pool[next % poolSize] as BenchRecord)
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: outstandingSends[mode] }, lane))
}
