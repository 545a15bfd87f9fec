import type { ProducerContestant } from './contestant.ts'
import { javaContestant } from './java-contestant.ts'
import { librdkafkaContestant } from './librdkafka-contestant.ts'
import { nodeContestant } from './node-contestant.ts'

/** Who takes part, in the order of the table. */
export const producerContestants: readonly ProducerContestant[] = [
  nodeContestant('odradek', { client: 'odradek' }),
  nodeContestant('odradek, batchSize 1,000,000', {
    client: 'odradek-batch-1m',
    refusal: ({ mode }) => (mode === 'many' ? undefined : ''),
  }),
  nodeContestant('odradek, lingerMs 0', {
    client: 'odradek-linger-0',
    refusal: ({ mode }) => (mode === 'many' ? '' : undefined),
  }),
  nodeContestant('kafkajs', { client: 'kafkajs', singlePart: 0.1 }),
  nodeContestant('@platformatic/kafka', { client: 'platformatic', singlePart: 0.1 }),
  nodeContestant('kafka-ts', {
    client: 'kafka-ts',
    refusal: ({ compression }) => (compression === 'none' ? undefined : 'its producer does not compress'),
  }),
  javaContestant,
  librdkafkaContestant,
]
