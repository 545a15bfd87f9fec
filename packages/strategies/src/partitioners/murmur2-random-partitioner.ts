import { anyPartition } from './any-partition.ts'
import { partitionForKey } from './partition-for-key.ts'
import type { Partitioner, PartitionerContext } from './partitioner.ts'

/**
 * Records with a key go to the partition of its murmur2 hash, as with the Java client; each record without one goes to a random
 * available partition (librdkafka's `murmur2_random`).
 */
export function murmur2RandomPartitioner({ random }: PartitionerContext): Partitioner {
  return {
    partition: (topic, key) =>
      key === null ? anyPartition(topic, random) : partitionForKey(key, topic.partitionCount),
  }
}
