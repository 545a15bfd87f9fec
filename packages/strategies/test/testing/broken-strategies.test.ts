import { describe, expect, it } from 'vitest'
import {
  type Assignment,
  type Assignor,
  type GroupAssignment,
  type GroupPartitionAssignor,
  PartitionAssignorError,
  type PartitionerFactory,
  rangeAssignor,
  rangeGroupAssignor,
  roundRobinAssignor,
  roundRobinPartitioner,
  stickyAssignor,
  type TopicPartition,
  uniformGroupAssignor,
} from '../../src/index.ts'
import {
  assignorConformance,
  type ConformanceCheck,
  groupAssignorConformance,
  partitionerConformance,
  seededRandom,
} from '../../src/testing/index.ts'

/** The names of the checks that fail. */
function failures(checks: readonly ConformanceCheck[]): string[] {
  return checks.filter(({ run }) => failure(run) !== null).map(({ name }) => name)
}

function failure(run: () => void): string | null {
  try {
    run()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

describe('partitionerConformance', () => {
  const shared = { count: 0 }
  const broken: [fault: string, factory: PartitionerFactory, caughtBy: string][] = [
    ['chooses a partition beyond the last', () => (topic) => topic.partitionCount, 'every chosen partition exists'],
    ['chooses half a partition', () => () => 0.5, 'every chosen partition exists'],
    ['remembers how many partitions there were', rememberingCount, 'a topic may lose and gain partitions'],
    [
      'needs a leader',
      () => (topic) => topic.availablePartitions[0]!,
      'a topic without any leader still gets partitions',
    ],
    [
      'keeps its state outside',
      () => (topic) => shared.count++ % topic.partitionCount,
      'two partitioners share no state',
    ],
    ['writes into the key', () => (_topic, key) => key?.fill(0).length ?? 0, 'key and value stay as they are'],
    ['ignores the key', roundRobinPartitioner, 'the same key goes to the same partition'],
    [
      'sends to partitions without a leader',
      ({ random }) =>
        (topic) =>
          random.nextInt(topic.partitionCount),
      'records without a key reach the partitions that have a leader, and no others',
    ],
  ]

  it.each(broken)('catches a partitioner that %s', (_fault, factory, caughtBy) => {
    expect(failures(partitionerConformance(factory, { keyed: true, spreads: true }))).toContain(caughtBy)
  })

  it('says with which seed a failure repeats', () => {
    const factory: PartitionerFactory = () => (topic, key) => (key?.length === 13 ? topic.partitionCount : 0)
    const [check] = partitionerConformance(factory)
    const message = failure(check!.run)!
    const seed = Number(/seed: (\d+), runs: 1/.exec(message)![1])
    expect(message).toMatch(/the topic has (\d+) partitions, but partition \1 was chosen/)
    expect(failure(partitionerConformance(factory, { seed, runs: 1 })[0]!.run)).toBe(message)
  })
})

function rememberingCount(): ReturnType<PartitionerFactory> {
  let count: number | null = null
  return (topic) => {
    count ??= topic.partitionCount
    return count - 1
  }
}

/** An assignor with a fault built into what it returns. */
function altered(
  base: Assignor,
  alter: (partitions: Map<string, TopicPartition[]>, memberIds: string[]) => void,
): () => Assignor {
  return () => ({
    ...base,
    assign(cluster, group) {
      const lists = new Map<string, TopicPartition[]>()
      for (const [memberId, { partitions }] of base.assign(cluster, group)) lists.set(memberId, [...partitions])
      if (lists.size > 0) alter(lists, [...lists.keys()])
      return new Map<string, Assignment>(Array.from(lists, ([memberId, partitions]) => [memberId, { partitions }]))
    },
  })
}

describe('assignorConformance', () => {
  const oneReader = 'every partition has one reader, and that one subscribes to its topic'
  const broken: [fault: string, create: () => Assignor, caughtBy: string][] = [
    ['loses a partition', altered(rangeAssignor(), (lists, [first]) => lists.get(first!)!.pop()), oneReader],
    [
      'gives a partition to two members',
      altered(rangeAssignor(), (lists, memberIds) => {
        const [given] = lists.get(memberIds[0]!)!
        if (given !== undefined) lists.get(memberIds.at(-1)!)!.push(given)
      }),
      oneReader,
    ],
    [
      'gives topics to members that do not subscribe',
      altered(rangeAssignor(), (lists, memberIds) => {
        const all = [...lists.values()].flat()
        for (const memberId of memberIds) lists.set(memberId, memberId === memberIds[0] ? all : [])
      }),
      oneReader,
    ],
    ['forgets a member', altered(rangeAssignor(), (lists, [first]) => lists.delete(first!)), oneReader],
    [
      'invents partitions',
      altered(rangeAssignor(), (lists, [first]) => {
        const [given] = lists.get(first!)!
        if (given !== undefined) lists.get(first!)!.push({ topic: given.topic, partition: 99 })
      }),
      oneReader,
    ],
    [
      'claims to be cooperative, but moves partitions at once',
      () => ({ ...roundRobinAssignor(), supportedProtocols: ['COOPERATIVE'] }),
      oneReader,
    ],
    [
      'depends on the order of members',
      altered(rangeAssignor(), (lists, memberIds) => {
        const [first, last] = [memberIds[0]!, memberIds.at(-1)!]
        const [a, b] = [lists.get(first)!, lists.get(last)!]
        if (a.length > 1 && b.length > 0 && a[0]!.topic === b[0]!.topic) b.push(a.shift()!)
      }),
      'the assignment follows from the group, not from the order of members or from chance',
    ],
    [
      'changes the subscriptions',
      () => ({
        ...rangeAssignor(),
        assign(cluster, group) {
          for (const { topics } of group.values()) (topics as string[]).reverse().push('more')
          return rangeAssignor().assign(cluster, group)
        },
      }),
      'the arguments stay as they are',
    ],
    ['is not balanced', rangeAssignor, 'members with the same topics differ by at most one partition'],
    ['is not sticky', roundRobinAssignor, 'when a member leaves, the others keep what they have'],
    [
      'forgets what members had',
      () => ({ ...stickyAssignor(), subscriptionUserData: () => null }),
      'when a member joins, it alone gains partitions',
    ],
  ]

  it.each(broken)('catches an assignor that %s', (_fault, create, caughtBy) => {
    expect(failures(assignorConformance(create, { balanced: true, sticky: true }))).toContain(caughtBy)
  })
})

describe('groupAssignorConformance', () => {
  const oneMember = 'every partition has one member, and that one subscribes to its topic'
  const alteredGroup =
    (alter: (assignment: Map<string, Map<string, Set<number>>>) => void): (() => GroupPartitionAssignor) =>
    () => ({
      name: 'altered',
      assign(spec, topics): GroupAssignment {
        const copy = new Map<string, Map<string, Set<number>>>()
        for (const [memberId, partitions] of rangeGroupAssignor().assign(spec, topics)) {
          copy.set(memberId, new Map(Array.from(partitions, ([topicId, numbers]) => [topicId, new Set(numbers)])))
        }
        if (copy.size > 0) alter(copy)
        return copy
      },
    })
  const first = (assignment: Map<string, Map<string, Set<number>>>): Map<string, Set<number>> =>
    [...assignment.values()][0]!
  const random = seededRandom(1)

  const broken: [fault: string, create: () => GroupPartitionAssignor, caughtBy: string][] = [
    ['loses partitions', alteredGroup((assignment) => first(assignment).clear()), oneMember],
    [
      'leaves empty sets',
      alteredGroup((assignment) => {
        for (const numbers of first(assignment).values()) numbers.clear()
      }),
      oneMember,
    ],
    [
      'gives a partition to two members',
      alteredGroup((assignment) => {
        const [topicId, numbers] = [...first(assignment)][0] ?? ['', new Set<number>()]
        if (numbers.size > 0) for (const partitions of assignment.values()) partitions.set(topicId, numbers)
      }),
      oneMember,
    ],
    [
      'invents members',
      alteredGroup((assignment) => assignment.set('nobody', new Map([['t', new Set([0])]]))),
      oneMember,
    ],
    [
      'takes unknown topics for empty ones',
      () => ({
        name: 'lenient',
        assign: (spec, topics) =>
          uniformGroupAssignor().assign(spec, {
            ...topics,
            numPartitions: (topicId) => Math.max(0, topics.numPartitions(topicId)),
          }),
      }),
      'a topic that does not exist is a PartitionAssignorError',
    ],
    [
      'rolls dice',
      () => ({
        name: 'dice',
        assign(spec, topics) {
          const shuffled = [...spec.members].sort(() => random.nextInt(3) - 1)
          return uniformGroupAssignor().assign({ ...spec, members: new Map(shuffled) }, topics)
        },
      }),
      'the assignment follows from the arguments, which stay as they are',
    ],
    ['is not balanced', rangeGroupAssignor, 'members with the same topics differ by at most one partition'],
    ['is not sticky', rangeGroupAssignor, 'when a member leaves, the others keep what they have'],
  ]

  it.each(broken)('catches an assignor that %s', (_fault, create, caughtBy) => {
    expect(failures(groupAssignorConformance(create, { balanced: true, sticky: true }))).toContain(caughtBy)
  })

  it('passes an assignor that throws its own kind of PartitionAssignorError', () => {
    class QuotaExceeded extends PartitionAssignorError {}
    const create = (): GroupPartitionAssignor => ({
      name: 'own-error',
      assign(spec, topics) {
        try {
          return uniformGroupAssignor().assign(spec, topics)
        } catch (error) {
          throw new QuotaExceeded('no', { cause: error })
        }
      },
    })
    expect(failures(groupAssignorConformance(create, { balanced: true, sticky: true }))).toEqual([])
  })
})
