import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import type {
  ConsumerGroupCurrentMemberAssignmentValue,
  ConsumerGroupMemberMetadataValue,
  ConsumerGroupTargetAssignmentMemberValue,
} from '@odradek/protocol/messages'
import type { PartitionsByTopicId } from '@odradek/strategies'
import type { ConsumerGroup, ResolvedRegularExpression } from './consumer-group.ts'
import { type ConsumerMember, type MemberState, memberStates } from './consumer-member.ts'
import type { PartitionEpochs } from './partition-epochs.ts'

/** What a member says of itself. */
export function memberMetadataRecord(groupId: string, member: ConsumerMember): GroupRecord {
  const { instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs, classic } = member
  return {
    type: 'ConsumerGroupMemberMetadata',
    key: { groupId, memberId: member.memberId },
    version: 0,
    value: {
      instanceId,
      rackId,
      clientId,
      clientHost,
      subscribedTopicNames: [...member.subscribedTopicNames].sort(),
      subscribedTopicRegex: member.subscribedTopicRegex,
      rebalanceTimeoutMs,
      serverAssignor: member.serverAssignorName,
      classicMemberMetadata:
        classic === null
          ? null
          : {
              sessionTimeoutMs: classic.sessionTimeoutMs,
              supportedProtocols: classic.supportedProtocols.map(({ name, metadata }) => ({ name, metadata })),
            },
    },
  }
}

/** The member with what its record says. */
export function withMetadata(member: ConsumerMember, value: ConsumerGroupMemberMetadataValue): ConsumerMember {
  const { instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs, classicMemberMetadata } = value
  return {
    ...member,
    ...{ instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs },
    subscribedTopicNames: new Set(value.subscribedTopicNames),
    subscribedTopicRegex: value.subscribedTopicRegex ?? '',
    serverAssignorName: value.serverAssignor,
    classic:
      classicMemberMetadata === null
        ? null
        : {
            sessionTimeoutMs: classicMemberMetadata.sessionTimeoutMs,
            supportedProtocols: classicMemberMetadata.supportedProtocols.map(({ name, metadata }) => ({
              name,
              metadata: metadata.slice(),
            })),
          },
  }
}

/** How far a member is on its way to its target. */
export function currentAssignmentRecord(groupId: string, member: ConsumerMember): GroupRecord {
  const { memberEpoch, previousMemberEpoch } = member
  return {
    type: 'ConsumerGroupCurrentMemberAssignment',
    key: { groupId, memberId: member.memberId },
    version: 0,
    value: {
      memberEpoch,
      previousMemberEpoch,
      state: memberStates[member.state],
      assignedPartitions: topicPartitionsOf(member.assignedPartitions),
      partitionsPendingRevocation: topicPartitionsOf(member.partitionsPendingRevocation),
    },
  }
}

/** The member with what its record says. */
export function withAssignment(
  member: ConsumerMember,
  value: ConsumerGroupCurrentMemberAssignmentValue,
): ConsumerMember {
  const { memberEpoch, previousMemberEpoch, state } = value
  return {
    ...member,
    memberEpoch,
    previousMemberEpoch,
    state: stateOf(state),
    assignedPartitions: partitionEpochsFrom(value.assignedPartitions, memberEpoch),
    partitionsPendingRevocation: partitionEpochsFrom(value.partitionsPendingRevocation, memberEpoch),
  }
}

function stateOf(number: number): MemberState {
  const entry = Object.entries(memberStates).find(([, value]) => value === number)
  return (entry?.[0] as MemberState | undefined) ?? 'UNKNOWN'
}

type TopicPartitions = ConsumerGroupCurrentMemberAssignmentValue['assignedPartitions'][number]

function topicPartitionsOf(partitions: PartitionEpochs): TopicPartitions[] {
  return Array.from(partitions, ([topicId, epochs]) => ({
    topicId,
    partitions: [...epochs.keys()],
    assignmentEpochs: [...epochs.values()],
  }))
}

/** Records of Kafka 4.2 and older have no epochs of single partitions. */
function partitionEpochsFrom(topics: readonly TopicPartitions[], memberEpoch: number): PartitionEpochs {
  return new Map(
    topics.map(({ topicId, partitions, assignmentEpochs }) => {
      const known = assignmentEpochs?.length === partitions.length ? assignmentEpochs : undefined
      const epochOf = (index: number) => known?.[index] ?? Math.max(memberEpoch, 0)
      return [topicId, new Map(partitions.map((partition, index) => [partition, epochOf(index)] as const))]
    }),
  )
}

