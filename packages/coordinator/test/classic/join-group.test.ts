import { errors } from '@odradek/protocol'
import { encodeSubscription } from '@odradek/strategies'
import { describe, expect, it } from 'vitest'
import { ClassicContext, rebalanceTimeoutMs } from '../support/classic-context.ts'
import { startMs } from '../support/test-coordinator.ts'

const metadata = encodeSubscription({ topics: ['t'] })

describe('joining a group', () => {
  it('gives a client its member id first, and takes it in when it comes back with it', () => {
    const context = new ClassicContext()
    const { now } = context.join({ clientId: 'c' })
    expect(now).toEqual({ memberId: 'c-uuid-1', errorCode: errors.MEMBER_ID_REQUIRED.code })
    const reply = context.join({ memberId: 'c-uuid-1' })
    context.coordinator.settle()
    expect(reply.now).toEqual({
      errorCode: errors.NONE.code,
      generationId: 1,
      protocolType: 'consumer',
      protocolName: 'range',
      leader: 'c-uuid-1',
      skipAssignment: false,
      memberId: 'c-uuid-1',
      members: [{ memberId: 'c-uuid-1', groupInstanceId: null, metadata }],
    })
  })

  it('takes in clients older than version 4 at once', () => {
    const context = new ClassicContext()
    const reply = context.join({ apiVersion: 3, clientId: 'c' })
    context.coordinator.settle()
    expect(reply.now).toMatchObject({ memberId: 'c-uuid-1', errorCode: 0, generationId: 1 })
  })

  it('tells the leader alone who is in the group', () => {
    const context = new ClassicContext({ groupInitialRebalanceDelayMs: 3000 })
    const [leader, other] = [context.joinWithId(), context.joinWithId()]
    context.coordinator.advance(3000)
    context.coordinator.advance(3000)
    expect(leader.now.members).toHaveLength(2)
    expect(other.now).toMatchObject({ leader: leader.memberId, generationId: 1, members: [] })
  })

  it('waits longer before the first rebalance while members keep coming, but not beyond their rebalance time-out', () => {
    const context = new ClassicContext({ groupInitialRebalanceDelayMs: 3000 })
    const first = context.joinWithId({ rebalanceTimeoutMs: 10_000 })
    for (let second = 1; second <= 9; second++) {
      context.coordinator.advance(1000)
      expect(first.response).toBeUndefined()
      context.joinWithId({ rebalanceTimeoutMs: 10_000 })
    }
    context.coordinator.advance(1000)
    expect(context.coordinator.now).toBe(startMs + 10_000)
    expect(first.now.members).toHaveLength(10)
  })

  it('chooses the protocol most members prefer among those all of them have', () => {
    const context = new ClassicContext({ groupInitialRebalanceDelayMs: 3000 })
    const join = (protocols: readonly string[]) => context.joinWithId({ protocols })
    const replies = [join(['sticky', 'range', 'a']), join(['range', 'sticky']), join(['b', 'range', 'sticky'])]
    context.coordinator.advance(6000)
    expect(replies.map(({ now }) => now.protocolName)).toEqual(['range', 'range', 'range'])
  })

  const refusals: readonly [string, Parameters<ClassicContext['join']>[0], number][] = [
    ['a session time-out below the minimum', { sessionTimeoutMs: 5999 }, errors.INVALID_SESSION_TIMEOUT.code],
    ['a session time-out above the maximum', { sessionTimeoutMs: 1_800_001 }, errors.INVALID_SESSION_TIMEOUT.code],
    ['another protocol type', { protocolType: 'connect' }, errors.INCONSISTENT_GROUP_PROTOCOL.code],
    ['no protocol in common', { protocols: ['other'] }, errors.INCONSISTENT_GROUP_PROTOCOL.code],
    ['an id it did not give out', { memberId: 'stranger' }, errors.UNKNOWN_MEMBER_ID.code],
    ['an instance id nobody has', { memberId: 'x', instanceId: 'i' }, errors.UNKNOWN_MEMBER_ID.code],
  ]
  it.each(refusals)('refuses %s', (_, options, errorCode) => {
    const context = new ClassicContext()
    context.stable('a')
    expect(context.join(options).now.errorCode).toBe(errorCode)
    expect(context.state).toBe('Stable')
  })

  it('refuses a member id for a group that does not exist, and an empty group id', () => {
    expect(new ClassicContext().join({ memberId: 'm' }).now.errorCode).toBe(errors.UNKNOWN_MEMBER_ID.code)
    expect(new ClassicContext({}, '').join().now.errorCode).toBe(errors.INVALID_GROUP_ID.code)
  })

  it('refuses members beyond group.max.size', () => {
    const context = new ClassicContext({ groupMaxSize: 2 })
    context.stable('a', 'b')
    expect(context.join().now).toEqual({ memberId: '', errorCode: errors.GROUP_MAX_SIZE_REACHED.code })
  })

  it('gives the leader a rebalance whenever it joins, and others only when they changed their mind', () => {
    const context = new ClassicContext()
    const [leader, other] = context.stable('a', 'b')
    expect(context.join({ memberId: other!.memberId }).now).toMatchObject({ generationId: 1, members: [] })
    expect(context.state).toBe('Stable')
    const changed = context.join({ memberId: other!.memberId, topics: ['u'] })
    expect(context.state).toBe('PreparingRebalance')
    context.join({ memberId: leader!.memberId })
    expect(changed.now.generationId).toBe(2)
  })

  it('answers a member that asks again with its newest request, and ends the older one', () => {
    const context = new ClassicContext()
    const [a, b] = context.stable('a', 'b')
    const [first, second] = [0, 1].map(() => context.join({ memberId: a!.memberId }))
    expect(first!.now.errorCode).toBe(errors.REBALANCE_IN_PROGRESS.code)
    context.join({ memberId: b!.memberId })
    expect(second!.now).toMatchObject({ errorCode: 0, generationId: 2 })
  })

  it('drops dynamic members that do not join in time, and goes on with the others', () => {
    const context = new ClassicContext()
    const [a, b] = context.stable('a', 'b')
    const reply = context.join({ memberId: b!.memberId, topics: ['u'] })
    for (let waited = 0; waited < rebalanceTimeoutMs; waited += 5000) {
      context.heartbeat(a!)
      context.coordinator.advance(5000)
    }
    expect(reply.now).toMatchObject({ generationId: 2, leader: b!.memberId })
    expect([...context.group.members.keys()]).toEqual([b!.memberId])
  })

  it('forgets a member id that is not used within the session time-out', () => {
    const context = new ClassicContext()
    const { memberId = '' } = context.join({ sessionTimeoutMs: 6000 }).now
    context.coordinator.advance(6000)
    expect(context.join({ memberId }).now.errorCode).toBe(errors.UNKNOWN_MEMBER_ID.code)
  })

  it('removes a member that misses its session time-out, and the group rebalances', () => {
    const context = new ClassicContext()
    const [a, b] = context.stable('a', 'b')
    context.coordinator.advance(9000)
    context.heartbeat(a!)
    context.coordinator.advance(1000)
    expect(context.heartbeat(a!)).toBe(errors.REBALANCE_IN_PROGRESS.code)
    expect(context.heartbeat(b!)).toBe(errors.UNKNOWN_MEMBER_ID.code)
  })

  it('keeps a member that waits for the others however long they take', () => {
    const context = new ClassicContext()
    const [a, b] = context.stable('a', 'b')
    const waiting = context.join({ memberId: a!.memberId })
    for (let waited = 0; waited < 50_000; waited += 5000) {
      context.heartbeat(b!)
      context.coordinator.advance(5000)
    }
    context.join({ memberId: b!.memberId })
    expect(waiting.now).toMatchObject({ errorCode: 0, generationId: 2 })
  })
})
