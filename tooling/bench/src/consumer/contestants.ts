import type { ConsumerContestant } from './contestant.ts'
import { javaContestant } from './java-contestant.ts'
import { librdkafkaContestant } from './librdkafka-contestant.ts'
import { nodeContestant } from './node-contestant.ts'
import type { Scenario } from './scenarios.ts'

const onlyReading = ({ mode }: Scenario) => (mode === 'first' || mode === 'seen' ? '' : undefined)

/** Who takes part, in the order of the table. */
export const consumerContestants: readonly ConsumerContestant[] = [
  nodeContestant('odradek, poll', { client: 'odradek-poll' }),
  nodeContestant('odradek, batches', { client: 'odradek-batches', refusal: onlyReading }),
  nodeContestant('odradek, records', { client: 'odradek-records' }),
  nodeContestant('odradek, run eachBatch', { client: 'odradek-each-batch', refusal: onlyReading }),
  nodeContestant('odradek, run eachRecord', { client: 'odradek-each-record', refusal: onlyReading }),
  nodeContestant('odradek, groupProtocol auto', {
    client: 'odradek-auto',
    refusal: ({ mode }) => (mode === 'first' ? undefined : ''),
  }),
  nodeContestant('kafkajs, eachBatch', { client: 'kafkajs-batch' }),
  nodeContestant('kafkajs, eachMessage', { client: 'kafkajs-message' }),
  nodeContestant('@platformatic/kafka', { client: 'platformatic' }),
  nodeContestant('kafka-ts', { client: 'kafka-ts' }),
  javaContestant,
  librdkafkaContestant,
]
