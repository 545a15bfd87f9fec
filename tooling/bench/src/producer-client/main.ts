/** One client under one workload in a process of its own: `main.ts <client> <workload as JSON>`; prints what it took as JSON. */
import { processUsage } from '../process-usage.ts'
import type { ClientName, ProducerMeasurement, ProducerWorkload } from '../producer/workload.ts'
import { quantile } from '../statistics.ts'
import { type BenchClient, type BenchRecord, openClient } from './clients.ts'

const manyRecords = 1_000
const outstandingSends = 1_000
const outstandingArrays = 8
const keyCount = 10_000
/** Sends before the clock runs, so that compilation and connections are not measured. */
const warmUpSends = 20

const [name, json] = process.argv.slice(2) as [ClientName, string]
const workload = JSON.parse(json) as ProducerWorkload
const client = await openClient[name](workload)
const records = makeRecords(workload)
for (let index = 0; index < warmUpSends; index++) await client.send(records.slice(0, manyRecords / warmUpSends))
const measurement = await measure(client)
await client.close()
process.stdout.write(`${JSON.stringify(measurement)}\n`)

function makeRecords({ recordBytes, keyed }: ProducerWorkload): BenchRecord[] {
  return Array.from({ length: keyed ? keyCount : manyRecords }, (_, index) => ({
    key: keyed ? Buffer.from(`key-${index}`) : undefined,
    value: Buffer.alloc(recordBytes, `value ${index} `),
  }))
}

async function measure(client: BenchClient): Promise<ProducerMeasurement> {
  const { mode, records: count, recordBytes } = workload
  const perSend = mode === 'many' ? manyRecords : 1
  const lanes = mode === 'awaited' ? 1 : mode === 'many' ? outstandingArrays : outstandingSends
  const latencies: number[] = []
  const before = processUsage(process.pid)
  const started = performance.now()
  let left = Math.ceil(count / perSend)
  let next = 0
  const lane = async () => {
    while (left > 0) {
      left--
      const batch = perSend === 1 ? [records[next]!] : records.slice(next, next + perSend)
      next = (next + perSend) % records.length
      const sent = performance.now()
      await client.send(batch)
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const seconds = (performance.now() - started) / 1_000
  const after = processUsage(process.pid)
  return {
    recordsPerSecond: count / seconds,
    megabytesPerSecond: (count * recordBytes) / seconds / 1e6,
    cpuSecondsPerMillion: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / count,
    peakMib: after.peakMib,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  }
}
