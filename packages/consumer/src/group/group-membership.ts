import type { KafkaError } from '@odradek/client'
import type { ErrorName } from '@odradek/protocol'

/** What a consumer is in its group. Kafka: `ConsumerGroupMetadata`. */
export interface GroupMetadata {
  readonly groupId: string
  /** The member epoch under the consumer protocol; -1 outside of a group. */
  readonly generationId: number
  /** Empty outside of a group. */
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/** Who asks for offsets. */
export interface GroupIdentity {
  readonly memberId: string
  readonly generationIdOrMemberEpoch: number
  readonly groupInstanceId: string | null
  /** Whether the number is a member epoch of the consumer protocol (KIP-848). */
  readonly isConsumerProtocol: boolean
}

/** Offsets of a consumer that assigns its partitions itself. */
export const noIdentity: GroupIdentity = {
  memberId: '',
  generationIdOrMemberEpoch: -1,
  groupInstanceId: null,
  isConsumerProtocol: false,
}

/** How a consumer leaves its group (KIP-1092). Left to the protocol, dynamic members leave and static ones stay. */
export type GroupMembershipOperation = 'default' | 'leave_group' | 'remain_in_group'

/**
 * A consumer's part in its group, in one of the two protocols. What may call the application happens in `poll`; the rest goes on by
 * itself, driven by answers and timers.
 */
export interface GroupMembership {
  /** Whether the next `poll` has something to do. Looked at in every poll. */
  readonly needsPoll: boolean
  /** What has to happen on the application's turn: giving up partitions, taking them, telling what failed. @throws KafkaError */
  poll(): Promise<void>
  /** Where the member is in its group. */
  groupMetadata(): GroupMetadata
  /** Who commits at the moment. @throws KafkaError when nobody may */
  identity(): GroupIdentity
  /** A commit with `identity` was refused: what to tell who wanted it. */
  commitRefused(error: ErrorName, identity: GroupIdentity): KafkaError
  /** Joins anew at the next poll. */
  enforceRebalance(reason: string): void
  /** The metadata of the client has changed. */
  metadataUpdated(): void
  /** The application did not poll for `max.poll.interval.ms`: leaves the group until it does. False when it was not in it. */
  pollTimedOut(): boolean
  /** Gives up the partitions and leaves; the member may join again. @throws KafkaError when a callback of the application throws */
  leave(operation: GroupMembershipOperation, reason: string): Promise<void>
  /** What the member waits for, in words; undefined when it has what it is to have. */
  readonly waitsFor: string | undefined
  /** What the member waits for that only the application can bring: the end of a callback, a poll. */
  readonly waitsForApplication: string | undefined
  /** Ends timers and requests. */
  close(): void
}
