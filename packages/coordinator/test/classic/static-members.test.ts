import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { bytes, ClassicContext, type Joined, rebalanceTimeoutMs, sessionTimeoutMs } from '../support/classic-context.ts'

/** A stable group of two static members, `i1` (the leader) and `i2`, assigned `one` and `two`. */
function stable(): { readonly context: ClassicContext; readonly one: Joined; readonly two: Joined } {
  const context = new ClassicContext({ groupInitialRebalanceDelayMs: 3000 })
  const joins = ['i1', 'i2'].map((instanceId) => context.join({ instanceId }))
  context.coordinator.advance(6000)
  const [one, two] = joins.map(({ now }) => ({ memberId: now.memberId ?? '', generationId: now.generationId ?? 0 }))
  context.sync(two!, {}, 'i2')
  context.sync(one!, { [one!.memberId]: 'one', [two!.memberId]: 'two' }, 'i1')
  return { context, one: one!, two: two! }
}

describe('a static member', () => {
  it('is taken in without coming back for its id', () => {
    const { context, one } = stable()
    expect(one.memberId).toBe('i1-uuid-1')
    expect(context.state).toBe('Stable')
  })

  it('that is back within its session time-out keeps its assignment, and nobody notices', () => {
    const { context, one, two } = stable()
    context.coordinator.advance(sessionTimeoutMs - 1)
    context.heartbeat(one, 'i1')
    const { now } = context.join({ instanceId: 'i2' })
    expect(now).toMatchObject({ errorCode: 0, generationId: two.generationId, leader: one.memberId, members: [] })
    const back = { memberId: now.memberId ?? '', generationId: now.generationId ?? 0 }
    expect(back.memberId).not.toBe(two.memberId)
    expect(context.sync(back, {}, 'i2').now.assignment).toEqual(bytes('two'))
    expect(context.heartbeat(one, 'i1')).toBe(errors.NONE.code)
    expect(context.state).toBe('Stable')
  })

  it('fences the one that had its instance id before', () => {
    const { context, two } = stable()
    context.join({ instanceId: 'i2' })
    expect(context.heartbeat(two, 'i2')).toBe(errors.FENCED_INSTANCE_ID.code)
    expect(context.sync(two, {}, 'i2').now.errorCode).toBe(errors.FENCED_INSTANCE_ID.code)
    expect(context.commit(1, { ...two, instanceId: 'i2' })).toBe(errors.FENCED_INSTANCE_ID.code)
    const { memberId } = two
    expect(context.leave({ memberId, instanceId: 'i2' }).members?.[0]?.errorCode).toBe(errors.FENCED_INSTANCE_ID.code)
    expect(context.join({ memberId, instanceId: 'i2' }).now.errorCode).toBe(errors.FENCED_INSTANCE_ID.code)
  })

  it('that waits in a join is fenced there and then', () => {
    const { context, two } = stable()
    const waiting = context.join({ memberId: two.memberId, instanceId: 'i2', topics: ['u'] })
    context.join({ instanceId: 'i2', topics: ['u'] })
    expect(waiting.now).toEqual({
      memberId: two.memberId,
      protocolName: null,
      errorCode: errors.FENCED_INSTANCE_ID.code,
    })
  })

  it('that leads and is back is told to skip the assignment, since version 9', () => {
    const { context } = stable()
    const { now } = context.join({ instanceId: 'i1' })
    expect(now).toMatchObject({ leader: now.memberId, skipAssignment: true })
    expect(now.members).toHaveLength(2)
  })

  it('that leads and is back is told its former id as the leader before version 9, so that it does not assign', () => {
    const { context, one } = stable()
    const { now } = context.join({ instanceId: 'i1', apiVersion: 8 })
    expect(now).toMatchObject({ leader: one.memberId, skipAssignment: false, members: [] })
  })

  it('that is back with another protocol makes the group rebalance', () => {
    const context = new ClassicContext()
    const { now } = join(context)
    context.sync({ memberId: now.memberId ?? '', generationId: now.generationId ?? 0 }, {})
    context.join({ instanceId: 'i', protocols: ['sticky', 'range'] })
    expect(context.group).toMatchObject({ state: 'CompletingRebalance', generationId: 2, protocolName: 'sticky' })
  })

  it('that is back later than its session time-out finds its partitions with the others', () => {
    const { context, one } = stable()
    context.coordinator.advance(sessionTimeoutMs - 1)
    context.heartbeat(one, 'i1')
    context.coordinator.advance(1)
    expect(context.heartbeat(one, 'i1')).toBe(errors.REBALANCE_IN_PROGRESS.code)
    expect([...context.group.members.keys()]).toEqual([one.memberId])
  })

  it('that does not join a rebalance stays a member until its session ends', () => {
    const { context, one, two } = stable()
    const reply = context.join({ memberId: one.memberId, instanceId: 'i1' })
    for (let waited = 0; waited < rebalanceTimeoutMs; waited += 5000) {
      context.heartbeat(two, 'i2')
      context.coordinator.advance(5000)
    }
    expect(reply.now).toMatchObject({ generationId: 2, leader: one.memberId })
    expect(reply.now.members).toHaveLength(2)
  })

  it('can be removed by an administrator who knows only its instance id', () => {
    const { context } = stable()
    expect(context.leave({ instanceId: 'i2' }, { instanceId: 'i9' })).toEqual({
      members: [
        { memberId: '', groupInstanceId: 'i2', errorCode: 0 },
        { memberId: '', groupInstanceId: 'i9', errorCode: errors.UNKNOWN_MEMBER_ID.code },
      ],
    })
    expect(context.state).toBe('PreparingRebalance')
  })

  it('keeps its id when its new one cannot be written down', () => {
    const { context, two } = stable()
    context.coordinator.refuses = 'NOT_ENOUGH_REPLICAS'
    expect(context.join({ instanceId: 'i2' }).now).toMatchObject({
      memberId: '',
      errorCode: errors.COORDINATOR_NOT_AVAILABLE.code,
    })
    expect(context.heartbeat(two, 'i2')).toBe(errors.NONE.code)
  })
})

function join(context: ClassicContext) {
  const reply = context.join({ instanceId: 'i', protocols: ['range', 'sticky'] })
  context.coordinator.settle()
  return reply
}
