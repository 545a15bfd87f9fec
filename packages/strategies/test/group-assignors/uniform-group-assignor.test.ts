import { describe, expect, it } from 'vitest'
import {
  type GroupMemberSpec,
  type GroupSpec,
  PartitionAssignorError,
  rangeGroupAssignor,
  type SubscribedTopicDescriber,
  uniformGroupAssignor,
} from '../../src/index.ts'

const topics = (counts: Record<string, number>): SubscribedTopicDescriber => ({
  numPartitions: (topicId) => counts[topicId] ?? -1,
  racksForPartition: () => new Set(),
})

const member = (
  topicIds: string[],
  partitions: Record<string, number[]> = {},
  instanceId: string | null = null,
): GroupMemberSpec => ({
  instanceId,
  rackId: null,
  subscribedTopicIds: new Set(topicIds),
  partitions: new Map(Object.entries(partitions).map(([topicId, numbers]) => [topicId, new Set(numbers)])),
})

const group = (
  subscriptionType: GroupSpec['subscriptionType'],
  members: Record<string, GroupMemberSpec>,
): GroupSpec => ({
  subscriptionType,
  members: new Map(Object.entries(members)),
})

const sets = (partitions: Record<string, number[]>): Map<string, Set<number>> =>
  new Map(Object.entries(partitions).map(([topicId, numbers]) => [topicId, new Set(numbers)]))

describe('uniformGroupAssignor', () => {
  it('leaves the extra partition with the member that has it', () => {
    const spec = group('HOMOGENEOUS', { a: member(['t'], { t: [0, 1] }), b: member(['t'], { t: [2, 3, 4] }) })
    const assignment = uniformGroupAssignor().assign(spec, topics({ t: 5 }))
    // The maps of unchanged members are handed back, which says that nothing has to be written for them.
    expect(assignment.get('a')).toBe(spec.members.get('a')!.partitions)
    expect(assignment.get('b')).toBe(spec.members.get('b')!.partitions)
  })

  it('takes back what a member no longer subscribes to', () => {
    const spec = group('HETEROGENEOUS', { a: member(['t'], { t: [0], u: [0, 1] }), b: member(['t', 'u'], { t: [1] }) })
    expect(uniformGroupAssignor().assign(spec, topics({ t: 2, u: 2 }))).toEqual(
      new Map([
        ['a', sets({ t: [0, 1] })],
        ['b', sets({ u: [0, 1] })],
      ]),
    )
  })

  it('does not assign a topic that does not exist', () => {
    const spec = group('HOMOGENEOUS', { a: member(['t', 'gone']) })
    expect(() => uniformGroupAssignor().assign(spec, topics({ t: 5 }))).toThrow(PartitionAssignorError)
  })
})

describe('rangeGroupAssignor', () => {
  it('gives static members the first ranges, and the same numbers of all topics', () => {
    const spec = group('HOMOGENEOUS', { a: member(['t', 'u']), b: member(['t', 'u'], {}, 'static') })
    expect(rangeGroupAssignor().assign(spec, topics({ t: 3, u: 3 }))).toEqual(
      new Map([
        ['b', sets({ t: [0, 1], u: [0, 1] })],
        ['a', sets({ t: [2], u: [2] })],
      ]),
    )
  })

  it('gives nothing of a topic to members beyond its partitions', () => {
    const spec = group('HOMOGENEOUS', { a: member(['t']), b: member(['t']) })
    expect(rangeGroupAssignor().assign(spec, topics({ t: 1 }))).toEqual(
      new Map([
        ['a', sets({ t: [0] })],
        ['b', sets({})],
      ]),
    )
  })
})
