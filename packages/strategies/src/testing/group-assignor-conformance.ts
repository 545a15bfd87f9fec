import {
  type GroupAssignment,
  type GroupMemberSpec,
  type GroupPartitionAssignor,
  type GroupSpec,
  PartitionAssignorError,
  type PartitionsByTopicId,
  type SubscribedTopicDescriber,
} from '../group-assignors/group-partition-assignor.ts'
import type { Random } from '../random.ts'
import { type ConformanceCheck, type ConformanceOptions, check, expect } from './conformance-check.ts'

/** What a server-side assignor claims beyond giving every partition to one subscriber. */
export interface GroupAssignorConformanceOptions extends ConformanceOptions {
  /** When all members subscribe to the same topics, no two differ by more than one partition. */
  readonly balanced?: boolean
  /** When all members subscribe to the same topics, partitions move only as far as balance demands. */
  readonly sticky?: boolean
}

/** The promises of a server-side assignor (KIP-848). Give each check to the test runner: `it(check.name, check.run)`. */
export function groupAssignorConformance(
  create: () => GroupPartitionAssignor,
  options: GroupAssignorConformanceOptions = {},
): ConformanceCheck[] {
  const checks = [
    check('every partition has one member, and that one subscribes to its topic', options, (random) => {
      const group = new CoordinatedGroup(create(), random)
      group.fill(1 + random.nextInt(6), random.nextInt(2) === 0)
      for (let round = 0; round < 4; round++) {
        group.assign()
        group.change()
      }
    }),
    check('an empty group gets an empty assignment', { ...options, runs: 1 }, (random) => {
      const group = new CoordinatedGroup(create(), random)
      expect(create().assign(group.spec(), group.topics).size === 0, () => 'the assignment has members')
    }),
    check('a topic that does not exist is a PartitionAssignorError', { ...options, runs: 1 }, (random) => {
      const group = new CoordinatedGroup(create(), random)
      group.join(new Set(['no-such-topic']))
      try {
        create().assign(group.spec(), group.topics)
      } catch (error) {
        expect(error instanceof PartitionAssignorError, () => `it threw ${String(error)}`)
        return
      }
      expect(false, () => 'it threw nothing')
    }),
    check('the assignment follows from the arguments, which stay as they are', options, (random) => {
      const group = new CoordinatedGroup(create(), random)
      group.fill(1 + random.nextInt(6), random.nextInt(2) === 0)
      group.assign()
      group.change()
      const before = print(group.present())
      const first = print(create().assign(group.spec(), group.topics))
      const again = print(create().assign(group.spec(), group.topics))
      expect(first === again, () => `expected ${first}, but the second time it is ${again}`)
      expect(before === print(group.present()), () => 'the assignor changed the present assignment')
    }),
  ]
  if (options.balanced) checks.push(balanceCheck(create, options))
  if (options.sticky) checks.push(...stickyChecks(create, options))
  return checks
}

function balanceCheck(create: () => GroupPartitionAssignor, options: ConformanceOptions): ConformanceCheck {
  return check('members with the same topics differ by at most one partition', options, (random) => {
    const group = new CoordinatedGroup(create(), random)
    group.fill(2 + random.nextInt(5), true)
    for (let round = 0; round < 4; round++) {
      const sizes = [...group.assign().values()].map((partitions) => names(partitions).length)
      expect(Math.max(...sizes) - Math.min(...sizes) <= 1, () => `the members have ${sizes.join()} partitions`)
      if (round % 2 === 0) group.fill(1, true)
      else group.leave()
    }
  })
}

function stickyChecks(create: () => GroupPartitionAssignor, options: ConformanceOptions): ConformanceCheck[] {
  return [
    check('nothing moves in an unchanged group', options, (random) => {
      const group = new CoordinatedGroup(create(), random)
      group.fill(1 + random.nextInt(6), random.nextInt(2) === 0)
      const before = group.assign()
      expectNoLoss(before, group.assign())
    }),
    check('when a member leaves, the others keep what they have', options, (random) => {
      const group = new CoordinatedGroup(create(), random)
      group.fill(2 + random.nextInt(5), true)
      const before = new Map(group.assign())
      before.delete(group.leave())
      expectNoLoss(before, group.assign())
    }),
    check('when a member joins, it alone gains partitions', options, (random) => {
      const group = new CoordinatedGroup(create(), random)
      group.fill(2 + random.nextInt(5), true)
      const before = group.assign()
      group.fill(1, true)
      const after = new Map([...group.assign()].filter(([memberId]) => before.has(memberId)))
      expectNoLoss(after, before)
    }),
  ]
}

/** Every partition of `from` is with the same member in `to`. */
function expectNoLoss(from: GroupAssignment, to: GroupAssignment): void {
  for (const [memberId, partitions] of from) {
    const kept = new Set(names(to.get(memberId) ?? new Map()))
    const moved = names(partitions).filter((name) => !kept.has(name))
    expect(moved.length === 0, () => `${moved.join()} moved for no reason from or to ${memberId}`)
  }
}

