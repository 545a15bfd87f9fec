/** Topic ids as Kafka prints them; partition numbers of each. */
export type PartitionsByTopicId = ReadonlyMap<string, ReadonlySet<number>>

/** What the coordinator knows of one member. Kafka: `MemberSubscription` and `MemberAssignment` in one. */
export interface GroupMemberSpec {
  /** `group.instance.id`, `null` for a dynamic member. */
  readonly instanceId: string | null
  /** `client.rack`. */
  readonly rackId: string | null
  /** The ids of the topics the member subscribes to; only topics that exist. */
  readonly subscribedTopicIds: ReadonlySet<string>
  /** The member's present target assignment, empty for a new member. */
  readonly partitions: PartitionsByTopicId
}

/** `HOMOGENEOUS` when all members subscribe to the same topics. */
export type SubscriptionType = 'HOMOGENEOUS' | 'HETEROGENEOUS'

/** A group whose partitions are to be divided. */
export interface GroupSpec {
  /** Members by member id. Assignors that have to break a tie take members in this order. */
  readonly members: ReadonlyMap<string, GroupMemberSpec>
  readonly subscriptionType: SubscriptionType
}

/** What an assignor may ask about topics. */
export interface SubscribedTopicDescriber {
  /** How many partitions the topic has, -1 when there is no such topic. */
  numPartitions(topicId: string): number
  /** The racks of the partition's replicas; empty when unknown. */
  racksForPartition(topicId: string, partition: number): ReadonlySet<string>
}

/** The new target assignment: the partitions of each member, with no empty sets. A member that is missing gets nothing. */
export type GroupAssignment = ReadonlyMap<string, PartitionsByTopicId>

/**
 * Computes the target assignment of a consumer group on the coordinator (KIP-848). The coordinator leads the members there by itself, so
 * an assignor need not care what a member is still holding. Kafka: `ConsumerGroupPartitionAssignor`.
 */
export interface GroupPartitionAssignor {
  /** The name for `group.consumer.assignors` and `group.remote.assignor`. */
  readonly name: string
  /**
   * Gives every partition of every subscribed topic to exactly one subscriber. Must depend on its arguments alone and not change them;
   * it may return maps and sets of `groupSpec` where a member keeps what it has.
   * @throws PartitionAssignorError when it cannot.
   */
  assign(groupSpec: GroupSpec, topics: SubscribedTopicDescriber): GroupAssignment
}

/** An assignor could not assign. The coordinator keeps the present assignment. Kafka: `PartitionAssignorException`. */
export class PartitionAssignorError extends Error {
  override readonly name = 'PartitionAssignorError'
}

/** The partition count of a topic. @throws PartitionAssignorError when there is no such topic. */
export function existingPartitions(topics: SubscribedTopicDescriber, topicId: string): number {
  const count = topics.numPartitions(topicId)
  if (count < 0)
    throw new PartitionAssignorError(`a member subscribes to topic id ${topicId}, but no such topic exists`)
  return count
}
