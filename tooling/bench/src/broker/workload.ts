import { runTool, type ToolResult } from '@odradek/apache-kafka'

/** One row of the benchmark: what Kafka's own perf tools are told to do. */
export interface Workload {
  readonly records: number
  readonly recordBytes: number
  readonly acks: 'all' | '1'
}

/** What `kafka-producer-perf-test` reports. */
export interface ProducerReport {
  readonly recordsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const jvmFlags = ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC']
const timeoutMs = 300_000

/** Runs `kafka-producer-perf-test` as fast as it goes. */
export async function producerPerfTest(bootstrap: string, topic: string, workload: Workload): Promise<ProducerReport> {
  const { records, recordBytes, acks } = workload
  const args = ['--topic', topic, '--num-records', String(records), '--record-size', String(recordBytes)]
  args.push('--throughput', '-1', '--command-property', `bootstrap.servers=${bootstrap}`, `acks=${acks}`)
  const result = await runTool('kafka-producer-perf-test', args, { jvmFlags, timeoutMs })
  const last = result.stdout.trim().split('\n').at(-1) ?? ''
  const match = /^(\d+) records sent, ([\d.]+) records\/sec .*?, (\d+) ms 50th, \d+ ms 95th, (\d+) ms 99th/.exec(last)
  if (match === null || Number(match[1]) !== records) throw unexpected('kafka-producer-perf-test', result)
  return { recordsPerSecond: Number(match[2]), p50Ms: Number(match[3]), p99Ms: Number(match[4]) }
}

/** Runs `kafka-consumer-perf-test` with a fresh group; records a second while it fetched. */
export async function consumerPerfTest(bootstrap: string, topic: string, workload: Workload): Promise<number> {
  const { records } = workload
  const args = ['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records)]
  args.push('--hide-header', '--timeout', '60000')
  const result = await runTool('kafka-consumer-perf-test', args, { jvmFlags, timeoutMs })
  const cells = result.stdout.trim().split('\n').at(-1)?.split(', ') ?? []
  if (cells.length !== 10 || Number(cells[4]) < records) throw unexpected('kafka-consumer-perf-test', result)
  return Number(cells[9])
}

function unexpected(tool: string, { stdout, stderr, code }: ToolResult): Error {
  return new Error(`${tool} ended with ${code} and an unexpected report:\n${stdout}\n${stderr}`)
}
