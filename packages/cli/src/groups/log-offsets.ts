import {
  type Admin,
  type CallOptions,
  type OffsetSpec,
  partitionName,
  type TopicPartition,
  valuesOf,
} from '@odradek/admin'

/** Partitions and the offset that is wanted of each. */
export interface WantedLogOffsets {
  readonly partitions: readonly TopicPartition[]
  readonly at: OffsetSpec
}

/**
 * An offset of each partition by the partition's name. One that has no leader or is gone has none.
 * @throws KafkaError the first partition's that failed
 */
export async function logOffsets(
  admin: Admin,
  { partitions, at }: WantedLogOffsets,
  options: CallOptions,
): Promise<ReadonlyMap<string, number>> {
  if (partitions.length === 0) return new Map()
  const topics = [...new Set(partitions.map(({ topic }) => topic))]
  const present = new Set<string>()
  for (const [, { value }] of await admin.describeTopics(topics, options)) {
    for (const { partition, leaderId } of value?.partitions ?? []) {
      if (leaderId >= 0) present.add(partitionName({ topic: value!.topic, partition }))
    }
  }
  const asked = partitions.filter((partition) => present.has(partitionName(partition)))
  const listed = valuesOf(
    await admin.listOffsets(
      asked.map(({ topic, partition }) => ({ topic, partition, at })),
      options,
    ),
  )
  return new Map([...listed].map(([name, { offset }]) => [name, offset]))
}
