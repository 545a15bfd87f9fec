import type { Assignor, ClusterView } from '../assignors/assignor.ts'
import type { Random } from '../random.ts'
import { type ConformanceCheck, type ConformanceOptions, check, expect } from './conformance-check.ts'
import { printed, SimulatedGroup } from './simulated-group.ts'

/** What an assignor claims beyond giving every partition to one subscriber. */
export interface AssignorConformanceOptions extends ConformanceOptions {
  /** When all members subscribe to the same topics, no two differ by more than one partition. */
  readonly balanced?: boolean
  /** When all members subscribe to the same topics, partitions move only as far as balance demands. Racks are left out. */
  readonly sticky?: boolean
}

/** The promises of a client-side assignor. Give each check to the test runner: `it(check.name, check.run)`. */
export function assignorConformance(
  create: () => Assignor,
  options: AssignorConformanceOptions = {},
): ConformanceCheck[] {
  const checks = [
    check('every partition has one reader, and that one subscribes to its topic', options, (random) => {
      const group = randomGroup(create, random)
      for (let round = 0; round < 4; round++) {
        group.settle()
        change(group, random)
      }
    }),
    check('a member alone gets everything', options, (random) => {
      const group = new SimulatedGroup(create, randomCluster(random), random)
      const { topics, memberId } = group.join(randomTopics(random))
      group.settle()
      const expected = topics.reduce((sum, topic) => sum + group.cluster.partitionCount(topic), 0)
      const size = group.holdings().get(memberId)!.size
      expect(size === expected, () => `its topics have ${expected} partitions, but it got ${size}`)
    }),
    check('an empty group gets an empty assignment', { ...options, runs: 1 }, (random) => {
      expect(create().assign(randomCluster(random), new Map()).size === 0, () => 'the assignment has members')
    }),
    check('the assignment follows from the group, not from the order of members or from chance', options, (random) => {
      const group = randomGroup(create, random)
      group.settle()
      change(group, random)
      const subscriptions = [...group.subscriptions()]
      const assign = (entries: typeof subscriptions): string => print(create().assign(group.cluster, new Map(entries)))
      const first = assign(subscriptions)
      const again = assign(subscriptions.reverse())
      expect(first === again, () => `expected ${first}, but with the members in reverse it is ${again}`)
    }),
    check('the arguments stay as they are', options, (random) => {
      const group = randomGroup(create, random)
      const subscriptions = group.subscriptions()
      const before = JSON.stringify([...subscriptions])
      create().assign(group.cluster, subscriptions)
      expect(before === JSON.stringify([...subscriptions]), () => 'the assignor changed the subscriptions')
    }),
  ]
  if (options.balanced) checks.push(balanceCheck(create, options))
  if (options.sticky) checks.push(...stickyChecks(create, options))
  return checks
}

function balanceCheck(create: () => Assignor, options: ConformanceOptions): ConformanceCheck {
  return check('members with the same topics differ by at most one partition', options, (random) => {
    const group = uniformGroup(create, random)
    for (let round = 0; round < 4; round++) {
      group.settle()
      const sizes = [...group.holdings().values()].map((partitions) => partitions.size)
      expect(Math.max(...sizes) - Math.min(...sizes) <= 1, () => `the members have ${sizes.join()} partitions`)
      if (round % 2 === 0) group.join(group.members[0]!.topics)
      else group.leave()
    }
  })
}

function stickyChecks(create: () => Assignor, options: ConformanceOptions): ConformanceCheck[] {
  return [
    check('nothing moves in an unchanged group', options, (random) => {
      const group = randomGroup(create, random, false)
      group.settle()
      // The first assignment may have been made without knowing where the second will find everyone.
      group.settle()
      const before = group.holdings()
      group.settle()
      for (const [memberId, partitions] of group.holdings()) expectKept(memberId, before.get(memberId)!, partitions)
    }),
    check('when a member leaves, the others keep what they have', options, (random) => {
      const group = uniformGroup(create, random)
      group.settle()
      const before = group.holdings()
      group.leave()
      group.settle()
      for (const [memberId, partitions] of group.holdings()) expectKept(memberId, before.get(memberId)!, partitions)
    }),
    check('when a member joins, it alone gains partitions', options, (random) => {
      const group = uniformGroup(create, random)
      group.settle()
      const before = group.holdings()
      const joined = group.join(group.members[0]!.topics).memberId
      group.settle()
      for (const [memberId, partitions] of group.holdings()) {
        if (memberId !== joined) expectKept(memberId, partitions, before.get(memberId)!)
      }
    }),
  ]
}

function expectKept(memberId: string, kept: ReadonlySet<string>, partitions: ReadonlySet<string>): void {
  const moved = [...kept].filter((partition) => !partitions.has(partition))
  expect(moved.length === 0, () => `${moved.join()} moved for no reason from or to ${memberId}`)
}

function print(assignment: ReturnType<Assignor['assign']>): string {
  const entries = [...assignment].sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([memberId, { partitions }]) => `${memberId}: ${partitions.map(printed).sort().join()}`).join('; ')
}

const topicCount = 5

/** Topics `t0` to `t4`, some of which do not exist; partitions have replicas in two of three racks, if racks are known. */
function randomCluster(random: Random, racks = random.nextInt(2) === 0): ClusterView {
  const counts = new Map<string, number>()
  for (let topic = 0; topic < topicCount; topic++)
    counts.set(`t${topic}`, random.nextInt(8) === 0 ? 0 : 1 + random.nextInt(10))
  const partitionCount = (topic: string): number => counts.get(topic) ?? 0
  if (!racks) return { partitionCount }
  const first = random.nextInt(3)
  const replicaRacks = (_topic: string, partition: number): string[] => [
    `rack-${(first + partition) % 3}`,
    `rack-${(first + partition + 1) % 3}`,
  ]
  return { partitionCount, replicaRacks }
}

function randomTopics(random: Random): string[] {
  const topics = Array.from({ length: topicCount }, (_, topic) => `t${topic}`).filter(() => random.nextInt(2) === 0)
  return topics.length > 0 ? topics : ['t0']
}

function randomGroup(create: () => Assignor, random: Random, racks?: boolean): SimulatedGroup {
  const group = new SimulatedGroup(create, randomCluster(random, racks), random)
  const topics = random.nextInt(2) === 0 ? randomTopics(random) : null
  for (let members = 1 + random.nextInt(6); members > 0; members--) group.join(topics ?? randomTopics(random))
  return group
}

function uniformGroup(create: () => Assignor, random: Random): SimulatedGroup {
  const group = new SimulatedGroup(create, randomCluster(random, false), random)
  const topics = randomTopics(random)
  for (let members = 2 + random.nextInt(5); members > 0; members--) group.join(topics)
  return group
}

function change(group: SimulatedGroup, random: Random): void {
  const kind = random.nextInt(3)
  if (kind === 0 && group.members.length > 1) group.leave()
  else if (kind === 1) group.join(randomTopics(random))
  else group.members[random.nextInt(group.members.length)]!.topics = randomTopics(random)
}
