import type { PartitionsByTopicId } from '@odradek/strategies'

/** Partitions of topics by id, each with the epoch at which the member was assigned it. */
export type PartitionEpochs = ReadonlyMap<string, ReadonlyMap<number, number>>

/** No partitions. */
export const noPartitions: PartitionEpochs = new Map()

/** The same partitions, all assigned at one epoch. */
export function withEpoch(partitions: PartitionsByTopicId, epoch: number): PartitionEpochs {
  return new Map(
    Array.from(partitions, ([topicId, numbers]) => [
      topicId,
      new Map(Array.from(numbers, (partition) => [partition, epoch] as const)),
    ]),
  )
}

/** True when both have the same partitions at the same epochs. */
export function samePartitionEpochs(a: PartitionEpochs, b: PartitionEpochs): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const [topicId, partitions] of a) {
    const others = b.get(topicId)
    if (others?.size !== partitions.size) return false
    for (const [partition, epoch] of partitions) if (others.get(partition) !== epoch) return false
  }
  return true
}

/** True when both have the same partitions. */
export function samePartitions(a: PartitionsByTopicId, b: PartitionsByTopicId): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const [topicId, partitions] of a) {
    const others = b.get(topicId)
    if (others?.size !== partitions.size) return false
    for (const partition of partitions) if (!others.has(partition)) return false
  }
  return true
}

/** The partitions without their epochs. */
export function partitionsIn(epochs: PartitionEpochs): PartitionsByTopicId {
  return new Map(Array.from(epochs, ([topicId, numbers]) => [topicId, new Set(numbers.keys())]))
}
