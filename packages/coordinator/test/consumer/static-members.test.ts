import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { ConsumerContext, partitionsOfT, sessionTimeoutMs } from '../support/consumer-context.ts'

describe('a static member of a consumer group', () => {
  it('that leaves for a while finds its partitions again under a new id, and the others notice nothing', () => {
    const context = new ConsumerContext()
    const [a, b] = [context.member('a'), context.member('b', { instanceId: 'i' })]
    context.settle(a, b)
    const { groupEpoch } = context.group
    expect(b.leave(-2)).toEqual({ memberId: 'b', memberEpoch: -2 })
    a.beat()
    const back = context.member('b2', { instanceId: 'i' })
    expect([back.epoch, back.owned]).toEqual([groupEpoch, partitionsOfT(3, 4, 5)])
    expect([a.beat().memberEpoch, context.group.groupEpoch]).toEqual([groupEpoch, groupEpoch])
    expect([...context.group.members.keys()].sort()).toEqual(['a', 'b2'])
  })

  it('that does not come back loses its partitions when its session ends', () => {
    const context = new ConsumerContext()
    const [a, b] = [context.member('a'), context.member('b', { instanceId: 'i' })]
    context.settle(a, b)
    b.leave(-2)
    context.coordinator.advance(sessionTimeoutMs - 1)
    a.beat()
    expect(a.owned).toEqual(partitionsOfT(0, 1, 2))
    context.coordinator.advance(1)
    context.settle(a)
    expect(a.owned).toEqual(partitionsOfT(0, 1, 2, 3, 4, 5))
  })

  it('is not let in while another one holds its instance id', () => {
    const context = new ConsumerContext()
    context.member('a', { instanceId: 'i' })
    expect(context.beat('b', { instanceId: 'i' })).toEqual({
      errorCode: errors.UNRELEASED_INSTANCE_ID.code,
      errorMessage:
        'Static member b with instance id i cannot join the group because the instance id is owned by a member.',
    })
  })

  it('that was replaced is fenced', () => {
    const context = new ConsumerContext()
    const a = context.member('a', { instanceId: 'i' })
    a.leave(-2)
    context.member('a2', { instanceId: 'i' })
    expect(a.beat().errorCode).toBe(errors.FENCED_INSTANCE_ID.code)
    expect(a.leave().errorCode).toBe(errors.FENCED_INSTANCE_ID.code)
  })

  it('is unknown under an instance id that nobody has', () => {
    const context = new ConsumerContext()
    context.member('a')
    expect(context.beat('b', { epoch: 2, instanceId: 'i', owned: [] })).toEqual({
      errorCode: errors.UNKNOWN_MEMBER_ID.code,
      errorMessage: 'Instance id i is unknown.',
    })
  })
})
