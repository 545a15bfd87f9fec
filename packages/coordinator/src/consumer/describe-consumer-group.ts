import { errors, type Input } from '@odradek/protocol'
import type {
  ConsumerGroupDescribeResponseDescribedGroup,
  ConsumerGroupDescribeResponseMember,
  ConsumerGroupDescribeResponseTopicPartitions,
} from '@odradek/protocol/messages'
import type { PartitionsByTopicId } from '@odradek/strategies'
import type { CoordinatorContext, TopicsView } from '../coordinator-context.ts'
import type { GroupCoordinatorState } from '../group-coordinator-state.ts'
import { isGroupError } from '../group-error.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'
import { partitionsIn } from './partition-epochs.ts'
import { preferredAssignor } from './subscriptions.ts'

type DescribedGroup = Input<ConsumerGroupDescribeResponseDescribedGroup>
type TopicPartitions = Input<ConsumerGroupDescribeResponseTopicPartitions>

const classicMemberType = 0
const consumerMemberType = 1

/** ConsumerGroupDescribe, versions 0 and 1: one consumer group. */
export function describeConsumerGroup(
  state: GroupCoordinatorState,
  groupId: string,
  context: CoordinatorContext,
): DescribedGroup {
  const group = state.consumerGroup(groupId)
  if (isGroupError(group)) return { groupId, errorCode: errors[group.error].code, errorMessage: group.message }
  const [defaultAssignor] = context.assignors.keys()
  return {
    groupId,
    groupState: group.state,
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: preferredAssignor(group.members.values()) ?? defaultAssignor,
    members: [...group.members.values()].map((member) => describeMember(group, member, context.topics)),
  }
}

function describeMember(
  group: ConsumerGroup,
  member: ConsumerMember,
  topics: TopicsView,
): Input<ConsumerGroupDescribeResponseMember> {
  const { memberId, instanceId, rackId, memberEpoch, clientId, clientHost, subscribedTopicRegex } = member
  return {
    ...{ memberId, instanceId, rackId, memberEpoch, clientId, clientHost, subscribedTopicRegex },
    subscribedTopicNames: [...member.subscribedTopicNames],
    // What it has to give up is still its own.
    assignment: { topicPartitions: named(ownedBy(member), topics) },
    targetAssignment: { topicPartitions: named(group.targetOf(memberId, null), topics) },
    memberType: member.classic === null ? consumerMemberType : classicMemberType,
  }
}

function ownedBy({ assignedPartitions, partitionsPendingRevocation }: ConsumerMember): PartitionsByTopicId {
  const owned = new Map(partitionsIn(assignedPartitions))
  for (const [topicId, partitions] of partitionsIn(partitionsPendingRevocation)) {
    owned.set(topicId, new Set([...(owned.get(topicId) ?? []), ...partitions]))
  }
  return owned
}

function named(partitions: PartitionsByTopicId, topics: TopicsView): TopicPartitions[] {
  return [...partitions].flatMap(([topicId, numbers]) => {
    const topicName = topics.byId(topicId)?.name
    return topicName === undefined ? [] : [{ topicId, topicName, partitions: [...numbers] }]
  })
}
