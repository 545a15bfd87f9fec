import type { TopicPartition } from '../topic-partition.ts'
import type { Assignment, Assignor, ClusterView, GroupSubscription } from './assignor.ts'
import { sortMembers, subscribedTopics } from './group-members.ts'

/**
 * Deals all partitions of all topics, topic by topic, to the members in turn; a member that does not subscribe to the topic is passed
 * over. Balanced when all members subscribe to the same topics. Kafka's `roundrobin`.
 */
export function roundRobinAssignor(): Assignor {
  return { name: 'roundrobin', version: 0, supportedProtocols: ['EAGER'], assign }
}

function assign(cluster: ClusterView, group: GroupSubscription): Map<string, Assignment> {
  const order = sortMembers(group.keys(), (memberId) => group.get(memberId)!.groupInstanceId)
  const members = order.map((memberId) => ({
    topics: new Set(group.get(memberId)!.topics),
    memberId,
    partitions: [] as TopicPartition[],
  }))
  let turn = 0
  for (const [topic, partitionCount] of subscribedTopics(cluster, group)) {
    for (let partition = 0; partition < partitionCount; partition++) {
      while (!members[turn]!.topics.has(topic)) turn = (turn + 1) % members.length
      members[turn]!.partitions.push({ topic, partition })
      turn = (turn + 1) % members.length
    }
  }
  return new Map(members.map(({ memberId, partitions }) => [memberId, { partitions }]))
}
