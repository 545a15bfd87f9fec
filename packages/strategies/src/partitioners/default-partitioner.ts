import { partitionForKey } from './partition-for-key.ts'
import type { Partitioner, PartitionerContext } from './partitioner.ts'
import { uniformStickyPartitioner } from './uniform-sticky-partitioner.ts'

/**
 * What a Kafka producer does when `partitioner.class` is not set: records with a key go to the partition of the murmur2 hash
 * of the key, records without one fill up one partition after the other (KIP-794).
 */
export function defaultPartitioner(context: PartitionerContext): Partitioner {
  const sticky = uniformStickyPartitioner(context)
  if (context.ignoreKeys) return sticky
  return {
    partition: (topic, key, value) =>
      key === null ? sticky.partition(topic, null, value) : partitionForKey(key, topic.partitionCount),
    onAppend(topic, record) {
      // Bytes of keyed records say nothing about how long keyless ones have stayed, even on the same partition.
      if (record.key === null) sticky.onAppend(topic, record)
    },
  }
}
