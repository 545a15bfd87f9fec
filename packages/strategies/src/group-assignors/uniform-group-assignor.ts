/**
 * Kafka's server-side `uniform`, the default of the consumer protocol: all members get as many partitions as the others, whatever the
 * topics, and keep what they have as far as that allows. It is the assignment of the client-side sticky assignors, on topic ids and
 * without racks, which Kafka's does not consider either.
 */
import { compareText } from '../assignors/group-members.ts'
import { assignConstrained } from '../balance/constrained-assignment.ts'
import { assignGeneral } from '../balance/general-assignment.ts'
import { type NumberedGroup, SubscriptionTable, topicOfEachPartition } from '../balance/numbered-group.ts'
import {
  existingPartitions,
  type GroupAssignment,
  type GroupMemberSpec,
  type GroupPartitionAssignor,
  type GroupSpec,
  type PartitionsByTopicId,
  type SubscribedTopicDescriber,
} from './group-partition-assignor.ts'

/** `uniform` of `group.consumer.assignors`. Kafka: `org.apache.kafka.coordinator.group.assignor.UniformAssignor`. */
export function uniformGroupAssignor(): GroupPartitionAssignor {
  return { name: 'uniform', assign }
}

function assign(groupSpec: GroupSpec, topics: SubscribedTopicDescriber): GroupAssignment {
  const assignment = new Map<string, PartitionsByTopicId>()
  if (groupSpec.members.size === 0) return assignment
  const group = new UniformGroup(groupSpec, topics)
  const homogeneous = groupSpec.subscriptionType === 'HOMOGENEOUS'
  const assigned = homogeneous ? assignConstrained(group) : assignGeneral(group)
  let member = 0
  for (const [memberId, { partitions }] of groupSpec.members) {
    const target = group.byTopicId(assigned[member++]!)
    // A member that keeps what it has keeps its maps, so that unchanged members are cheap to recognise.
    assignment.set(memberId, isSame(partitions, target) ? partitions : target)
  }
  return assignment
}

function isSame(a: PartitionsByTopicId, b: PartitionsByTopicId): boolean {
  if (a.size !== b.size) return false
  for (const [topicId, partitions] of a) {
    const others = b.get(topicId)
    if (others === undefined || others.size !== partitions.size) return false
    for (const partition of partitions) if (!others.has(partition)) return false
  }
  return true
}

/** Members in the order of the group, topics in the order of their printed ids. */
class UniformGroup implements NumberedGroup {
  readonly memberCount: number
  readonly firstPartition: readonly number[]
  readonly topicOf: Int32Array
  readonly owned: readonly (readonly number[])[]
  readonly racks = null
  readonly #topicIds: readonly string[]
  readonly #table: SubscriptionTable

  constructor({ members }: GroupSpec, topics: SubscribedTopicDescriber) {
    this.memberCount = members.size
    const topicIds = new Set<string>()
    for (const { subscribedTopicIds } of members.values())
      for (const topicId of subscribedTopicIds) topicIds.add(topicId)
    this.#topicIds = [...topicIds].sort(compareText)
    const firstPartition = [0]
    for (const topicId of this.#topicIds)
      firstPartition.push(firstPartition.at(-1)! + existingPartitions(topics, topicId))
    this.firstPartition = firstPartition
    this.topicOf = topicOfEachPartition(firstPartition)

    const numbers = new Map(this.#topicIds.map((topicId, number) => [topicId, number]))
    this.#table = new SubscriptionTable(members.size, numbers.size)
    const taken = new Uint8Array(this.topicOf.length)
    this.owned = Array.from(members.values(), (spec, member) => {
      for (const topicId of spec.subscribedTopicIds) this.#table.add(member, numbers.get(topicId)!)
      return this.#readOwned(spec, numbers, taken)
    })
  }

  get subscribers(): readonly (readonly number[])[] {
    return this.#table.subscribers
  }

  isSubscribed(member: number, topic: number): boolean {
    return this.#table.has(member, topic)
  }

  byTopicId(partitions: readonly number[]): PartitionsByTopicId {
    const result = new Map<string, Set<number>>()
    for (const partition of [...partitions].sort((a, b) => a - b)) {
      const topic = this.topicOf[partition]!
      const topicId = this.#topicIds[topic]!
      const number = partition - this.firstPartition[topic]!
      const numbers = result.get(topicId)
      if (numbers === undefined) result.set(topicId, new Set([number]))
      else numbers.add(number)
    }
    return result
  }

  /** What the member has of the topics it still subscribes to. */
  #readOwned(spec: GroupMemberSpec, numbers: ReadonlyMap<string, number>, taken: Uint8Array): number[] {
    const owned: number[] = []
    for (const [topicId, partitions] of spec.partitions) {
      const topic = numbers.get(topicId)
      if (topic === undefined || !spec.subscribedTopicIds.has(topicId)) continue
      for (const number of partitions) {
        const partition = this.firstPartition[topic]! + number
        if (partition >= this.firstPartition[topic + 1]! || taken[partition] === 1) continue
        taken[partition] = 1
        owned.push(partition)
      }
    }
    return owned
  }
}
