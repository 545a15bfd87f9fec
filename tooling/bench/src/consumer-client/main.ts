/** One Node client under one workload in a process of its own: `main.ts <client> <workload as JSON>`; prints what it took as JSON. */
import { type ConsumerMeasurement, type ConsumerWorkload, warmUpClients, warmUpRecords } from '../consumer/workload.ts'
import { quantile } from '../statistics.ts'
import type { OpenClient } from './bench-client.ts'
import { Reading } from './reading.ts'

/** Each process loads its own client alone, so that its memory is its own. */
const clients: Readonly<Record<string, () => Promise<OpenClient>>> = {
  'odradek-poll': async () => (await import('./odradek.ts')).openByPoll,
  'odradek-batches': async () => (await import('./odradek.ts')).openByBatches,
  'odradek-records': async () => (await import('./odradek.ts')).openByRecords,
  'odradek-each-batch': async () => (await import('./odradek.ts')).openByEachBatch,
  'odradek-each-record': async () => (await import('./odradek.ts')).openByEachRecord,
  'odradek-auto': async () => (await import('./odradek.ts')).openAuto,
  'kafkajs-batch': async () => (await import('./kafkajs.ts')).openKafkajsBatch,
  'kafkajs-message': async () => (await import('./kafkajs.ts')).openKafkajsMessage,
  platformatic: async () => (await import('./platformatic.ts')).openPlatformatic,
  'kafka-ts': async () => (await import('./kafka-ts.ts')).openKafkaTs,
}

const unmeasured: ConsumerMeasurement = {
  recordsPerSecond: Number.NaN,
  megabytesPerSecond: Number.NaN,
  cpuSecondsPerMillion: Number.NaN,
  peakMib: Number.NaN,
  p50Ms: Number.NaN,
  p99Ms: Number.NaN,
}

const [name, json] = process.argv.slice(2) as [string, string]
const workload = JSON.parse(json) as ConsumerWorkload
const open = await clients[name]?.()
if (open === undefined) throw new Error(`no client ${name}: there are ${Object.keys(clients).join(', ')}`)
const measurement = await (workload.mode === 'first' ? firstRecords(open) : read(open))
process.stdout.write(`${JSON.stringify(measurement)}\n`, () => process.exit())

async function read(openClient: OpenClient): Promise<ConsumerMeasurement> {
  const { mode, records, recordBytes } = workload
  const reading = new Reading(mode, mode === 'seen' ? records + warmUpRecords : records)
  const before = process.cpuUsage()
  const close = openClient({ ...workload, groupId: freshGroup(), reading })
  await reading.ended
  const { user, system } = process.cpuUsage(before)
  const peakMib = process.resourceUsage().maxRSS / 1024
  await close()
  const latencies = reading.latenciesMs.slice(warmUpRecords)
  const times = { p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) }
  if (mode !== 'read') return { ...unmeasured, peakMib, ...times }
  const recordsPerSecond = (records / (reading.lastMs - reading.firstMs)) * 1_000
  return {
    ...unmeasured,
    recordsPerSecond,
    megabytesPerSecond: (recordsPerSecond * recordBytes) / 1e6,
    cpuSecondsPerMillion: (user + system) / records,
    peakMib,
  }
}

async function firstRecords(openClient: OpenClient): Promise<ConsumerMeasurement> {
  const times: number[] = []
  for (let at = -warmUpClients; at < workload.records; at++) {
    const reading = new Reading('first', 1)
    const startedMs = performance.now()
    const close = openClient({ ...workload, groupId: freshGroup(), reading })
    await reading.ended
    if (at >= 0) times.push(performance.now() - startedMs)
    await close()
  }
  return { ...unmeasured, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) }
}

function freshGroup(): string {
  return `bench-${process.hrtime.bigint()}`
}
