import type { TopicView } from '../partitioners/partitioner.ts'

/** A topic as a producer would show it to a partitioner, every partition available unless told otherwise. */
export function topicView(topic: string, partitionCount: number, more: Partial<TopicView> = {}): TopicView {
  const all = Array.from({ length: partitionCount }, (_, partition) => partition)
  return { topic, partitionCount, availablePartitions: all, ...more }
}
