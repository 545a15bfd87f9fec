import { describe, expect, it } from 'vitest'
import { GroupWorld } from '../src/group-world.ts'

const partition = { topic: 'orders', partition: 0 }

describe.each(['classic', 'consumer'] as const)('commits (%s)', (groupProtocol) => {
  it('auto commit commits what was processed, every autoCommitIntervalMs', async () => {
    await using group = await GroupWorld.start({ partitions: 1 })
    const member = group.member('a', { groupProtocol }).start()
    await group.produce({ partitions: 1, count: 7 })
    await group.until(() => member.received.length === 7)
    await group.world.runFor(2_100)
    const committed = await group.world.settle(member.consumer.committed(partition))
    expect(committed.get(partition)?.offset).toBe(7)
  })

  it('auto commit leaves out what the handler is still at', async () => {
    await using group = await GroupWorld.start({ partitions: 1 })
    const member = group.member('a', { groupProtocol })
    await group.produce({ partitions: 1, count: 7 })
    member.start()
    member.pause()
    await group.until(() => member.received.length === 7)
    await group.world.runFor(3_000)
    const committed = await group.world.settle(member.consumer.committed(partition))
    expect(committed.get(partition)?.offset ?? 0).toBe(0)
  })

  it.each([
    { when: 'before', commits: false, again: [0, 1, 2, 3, 4] },
    { when: 'after', commits: true, again: [] },
  ])('a crash $when the commit makes the next consumer read $again again', async ({ commits, again }) => {
    await using group = await GroupWorld.start({ partitions: 1 })
    const options = { groupProtocol, enableAutoCommit: false }
    const first = group.member('first', options)
    await group.produce({ partitions: 1, count: 5 })
    first.start({
      async handle() {
        if (commits) await first.consumer.commit()
      },
    })
    await group.until(() => first.received.length === 5)
    await group.world.runFor(100)
    first.crash()
    const second = group.member('second', options).start()
    await group.untilShared([[second, 1]])
    await group.produce({ partitions: 1 })
    await group.until(() => second.offsetsOf('orders-0').includes(5))
    expect(second.offsetsOf('orders-0')).toEqual([...again, 5])
  })

  it('close commits what was processed, so nothing is read again', async () => {
    await using group = await GroupWorld.start({ partitions: 1 })
    const first = group.member('first', { groupProtocol, autoCommitIntervalMs: 60_000 }).start()
    await group.produce({ partitions: 1, count: 5 })
    await group.until(() => first.received.length === 5)
    await group.world.settle(first.stop())
    const second = group.member('second', { groupProtocol }).start()
    await group.untilShared([[second, 1]])
    await group.produce({ partitions: 1 })
    await group.until(() => second.received.length > 0)
    expect(second.offsetsOf('orders-0')).toEqual([5])
  })

  it('of a member that was removed from its group fail with CommitFailedError', async () => {
    await using group = await GroupWorld.start({ partitions: 1 })
    const options = { groupProtocol, enableAutoCommit: false, maxPollIntervalMs: 1_000 }
    const member = group.member('a', options)
    await group.produce({ partitions: 1 })
    member.start()
    member.pause()
    await group.until(() => member.received.length === 1)
    await group.world.runFor(2_000)
    const outcome = member.consumer.commit().catch((error: unknown) => error)
    expect(await group.world.settle(outcome)).toMatchObject({ name: 'CommitFailedError', code: 'COMMIT_FAILED' })
  })

  it('in onPartitionsRevoked are taken, and the next owner begins there', async () => {
    await using group = await GroupWorld.start({ partitions: 2 })
    const options = { groupProtocol, enableAutoCommit: false }
    const first = group.member('first', options).start({
      listener: { onPartitionsRevoked: () => first.consumer.commit() },
    })
    await group.produce({ partitions: 2, count: 5 })
    await group.until(() => first.received.length === 10)
    const second = group.member('second', options).start()
    await group.untilShared([
      [first, 1],
      [second, 1],
    ])
    await group.produce({ partitions: 2 })
    await group.until(() => second.received.length > 0)
    expect(second.received.map(({ offset }) => offset)).toEqual([5])
  })
})
