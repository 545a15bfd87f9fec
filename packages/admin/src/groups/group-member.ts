import type { BrokerNode } from '@odradek/client'
import type { TopicPartition } from '../core/topic-partition.ts'

/** The broker that keeps a group. Kafka: `Node`. */
export interface Coordinator {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** The node that answered, as the coordinator that it is. */
export function coordinatorOf({ nodeId, address, rack }: BrokerNode): Coordinator {
  return { nodeId, host: address.host, port: address.port, rack }
}

interface AssignedTopics {
  readonly topicPartitions: readonly { readonly topicName: string; readonly partitions: readonly number[] }[]
}

/** The partitions of an assignment, one by one. */
export function assignedPartitions({ topicPartitions }: AssignedTopics): readonly TopicPartition[] {
  return topicPartitions.flatMap(({ topicName: topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  )
}
