/**
 * Kafka's `range`: each topic is cut into ranges, one for each subscriber, and the first subscribers get one partition more when it does
 * not divide. Members with the same subscriptions get the same partition numbers of all topics of one size, which is what joins need.
 *
 * With racks (KIP-881) each topic is first dealt to members near a replica, as far as the size of their share allows, and the rest is then
 * cut as usual. Topics that have the same subscribers and the same size stay co-partitioned: a partition number goes to a member only if it
 * is near that partition in all of them.
 */
import { compareTopicPartitions, type TopicPartition } from '../topic-partition.ts'
import type { Assignment, Assignor, ClusterView, GroupSubscription } from './assignor.ts'
import { sortMembers, subscribedTopics } from './group-members.ts'
import { racksMatter } from './rack-awareness.ts'

/** Kafka's `range`, its default assignor together with `cooperative-sticky`. */
export function rangeAssignor(): Assignor {
  return { name: 'range', version: 0, supportedProtocols: ['EAGER'], assign }
}

function assign(cluster: ClusterView, group: GroupSubscription): Map<string, Assignment> {
  const assigned = new Map<string, TopicPartition[]>()
  for (const memberId of group.keys()) assigned.set(memberId, [])
  const subscribers = subscribersByTopic(group)
  const shares: TopicShares[] = []
  for (const [topic, partitionCount] of subscribedTopics(cluster, group)) {
    const memberIds = subscribers.get(topic)!
    shares.push(new TopicShares({ topic, partitionCount, memberIds, cluster, group, assigned }))
  }
  const rackAware = shares.some((topic) => topic.racksMatter)
  if (rackAware) assignNearReplicas(shares)
  for (const topic of shares) topic.assignRanges(() => true)

  const result = new Map<string, Assignment>()
  for (const [memberId, partitions] of assigned) {
    if (rackAware) partitions.sort(compareTopicPartitions)
    result.set(memberId, { partitions })
  }
  return result
}

/** The members of each topic in the order in which they are served. */
function subscribersByTopic(group: GroupSubscription): Map<string, string[]> {
  const subscribers = new Map<string, string[]>()
  for (const memberId of sortMembers(group.keys(), (memberId) => group.get(memberId)!.groupInstanceId)) {
    for (const topic of new Set(group.get(memberId)!.topics)) {
      const members = subscribers.get(topic)
      if (members === undefined) subscribers.set(topic, [memberId])
      else members.push(memberId)
    }
  }
  return subscribers
}

function assignNearReplicas(shares: readonly TopicShares[]): void {
  const coPartitioned = new Map<string, TopicShares[]>()
  for (const topic of shares) {
    const key = JSON.stringify([topic.partitionCount, topic.memberIds])
    const alike = coPartitioned.get(key)
    if (alike === undefined) coPartitioned.set(key, [topic])
    else alike.push(topic)
  }
  for (const alike of coPartitioned.values()) {
    if (alike.length > 1) assignCoPartitioned(alike)
    else if (alike[0]!.racksMatter)
      alike[0]!.assignRanges((memberId, partition) => alike[0]!.isNear(memberId, partition))
  }
}

/** Gives partition `p` of all topics to the first member that is near all of them and has room in each. */
function assignCoPartitioned(topics: readonly TopicShares[]): void {
  const first = topics[0]!
  // Without any consumer rack there is nothing to match, and ranges keep the topics co-partitioned by themselves.
  if (!first.hasConsumerRacks) return
  const open = new Set(first.memberIds)
  for (let partition = 0; partition < first.partitionCount && open.size > 0; partition++) {
    for (const memberId of open) {
      if (!topics.every((topic) => topic.isNear(memberId, partition) && topic.room(memberId) > 0)) continue
      for (const topic of topics) topic.give(memberId, [partition])
      if (topics.every((topic) => topic.room(memberId) === 0)) open.delete(memberId)
      break
    }
  }
}

interface TopicSharesOptions {
  topic: string
  partitionCount: number
  memberIds: readonly string[]
  cluster: ClusterView
  group: GroupSubscription
  assigned: Map<string, TopicPartition[]>
}

/** How far the partitions of one topic have been given out. Kafka: `RangeAssignor.TopicAssignmentState`. */
class TopicShares {
  readonly partitionCount: number
  readonly memberIds: readonly string[]
  readonly hasConsumerRacks: boolean
  readonly racksMatter: boolean
  readonly #topic: string
  readonly #assigned: Map<string, TopicPartition[]>
  readonly #consumerRacks = new Map<string, string>()
  readonly #partitionRacks: ReadonlySet<string>[] = []
  readonly #unassigned = new Set<number>()
  readonly #counts = new Map<string, number>()
  readonly #quota: number
  #withExtra: number

  constructor({ topic, partitionCount, memberIds, cluster, group, assigned }: TopicSharesOptions) {
    this.#topic = topic
    this.#assigned = assigned
    this.partitionCount = partitionCount
    this.memberIds = memberIds
    for (const memberId of memberIds) {
      const rack = group.get(memberId)!.rackId
      if (rack) this.#consumerRacks.set(memberId, rack)
    }
    this.#quota = Math.floor(partitionCount / memberIds.length)
    this.#withExtra = partitionCount % memberIds.length
    this.hasConsumerRacks = this.#consumerRacks.size > 0
    for (let partition = 0; partition < partitionCount; partition++) {
      this.#unassigned.add(partition)
      if (this.hasConsumerRacks) this.#partitionRacks.push(new Set(cluster.replicaRacks?.(topic, partition)))
    }
    this.racksMatter = racksMatter(new Set(this.#consumerRacks.values()), this.#partitionRacks)
  }

  /** A member without a rack is near everything: it has no preference. */
  isNear(memberId: string, partition: number): boolean {
    const rack = this.#consumerRacks.get(memberId)
    return rack === undefined || this.#partitionRacks[partition]?.has(rack) === true
  }

  /** How many more partitions the member may get. */
  room(memberId: string): number {
    const extra = this.#withExtra > 0 ? 1 : 0
    return Math.max(0, this.#quota + extra - (this.#counts.get(memberId) ?? 0))
  }

  give(memberId: string, partitions: readonly number[]): void {
    const count = (this.#counts.get(memberId) ?? 0) + partitions.length
    this.#counts.set(memberId, count)
    if (count > this.#quota) this.#withExtra--
    const list = this.#assigned.get(memberId)!
    for (const partition of partitions) {
      this.#unassigned.delete(partition)
      list.push({ topic: this.#topic, partition })
    }
  }

  /** Gives each member in turn the lowest partitions left that it may have, as many as it has room for. */
  assignRanges(mayAssign: (memberId: string, partition: number) => boolean): void {
    for (const memberId of this.memberIds) {
      const room = this.room(memberId)
      const range: number[] = []
      for (const partition of this.#unassigned) {
        if (range.length === room) break
        if (mayAssign(memberId, partition)) range.push(partition)
      }
      if (range.length > 0) this.give(memberId, range)
    }
  }
}
