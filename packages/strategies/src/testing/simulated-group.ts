import type { Assignment, Assignor, ClusterView, GroupSubscription, Subscription } from '../assignors/assignor.ts'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../assignors/consumer-protocol.ts'
import type { Random } from '../random.ts'
import { groupByTopic, type TopicPartition } from '../topic-partition.ts'
import { expect } from './conformance-check.ts'

/** A member of a simulated group, with its own assignor. */
export interface SimulatedMember {
  readonly memberId: string
  readonly assignor: Assignor
  readonly rackId: string | null
  readonly groupInstanceId: string | null
  topics: string[]
  owned: readonly TopicPartition[]
}

/** Partitions as text, for sets and messages: `topic-0`. */
export const printed = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

/**
 * A consumer group of the classic protocol without a coordinator. Everything that members tell each other goes through the bytes of the
 * embedded consumer protocol.
 */
export class SimulatedGroup {
  readonly members: SimulatedMember[] = []
  readonly cluster: ClusterView
  readonly #create: () => Assignor
  readonly #random: Random
  #generation = 0
  #joined = 0

  constructor(create: () => Assignor, cluster: ClusterView, random: Random) {
    this.#create = create
    this.cluster = cluster
    this.#random = random
  }

  join(topics: string[]): SimulatedMember {
    const random = this.#random
    const number = this.#joined++
    const member: SimulatedMember = {
      // Ids whose order is not the order of joining.
      memberId: `member-${String.fromCharCode(97 + random.nextInt(26))}-${number}`,
      assignor: this.#create(),
      rackId: random.nextInt(3) === 0 ? null : `rack-${random.nextInt(3)}`,
      groupInstanceId: random.nextInt(4) === 0 ? `instance-${random.nextInt(1000)}-${number}` : null,
      topics,
      owned: [],
    }
    this.members.push(member)
    return member
  }

  leave(): void {
    this.members.splice(this.#random.nextInt(this.members.length), 1)
  }

  get cooperative(): boolean {
    return this.members.every(({ assignor }) => assignor.supportedProtocols.includes('COOPERATIVE'))
  }

  /** What the leader gets to see, after its way over the wire. */
  subscriptions(): Map<string, Subscription> {
    const subscriptions = new Map<string, Subscription>()
    for (const { memberId, assignor, topics, owned, rackId, groupInstanceId } of this.members) {
      const bytes = encodeSubscription({
        topics,
        userData: assignor.subscriptionUserData?.(new Set(topics)) ?? null,
        ownedPartitions: this.cooperative ? owned : [],
        generationId: owned.length > 0 ? this.#generation : -1,
        rackId,
      })
      subscriptions.set(memberId, { ...decodeSubscription(bytes), groupInstanceId })
    }
    return subscriptions
  }

  /** One rebalance: a member leads, and everyone takes what it is given. */
  rebalance(): ReadonlyMap<string, Assignment> {
    const leader = this.members[this.#random.nextInt(this.members.length)]!
    const subscriptions = this.subscriptions()
    const assignments = leader.assignor.assign(this.cluster, subscriptions)
    expectValid(this, subscriptions, assignments)
    this.#generation++
    for (const member of this.members) {
      const bytes = encodeAssignment(assignments.get(member.memberId)!)
      const assignment = decodeAssignment(bytes)
      member.owned = assignment.partitions
      const { memberId, groupInstanceId } = member
      const metadata = { groupId: 'group', generationId: this.#generation, memberId, groupInstanceId }
      member.assignor.onAssignment?.(assignment, metadata)
    }
    return assignments
  }

  /** Rebalances until nothing moves any more, as a cooperative group does by itself. */
  settle(): void {
    const limit = this.cooperative ? 6 : 1
    for (let round = 1; round <= limit; round++) {
      this.rebalance()
      if (this.#unassigned().length === 0) return
    }
    expect(false, () => `after ${limit} rebalances nobody has ${this.#unassigned().join()}`)
  }

  /** What every member has, printed, to be compared. */
  holdings(): Map<string, Set<string>> {
    return new Map(this.members.map(({ memberId, owned }) => [memberId, new Set(owned.map(printed))]))
  }

  #unassigned(): string[] {
    const missing = new Set(subscribedPartitions(this.cluster, this.subscriptions()))
    for (const { owned } of this.members) for (const partition of owned) missing.delete(printed(partition))
    return [...missing]
  }
}

/** All partitions of all topics that somebody subscribes to, printed. */
function subscribedPartitions(cluster: ClusterView, subscriptions: GroupSubscription): string[] {
  const topics = new Set<string>()
  for (const subscription of subscriptions.values()) for (const topic of subscription.topics) topics.add(topic)
  return [...topics].flatMap((topic) =>
    Array.from({ length: cluster.partitionCount(topic) }, (_, partition) => printed({ topic, partition })),
  )
}

/** What holds for each single rebalance. */
function expectValid(
  group: SimulatedGroup,
  subscriptions: GroupSubscription,
  assignments: ReadonlyMap<string, Assignment>,
): void {
  const readers = new Map<string, string>()
  for (const { memberId, topics } of group.members) {
    const assignment = assignments.get(memberId)
    expect(assignment !== undefined, () => `member ${memberId} has no entry in the assignment`)
    for (const [topic, numbers] of groupByTopic(assignment!.partitions)) {
      expect(topics.includes(topic), () => `member ${memberId} got ${topic}, which it does not subscribe to`)
      for (const partition of numbers) {
        const exists = Number.isInteger(partition) && partition >= 0 && partition < group.cluster.partitionCount(topic)
        expect(exists, () => `member ${memberId} got ${topic}-${partition}, which does not exist`)
        const name = printed({ topic, partition })
        expect(!readers.has(name), () => `${name} was given to ${readers.get(name)} and to ${memberId}`)
        readers.set(name, memberId)
      }
    }
  }
  for (const memberId of assignments.keys()) {
    expect(subscriptions.has(memberId), () => `${memberId} got an assignment, but is no member`)
  }
  expectHandover(group, subscriptions, readers)
}

/** Who may be without a reader for now, and who may not get a partition yet. */
function expectHandover(
  group: SimulatedGroup,
  subscriptions: GroupSubscription,
  readers: ReadonlyMap<string, string>,
): void {
  const owners = new Map<string, string>()
  if (group.cooperative) {
    for (const { memberId, owned } of group.members)
      for (const partition of owned) owners.set(printed(partition), memberId)
  }
  for (const name of subscribedPartitions(group.cluster, subscriptions)) {
    const owner = owners.get(name)
    const reader = readers.get(name)
    expect(reader !== undefined || owner !== undefined, () => `${name} was given to nobody`)
    const inTransfer = owner !== undefined && reader !== undefined && owner !== reader
    expect(!inTransfer, () => `${name} was given to ${reader} while ${owner} still reads it`)
  }
}
