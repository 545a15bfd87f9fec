/**
 * A group of the consumer protocol (KIP-848): the coordinator assigns, and leads every member to its target by its heartbeats, one
 * by one, with no moment in which all stop.
 *
 * Three epochs drive it. The *group epoch* grows when something changes on which the assignment depends: members, subscriptions,
 * topics. When it is ahead of the *assignment epoch*, a new target assignment is computed for it. A member whose *member epoch* is
 * behind is led to the target: it first gives up what it must not have (UNREVOKED_PARTITIONS), then gets what is free, and waits
 * for what others still have (UNRELEASED_PARTITIONS).
 *
 * Invariants: epochs only grow; a partition has one owner at a time, which `partitionEpoch` knows, and is not given to another
 * before the owner has told that it gave it up, has left, or is fenced; a member that uses an old epoch is fenced.
 *
 * Everything here is written down in records, and `GroupCoordinatorState.replay` is the only caller of what changes it. (Kafka:
 * `ConsumerGroup`.)
 */
import type { PartitionsByTopicId } from '@odradek/strategies'
import { type ConsumerMember, isReconciledTo, newConsumerMember } from './consumer-member.ts'
import type { PartitionEpochs } from './partition-epochs.ts'

/** The states of a consumer group, with Kafka's names. `Dead` is a group that is not there. */
export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable'

/** The topics that a regular expression stands for. */
export interface ResolvedRegularExpression {
  readonly topics: ReadonlySet<string>
  /** Version of the topics it was resolved with. */
  readonly version: number
  /** When it was resolved, milliseconds since the epoch. */
  readonly timestampMs: number
}

/** What the records of a new group begin with. */
const initialEpoch = 1

/** The target of a member that has none. */
export const noTarget: PartitionsByTopicId = new Map()

/** A group of the consumer protocol (KIP-848), as its records say it is: epochs, members, target and current assignments. */
export class ConsumerGroup {
  readonly type = 'consumer'
  readonly groupId: string
  readonly #members = new Map<string, ConsumerMember>()
  readonly #staticMembers = new Map<string, string>()
  readonly #targetAssignment = new Map<string, PartitionsByTopicId>()
  readonly #resolvedRegexes = new Map<string, ResolvedRegularExpression>()
  /** Members of each regular expression. */
  readonly #regexMembers = new Map<string, number>()
  /** Epoch of the owner of each partition. */
  readonly #partitionEpochs = new Map<string, Map<number, number>>()
  #classicMembers = 0
  groupEpoch = initialEpoch
  /** Hash of the topics the group subscribes to, signed. */
  metadataHash = 0n
  assignmentEpoch = initialEpoch
  /** When the target was computed; 0 when it was not, or the group was emptied since. */
  assignmentTimestampMs = 0
  /** True while a record of Kafka 4.0 or older is to be deleted. */
  hasSubscriptionMetadataRecord = false
  /** Version of the topics that the group epoch takes into account; not written down. */
  topicsVersion = -1

  constructor(groupId: string) {
    this.groupId = groupId
  }

  get members(): ReadonlyMap<string, ConsumerMember> {
    return this.#members
  }

  get targetAssignment(): ReadonlyMap<string, PartitionsByTopicId> {
    return this.#targetAssignment
  }

  get resolvedRegexes(): ReadonlyMap<string, ResolvedRegularExpression> {
    return this.#resolvedRegexes
  }

  /** How many members subscribe to each regular expression. */
  get regexMembers(): ReadonlyMap<string, number> {
    return this.#regexMembers
  }

  /** Members that speak the classic protocol. */
  get classicMembers(): number {
    return this.#classicMembers
  }

