import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { deleteGroups, deleteOffsets, fetchOffsets, onTopicsDeleted } from '../../src/index.ts'
import { ClassicContext } from '../support/classic-context.ts'
import { startMs } from '../support/test-coordinator.ts'

const topicId = 'AAAAAAAAAAAAAAAAAAAAAg'
const minuteMs = 60_000

describe('committing offsets', () => {
  it('takes commits without a generation from clients that assign partitions by themselves', () => {
    const context = new ClassicContext()
    const records = context.coordinator.written(() => expect(context.commit(7, { metadata: 'm' })).toBe(0))
    expect(records).toEqual([
      {
        type: 'OffsetCommit',
        key: { group: 'group', topic: 't', partition: 0 },
        version: 4,
        value: {
          offset: 7,
          leaderEpoch: 3,
          metadata: 'm',
          commitTimestamp: startMs,
          expireTimestamp: -1,
          topicId,
        },
      },
    ])
    expect([context.state, context.committed(), context.committed(1)]).toEqual(['Empty', 7, -1])
  })

  it('takes commits of members in their generation alone', () => {
    const context = new ClassicContext()
    const [member] = context.stable('a')
    expect(context.commit(7, member)).toBe(0)
    expect(context.commit(8, { ...member!, generationId: 2 })).toBe(errors.ILLEGAL_GENERATION.code)
    expect(context.commit(8, { ...member!, memberId: 'stranger' })).toBe(errors.UNKNOWN_MEMBER_ID.code)
    expect(context.commit(8)).toBe(errors.UNKNOWN_MEMBER_ID.code)
    expect(context.committed()).toBe(7)
  })

  it('refuses members between join and sync, and takes what they commit before they join', () => {
    const context = new ClassicContext()
    const [a, b] = context.stable('a', 'b')
    context.join({ memberId: a!.memberId })
    expect(context.commit(7, b)).toBe(0)
    context.join({ memberId: b!.memberId })
    expect(context.commit(8, { ...b!, generationId: 2 })).toBe(errors.REBALANCE_IN_PROGRESS.code)
  })

  it('keeps the session of a member that commits', () => {
    const context = new ClassicContext()
    const [member] = context.stable('a')
    for (let offset = 0; offset < 5; offset++) {
      context.coordinator.advance(9000)
      expect(context.commit(offset, member)).toBe(0)
    }
  })

  it('refuses a generation of a group that does not exist', () => {
    expect(new ClassicContext().commit(1, { generationId: 1 })).toBe(errors.GROUP_ID_NOT_FOUND.code)
  })

  it('refuses metadata beyond offset.metadata.max.bytes', () => {
    const context = new ClassicContext({ offsetMetadataMaxBytes: 4 })
    expect(context.commit(1, { metadata: '12345' })).toBe(errors.OFFSET_METADATA_TOO_LARGE.code)
    expect(context.commit(1, { metadata: '1234' })).toBe(0)
  })
})

describe('fetching offsets', () => {
  it('gives everything a group has committed when no topics are named', () => {
    const context = new ClassicContext()
    context.commit(7)
    context.commit(9, { partition: 3 })
    const fetch = { groupId: 'group', memberId: null, memberEpoch: -1, requireStable: false, topics: null }
    const offset = { committedLeaderEpoch: 3, metadata: '' }
    expect(fetchOffsets(context.coordinator.state, fetch)).toEqual({
      groupId: 'group',
      topics: [
        {
          name: 't',
          partitions: [
            { partitionIndex: 0, committedOffset: 7, ...offset },
            { partitionIndex: 3, committedOffset: 9, ...offset },
          ],
        },
      ],
    })
  })

  it('does not give what was committed for a deleted topic of the same name', () => {
    const context = new ClassicContext()
    context.commit(7)
    const committed = (id: string) => {
      const topics = [{ name: 't', topicId: id, partitionIndexes: [0] }]
      const fetch = { groupId: 'group', memberId: null, memberEpoch: -1, requireStable: false, topics }
      return fetchOffsets(context.coordinator.state, fetch).topics?.[0]?.partitions?.[0]?.committedOffset
    }
    expect([committed(topicId), committed('AAAAAAAAAAAAAAAAAAAAAw')]).toEqual([7, -1])
  })
})

