import { type NumberedGroup, nobody, SubscriptionTable, topicOfEachPartition } from '../../balance/numbered-group.ts'
import type { TopicPartition } from '../../topic-partition.ts'
import type { ClusterView, GroupSubscription, Subscription } from '../assignor.ts'
import { compareText, subscribedTopics } from '../group-members.ts'
import { StickyRacks } from './sticky-racks.ts'

/** What a member says it has, read from its subscription by the assignor. Kafka: `AbstractStickyAssignor.MemberData`. */
export interface MemberData {
  readonly partitions: readonly TopicPartition[]
  /** The generation in which it got them, -1 when it does not say. */
  readonly generation: number
}

/**
 * A group of the classic protocol by numbers, members and topics in the order of their names. It settles who owns what when members
 * disagree: of two that claim a partition the one with the later generation is right, and with equal generations neither is (the
 * partition is contested).
 */
export class StickyGroup implements NumberedGroup {
  /** Sorted. */
  readonly memberIds: readonly string[]
  /** Topics that exist, sorted. */
  readonly topics: readonly string[]
  readonly firstPartition: readonly number[]
  readonly topicOf: Int32Array
  /** Whether all members named the same topics, existing or not. */
  readonly sameSubscriptions: boolean
  /** In the order in which each member named them. */
  readonly owned: readonly (readonly number[])[]
  /** The member that owned each partition before, or nobody. */
  readonly owner: Int32Array
  /** 1 for partitions that two members of one generation claim. */
  readonly contested: Uint8Array
  /** Of the members that missed a generation: the latest that claims the partition. */
  readonly formerOwner: Int32Array
  readonly racks: StickyRacks | null
  readonly #table: SubscriptionTable

  constructor(cluster: ClusterView, group: GroupSubscription, memberData: (subscription: Subscription) => MemberData) {
    this.memberIds = [...group.keys()].sort(compareText)
    const topics: string[] = []
    const firstPartition = [0]
    for (const [topic, partitionCount] of subscribedTopics(cluster, group)) {
      topics.push(topic)
      firstPartition.push(firstPartition.at(-1)! + partitionCount)
    }
    this.topics = topics
    this.firstPartition = firstPartition
    this.topicOf = topicOfEachPartition(firstPartition)
    const subscriptions = this.memberIds.map((memberId) => group.get(memberId)!)
    const topicNumbers = new Map(topics.map((topic, number) => [topic, number]))
    this.#table = tabulate(subscriptions, topicNumbers)
    this.sameSubscriptions = haveSameTopics(subscriptions)
    this.owner = new Int32Array(this.topicOf.length).fill(nobody)
    this.formerOwner = new Int32Array(this.topicOf.length).fill(nobody)
    this.contested = new Uint8Array(this.topicOf.length)
    const members = subscriptions.map(memberData)
    const claims = members.map(({ partitions }) => this.#numbersOf(partitions, topicNumbers))
    this.#settleClaims(members, claims)
    this.owned = claims.map((partitions, member) => partitions.filter((partition) => this.owner[partition] === member))
    this.racks = StickyRacks.of(cluster, this, subscriptions)
  }

  get memberCount(): number {
    return this.memberIds.length
  }

  get subscribers(): readonly (readonly number[])[] {
    return this.#table.subscribers
  }

  isSubscribed(member: number, topic: number): boolean {
    return this.#table.has(member, topic)
  }

  topicPartition(partition: number): TopicPartition {
    const topic = this.topicOf[partition]!
    return { topic: this.topics[topic]!, partition: partition - this.firstPartition[topic]! }
  }

  /** The numbers of the partitions that exist, each once. */
  #numbersOf(partitions: readonly TopicPartition[], topicNumbers: ReadonlyMap<string, number>): number[] {
    const numbers = new Set<number>()
    for (const { topic: name, partition } of partitions) {
      const topic = topicNumbers.get(name)
      if (topic === undefined || partition < 0) continue
      const number = this.firstPartition[topic]! + partition
      if (number < this.firstPartition[topic + 1]!) numbers.add(number)
    }
    return [...numbers]
  }

  #settleClaims(members: readonly MemberData[], claims: readonly number[][]): void {
    const newest = members.reduce((generation, data) => Math.max(generation, data.generation), -1)
    const generationOf = (member: number): number => members[member]!.generation
    const claimant = new Int32Array(this.topicOf.length).fill(nobody)
    claims.forEach((partitions, member) => {
      const generation = generationOf(member)
      for (const partition of partitions) {
        const other = claimant[partition]!
        if (other !== nobody && generationOf(other) > generation) continue
        const contested = other !== nobody && generationOf(other) === generation
        this.contested[partition] = contested ? 1 : 0
        this.owner[partition] = contested ? nobody : member
        claimant[partition] = member
      }
      if (generation === newest) return
      for (const partition of partitions) {
        const former = this.formerOwner[partition]!
        if (former === nobody || generationOf(former) < generation) this.formerOwner[partition] = member
      }
    })
  }
}

function tabulate(
  subscriptions: readonly Subscription[],
  topicNumbers: ReadonlyMap<string, number>,
): SubscriptionTable {
  const table = new SubscriptionTable(subscriptions.length, topicNumbers.size)
  subscriptions.forEach(({ topics }, member) => {
    for (const name of new Set(topics)) {
      const topic = topicNumbers.get(name)
      if (topic !== undefined) table.add(member, topic)
    }
  })
  return table
}

function haveSameTopics(subscriptions: readonly Subscription[]): boolean {
  const first = new Set(subscriptions[0]?.topics)
  return subscriptions.every(({ topics }) => {
    const names = new Set(topics)
    return names.size === first.size && topics.every((topic) => first.has(topic))
  })
}
