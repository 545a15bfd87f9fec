import { kafkaInstalled } from '@odradek/apache-kafka'
import { watchedJava } from '../watched-java.ts'
import type { ConsumerContestant } from './contestant.ts'

/** Kafka's own consumer under `kafka-consumer-perf-test`, which looks at the lengths of key and value only; its CPU includes the JVM's start. */
export const javaContestant: ConsumerContestant = {
  name: 'kafka-consumer-perf-test',
  absence: async () => (kafkaInstalled() ? undefined : 'the jars of Apache Kafka are not there'),
  refusal: ({ mode }) => (mode === 'read' ? undefined : 'it only reads'),
  async run({ bootstrap, topic, records, recordBytes }) {
    const args = ['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records), '--hide-header']
    const { stdout, cpuSeconds, peakMib } = await watchedJava('kafka-consumer-perf-test', args)
    const figures = (stdout.trim().split('\n').at(-1) ?? '').split(',').map(Number)
    const [, , , , consumed = 0, , , , , recordsPerSecond = Number.NaN] = figures
    // It ends with the poll in which it has enough.
    if (figures.length !== 10 || consumed < records) throw new Error(`unexpected report: ${stdout}`)
    return {
      recordsPerSecond,
      megabytesPerSecond: (recordsPerSecond * recordBytes) / 1e6,
      cpuSecondsPerMillion: (cpuSeconds * 1e6) / consumed,
      peakMib,
      p50Ms: Number.NaN,
      p99Ms: Number.NaN,
    }
  },
}
