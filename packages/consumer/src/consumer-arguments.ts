import { KafkaError, type Topic } from '@odradek/client'
import type { TopicReaders } from './fetch/record-readers.ts'
import {
  type OffsetAndMetadata,
  PartitionMap,
  type TopicPartition,
  type TopicPartitionOffset,
} from './topic-partition.ts'

/** One partition or several. */
export type Partitions = TopicPartition | Iterable<TopicPartition>

/** Topics by name, or as `defineTopic` made them. */
type NamedTopics = string | Topic<never, never> | readonly (string | Topic<never, never>)[]

/** Topics by name or as `defineTopic` made them; a pattern of names, or one in RE2/J's notation that the broker matches (KIP-848). */
export type SubscribedTo = NamedTopics | RegExp | { readonly pattern: string }

/** The partitions as a list. */
export function listOf(partitions: Partitions): readonly TopicPartition[] {
  return Symbol.iterator in partitions ? [...partitions] : [partitions]
}

/** The names of topics; `readers` learns to read those that have codecs. @throws KafkaError INVALID_TOPIC_EXCEPTION */
export function topicNames(topics: NamedTopics, readers: TopicReaders): readonly string[] {
  const names = new Set<string>()
  for (const topic of Array.isArray(topics) ? (topics as readonly (string | Topic<never, never>)[]) : [topics]) {
    const name = typeof topic === 'string' ? topic : (topic as Topic<never, never>).name
    if (typeof name !== 'string' || name.trim() === '') {
      throw new KafkaError('INVALID_TOPIC_EXCEPTION', `a topic to subscribe to has a name, got ${String(name)}`)
    }
    if (typeof topic !== 'string') readers.define(topic as Topic<never, never>)
    names.add(name)
  }
  return [...names]
}

/** Offsets to commit, by partition. @throws KafkaError ILLEGAL_STATE for what is no offset */
export function offsetsOf(
  given: TopicPartitionOffset | Iterable<TopicPartitionOffset> | PartitionMap<OffsetAndMetadata>,
): PartitionMap<OffsetAndMetadata> {
  if (given instanceof PartitionMap) return given
  const offsets = new PartitionMap<OffsetAndMetadata>()
  for (const at of Symbol.iterator in given ? given : [given]) {
    const { offset, leaderEpoch = null, metadata = '' } = at
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw new KafkaError('ILLEGAL_STATE', `an offset to commit is a whole number from 0 on, got ${offset}`)
    }
    offsets.set(at, { offset, leaderEpoch, metadata })
  }
  return offsets
}

/** @throws KafkaError ILLEGAL_STATE for what is no partition */
export function checkPartition({ topic, partition }: TopicPartition): void {
  if (typeof topic === 'string' && topic.trim() !== '' && Number.isSafeInteger(partition) && partition >= 0) return
  throw new KafkaError('ILLEGAL_STATE', `a partition to assign has a topic and a number, got ${topic}-${partition}`)
}
