/** One partition of one topic, by name. */
export interface TopicPartition {
  readonly topic: string
  /** The partition's number, from 0. */
  readonly partition: number
}

/** The order in which Kafka sorts partitions: by topic name (UTF-16 code units), then by number. */
export function compareTopicPartitions(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
  return a.partition - b.partition
}

/** The partition numbers of each topic, topics and numbers in the order of their first appearance. */
export function groupByTopic(partitions: Iterable<TopicPartition>): Map<string, number[]> {
  const byTopic = new Map<string, number[]>()
  for (const { topic, partition } of partitions) {
    const numbers = byTopic.get(topic)
    if (numbers === undefined) byTopic.set(topic, [partition])
    else numbers.push(partition)
  }
  return byTopic
}
