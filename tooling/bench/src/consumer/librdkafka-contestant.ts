import { resolve } from 'node:path'
import { LibrdkafkaProgram } from '../librdkafka-program.ts'
import type { ConsumerContestant } from './contestant.ts'
import { type ConsumerMeasurement, warmUpClients, warmUpRecords } from './workload.ts'

const program = new LibrdkafkaProgram(resolve(import.meta.dirname, '../consumer-client/librdkafka-consumer.c'))

/** librdkafka under a small C program. */
export const librdkafkaContestant: ConsumerContestant = {
  name: 'librdkafka (C)',
  absence: () => program.absence(),
  refusal: () => undefined,
  async run({ bootstrap, topic, records, mode, recordBytes }) {
    const warmUp = mode === 'seen' ? warmUpRecords : mode === 'first' ? warmUpClients : 0
    const measured = await program.run<ConsumerMeasurement>([bootstrap, topic, records, mode, warmUp, recordBytes])
    if (mode === 'read') return { ...measured, p50Ms: Number.NaN, p99Ms: Number.NaN }
    const unmeasured = {
      recordsPerSecond: Number.NaN,
      megabytesPerSecond: Number.NaN,
      cpuSecondsPerMillion: Number.NaN,
    }
    return { ...measured, ...unmeasured, ...(mode === 'slow' ? { p50Ms: Number.NaN, p99Ms: Number.NaN } : {}) }
  },
}
