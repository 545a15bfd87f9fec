import type { Random } from '../random.ts'
import type { TopicView } from './partitioner.ts'

/** A uniformly random partition among those with a leader, or among all when none has one. */
export function anyPartition(topic: TopicView, random: Random): number {
  const available = topic.availablePartitions
  if (available.length === 0) return random.nextInt(topic.partitionCount)
  return available[random.nextInt(available.length)]!
}
