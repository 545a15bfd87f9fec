/**
 * Kafka's server-side `range`: each topic is cut into ranges, one for each subscriber, the first ones being one longer when it does not
 * divide. Members that subscribe to the same topics get the same partition numbers of topics of one size, which is what joins need.
 * It looks at no earlier assignment; it is stable because members keep their order, static members first.
 */
import { sortMembers } from '../assignors/group-members.ts'
import {
  existingPartitions,
  type GroupAssignment,
  type GroupPartitionAssignor,
  type GroupSpec,
  type PartitionsByTopicId,
  type SubscribedTopicDescriber,
} from './group-partition-assignor.ts'

/** `range` of `group.consumer.assignors`. Kafka: `org.apache.kafka.coordinator.group.assignor.RangeAssignor`. */
export function rangeGroupAssignor(): GroupPartitionAssignor {
  return { name: 'range', assign }
}

interface TopicRanges {
  readonly partitionCount: number
  subscribers: number
  /** Where the next member's range starts. */
  next: number
  /** How many members have got one. */
  served: number
}

function assign({ members }: GroupSpec, describer: SubscribedTopicDescriber): GroupAssignment {
  const topics = new Map<string, TopicRanges>()
  for (const { subscribedTopicIds } of members.values()) {
    for (const topicId of subscribedTopicIds) {
      let topic = topics.get(topicId)
      if (topic === undefined) {
        topic = { partitionCount: existingPartitions(describer, topicId), subscribers: 0, next: 0, served: 0 }
        topics.set(topicId, topic)
      }
      topic.subscribers++
    }
  }
  const assignment = new Map<string, PartitionsByTopicId>()
  for (const memberId of sortMembers(members.keys(), (memberId) => members.get(memberId)!.instanceId)) {
    const partitions = new Map<string, ReadonlySet<number>>()
    for (const topicId of members.get(memberId)!.subscribedTopicIds) {
      const range = nextRange(topics.get(topicId)!)
      if (range.size > 0) partitions.set(topicId, range)
    }
    assignment.set(memberId, partitions)
  }
  return assignment
}

function nextRange(topic: TopicRanges): Set<number> {
  const extra = topic.served < topic.partitionCount % topic.subscribers ? 1 : 0
  const end = topic.next + Math.floor(topic.partitionCount / topic.subscribers) + extra
  const range = new Set<number>()
  for (; topic.next < end; topic.next++) range.add(topic.next)
  topic.served++
  return range
}