describe('offsets of transactions', () => {
  const key = { group: 'group', topic: 't', partition: 0 }
  const producerId = 9
  const commitOf = (offset: number) => ({
    type: 'OffsetCommit' as const,
    key,
    version: 4,
    value: { offset, leaderEpoch: -1, metadata: '', commitTimestamp: 1, expireTimestamp: -1, topicId },
  })
  const fetchStable = ({ coordinator }: ClassicContext, requireStable = true) => {
    const topics = [{ name: 't', topicId, partitionIndexes: [0] }]
    const fetch = { groupId: 'group', memberId: null, memberEpoch: -1, requireStable, topics }
    const { committedOffset, errorCode = 0 } = fetchOffsets(coordinator.state, fetch).topics?.[0]?.partitions?.[0] ?? {}
    return [committedOffset, errorCode]
  }

  it('count when the transaction is committed, and who asks for stable offsets waits until then', () => {
    const context = new ClassicContext()
    context.commit(7)
    const { state } = context.coordinator
    state.replay(commitOf(8), { now: 1, offset: 10, producerId })
    expect(fetchStable(context)).toEqual([-1, errors.UNSTABLE_OFFSET_COMMIT.code])
    expect(fetchStable(context, false)).toEqual([7, 0])
    state.replayEndOfTransaction(producerId, 'COMMIT')
    expect(fetchStable(context)).toEqual([8, 0])
  })

  it('are forgotten when it is aborted', () => {
    const context = new ClassicContext()
    context.commit(7)
    context.coordinator.state.replay(commitOf(8), { now: 1, offset: 10, producerId })
    context.coordinator.state.replayEndOfTransaction(producerId, 'ABORT')
    expect(fetchStable(context)).toEqual([7, 0])
  })

  it('do not win over a commit that was made later and counted earlier', () => {
    const context = new ClassicContext()
    const { state } = context.coordinator
    state.replay(commitOf(8), { now: 1, offset: 10, producerId })
    state.replay(commitOf(9), { now: 1, offset: 11 })
    state.replayEndOfTransaction(producerId, 'COMMIT')
    expect(fetchStable(context)).toEqual([9, 0])
  })

  it('keep their group while the transaction is open', () => {
    const context = new ClassicContext({ offsetsRetentionMinutes: 1 })
    context.coordinator.state.replay(commitOf(8), { now: 1, offset: 10, producerId })
    context.coordinator.advance(20 * minuteMs)
    expect(context.state).toBe('Empty')
    context.coordinator.state.replayEndOfTransaction(producerId, 'ABORT')
    context.coordinator.advance(20 * minuteMs)
    expect(context.state).toBe('Dead')
  })
})

describe('forgetting offsets', () => {
  const deletion = { groupId: 'group', topics: [{ name: 't', partitions: [{ partitionIndex: 0 }] }] }
  const remove = (context: ClassicContext) => context.coordinator.ask((state) => deleteOffsets(state, deletion)).now
  const result = (errorCode: number) => ({
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, errorCode }] }],
  })

  it('deletes on request what no member subscribes to', () => {
    const context = new ClassicContext()
    context.commit(7)
    expect(remove(context)).toEqual(result(0))
    expect(context.committed()).toBe(-1)
  })

  it('does not delete what members subscribe to', () => {
    const context = new ClassicContext()
    const [member] = context.stable('a')
    context.commit(7, member)
    expect(remove(context)).toEqual(result(errors.GROUP_SUBSCRIBED_TO_TOPIC.code))
    expect(context.committed()).toBe(7)
  })

  it('tells a group that does not exist', () => {
    expect(remove(new ClassicContext())).toEqual({ errorCode: errors.GROUP_ID_NOT_FOUND.code })
  })

  it('expires what a group has committed a retention time after it became empty, and the group with it', () => {
    const context = new ClassicContext({ offsetsRetentionMinutes: 60 })
    const [member] = context.stable('a')
    context.commit(7, member)
    context.coordinator.advance(5000)
    context.leave(member!)
    context.coordinator.advance(59 * minuteMs)
    expect([context.committed(), context.state]).toEqual([7, 'Empty'])
    context.coordinator.advance(11 * minuteMs)
    expect([context.committed(), context.state]).toEqual([-1, 'Dead'])
  })

  it('keeps what a living group commits for topics it reads, however old', () => {
    const context = new ClassicContext({ offsetsRetentionMinutes: 60 })
    const [member] = context.stable('a')
    context.commit(7, member)
    for (let waited = 0; waited < 3 * 60; waited++) {
      context.coordinator.advance(5000)
      context.heartbeat(member!)
    }
    expect(context.committed()).toBe(7)
  })

  it('counts from the commit where a group has no members of its own', () => {
    const context = new ClassicContext({ offsetsRetentionMinutes: 60 })
    context.commit(7)
    context.coordinator.advance(30 * minuteMs)
    context.commit(9, { partition: 1 })
    context.coordinator.advance(40 * minuteMs)
    expect([context.committed(0), context.committed(1), context.state]).toEqual([-1, 9, 'Empty'])
  })

  it('drops what was committed for a topic that is deleted', () => {
    const context = new ClassicContext()
    context.commit(7)
    context.coordinator.ask((state) => onTopicsDeleted(state, [{ name: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAAw' }]))
    expect(context.committed()).toBe(7)
    context.coordinator.ask((state) => onTopicsDeleted(state, [{ name: 't', topicId }]))
    expect(context.committed()).toBe(-1)
  })
})

describe('deleting groups', () => {
  it('takes offsets and group away, and tells what cannot be deleted', () => {
    const context = new ClassicContext()
    context.commit(7)
    const living = new ClassicContext({}, 'living')
    living.stable('a')
    const ask = (of: ClassicContext, groupId: string) =>
      of.coordinator.ask((state) => deleteGroups(state, [groupId])).now[0]
    expect(ask(context, 'group')).toEqual({ groupId: 'group', errorCode: 0 })
    expect(ask(context, 'group')).toEqual({ groupId: 'group', errorCode: errors.GROUP_ID_NOT_FOUND.code })
    expect(ask(living, 'living')).toEqual({ groupId: 'living', errorCode: errors.NON_EMPTY_GROUP.code })
    expect([context.state, context.committed()]).toEqual(['Dead', -1])
  })
})
