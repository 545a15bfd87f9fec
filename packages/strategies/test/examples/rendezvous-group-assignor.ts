import { murmur2 } from '@odradek/protocol'
import {
  type GroupPartitionAssignor,
  type GroupSpec,
  PartitionAssignorError,
  type SubscribedTopicDescriber,
} from '@odradek/strategies'

/** Gives each partition to the subscriber whose name hashes highest with it: only a member that comes or goes moves anything. */
export function rendezvousGroupAssignor(): GroupPartitionAssignor {
  return { name: 'rendezvous', assign }
}

function assign({ members }: GroupSpec, topics: SubscribedTopicDescriber): Map<string, Map<string, Set<number>>> {
  const assignment = new Map<string, Map<string, Set<number>>>()
  for (const memberId of members.keys()) assignment.set(memberId, new Map())
  for (const [topicId, subscribers] of subscribersByTopic(members)) {
    const count = topics.numPartitions(topicId)
    if (count < 0) throw new PartitionAssignorError(`there is no topic with id ${topicId}`)
    for (let partition = 0; partition < count; partition++) {
      const score = (memberId: string): number => murmur2(Buffer.from(`${memberId}/${topicId}/${partition}`))
      const winner = subscribers.reduce((best, memberId) => (score(memberId) > score(best) ? memberId : best))
      const partitions = assignment.get(winner)!
      partitions.set(topicId, (partitions.get(topicId) ?? new Set()).add(partition))
    }
  }
  return assignment
}

function subscribersByTopic(members: GroupSpec['members']): Map<string, string[]> {
  const subscribers = new Map<string, string[]>()
  for (const [memberId, { subscribedTopicIds }] of members) {
    for (const topicId of subscribedTopicIds) subscribers.set(topicId, [...(subscribers.get(topicId) ?? []), memberId])
  }
  return subscribers
}
