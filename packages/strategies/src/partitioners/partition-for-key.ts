import { murmur2 } from '@odradek/protocol'

/**
 * The partition of a key: the same in every Kafka client that hashes with murmur2 (Kafka's `BuiltInPartitioner.partitionForKey`).
 * An empty key is a key. It changes when the topic gets more partitions.
 */
export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}
