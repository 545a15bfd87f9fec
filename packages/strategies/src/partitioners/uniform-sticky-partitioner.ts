/**
 * Keyless records go to one partition until about `batch.size` bytes are in it, then to another (KIP-480, KIP-794), so that
 * batches fill up although no key binds a record to a place. Bytes decide, not batches: a slow broker's partition, whose batches
 * leave late, would otherwise get the larger ones.
 *
 * The next partition is drawn by lot. When queues have grown unevenly, the lot is weighted against long ones; it is drawn when
 * the current partition is full, so reading the queues costs nothing per record.
 */
import { anyPartition } from './any-partition.ts'
import { PartitionLoad } from './partition-load.ts'
import type { AppendedRecord, PartitionerContext, TopicView } from './partitioner.ts'

/** A partitioner that always wants to hear of appended records. */
export interface StickyPartitioner {
  partition(topic: TopicView, key: Uint8Array | null, value: Uint8Array | null): number
  onAppend(topic: TopicView, record: AppendedRecord): void
}

interface StickyPartition {
  partition: number
  producedBytes: number
}

/**
 * Places every record, keyed or not, on the current partition of its topic. Kafka: `BuiltInPartitioner`.
 * @throws RangeError when `batchSize` is negative or not a number.
 */
export function uniformStickyPartitioner(context: PartitionerContext): StickyPartitioner {
  const { random, batchSize = 16384 } = context
  if (!(batchSize >= 0)) throw new RangeError(`batchSize must be at least 0 bytes, got ${batchSize}`)
  // batch.size 0 switches off batching; each record then moves on.
  const stickyBytes = Math.max(1, batchSize)
  const current = new Map<string, StickyPartition>()
  const load = new PartitionLoad(context)
  const next = (topic: TopicView): number => (load.sample(topic) ? load.pick(random) : pickUniformly(topic, context))

  return {
    partition(topic) {
      const sticky = current.get(topic.topic)
      if (sticky !== undefined && sticky.partition < topic.partitionCount) return sticky.partition
      const partition = next(topic)
      current.set(topic.topic, { partition, producedBytes: 0 })
      return partition
    },
    onAppend(topic, record) {
      const sticky = current.get(topic.topic)
      if (sticky === undefined || sticky.partition !== record.partition) return
      sticky.producedBytes += record.bytes
      // A batch that still has room is worth waiting for, but not for longer than another batch.size.
      const enough = record.allBatchesFull ? stickyBytes : stickyBytes * 2
      if (sticky.producedBytes < enough) return
      sticky.partition = next(topic)
      sticky.producedBytes = 0
    },
  }
}

function pickUniformly(topic: TopicView, context: PartitionerContext): number {
  const { random, rackAware, rack } = context
  if (rackAware && rack !== undefined && topic.leaderRack !== undefined) {
    const near: number[] = []
    const available = topic.availablePartitions
    for (let i = 0; i < available.length; i++) {
      const partition = available[i]!
      if (topic.leaderRack(partition) === rack) near.push(partition)
    }
    if (near.length > 0) return near[random.nextInt(near.length)]!
  }
  return anyPartition(topic, random)
}
