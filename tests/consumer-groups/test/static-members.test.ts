import { describe, expect, it } from 'vitest'
import { GroupWorld } from '../src/group-world.ts'

const ways = [
  { way: 'eager', options: { partitionAssignmentStrategy: 'range' } },
  { way: 'cooperative', options: { partitionAssignmentStrategy: 'cooperative-sticky' } },
  { way: 'consumer protocol', options: { groupProtocol: 'consumer' } },
] as const

describe.each(ways)('a static member ($way)', ({ options }) => {
  async function twoMembers(group: GroupWorld) {
    const stays = group.member('stays', { ...options, groupInstanceId: 'stays' }).start()
    const goes = group.member('goes', { ...options, groupInstanceId: 'goes' }).start()
    await group.untilShared([
      [stays, 2],
      [goes, 2],
    ])
    return { stays, goes }
  }

  it('that is back within the session time-out has its partitions again, and nobody rebalances', async () => {
    await using group = await GroupWorld.start()
    const { stays, goes } = await twoMembers(group)
    const before = [...goes.owned].sort()
    stays.events.length = 0
    await group.world.settle(goes.stop())
    await group.world.runFor(3_000)
    const back = group.member('goes', { ...options, groupInstanceId: 'goes' }).start()
    await group.untilShared([[back, 2]])
    await group.world.runFor(10_000)
    expect([...back.owned].sort()).toEqual(before)
    expect(stays.events).toEqual([])
  })

  it('that is not back within the session time-out loses its partitions to the others', async () => {
    await using group = await GroupWorld.start()
    const { stays, goes } = await twoMembers(group)
    await group.world.settle(goes.stop())
    await group.world.runFor(4_000)
    expect(stays.owned.size).toBe(2)
    await group.untilShared([[stays, 4]])
    const back = group.member('goes', { ...options, groupInstanceId: 'goes' }).start()
    await group.untilShared([
      [stays, 2],
      [back, 2],
    ])
  })
})

describe('a second consumer with the group instance id of one that runs', () => {
  it('fences the first in the classic protocol', async () => {
    await using group = await GroupWorld.start()
    const first = group.member('first', { groupInstanceId: 'same' }).start()
    await group.untilShared([[first, 4]])
    const second = group.member('second', { groupInstanceId: 'same' }).start()
    await group.until(() => first.error !== undefined)
    expect(first.error).toMatchObject({ code: 'FENCED_INSTANCE_ID' })
    await group.untilShared([[second, 4]])
  })

  it('is refused itself in the consumer protocol', async () => {
    await using group = await GroupWorld.start()
    const options = { groupProtocol: 'consumer', groupInstanceId: 'same' } as const
    const first = group.member('first', options).start()
    await group.untilShared([[first, 4]])
    const second = group.member('second', options).start()
    await group.until(() => second.error !== undefined)
    expect(second.error).toMatchObject({ code: 'UNRELEASED_INSTANCE_ID' })
    expect(first.owned.size).toBe(4)
  })
})
