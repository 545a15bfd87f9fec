import { describe, expect, it } from 'vitest'
import { electionStateOf, initialState, type RaftState, type Voter } from '../src/raft/raft-state.ts'
import { grantsVote, type RaftContext, stepRaft } from '../src/raft/step-raft.ts'

const directoryId = 'AAAAAAAAAAAAAAAAAAAAAA'
const voter = (id: number): Voter => ({ id, directoryId })
const contextOf = (self: number, voters: number, logEndOffset = 0): RaftContext => ({
  self: voter(self),
  voters: Array.from({ length: voters }, (_, index) => voter(index + 1)),
  logEndOffset,
})
const fresh: RaftState = { role: 'unattached', epoch: 0, leaderId: null, vote: null }
const now = 1_000

describe('the election', () => {
  it('makes a single voter the leader of the next epoch at its first time-out', () => {
    const leader = stepRaft(fresh, { type: 'election-timeout', now }, contextOf(1, 1, 7))
    expect(leader).toMatchObject({
      role: 'leader',
      epoch: 1,
      epochStartOffset: 7,
      grantingVoters: [1],
      highWatermark: null,
    })
  })

  it('asks for pre-votes without touching the epoch, then for votes in the next one', () => {
    const context = contextOf(1, 3)
    const prospective = stepRaft(fresh, { type: 'election-timeout', now }, context)
    expect(prospective).toMatchObject({ role: 'prospective', epoch: 0 })
    const preVote = { type: 'vote-answer', now, preVote: true, epoch: 0, voterId: 2, granted: true } as const
    const candidate = stepRaft(prospective, preVote, context)
    expect(candidate).toMatchObject({ role: 'candidate', epoch: 1 })
    expect(electionStateOf(candidate, context.self)).toEqual({ epoch: 1, leaderId: null, vote: voter(1) })
    const leader = stepRaft(candidate, { ...preVote, preVote: false, epoch: 1, voterId: 3 }, context)
    expect(leader).toMatchObject({ role: 'leader', epoch: 1, grantingVoters: [1, 3] })
  })

  it('counts no answer of a stranger, of another epoch or of the other round', () => {
    const context = contextOf(1, 3)
    const prospective = stepRaft(fresh, { type: 'election-timeout', now }, context)
    const answer = { type: 'vote-answer', now, preVote: true, epoch: 0, voterId: 2, granted: true } as const
    expect(stepRaft(prospective, { ...answer, voterId: 9 }, context)).toBe(prospective)
    expect(stepRaft(prospective, { ...answer, preVote: false }, context)).toBe(prospective)
    expect(stepRaft({ ...prospective, epoch: 4 }, answer, context)).toMatchObject({ role: 'prospective', epoch: 4 })
  })

  it('goes back when a majority refuses', () => {
    const context = contextOf(1, 3)
    const refused = { type: 'vote-answer', now, preVote: true, epoch: 0, granted: false } as const
    const prospective = stepRaft(fresh, { type: 'election-timeout', now }, context)
    const one = stepRaft(prospective, { ...refused, voterId: 2 }, context)
    expect(one.role).toBe('prospective')
    expect(stepRaft(one, { ...refused, voterId: 3 }, context)).toEqual(fresh)
  })

  it('follows a leader of the same or a newer epoch, and a newer epoch ends leading', () => {
    const context = contextOf(1, 3)
    const follower = { role: 'follower', epoch: 3, leaderId: 2, vote: null, highWatermark: null }
    expect(stepRaft({ ...fresh, epoch: 3 }, { type: 'leader-heard', epoch: 3, leaderId: 2 }, context)).toEqual(follower)
    const leader = stepRaft(fresh, { type: 'election-timeout', now }, contextOf(1, 1))
    expect(stepRaft(leader, { type: 'epoch-heard', epoch: 5 }, context)).toEqual({ ...fresh, epoch: 5 })
    expect(stepRaft(leader, { type: 'leader-heard', epoch: 5, leaderId: 2 }, context)).toEqual({
      ...follower,
      epoch: 5,
    })
  })

  it('resigns after a restart when it led before', () => {
    const before = { epoch: 4, leaderId: 1, vote: null }
    expect(initialState(before, voter(1))).toEqual({ role: 'resigned', epoch: 4 })
    expect(initialState(before, voter(2))).toEqual({ role: 'unattached', epoch: 4, leaderId: 1, vote: null })
  })
})

describe('a vote', () => {
  const request = { epoch: 3, candidate: voter(2), preVote: false }
  const cases: readonly [string, RaftState, { epoch?: number; preVote?: boolean }, boolean, boolean][] = [
    ['is given once in an epoch', { ...fresh, epoch: 3 }, {}, true, true],
    ['is repeated for the same candidate', { ...fresh, epoch: 3, vote: voter(2) }, {}, true, true],
    ['is not given to a second candidate', { ...fresh, epoch: 3, vote: voter(3) }, {}, true, false],
    ['is not given to an old epoch', { ...fresh, epoch: 4 }, {}, true, false],
    ['is not given to a log that lacks records', fresh, {}, false, false],
    ['is not given where the leader of the epoch is known', { ...fresh, epoch: 3, leaderId: 3 }, {}, true, false],
    ['is promised while no leader is heard', { ...fresh, epoch: 3 }, { preVote: true }, true, true],
    [
      'is not promised by a follower that hears its leader',
      { role: 'follower', epoch: 3, leaderId: 3, vote: null, highWatermark: 9 },
      { preVote: true },
      true,
      false,
    ],
  ]
  it.each(cases)('%s', (_, state, change, candidateIsUpToDate, granted) => {
    expect(grantsVote(state, { ...request, ...change }, { candidateIsUpToDate })).toBe(granted)
  })
})

describe('the high watermark', () => {
  const elected = stepRaft(
    { role: 'candidate', epoch: 2, answers: new Map([[1, true]]) },
    { type: 'vote-answer', now, preVote: false, epoch: 2, voterId: 2, granted: true },
    contextOf(1, 3, 10),
  )
  const advance = (state: RaftState, id: number, logEndOffset: number) =>
    stepRaft(state, { type: 'replica-advanced', now, replica: voter(id), logEndOffset }, contextOf(1, 3, 12))

  it('waits until a record of the new epoch is on a majority', () => {
    const own = advance(elected, 1, 12)
    expect(own).toMatchObject({ highWatermark: null })
    expect(advance(own, 2, 10)).toMatchObject({ highWatermark: null })
    expect(advance(own, 2, 11)).toMatchObject({ highWatermark: 11 })
  })

  it('never goes back', () => {
    const committed = advance(advance(elected, 1, 12), 2, 12)
    expect(committed).toMatchObject({ highWatermark: 12 })
    expect(advance(committed, 2, 11)).toMatchObject({ highWatermark: 12 })
  })

  it('tells when a replica was last caught up', () => {
    const behind = advance(elected, 2, 3)
    expect(behind).toHaveProperty('role', 'leader')
    const replicas = behind.role === 'leader' ? behind.replicas.get(2) : undefined
    expect(replicas).toEqual({ id: 2, directoryId, logEndOffset: 3, lastFetchMs: now, lastCaughtUpMs: -1 })
  })
})
