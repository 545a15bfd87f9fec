import { runTool } from '@odradek/apache-kafka'
import { processUsage } from '../process-usage.ts'
import { quantile } from '../statistics.ts'
import type { Contestant, RunningContestant } from './contestant.ts'
import { autoCreate, produceOne, RawClient } from './raw-producer.ts'
import { consumerPerfTest, producerPerfTest, type Workload } from './workload.ts'

/** Every figure of one contestant in one round, by name. */
export type Measurements = ReadonlyMap<string, number>

/** Names of what is measured for a workload. */
function workloadName({ records, recordBytes, acks }: Workload): string {
  return `${(records / 1000).toLocaleString('en')} k x ${recordBytes} B, acks=${acks}`
}

const latencySamples = 2000
const latencyWarmUp = 500

/** Starts the contestant, drives it with each workload, stops it. */
export async function measure(
  contestant: Contestant,
  dir: string,
  workloads: readonly Workload[],
): Promise<Measurements> {
  const figures = new Map<string, number>()
  const running = await contestant.start(dir)
  try {
    figures.set('start to first acknowledged record, ms', running.firstRecordMs)
    figures.set('resident after start, MiB', processUsage(running.pid).residentMib)
    await latency(running, figures)
    for (const [index, workload] of workloads.entries())
      await drive(running, { topic: `bench-${index}`, workload }, figures)
    figures.set('resident at most, MiB', processUsage(running.pid).peakMib)
  } finally {
    await running.stop()
  }
  return figures
}

async function drive(
  { bootstrap, pid }: RunningContestant,
  { topic, workload }: { readonly topic: string; readonly workload: Workload },
  figures: Map<string, number>,
): Promise<void> {
  const name = workloadName(workload)
  const created = await runTool('kafka-topics', [
    ...['--bootstrap-server', bootstrap, '--create', '--topic', topic, '--partitions', '3'],
  ])
  if (created.code !== 0) throw new Error(`kafka-topics: ${created.stdout}${created.stderr}`)
  const millions = workload.records / 1e6
  const before = processUsage(pid).cpuSeconds
  const report = await producerPerfTest(bootstrap, topic, workload)
  const between = processUsage(pid).cpuSeconds
  const consumed = await consumerPerfTest(bootstrap, topic, workload)
  const after = processUsage(pid).cpuSeconds
  figures.set(`produce ${name}: k records/s`, report.recordsPerSecond / 1000)
  figures.set(`produce ${name}: p50, ms`, report.p50Ms)
  figures.set(`produce ${name}: p99, ms`, report.p99Ms)
  figures.set(`produce ${name}: broker CPU, s per million`, (between - before) / millions)
  figures.set(`consume ${name}: k records/s`, consumed / 1000)
  figures.set(`consume ${name}: broker CPU, s per million`, (after - between) / millions)
}

/** One record, one answer, again and again: what a single awaited send costs at least. */
async function latency({ port }: RunningContestant, figures: Map<string, number>): Promise<void> {
  const client = await RawClient.connect({ host: '127.0.0.1', port })
  await autoCreate(client, 'latency')
  const samples: number[] = []
  for (let sample = -latencyWarmUp; sample < latencySamples; sample++) {
    const startedMs = performance.now()
    const error = await produceOne(client, 'latency')
    if (error !== 0 && sample >= 0) throw new Error(`a single record was refused with error ${error}`)
    if (sample >= 0) samples.push(performance.now() - startedMs)
  }
  client.close()
  figures.set('one record, acks=all: p50, ms', quantile(samples, 0.5))
  figures.set('one record, acks=all: p99, ms', quantile(samples, 0.99))
}