  get state(): ConsumerGroupState {
    if (this.#members.size === 0) return 'Empty'
    if (this.groupEpoch > this.assignmentEpoch) return 'Assigning'
    for (const member of this.#members.values()) {
      if (!isReconciledTo(member, this.assignmentEpoch)) return 'Reconciling'
    }
    return 'Stable'
  }

  staticMember(instanceId: string | null): ConsumerMember | undefined {
    const memberId = instanceId === null ? undefined : this.#staticMembers.get(instanceId)
    return memberId === undefined ? undefined : this.#members.get(memberId)
  }

  /** The target of a member; a static one that comes under a new id has that of its former id. */
  targetOf(memberId: string, instanceId: string | null): PartitionsByTopicId {
    const holder = instanceId === null ? memberId : this.#staticMembers.get(instanceId)
    return (holder === undefined ? undefined : this.#targetAssignment.get(holder)) ?? noTarget
  }

  /** The epoch of the member that has the partition, -1 when nobody has it. */
  partitionEpoch(topicId: string, partition: number): number {
    return this.#partitionEpochs.get(topicId)?.get(partition) ?? -1
  }

  setMember(member: ConsumerMember): void {
    const former = this.#members.get(member.memberId)
    if (former !== undefined) this.#forget(former)
    this.#members.set(member.memberId, member)
    if (member.instanceId !== null) this.#staticMembers.set(member.instanceId, member.memberId)
    count(this.#regexMembers, member.subscribedTopicRegex, 1)
    if (member.classic !== null) this.#classicMembers++
    this.#own(member.assignedPartitions, member.memberEpoch)
    this.#own(member.partitionsPendingRevocation, member.memberEpoch)
  }

  removeMember(memberId: string): void {
    const member = this.#members.get(memberId)
    if (member === undefined) return
    this.#forget(member)
    this.#members.delete(memberId)
  }

  /** The member of that id, or the beginning of one. */
  memberOrNew(memberId: string): ConsumerMember {
    return this.#members.get(memberId) ?? newConsumerMember(memberId)
  }

  setTarget(memberId: string, target: PartitionsByTopicId): void {
    this.#targetAssignment.set(memberId, target)
  }

  removeTarget(memberId: string): void {
    this.#targetAssignment.delete(memberId)
  }

  setResolvedRegex(regex: string, resolved: ResolvedRegularExpression): void {
    this.#resolvedRegexes.set(regex, resolved)
  }

  removeResolvedRegex(regex: string): void {
    this.#resolvedRegexes.delete(regex)
  }

  #forget(member: ConsumerMember): void {
    const { instanceId, memberEpoch } = member
    if (instanceId !== null && this.#staticMembers.get(instanceId) === member.memberId)
      this.#staticMembers.delete(instanceId)
    count(this.#regexMembers, member.subscribedTopicRegex, -1)
    if (member.classic !== null) this.#classicMembers--
    this.#disown(member.assignedPartitions, memberEpoch)
    this.#disown(member.partitionsPendingRevocation, memberEpoch)
  }

  #own(partitions: PartitionEpochs, epoch: number): void {
    for (const [topicId, numbers] of partitions) {
      const epochs = this.#partitionEpochs.get(topicId) ?? new Map<number, number>()
      for (const partition of numbers.keys()) {
        const owner = epochs.get(partition)
        if (owner !== undefined && owner >= epoch) {
          throw new Error(
            `group ${this.groupId}: ${topicId}-${partition} is given away at epoch ${epoch}, but owned at ${owner}`,
          )
        }
        epochs.set(partition, epoch)
      }
      this.#partitionEpochs.set(topicId, epochs)
    }
  }

  #disown(partitions: PartitionEpochs, epoch: number): void {
    for (const [topicId, numbers] of partitions) {
      const epochs = this.#partitionEpochs.get(topicId)
      // Another member may own it at a newer epoch by now.
      for (const partition of numbers.keys()) if (epochs?.get(partition) === epoch) epochs.delete(partition)
      if (epochs?.size === 0) this.#partitionEpochs.delete(topicId)
    }
  }
}

function count(counts: Map<string, number>, key: string, by: number): void {
  if (key === '') return
  const next = (counts.get(key) ?? 0) + by
  if (next === 0) counts.delete(key)
  else counts.set(key, next)
}
