import type { KafkajsConsumer, KafkajsGroupJoin, KafkajsPartitionAssigner } from '../../src/kafkajs/index.ts'
import { ConsumerGroup, InstrumentationEventEmitter } from './kafkajs-internals.ts'

/** An error as kafkajs makes it from the error code of a broker. */
class UnknownTopic extends Error {
  readonly type = 'UNKNOWN_TOPIC_OR_PARTITION'
}

interface JoinGroup {
  memberId: string
  groupProtocols: { name: string; metadata: Buffer }[]
}

interface Joining extends JoinGroup {
  resolve(response: object): void
}

interface SyncGroup {
  memberId: string
  groupAssignment: { memberId: string; memberAssignment: Buffer }[]
}

/**
 * A group coordinator in memory, for members that join in rounds: when all that are expected have joined, the first that ever joined
 * leads, and takes the first protocol that all of them support.
 */
export class InMemoryGroup {
  readonly topics: Record<string, number>
  /** What another client put into the group: its metadata by protocol name. */
  foreignMember: { memberId: string; metadata: Map<string, Buffer> } | null = null
  /** What the leader assigned last. */
  assigned = new Map<string, Buffer>()
  readonly #members: Member[] = []
  #expected = 0
  #joining: Joining[] = []
  #syncing: { memberId: string; resolve(response: object): void }[] = []
  #generationId = 0

  constructor(topics: Record<string, number>) {
    this.topics = topics
  }

  add(memberId: string, topics: string[], assigners: KafkajsPartitionAssigner[]): Member {
    const member = new Member(this, { memberId, topics, assigners })
    this.#members.push(member)
    return member
  }

  remove(member: Member): void {
    this.#members.splice(this.#members.indexOf(member), 1)
  }

  /** One rebalance of all members. Returns what each got, as kafkajs sees it. */
  async rebalance(): Promise<Record<string, Record<string, number[]>>> {
    this.#expected = this.#members.length
    await Promise.all(this.#members.map(({ group }) => group.joinAndSync()))
    return Object.fromEntries(this.#members.map((member) => [member.memberId, member.holdings()]))
  }

  joinGroup(request: JoinGroup): Promise<object> {
    return new Promise((resolve) => {
      this.#joining.push({ ...request, resolve })
      if (this.#joining.length === this.#expected) this.#completeJoin()
    })
  }

  syncGroup({ memberId, groupAssignment }: SyncGroup): Promise<object> {
    return new Promise((resolve) => {
      this.#syncing.push({ memberId, resolve })
      for (const entry of groupAssignment) this.assigned.set(entry.memberId, entry.memberAssignment)
      if (this.#syncing.length < this.#expected) return
      for (const sync of this.#syncing) {
        sync.resolve({ memberAssignment: this.assigned.get(sync.memberId) ?? Buffer.alloc(0) })
      }
      this.#syncing = []
    })
  }

  #completeJoin(): void {
    const joining = this.#joining
    this.#joining = []
    this.assigned = new Map()
    this.#generationId++
    const supports = (member: JoinGroup, name: string): boolean =>
      member.groupProtocols.some((offered) => offered.name === name)
    const { name } = joining[0]!.groupProtocols.find((offered) =>
      joining.every((member) => supports(member, offered.name)),
    )!
    const members = joining.map(({ memberId, groupProtocols }) => ({
      memberId,
      memberMetadata: groupProtocols.find((offered) => offered.name === name)!.metadata,
    }))
    const foreign = this.foreignMember
    if (foreign !== null) members.push({ memberId: foreign.memberId, memberMetadata: foreign.metadata.get(name)! })
    const leaderId = this.#members[0]!.memberId
    for (const { memberId, resolve } of joining) {
      resolve({
        generationId: this.#generationId,
        groupProtocol: name,
        leaderId,
        memberId,
        members: memberId === leaderId ? members : [],
      })
    }
  }
}

interface MemberOptions {
  memberId: string
  topics: string[]
  assigners: KafkajsPartitionAssigner[]
}

/** A kafkajs ConsumerGroup that talks to the coordinator in memory. */
export class Member {
  readonly memberId: string
  readonly group: ConsumerGroup
  /** What kafkajs's consumer offers of its events. */
  readonly consumer: KafkajsConsumer

  constructor(coordinator: InMemoryGroup, { memberId, topics, assigners }: MemberOptions) {
    this.memberId = memberId
    const emitter = new InstrumentationEventEmitter()
    this.consumer = {
      on: (event, listener) => emitter.addListener(event, (joined: KafkajsGroupJoin) => listener(joined)),
    }
    const cluster = clusterFor(coordinator, topics)
    this.group = new ConsumerGroup({
      groupId: 'group',
      topics,
      cluster,
      assigners: assigners.map((assigner) => assigner({ cluster })),
      instrumentationEmitter: emitter,
      logger: silentLogger(),
      retry: { retries: 0 },
      topicConfigurations: {},
    })
    this.group.memberId = memberId
  }

  holdings(): Record<string, number[]> {
    const entries = this.group
      .assigned()
      .map(({ topic, partitions }) => [topic, [...partitions].sort((a, b) => a - b)] as const)
    return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

/** A cluster whose metadata holds, as in kafkajs, only topics that were asked for. */
function clusterFor(coordinator: InMemoryGroup, topics: readonly string[]) {
  const known = new Set(topics)
  return {
    async findGroupCoordinator() {
      return coordinator
    },
    async refreshMetadata() {},
    committedOffsets: () => ({}),
    async addTargetTopic(topic: string) {
      if (!(topic in coordinator.topics)) throw new UnknownTopic(topic)
      known.add(topic)
    },
    findTopicPartitionMetadata(topic: string) {
      const count = known.has(topic) ? (coordinator.topics[topic] ?? 0) : 0
      return Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 1 }))
    },
  }
}

interface SilentLogger {
  namespace(): SilentLogger
  debug(): void
  info(): void
  warn(): void
  error(): void
}

function silentLogger(): SilentLogger {
  return { namespace: silentLogger, debug() {}, info() {}, warn() {}, error() {} }
}
