import {
  type ConfigEntry,
  type PartitionReassignment,
  partitionName,
  type TopicDescription,
  type TopicPartitionInfo,
} from '@odradek/admin'

/** The id of a topic on brokers that have none. */
export const noTopicId = 'AAAAAAAAAAAAAAAAAAAAAA'

/** A topic as `--describe` shows it. */
export interface DescribedTopic extends TopicDescription {
  readonly configs: readonly ConfigEntry[]
  /** Partitions that are on their way to other brokers, by name. */
  readonly reassignments: ReadonlyMap<string, PartitionReassignment>
}

/** Whether a config has a value of its own. */
export function isOverridden({ source }: ConfigEntry): boolean {
  return source !== 'DEFAULT_CONFIG'
}

/** Whether a partition lacks a replica that it had before it was moved. */
export function isUnderReplicated(info: TopicPartitionInfo, topic: DescribedTopic): boolean {
  return replicationFactor(info, topic) > info.isr.length
}

/** The line of a topic. */
export function topicLine(described: DescribedTopic): string {
  const { topic, topicId, partitions, configs } = described
  const overrides = configs.filter(isOverridden).map(({ name, value }) => `${name}=${value}`)
  const id = topicId === noTopicId ? '' : `\tTopicId: ${topicId}`
  const [first] = partitions
  const factor = first === undefined ? 0 : replicationFactor(first, described)
  return `Topic: ${topic}${id}\tPartitionCount: ${partitions.length}\tReplicationFactor: ${factor}\tConfigs: ${overrides.join(',')}\n`
}

/** The line of a partition. */
export function partitionLine(described: DescribedTopic, info: TopicPartitionInfo): string {
  const { topic } = described
  const { partition, leaderId, replicas, isr, elr, lastKnownElr } = info
  const move = reassignmentOf(info, described)
  const moving =
    move === undefined
      ? ''
      : `\tAdding Replicas: ${move.addingReplicas.join(',')}\tRemoving Replicas: ${move.removingReplicas.join(',')}`
  return (
    `\tTopic: ${topic}\tPartition: ${partition}\tLeader: ${leaderId < 0 ? 'none' : leaderId}\tReplicas: ${replicas.join(',')}` +
    `\tIsr: ${isr.join(',')}${moving}\tElr: ${elr?.join(',') ?? 'N/A'}\tLastKnownElr: ${lastKnownElr?.join(',') ?? 'N/A'}\n`
  )
}

/** How many replicas a partition has, without those that it is only getting. */
function replicationFactor(info: TopicPartitionInfo, described: DescribedTopic): number {
  const move = reassignmentOf(info, described)
  const changing = new Set([...(move?.addingReplicas ?? []), ...(move?.removingReplicas ?? [])])
  const isMoving = info.replicas.some((id) => changing.has(id))
  return info.replicas.length - (isMoving ? move!.addingReplicas.length : 0)
}

function reassignmentOf({ partition }: TopicPartitionInfo, { topic, reassignments }: DescribedTopic) {
  return reassignments.get(partitionName({ topic, partition }))
}
