import type { Partitioner, TopicView } from './partitioner.ts'

/**
 * Places the records of each topic on its available partitions in turn, whatever their keys (Kafka's `RoundRobinPartitioner`).
 * Every record goes to another partition, so batches stay small; prefer the default unless each record must move on.
 */
export function roundRobinPartitioner(): Partitioner {
  const counters = new Map<string, { value: number }>()
  return {
    partition(topic: TopicView): number {
      let counter = counters.get(topic.topic)
      if (counter === undefined) {
        counter = { value: 0 }
        counters.set(topic.topic, counter)
      }
      const turn = counter.value
      counter.value = (turn + 1) & 0x7fffffff
      const available = topic.availablePartitions
      return available.length > 0 ? available[turn % available.length]! : turn % topic.partitionCount
    },
  }
}
