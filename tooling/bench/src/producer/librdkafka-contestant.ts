import { resolve } from 'node:path'
import { LibrdkafkaProgram } from '../librdkafka-program.ts'
import type { ProducerContestant } from './contestant.ts'
import { outstandingSends, poolSize, warmUpPart } from './workload.ts'

const program = new LibrdkafkaProgram(resolve(import.meta.dirname, '../producer-client/librdkafka-producer.c'))

/** librdkafka under a small C program. */
export const librdkafkaContestant: ProducerContestant = {
  name: 'librdkafka (C)',
  absence: () => program.absence(),
  refusal: () => undefined,
  run({ bootstrap, topic, records, recordBytes, keyed, compression, mode }) {
    // As its own benchmark, it fills its queue where others have arrays of records outstanding.
    const outstanding = mode === 'many' ? 100_000 : outstandingSends[mode]
    const args = [bootstrap, topic, records, recordBytes, keyed ? 1 : 0, compression, outstanding, poolSize]
    return program.run([...args, Math.ceil(records * warmUpPart), mode === 'awaited' ? 0 : 5])
  },
}
