import { describe, expect, it } from 'vitest'
import { GroupWorld } from '../src/group-world.ts'

const ways = [
  { way: 'eager', options: { partitionAssignmentStrategy: 'range' } },
  { way: 'cooperative', options: { partitionAssignmentStrategy: 'cooperative-sticky' } },
  { way: 'consumer protocol', options: { groupProtocol: 'consumer' } },
  { way: 'auto', options: { groupProtocol: 'auto' } },
] as const

describe.each(ways)('rebalancing ($way)', ({ options }) => {
  it('shares the partitions with a consumer that joins', async () => {
    await using group = await GroupWorld.start()
    const first = group.member('first', options).start()
    await group.untilShared([[first, 4]])
    const second = group.member('second', options).start()
    await group.untilShared([
      [first, 2],
      [second, 2],
    ])
    expect([...first.owned, ...second.owned].sort()).toEqual(['orders-0', 'orders-1', 'orders-2', 'orders-3'])
  })

  it('gives the partitions of a consumer that leaves to the others, and they go on where it ended', async () => {
    await using group = await GroupWorld.start()
    const [first, second] = [group.member('first', options).start(), group.member('second', options).start()]
    await group.untilShared([
      [first, 2],
      [second, 2],
    ])
    await group.produce({ count: 5 })
    await group.until(() => first.received.length + second.received.length === 20)
    await group.world.settle(second.stop())
    await group.untilShared([[first, 4]])
    await group.produce({ count: 5 })
    await group.until(() => first.received.length + second.received.length >= 40)
    expect(first.received.length + second.received.length).toBe(40)
  })

  it('gives the partitions of a consumer that crashed to the others when its session is over', async () => {
    await using group = await GroupWorld.start()
    const [first, second] = [group.member('first', options).start(), group.member('second', options).start()]
    await group.untilShared([
      [first, 2],
      [second, 2],
    ])
    const crashedMs = group.world.elapsedMs
    second.crash()
    await group.untilShared([[first, 4]])
    const tookMs = group.world.elapsedMs - crashedMs
    expect(tookMs).toBeGreaterThan(5_000)
    expect(tookMs).toBeLessThan(8_000)
  })

  it('takes the partitions from a consumer that does not poll within maxPollIntervalMs, and lets it join again', async () => {
    await using group = await GroupWorld.start()
    const slow = group.member('slow', { ...options, maxPollIntervalMs: 2_000 }).start()
    const first = group.member('first', options).start()
    await group.untilShared([
      [first, 2],
      [slow, 2],
    ])
    slow.pause()
    await group.produce()
    await group.untilShared([[first, 4]])
    expect(slow.owned.size).toBe(2)
    slow.resume()
    await group.untilShared([
      [first, 2],
      [slow, 2],
    ])
    expect(slow.events.filter((event) => event.startsWith('lost'))).toHaveLength(1)
  })
})

describe('what a rebalance stops', () => {
  /** Records that come all the time, while a third member joins; how many the first two get in the meantime, and who loses what. */
  async function joinUnderLoad(options: object) {
    await using group = await GroupWorld.start({ partitions: 6 })
    const members = [group.member('a', options).start(), group.member('b', options).start()]
    await group.untilShared(members.map((member) => [member, 3] as const))
    for (const member of members) member.events.length = 0
    const begunMs = group.world.elapsedMs
    const third = group.member('c', options).start({})
    const produced: Promise<void>[] = []
    while (third.owned.size < 2 || members.some(({ owned }) => owned.size !== 2)) {
      produced.push(group.send({ partitions: 6 }))
      await group.world.runFor(10)
    }
    const endedMs = group.world.elapsedMs
    await group.world.settle(Promise.all(produced))
    const during = members.flatMap(({ received }) => received).filter(({ atMs }) => atMs >= begunMs && atMs < endedMs)
    const revoked = members.flatMap(({ events }) => events.filter((event) => event.startsWith('revoked')))
    return { records: during.length, revoked: revoked.flatMap((event) => event.split(' ').slice(1)) }
  }

  it('is everything with an eager assignor: all partitions are given up', async () => {
    const { revoked } = await joinUnderLoad({ partitionAssignmentStrategy: 'range' })
    expect(new Set(revoked).size).toBe(6)
  })

  it.each([
    { way: 'cooperative', options: { partitionAssignmentStrategy: 'cooperative-sticky' } },
    { way: 'consumer protocol', options: { groupProtocol: 'consumer' } },
  ])('is only what must move ($way): the rest is read on', async ({ options }) => {
    const { revoked, records } = await joinUnderLoad(options)
    expect(revoked).toHaveLength(2)
    expect(records).toBeGreaterThan(40)
  })
})
