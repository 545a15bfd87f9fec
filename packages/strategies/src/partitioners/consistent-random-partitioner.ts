import { anyPartition } from './any-partition.ts'
import type { Partitioner, PartitionerContext } from './partitioner.ts'

/**
 * librdkafka's default, `consistent_random`: the CRC-32 of the key; records whose key is missing or empty go to a random available
 * partition. Use it to share a topic with producers built on librdkafka (C, Go, Python, .NET) that were left at their default.
 */
export function consistentRandomPartitioner({ random }: PartitionerContext): Partitioner {
  const table = crc32Table()
  return {
    partition: (topic, key) =>
      key === null || key.length === 0 ? anyPartition(topic, random) : crc32(table, key) % topic.partitionCount,
  }
}

/** CRC-32 as in zip and Ethernet, unsigned. Not the CRC32C of record batches. */
function crc32(table: Uint32Array, bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

function crc32Table(): Uint32Array {
  const table = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
    table[byte] = value
  }
  return table
}
