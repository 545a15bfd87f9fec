import { describe, expect, it } from 'vitest'
import {
  type ClassicMember,
  classicRefusal,
  classicRefusals,
  forgotten,
  hasLostPartitions,
  joined,
  joining,
  keepsHeartbeat,
  newClassicMember,
  noGeneration,
  refused,
  rejoinReasonOf,
  synced,
  wantsToRejoin,
  withMemberId,
} from '../../src/group/classic-member.ts'

const generation = { generationId: 5, memberId: 'm1', protocolName: 'range' }
const stable = synced(joined(generation))

describe('a classic member', () => {
  it('joins, is in a generation, and is stable when its assignment came', () => {
    const sent = joining(newClassicMember)
    expect(sent).toEqual({ state: 'PREPARING_REBALANCE', generation: noGeneration })
    expect(joined(generation)).toEqual({ state: 'COMPLETING_REBALANCE', generation })
    expect(stable).toEqual({ state: 'STABLE', generation, rejoinReason: undefined })
  })

  it('comes back with the member id it is given (KIP-394)', () => {
    expect(withMemberId('m1')).toMatchObject({ state: 'UNJOINED', generation: { ...noGeneration, memberId: 'm1' } })
  })

  it('keeps heartbeats from the answer to JoinGroup on', () => {
    const members = [newClassicMember, joining(newClassicMember), joined(generation), stable]
    expect(members.map(keepsHeartbeat)).toEqual([false, false, true, true])
  })

  it('keeps the first of several reasons to join again', () => {
    const wanted = wantsToRejoin(wantsToRejoin(stable, 'first'), 'second')
    expect(rejoinReasonOf(wanted)).toBe('first')
  })

  it('joins already while it rebalances, so a further reason changes nothing', () => {
    expect(wantsToRejoin(joining(stable), 'again')).toEqual(joining(stable))
    expect(rejoinReasonOf(joining(stable))).toBeUndefined()
  })

  it('has lost its partitions without a generation, and without a member id', () => {
    expect(hasLostPartitions(stable)).toBe(false)
    expect(hasLostPartitions(forgotten(stable, 'generation', 'why'))).toBe(true)
    expect(hasLostPartitions(forgotten(stable, 'member', 'why'))).toBe(true)
  })

  it('keeps its member id when only the generation is over', () => {
    expect(forgotten(stable, 'generation', 'why').generation.memberId).toBe('m1')
    expect(forgotten(stable, 'member', 'why').generation).toEqual(noGeneration)
  })
})

describe('a refusal', () => {
  const rows = Object.entries(classicRefusals).flatMap(([api, errors]) =>
    Object.entries(errors).map(([error, refusal]) => ({ api, error, ...refusal })),
  )

  it.each(rows)('of $api with $error forgets $forget, and the member goes on by: $next', ({ api, error, ...row }) => {
    const before: Record<string, ClassicMember> = {
      JoinGroup: joining(stable),
      SyncGroup: joined(generation),
      Heartbeat: stable,
      OffsetCommit: stable,
    }
    const member = before[api]!
    const after = refused(member, row, 'why')
    const kept = { nothing: generation, generation: { ...noGeneration, memberId: 'm1' }, member: noGeneration }
    expect(after.generation).toEqual(kept[row.forget])
    const isHeardOf = api === 'Heartbeat' || api === 'OffsetCommit'
    if (row.forget !== 'nothing' || !isHeardOf) expect(after.state).toBe('UNJOINED')
    else expect(after.state).toBe('STABLE')
    expect(rejoinReasonOf(after)).toBe(
      isHeardOf && row.next !== 'rejoinOnPoll' && row.forget === 'nothing' ? undefined : 'why',
    )
    expect(error in classicRefusals[api as 'JoinGroup']).toBe(true)
  })

  it('that is not in the table is for good', () => {
    expect(classicRefusal('JoinGroup', 'GROUP_MAX_SIZE_REACHED')).toEqual({ forget: 'nothing', next: 'fail' })
    expect(classicRefusal('Heartbeat', 'GROUP_AUTHORIZATION_FAILED')).toEqual({ forget: 'nothing', next: 'fail' })
  })

  it('of a heartbeat while the rebalance is completed leaves that to SyncGroup', () => {
    const completing = joined(generation)
    expect(refused(completing, classicRefusal('Heartbeat', 'REBALANCE_IN_PROGRESS'), 'why')).toEqual(completing)
  })
})
