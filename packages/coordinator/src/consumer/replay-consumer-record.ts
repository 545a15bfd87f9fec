import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import type { ConsumerGroup } from './consumer-group.ts'
import { leaveEpoch } from './consumer-member.ts'
import { targetFrom, withAssignment, withMetadata } from './consumer-records.ts'
import { noPartitions } from './partition-epochs.ts'

/** Makes a consumer group what a record says. Tombstones of what is not there say nothing. */
export function replayConsumerRecord(group: ConsumerGroup, record: GroupRecord): void {
  switch (record.type) {
    case 'ConsumerGroupMetadata':
      if (record.value === null) break
      group.groupEpoch = record.value.epoch
      group.metadataHash = record.value.metadataHash
      break
    case 'ConsumerGroupPartitionMetadata':
      group.hasSubscriptionMetadataRecord = record.value !== null
      break
    case 'ConsumerGroupMemberMetadata': {
      const { memberId } = record.key
      if (record.value === null) group.removeMember(memberId)
      else group.setMember(withMetadata(group.memberOrNew(memberId), record.value))
      break
    }
    case 'ConsumerGroupTargetAssignmentMetadata':
      group.assignmentEpoch = record.value?.assignmentEpoch ?? leaveEpoch
      group.assignmentTimestampMs = record.value?.assignmentTimestamp ?? 0
      break
    case 'ConsumerGroupTargetAssignmentMember':
      if (record.value === null) group.removeTarget(record.key.memberId)
      else group.setTarget(record.key.memberId, targetFrom(record.value))
      break
    case 'ConsumerGroupCurrentMemberAssignment': {
      const { memberId } = record.key
      if (record.value !== null) group.setMember(withAssignment(group.memberOrNew(memberId), record.value))
      else if (group.members.has(memberId)) group.setMember(withoutAssignment(group.memberOrNew(memberId)))
      break
    }
    case 'ConsumerGroupRegularExpression': {
      const { regularExpression } = record.key
      if (record.value === null) group.removeResolvedRegex(regularExpression)
      else {
        const { topics, version, timestamp: timestampMs } = record.value
        group.setResolvedRegex(regularExpression, { topics: new Set(topics), version, timestampMs })
      }
      break
    }
    default:
      break
  }
}

function withoutAssignment(member: ReturnType<ConsumerGroup['memberOrNew']>) {
  return {
    ...member,
    memberEpoch: leaveEpoch,
    previousMemberEpoch: leaveEpoch,
    assignedPartitions: noPartitions,
    partitionsPendingRevocation: noPartitions,
  }
}
