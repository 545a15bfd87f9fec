import { kafkaInstalled } from '@odradek/apache-kafka'
import { watchedJava } from '../watched-java.ts'
import type { ProducerContestant } from './contestant.ts'

/** Kafka's own producer under `kafka-producer-perf-test`: one record a send, as many outstanding as `buffer.memory` holds, no keys. */
export const javaContestant: ProducerContestant = {
  name: 'kafka-producer-perf-test',
  absence: async () => (kafkaInstalled() ? undefined : 'the jars of Apache Kafka are not there'),
  refusal: ({ mode }) => (mode === 'many' ? undefined : 'it cannot bound what is outstanding'),
  async run({ bootstrap, topic, records, recordBytes, compression }) {
    const properties = [`bootstrap.servers=${bootstrap}`, 'acks=all', `compression.type=${compression}`]
    const sizes = ['--num-records', String(records), '--record-size', String(recordBytes), '--throughput', '-1']
    const args = ['--topic', topic, ...sizes, '--command-property', ...properties]
    const { stdout, cpuSeconds, peakMib } = await watchedJava('kafka-producer-perf-test', args)
    const last = stdout.trim().split('\n').at(-1) ?? ''
    const report = /^(\d+) records sent, ([\d.]+) records\/sec .*?, (\d+) ms 50th, \d+ ms 95th, (\d+) ms 99th/.exec(
      last,
    )
    if (report === null || Number(report[1]) !== records) throw new Error(`unexpected report: ${stdout}`)
    return {
      recordsPerSecond: Number(report[2]),
      megabytesPerSecond: (Number(report[2]) * recordBytes) / 1e6,
      cpuSecondsPerMillion: (cpuSeconds * 1e6) / records,
      peakMib,
      p50Ms: Number(report[3]),
      p99Ms: Number(report[4]),
    }
  },
}
