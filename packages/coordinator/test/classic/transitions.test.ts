import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { classicTransitions } from '../../src/index.ts'
import { ClassicContext, rebalanceTimeoutMs, sessionTimeoutMs } from '../support/classic-context.ts'

/** A group in a state, and what makes it go on; the states it is in before and after. */
type Scenario = () => { readonly before: string; readonly after: string }

const walk = (context: ClassicContext, event: () => void) => {
  const before = context.state
  event()
  return { before, after: context.state }
}

/** Between two rebalances: all have joined, nobody has an assignment. */
function completing(): { readonly context: ClassicContext; readonly memberId: string; readonly generationId: number } {
  const context = new ClassicContext()
  const join = context.joinWithId()
  context.coordinator.settle()
  return { context, memberId: join.memberId, generationId: join.now.generationId ?? -1 }
}

const scenarios: Record<string, Scenario> = {
  'Dead: member without id joins, or offsets are committed without a generation': () => {
    const context = new ClassicContext()
    return walk(context, () => context.commit(1))
  },
  'Empty: member joins': () => {
    const context = new ClassicContext()
    const { memberId = '' } = context.join().now
    return walk(context, () => context.join({ memberId }))
  },
  'PreparingRebalance: all members joined, or the time to join is over': () => {
    const context = new ClassicContext({ groupInitialRebalanceDelayMs: 3000 })
    context.joinWithId()
    return walk(context, () => context.coordinator.advance(3000))
  },
  'PreparingRebalance: no member is left': () => {
    const context = new ClassicContext({ groupInitialRebalanceDelayMs: 3000 })
    const { memberId } = context.joinWithId()
    return walk(context, () => {
      context.leave({ memberId })
      context.coordinator.advance(3000)
    })
  },
  'CompletingRebalance: leader sent the assignment': () => {
    const { context, ...member } = completing()
    return walk(context, () => context.sync(member, { [member.memberId]: 'all' }))
  },
  'CompletingRebalance: member joins, leaves, fails or changes': () => {
    const { context } = completing()
    return walk(context, () => context.joinWithId())
  },
  'CompletingRebalance: time to sync is over': () => {
    const context = new ClassicContext()
    const join = context.joinWithId({ sessionTimeoutMs: 120_000 })
    const other = context.joinWithId({ sessionTimeoutMs: 120_000, rebalanceTimeoutMs: 90_000 })
    context.coordinator.settle()
    context.sync({ memberId: other.memberId, generationId: other.now.generationId ?? -1 })
    const result = walk(context, () => context.coordinator.advance(90_000))
    expect(context.group.members.has(join.memberId)).toBe(false)
    return result
  },
  'Stable: member joins, leaves, fails or changes': () => {
    const context = new ClassicContext()
    context.stable('a', 'b')
    return walk(context, () => context.joinWithId())
  },
  'Stable: time to sync is over': () => {
    const context = new ClassicContext()
    const joins = ['a', 'b'].map(() => context.joinWithId({ sessionTimeoutMs: 120_000 }))
    context.coordinator.settle()
    const [leader] = joins.map(({ memberId, now }) => ({ memberId, generationId: now.generationId ?? -1 }))
    context.sync(leader!, {})
    return walk(context, () => context.coordinator.advance(rebalanceTimeoutMs))
  },
  'Empty: group is deleted or its offsets have expired': () => {
    const context = new ClassicContext()
    const [member] = context.stable('a')
    context.leave(member!)
    return walk(context, () => context.coordinator.advance(context.coordinator.config.offsetsRetentionCheckIntervalMs))
  },
}

describe('a classic group', () => {
  it.each(classicTransitions.map((row) => ({ ...row, title: `${row.from}: ${row.on}` })))(
    'goes from $from to $to: $on',
    ({ title, from, to }) => {
      expect(scenarios[title]?.()).toEqual({ before: from, after: to })
    },
  )

  it('has a scenario for every row of the transition table and none besides', () => {
    expect(Object.keys(scenarios).sort()).toEqual(classicTransitions.map(({ from, on }) => `${from}: ${on}`).sort())
  })

  it('tells its members to join again by their heartbeats while it prepares a rebalance, and by nothing else', () => {
    const context = new ClassicContext()
    const [a, b] = context.stable('a', 'b')
    expect(context.heartbeat(a!)).toBe(errors.NONE.code)
    context.joinWithId()
    expect(context.heartbeat(b!)).toBe(errors.REBALANCE_IN_PROGRESS.code)
    context.coordinator.advance(sessionTimeoutMs - 1)
    expect(context.heartbeat(b!)).toBe(errors.REBALANCE_IN_PROGRESS.code)
  })
})
