/** The classes of kafkajs 2.2.4 that join a group and group messages, typed as far as the tests use them. */
import { createRequire } from 'node:module'
import type { ICustomPartitioner, PartitionMetadata } from 'kafkajs'
import type { KafkajsAssigner } from '../../src/kafkajs/index.ts'

const require = createRequire(import.meta.url)

interface GroupMessages {
  topic: string
  partitionMetadata: PartitionMetadata[]
  messages: { key?: Buffer | string; value: Buffer }[]
  partitioner: ReturnType<ICustomPartitioner>
}

/** What the producer of kafkajs does with the messages of a `send`. */
export const groupMessagesPerPartition: (
  options: GroupMessages,
) => Record<string, { value: Buffer }[]> = require('kafkajs/src/producer/groupMessagesPerPartition.js')

/** One member of a group as kafkajs runs it. */
export interface ConsumerGroup {
  memberId: string
  groupProtocol: string
  topicsSubscribed: string[]
  joinAndSync(): Promise<void>
  assigned(): { topic: string; partitions: number[] }[]
}

interface ConsumerGroupOptions {
  groupId: string
  topics: string[]
  assigners: KafkajsAssigner[]
  [option: string]: unknown
}

/** kafkajs's own ConsumerGroup. */
export const ConsumerGroup: new (
  options: ConsumerGroupOptions,
) => ConsumerGroup = require('kafkajs/src/consumer/consumerGroup.js')

/** kafkajs's own emitter of consumer events. */
export const InstrumentationEventEmitter: new () => {
  emit(event: string, payload: object): void
  addListener(event: string, listener: (event: never) => void): () => void
} = require('kafkajs/src/instrumentation/emitter.js')