/** The epoch of the group, and the topics it takes into account. */
export function groupEpochRecord(groupId: string, epoch: number, metadataHash: bigint): GroupRecord {
  return { type: 'ConsumerGroupMetadata', key: { groupId }, version: 0, value: { epoch, metadataHash } }
}

/** What a member is to have. */
export function targetAssignmentRecord(groupId: string, memberId: string, target: PartitionsByTopicId): GroupRecord {
  const topicPartitions = Array.from(target, ([topicId, partitions]) => ({ topicId, partitions: [...partitions] }))
  const value = { topicPartitions }
  return { type: 'ConsumerGroupTargetAssignmentMember', key: { groupId, memberId }, version: 0, value }
}

/** The target a record says. */
export function targetFrom({ topicPartitions }: ConsumerGroupTargetAssignmentMemberValue): PartitionsByTopicId {
  return new Map(topicPartitions.map(({ topicId, partitions }) => [topicId, new Set(partitions)]))
}

/** For which group epoch the target was computed, and when. */
export function targetEpochRecord(
  groupId: string,
  { assignmentEpoch, assignmentTimestamp }: { readonly assignmentEpoch: number; readonly assignmentTimestamp: number },
): GroupRecord {
  const value = { assignmentEpoch, assignmentTimestamp }
  return { type: 'ConsumerGroupTargetAssignmentMetadata', key: { groupId }, version: 0, value }
}

/** The topics of a regular expression. */
export function regexRecord(
  groupId: string,
  regularExpression: string,
  resolved: ResolvedRegularExpression,
): GroupRecord {
  const { version, timestampMs: timestamp } = resolved
  const value = { topics: [...resolved.topics].sort(), version, timestamp }
  return { type: 'ConsumerGroupRegularExpression', key: { groupId, regularExpression }, version: 0, value }
}

/** The end of a regular expression nobody subscribes to. */
export function regexTombstone(groupId: string, regularExpression: string): GroupRecord {
  const key = { groupId, regularExpression }
  return { type: 'ConsumerGroupRegularExpression', key, version: -1, value: null }
}

/** Removes the record that Kafka 4.0 and older kept. */
export function subscriptionMetadataTombstone(groupId: string): GroupRecord {
  return { type: 'ConsumerGroupPartitionMetadata', key: { groupId }, version: -1, value: null }
}

/** The end of a member: its assignment first, so that nobody is left with a half of one. */
export function memberTombstones(groupId: string, memberId: string): GroupRecord[] {
  return [
    currentAssignmentTombstone(groupId, memberId),
    targetAssignmentTombstone(groupId, memberId),
    memberMetadataTombstone(groupId, memberId),
  ]
}

/** The end of a group. `renamed` gives members the id under which the same operation has just written them. */
export function consumerGroupTombstones(
  group: ConsumerGroup,
  renamed: (memberId: string) => string = (memberId) => memberId,
): GroupRecord[] {
  const { groupId } = group
  const memberIds = [...group.members.keys()].map(renamed)
  return [
    ...memberIds.map((memberId) => currentAssignmentTombstone(groupId, memberId)),
    ...memberIds.map((memberId) => targetAssignmentTombstone(groupId, memberId)),
    { type: 'ConsumerGroupTargetAssignmentMetadata', key: { groupId }, version: -1, value: null },
    ...memberIds.map((memberId) => memberMetadataTombstone(groupId, memberId)),
    ...[...group.resolvedRegexes.keys()].map((regex) => regexTombstone(groupId, regex)),
    subscriptionMetadataTombstone(groupId),
    { type: 'ConsumerGroupMetadata', key: { groupId }, version: -1, value: null },
  ]
}

function currentAssignmentTombstone(groupId: string, memberId: string): GroupRecord {
  return { type: 'ConsumerGroupCurrentMemberAssignment', key: { groupId, memberId }, version: -1, value: null }
}

function targetAssignmentTombstone(groupId: string, memberId: string): GroupRecord {
  return { type: 'ConsumerGroupTargetAssignmentMember', key: { groupId, memberId }, version: -1, value: null }
}

function memberMetadataTombstone(groupId: string, memberId: string): GroupRecord {
  return { type: 'ConsumerGroupMemberMetadata', key: { groupId, memberId }, version: -1, value: null }
}
