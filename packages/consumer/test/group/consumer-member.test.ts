import { describe, expect, it } from 'vitest'
import {
  type ConsumerMember,
  type ConsumerMemberState,
  consumerMemberTransitions,
  fencedMember,
  heartbeatAnswered,
  heartbeatSent,
  inState,
  joiningMember,
  leavingMember,
  newConsumerMember,
  preparingToLeave,
  reconciliationBegun,
  reconciliationDone,
  samePartitions,
} from '../../src/group/consumer-member.ts'

const assignment = new Map([['topic', [0, 1]]])
const joining = joiningMember(newConsumerMember('m1'))
const reconciling = heartbeatAnswered(joining, { memberEpoch: 1, assignment })

function acknowledging({ isWhole = true } = {}): ConsumerMember {
  const begun = reconciliationBegun(reconciling)
  return reconciliationDone(begun, { localEpoch: 0, partitions: assignment, isWhole })
}

describe('a KIP-848 member', () => {
  const states = Object.keys(consumerMemberTransitions) as ConsumerMemberState[]

  it.each(states)('comes to %s from the states of its table alone', (state) => {
    const reached = states.filter((from) => {
      try {
        return inState({ ...joining, state: from }, state).state === state
      } catch {
        return false
      }
    })
    expect(new Set(reached)).toEqual(new Set([...consumerMemberTransitions[state], state]))
  })

  it('joins with epoch 0 and nothing', () => {
    expect(joining).toMatchObject({ state: 'JOINING', memberEpoch: 0, current: { localEpoch: -1 } })
  })

  it('reconciles an assignment that differs from what it has', () => {
    expect(reconciling).toMatchObject({ state: 'RECONCILING', memberEpoch: 1, target: { localEpoch: 0 } })
  })

  it('acknowledges what it has taken, and is stable when the heartbeat went out', () => {
    expect(acknowledging().state).toBe('ACKNOWLEDGING')
    expect(heartbeatSent(acknowledging(), { isPollLate: false }).state).toBe('STABLE')
  })

  it('goes on reconciling after it acknowledged a part', () => {
    expect(heartbeatSent(acknowledging({ isWhole: false }), { isPollLate: false }).state).toBe('RECONCILING')
  })

  it('that was assigned nothing is stable at once, having acknowledged that', () => {
    const empty = heartbeatAnswered(joining, { memberEpoch: 1, assignment: new Map() })
    const done = reconciliationDone(reconciliationBegun(empty), { localEpoch: 0, partitions: new Map(), isWhole: true })
    expect(heartbeatSent(done, { isPollLate: false }).state).toBe('STABLE')
  })

  it('takes a new epoch without a new assignment as it is', () => {
    const stable = heartbeatSent(acknowledging(), { isPollLate: false })
    expect(heartbeatAnswered(stable, { memberEpoch: 2, assignment: undefined })).toEqual({ ...stable, memberEpoch: 2 })
    expect(heartbeatAnswered(stable, { memberEpoch: 2, assignment })).toEqual({ ...stable, memberEpoch: 2 })
  })

  it('that was fenced begins at epoch 0 with nothing to take', () => {
    expect(fencedMember(reconciling)).toMatchObject({ state: 'FENCED', memberEpoch: 0, target: { localEpoch: -1 } })
    expect(joiningMember(fencedMember(reconciling)).state).toBe('JOINING')
  })

  it('leaves with its epoch, and is then out of the group, or stale when the application did not poll', () => {
    const leaving = leavingMember(preparingToLeave(reconciling), -1)
    expect(leaving).toMatchObject({ state: 'LEAVING', memberEpoch: -1 })
    expect(heartbeatSent(leaving, { isPollLate: false }).state).toBe('UNSUBSCRIBED')
    expect(heartbeatSent(leaving, { isPollLate: true }).state).toBe('STALE')
  })

  it('does not listen to answers once it leaves', () => {
    const leaving = leavingMember(reconciling, -2)
    expect(heartbeatAnswered(leaving, { memberEpoch: 7, assignment })).toEqual(leaving)
  })
})

describe('samePartitions', () => {
  it('does not mind the order, or topics without partitions', () => {
    const [a, b] = [
      new Map([['t', [0, 1]]]),
      new Map([
        ['t', [1, 0]],
        ['u', []],
      ]),
    ] as const
    expect(samePartitions(a, b)).toBe(true)
    expect(samePartitions(a, new Map([['t', [0]]]))).toBe(false)
    expect(samePartitions(a, new Map([['t', [0, 2]]]))).toBe(false)
  })
})
