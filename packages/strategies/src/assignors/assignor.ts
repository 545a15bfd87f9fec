import type { TopicPartition } from '../topic-partition.ts'

/**
 * How a member behaves during a rebalance (KIP-429). With `EAGER` all partitions are given up before the group joins again; with
 * `COOPERATIVE` a member keeps reading, and a partition that moves is withheld for one round until its owner let go of it.
 */
export type RebalanceProtocol = 'EAGER' | 'COOPERATIVE'

/** What an assignor may ask about the cluster. */
export interface ClusterView {
  /** How many partitions the topic has, 0 when the topic is unknown. */
  partitionCount(topic: string): number
  /** The racks of the partition's replicas, in sync or not; empty when unknown. Left out when no rack is known at all. */
  replicaRacks?(topic: string, partition: number): readonly string[]
}

/** What one member said of itself when it joined. Kafka: `ConsumerPartitionAssignor.Subscription`. */
export interface Subscription {
  readonly topics: readonly string[]
  /** What the member's assignor gave in `subscriptionUserData`. */
  readonly userData: Uint8Array | null
  /** The partitions the member still holds; always empty under `EAGER`. */
  readonly ownedPartitions: readonly TopicPartition[]
  /** The generation in which it got them, -1 when unknown (KIP-792). */
  readonly generationId: number
  /** `client.rack` of the member (KIP-881). */
  readonly rackId: string | null
  /** `group.instance.id`. Comes with the JoinGroup response, not with the subscription's bytes. */
  readonly groupInstanceId: string | null
}

/** All members of a group by member id. */
export type GroupSubscription = ReadonlyMap<string, Subscription>

/** What one member gets. Kafka: `ConsumerPartitionAssignor.Assignment`. */
export interface Assignment {
  readonly partitions: readonly TopicPartition[]
  /** Bytes for the member's `onAssignment`. */
  readonly userData?: Uint8Array | null
}

/** The state of the group an assignment belongs to. */
export interface ConsumerGroupMetadata {
  readonly groupId: string
  readonly generationId: number
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/**
 * Divides the partitions of a consumer group that uses the classic protocol. The leader of the group calls `assign`; every member
 * calls the other two. One instance serves one consumer and may keep state. Kafka: `ConsumerPartitionAssignor`.
 */
export interface Assignor {
  /** The name in the JoinGroup request. Members agree on an assignor by it, so two assignors never share one. */
  readonly name: string
  /** The version of what the assignor puts in `userData`. */
  readonly version: number
  /** What the group may do while it rebalances; it takes the strongest that all its assignors support. */
  readonly supportedProtocols: readonly RebalanceProtocol[]
  /** Bytes for the leader about this member, asked before each join. */
  subscriptionUserData?(topics: ReadonlySet<string>): Uint8Array | null
  /**
   * Says who reads what: an entry for every member, and no partition with two members. Partitions of a topic that nobody subscribes
   * to or that does not exist are left out. Must not change its arguments.
   */
  assign(cluster: ClusterView, group: GroupSubscription): Map<string, Assignment>
  /** Told what this member got. */
  onAssignment?(assignment: Assignment, metadata: ConsumerGroupMetadata): void
}
