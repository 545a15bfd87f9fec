import { describe, expect, it } from 'vitest'
import { GroupWorld } from '../src/group-world.ts'

describe('the assignment strategies', () => {
  async function shares(partitionAssignmentStrategy: string): Promise<string[][]> {
    await using group = await GroupWorld.start({ partitions: 3 })
    await group.createTopic('returns', 3)
    const options = { partitionAssignmentStrategy, groupInstanceId: 'a' } as object
    const topics = ['orders', 'returns']
    const a = group.member('a', options).start({ topics })
    const b = group.member('b', { ...options, groupInstanceId: 'b' }).start({ topics })
    await group.until(() => a.owned.size + b.owned.size === 6 && a.owned.size > 0 && b.owned.size > 0)
    await group.world.runFor(3_000)
    return [[...a.owned].sort(), [...b.owned].sort()]
  }

  it('range cuts each topic, so the first member has the larger part of both', async () => {
    expect(await shares('range')).toEqual([
      ['orders-0', 'orders-1', 'returns-0', 'returns-1'],
      ['orders-2', 'returns-2'],
    ])
  })

  it('roundrobin deals all partitions in turn', async () => {
    expect(await shares('roundrobin')).toEqual([
      ['orders-0', 'orders-2', 'returns-1'],
      ['orders-1', 'returns-0', 'returns-2'],
    ])
  })

  it.each(['sticky', 'cooperative-sticky'])('%s shares evenly', async (strategy) => {
    const [a, b] = await shares(strategy)
    expect([a?.length, b?.length]).toEqual([3, 3])
    expect(new Set([...a!, ...b!]).size).toBe(6)
  })

  it('of members that have none in common refuse the one that comes last', async () => {
    await using group = await GroupWorld.start()
    const first = group.member('first', { partitionAssignmentStrategy: 'range' }).start()
    await group.untilShared([[first, 4]])
    const last = group.member('last', { partitionAssignmentStrategy: 'sticky' }).start()
    await group.until(() => last.error !== undefined)
    expect(last.error).toMatchObject({ code: 'INCONSISTENT_GROUP_PROTOCOL' })
  })

  it.each([{}, { groupProtocol: 'consumer' } as const])('give new partitions of a topic out (%o)', async (options) => {
    await using group = await GroupWorld.start({ topic: 'first' })
    const member = group.member('a', { ...options, allowAutoCreateTopics: false }).start({ topics: ['first', 'later'] })
    await group.untilShared([[member, 4]])
    await group.createTopic('later', 2)
    await group.untilShared([[member, 6]])
  })
})
