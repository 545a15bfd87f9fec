import { describe, expect, it } from 'vitest'
import {
  type ConsumerMember,
  type MemberState,
  memberTransitions,
  newConsumerMember,
} from '../../src/consumer/consumer-member.ts'
import { reconcile } from '../../src/consumer/current-assignment.ts'

/** Partitions of one topic: of the member, to be given up, of the target, said to be owned, and owned by others. */
interface Case {
  readonly has: readonly number[]
  readonly pending?: readonly number[]
  readonly target: readonly number[]
  readonly owned: readonly number[] | null
  readonly others?: readonly number[]
}

const epochs = (partitions: readonly number[], epoch = 1) =>
  partitions.length === 0 ? new Map() : new Map([['t', new Map(partitions.map((partition) => [partition, epoch]))]])

function step(from: MemberState, { has, pending = [], target, owned, others = [] }: Case, subscribed = true) {
  const member: ConsumerMember = {
    ...newConsumerMember('m'),
    memberEpoch: 1,
    state: from,
    assignedPartitions: epochs(has),
    partitionsPendingRevocation: epochs(pending),
  }
  return reconcile(member, {
    targetEpoch: 2,
    target: new Map([['t', new Set(target)]]),
    subscribedTopicIds: new Set(subscribed ? ['t'] : []),
    hasSubscriptionChanged: false,
    partitionEpoch: (_, partition) => ([...has, ...pending, ...others].includes(partition) ? 1 : -1),
    owned: owned === null ? null : owned.length === 0 ? [] : [{ topicId: 't', partitions: owned }],
  })
}

const cases: Record<string, Case> = {
  'STABLE: new target takes partitions away': { has: [0, 1], target: [0], owned: [0, 1] },
  'STABLE: new target gives partitions others still have': { has: [0], target: [0, 1], owned: [0], others: [1] },
  'STABLE: new target gives free partitions or none': { has: [0], target: [0, 1], owned: [0] },
  'UNREVOKED_PARTITIONS: member has given up the partitions, target is free': {
    has: [0],
    pending: [1],
    target: [0, 2],
    owned: [0],
  },
  'UNREVOKED_PARTITIONS: member has given up the partitions, target is not': {
    has: [0],
    pending: [1],
    target: [0, 2],
    owned: [0],
    others: [2],
  },
  'UNREVOKED_PARTITIONS: newer target takes more away': { has: [0, 2], pending: [1], target: [0], owned: [0, 2] },
  'UNRELEASED_PARTITIONS: others gave up the partitions': { has: [0], target: [0, 1], owned: [0] },
  'UNRELEASED_PARTITIONS: others gave up a part': { has: [0], target: [0, 1, 2], owned: [0], others: [2] },
  'UNRELEASED_PARTITIONS: newer target takes partitions away': { has: [0, 1], target: [0], owned: [0, 1] },
  'UNKNOWN: member comes back without partitions': { has: [], target: [0], owned: [] },
  'UNKNOWN: member comes back without partitions, target is not free': { has: [], target: [0], owned: [], others: [0] },
}

describe('a member on its way to its target', () => {
  it.each(memberTransitions.map((row) => ({ ...row, title: `${row.from}: ${row.on}` })))(
    'goes from $from to $to: $on',
    ({ title, from, to }) => {
      expect(step(from, cases[title]!)?.state).toBe(to)
    },
  )

  it('has to start anew from a state that is not known here, unless it says that it has nothing', () => {
    expect(step('UNKNOWN', { has: [0], target: [0], owned: [0] })).toBeUndefined()
    expect(step('UNKNOWN', { has: [], target: [0], owned: null })).toBeUndefined()
  })

  it('has a case for every row of the transition table and none besides', () => {
    expect(Object.keys(cases).sort()).toEqual(memberTransitions.map(({ from, on }) => `${from}: ${on}`).sort())
  })

  it('gets nothing before it has given up what it must not have', () => {
    const member = step('STABLE', { has: [0, 1], target: [1, 2], owned: [0, 1] })
    expect(member).toMatchObject({
      memberEpoch: 1,
      previousMemberEpoch: 1,
      assignedPartitions: epochs([1]),
      partitionsPendingRevocation: epochs([0]),
    })
  })

  it('is at the epoch of the target while it waits for others, with what is free', () => {
    const member = step('STABLE', { has: [0], target: [0, 1, 2], owned: [0], others: [2] })
    expect(member).toMatchObject({ memberEpoch: 2, previousMemberEpoch: 1 })
    expect(member?.assignedPartitions.get('t')).toEqual(
      new Map([
        [0, 1],
        [1, 2],
      ]),
    )
  })

  it('may keep what it does not say it has given up, for as long as it does not say', () => {
    expect(step('UNREVOKED_PARTITIONS', { has: [0], pending: [1], target: [0], owned: null })).toMatchObject({
      state: 'UNREVOKED_PARTITIONS',
      memberEpoch: 1,
    })
  })

  it('loses a topic it does not subscribe to any more, whatever the target says', () => {
    expect(step('STABLE', { has: [0], target: [0], owned: [0] }, false)).toMatchObject({
      state: 'UNREVOKED_PARTITIONS',
      assignedPartitions: new Map(),
    })
  })
})
