import { type AwaitTopicOptions, type ClientCore, KafkaError, type Metadata, type TopicMetadata } from '@odradek/client'
import type { TopicPartition } from '../topic-partition.ts'
import { type LeaderAndEpoch, noLeader } from '../topic-partition-state.ts'

/** Who leads a partition, as far as the metadata know. */
export function leaderOf(metadata: Metadata, { topic, partition }: TopicPartition): LeaderAndEpoch {
  const known = metadata.topic(topic)?.partitions[partition]
  return known === undefined ? noLeader : { leaderId: known.leaderId, leaderEpoch: known.leaderEpoch }
}

/** Waits until the topic is known. @throws KafkaError API_TIMED_OUT, or what the cluster says of it and no retry mends */
export async function awaitTopic(core: ClientCore, topic: string, options: AwaitTopicOptions): Promise<TopicMetadata> {
  try {
    return await core.metadata.awaitTopic(topic, options)
  } catch (cause) {
    if (!(cause instanceof KafkaError) || cause.code !== 'MAX_BLOCK_TIMED_OUT') throw cause
    throw new KafkaError('API_TIMED_OUT', cause.message.replace(' (maxBlockMs)', ''), { cause, context: { topic } })
  }
}