/** A consumer group as its coordinator sees it: it remembers the target assignment. */
class CoordinatedGroup {
  readonly topics: SubscribedTopicDescriber
  readonly #assignor: GroupPartitionAssignor
  readonly #random: Random
  readonly #counts = new Map<string, number>()
  readonly #members = new Map<string, GroupMemberSpec>()
  readonly #common: ReadonlySet<string>
  #joined = 0

  constructor(assignor: GroupPartitionAssignor, random: Random) {
    this.#assignor = assignor
    this.#random = random
    for (let topic = 0; topic < 5; topic++) this.#counts.set(`topic-id-${topic}-aaaaaaaaaa`, 1 + random.nextInt(10))
    this.#common = this.#someTopics()
    this.topics = {
      numPartitions: (topicId) => this.#counts.get(topicId) ?? -1,
      racksForPartition: () => new Set(),
    }
  }

  spec(): GroupSpec {
    const topics = Array.from(this.#members.values(), ({ subscribedTopicIds }) => [...subscribedTopicIds].sort().join())
    const subscriptionType = new Set(topics).size <= 1 ? 'HOMOGENEOUS' : 'HETEROGENEOUS'
    return { members: new Map(this.#members), subscriptionType }
  }

  present(): GroupAssignment {
    return new Map(Array.from(this.#members, ([memberId, { partitions }]) => [memberId, partitions]))
  }

  fill(members: number, alike: boolean): void {
    for (; members > 0; members--) this.join(alike ? this.#common : this.#someTopics())
  }

  join(subscribedTopicIds: ReadonlySet<string>): void {
    const number = this.#joined++
    const instanceId = this.#random.nextInt(4) === 0 ? `instance-${this.#random.nextInt(1000)}-${number}` : null
    const memberId = `member-${this.#random.nextInt(1000)}-${number}`
    this.#members.set(memberId, { instanceId, rackId: null, subscribedTopicIds, partitions: new Map() })
  }

  /** Returns who left. */
  leave(): string {
    const memberIds = [...this.#members.keys()]
    const memberId = memberIds[this.#random.nextInt(memberIds.length)]!
    this.#members.delete(memberId)
    return memberId
  }

  change(): void {
    const kind = this.#random.nextInt(4)
    if (kind === 0 && this.#members.size > 1) this.leave()
    else if (kind === 1) this.fill(1, false)
    else if (kind === 2) {
      const [memberId, member] = [...this.#members][this.#random.nextInt(this.#members.size)]!
      this.#members.set(memberId, { ...member, subscribedTopicIds: this.#someTopics() })
    } else {
      const topicId = [...this.#counts.keys()][this.#random.nextInt(this.#counts.size)]!
      this.#counts.set(topicId, this.#counts.get(topicId)! + 3)
    }
  }

  /** Computes, checks and remembers the next assignment. */
  assign(): GroupAssignment {
    const spec = this.spec()
    const assignment = this.#assignor.assign(spec, this.topics)
    this.#expectValid(assignment)
    for (const [memberId, member] of this.#members) {
      this.#members.set(memberId, { ...member, partitions: assignment.get(memberId) ?? new Map() })
    }
    return this.present()
  }

  #expectValid(assignment: GroupAssignment): void {
    const holders = new Map<string, string>()
    for (const [memberId, partitions] of assignment) {
      const member = this.#members.get(memberId)
      expect(member !== undefined, () => `${memberId} got partitions, but is no member`)
      for (const [topicId, numbers] of partitions) {
        expect(
          member!.subscribedTopicIds.has(topicId),
          () => `${memberId} got ${topicId}, which it does not subscribe to`,
        )
        expect(numbers.size > 0, () => `${memberId} has an empty set for ${topicId}`)
      }
      for (const name of names(partitions)) {
        expect(!holders.has(name), () => `${name} was given to ${holders.get(name)} and to ${memberId}`)
        holders.set(name, memberId)
      }
    }
    const expected = this.#subscribedPartitions()
    for (const name of expected) expect(holders.delete(name), () => `${name} was given to nobody`)
    expect(holders.size === 0, () => `${[...holders.keys()].join()} do not exist`)
  }

  #subscribedPartitions(): string[] {
    const topicIds = new Set<string>()
    for (const { subscribedTopicIds } of this.#members.values())
      for (const topicId of subscribedTopicIds) topicIds.add(topicId)
    return [...topicIds].flatMap((topicId) =>
      Array.from({ length: this.#counts.get(topicId)! }, (_, partition) => `${topicId}:${partition}`),
    )
  }

  #someTopics(): ReadonlySet<string> {
    const some = [...this.#counts.keys()].filter(() => this.#random.nextInt(2) === 0)
    return new Set(some.length > 0 ? some : [...this.#counts.keys()].slice(0, 1))
  }
}

function names(partitions: PartitionsByTopicId): string[] {
  return [...partitions].flatMap(([topicId, numbers]) => Array.from(numbers, (number) => `${topicId}:${number}`))
}

function print(assignment: GroupAssignment): string {
  return Array.from(assignment, ([memberId, partitions]) => `${memberId}: ${names(partitions).join()}`).join('; ')
}
