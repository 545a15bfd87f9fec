import { anyPartition } from './any-partition.ts'
import type { Partitioner, PartitionerContext } from './partitioner.ts'

/** Places each record on a random available partition, whatever its key (librdkafka's `random`). */
export function randomPartitioner({ random }: PartitionerContext): Partitioner {
  return { partition: (topic) => anyPartition(topic, random) }
}
