import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { bytes, ClassicContext, type Joined } from '../support/classic-context.ts'

/** Two members between join and sync, the first leads. */
function completing(): { readonly context: ClassicContext; readonly leader: Joined; readonly other: Joined } {
  const context = new ClassicContext({ groupInitialRebalanceDelayMs: 3000 })
  const joins = ['a', 'b'].map((clientId) => context.joinWithId({ clientId }))
  context.coordinator.advance(6000)
  const [leader, other] = joins.map(({ memberId, now }) => ({ memberId, generationId: now.generationId ?? 0 }))
  return { context, leader: leader!, other: other! }
}

const assignment = (text: string) => ({
  errorCode: 0,
  protocolType: 'consumer',
  protocolName: 'range',
  assignment: bytes(text),
})

describe('SyncGroup', () => {
  it('gives everybody its part when the leader has brought the assignment', () => {
    const { context, leader, other } = completing()
    const waiting = context.sync(other)
    expect(waiting.response).toBeUndefined()
    const { now } = context.sync(leader, { [leader.memberId]: 'one', [other.memberId]: 'two' })
    expect([now, waiting.now]).toEqual([assignment('one'), assignment('two')])
    expect(context.sync(other).now).toEqual(assignment('two'))
  })

  it('gives nothing to a member the leader forgot', () => {
    const { context, leader, other } = completing()
    context.sync(leader, { [leader.memberId]: 'one' })
    expect(context.sync(other).now).toEqual(assignment(''))
  })

  it('writes the group down once, with what everybody got', () => {
    const { context, leader, other } = completing()
    const records = context.coordinator.written(() => {
      context.sync(other)
      context.sync(leader, { [leader.memberId]: 'one', [other.memberId]: 'two' })
    })
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({
      type: 'GroupMetadata',
      key: { group: 'group' },
      version: 3,
      value: {
        protocolType: 'consumer',
        generation: 1,
        protocol: 'range',
        leader: leader.memberId,
        currentStateTimestamp: 1_006_000,
        members: [
          { memberId: leader.memberId, clientId: 'a', clientHost: '/127.0.0.1', assignment: bytes('one') },
          { memberId: other.memberId, clientId: 'b', rebalanceTimeout: 60_000, sessionTimeout: 10_000 },
        ],
      },
    })
  })

  it('makes everybody join again when the assignment cannot be written down', () => {
    const { context, leader, other } = completing()
    const waiting = context.sync(other)
    context.coordinator.refuses = 'NOT_ENOUGH_REPLICAS'
    const { now } = context.sync(leader, { [leader.memberId]: 'one' })
    const refused = errors.COORDINATOR_NOT_AVAILABLE.code
    expect([now.errorCode, waiting.now.errorCode]).toEqual([refused, refused])
    expect(context.state).toBe('PreparingRebalance')
  })

  it('tells those that wait when a member joins in between', () => {
    const { context, other } = completing()
    const waiting = context.sync(other)
    context.joinWithId()
    expect(waiting.now).toEqual({ errorCode: errors.REBALANCE_IN_PROGRESS.code })
  })

  it('refuses old generations, strangers and other protocols', () => {
    const { context, other } = completing()
    const code = (member: Joined) => context.sync(member).now.errorCode
    expect(code({ ...other, generationId: 0 })).toBe(errors.ILLEGAL_GENERATION.code)
    expect(code({ ...other, memberId: 'stranger' })).toBe(errors.UNKNOWN_MEMBER_ID.code)
    expect(new ClassicContext().sync(other).now.errorCode).toBe(errors.UNKNOWN_MEMBER_ID.code)
  })
})

describe('Heartbeat', () => {
  it('is refused for unknown groups, members and generations', () => {
    const context = new ClassicContext()
    const [member] = context.stable('a')
    expect(context.heartbeat(member!)).toBe(errors.NONE.code)
    expect(context.heartbeat({ ...member!, generationId: 2 })).toBe(errors.ILLEGAL_GENERATION.code)
    expect(context.heartbeat({ ...member!, memberId: 'stranger' })).toBe(errors.UNKNOWN_MEMBER_ID.code)
    expect(new ClassicContext().heartbeat(member!)).toBe(errors.UNKNOWN_MEMBER_ID.code)
  })
})

describe('LeaveGroup', () => {
  it('lets the others rebalance at once', () => {
    const context = new ClassicContext()
    const [a, b] = context.stable('a', 'b')
    const { memberId } = a!
    expect(context.leave({ memberId })).toEqual({ members: [{ memberId, groupInstanceId: null, errorCode: 0 }] })
    expect(context.heartbeat(b!)).toBe(errors.REBALANCE_IN_PROGRESS.code)
    const reply = context.join({ memberId: b!.memberId })
    expect(reply.now).toMatchObject({ generationId: 2, leader: b!.memberId })
  })

  it('empties the group with the last member, and writes that down', () => {
    const context = new ClassicContext()
    const [a] = context.stable('a')
    const records = context.coordinator.written(() => context.leave(a!))
    expect(records).toMatchObject([
      {
        type: 'GroupMetadata',
        value: { protocolType: 'consumer', generation: 2, protocol: null, leader: null, members: [] },
      },
    ])
    expect(context.state).toBe('Empty')
  })

  it('tells each member that it does not know', () => {
    const context = new ClassicContext()
    context.stable('a')
    const unknown = { memberId: 'x', groupInstanceId: null, errorCode: errors.UNKNOWN_MEMBER_ID.code }
    expect(context.leave({ memberId: 'x' })).toEqual({ members: [unknown] })
    expect(new ClassicContext().leave({ memberId: 'x' })).toEqual({ members: [unknown] })
  })

  it('ends the wait of a member that leaves while it joins', () => {
    const context = new ClassicContext()
    const [a] = context.stable('a', 'b')
    const waiting = context.join({ memberId: a!.memberId })
    context.leave(a!)
    expect(waiting.now).toEqual({ memberId: '', errorCode: errors.UNKNOWN_MEMBER_ID.code })
  })
})
