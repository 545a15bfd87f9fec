import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { describeConsumerGroup, fetchOffsets } from '../../src/index.ts'
import { ConsumerContext, partitionsOfT, rebalanceTimeoutMs, sessionTimeoutMs } from '../support/consumer-context.ts'

describe('joining a consumer group', () => {
  it('gives a first member everything at once', () => {
    const context = new ConsumerContext()
    expect(context.beat('a', { epoch: 0 })).toEqual({
      memberId: 'a',
      memberEpoch: 2,
      heartbeatIntervalMs: 5000,
      assignment: { topicPartitions: [{ topicId: context.topicId, partitions: [0, 1, 2, 3, 4, 5] }] },
    })
  })

  it('writes down member, epoch, target and assignment in that order', () => {
    const context = new ConsumerContext()
    const topics = (extra: object) => [{ topicId: context.topicId, partitions: [0, 1, 2, 3, 4, 5], ...extra }]
    const key = { groupId: 'group', memberId: 'a' }
    expect(context.coordinator.written(() => context.member('a', { rackId: 'r' }))).toMatchObject([
      {
        type: 'ConsumerGroupMemberMetadata',
        key,
        value: {
          instanceId: null,
          rackId: 'r',
          clientId: 'client',
          clientHost: '/127.0.0.1',
          subscribedTopicNames: ['t'],
          subscribedTopicRegex: '',
          rebalanceTimeoutMs,
          serverAssignor: null,
          classicMemberMetadata: null,
        },
      },
      { type: 'ConsumerGroupMetadata', key: { groupId: 'group' }, value: { epoch: 2 } },
      { type: 'ConsumerGroupTargetAssignmentMember', key, value: { topicPartitions: topics({}) } },
      {
        type: 'ConsumerGroupTargetAssignmentMetadata',
        key: { groupId: 'group' },
        value: { assignmentEpoch: 2, assignmentTimestamp: 1_000_000 },
      },
      {
        type: 'ConsumerGroupCurrentMemberAssignment',
        key,
        value: {
          memberEpoch: 2,
          previousMemberEpoch: 0,
          state: 0,
          assignedPartitions: topics({ assignmentEpochs: [2, 2, 2, 2, 2, 2] }),
          partitionsPendingRevocation: [],
        },
      },
    ])
  })

  it('writes nothing for a heartbeat that changes nothing, and does not repeat the assignment', () => {
    const context = new ConsumerContext()
    const a = context.member('a')
    expect(context.coordinator.written(() => a.beat())).toEqual([])
    expect(a.beat()).toEqual({ memberId: 'a', memberEpoch: 2, heartbeatIntervalMs: 5000 })
  })

  it('tells a member that says everything its assignment again', () => {
    const context = new ConsumerContext()
    const a = context.member('a')
    expect(a.beat({ topics: ['t'], rebalanceTimeoutMs }).assignment).toBeDefined()
  })

  it('makes the id of members older than version 1', () => {
    const context = new ConsumerContext()
    expect(context.beat('', { apiVersion: 0 })).toMatchObject({ memberId: 'kafka-uuid-1', memberEpoch: 2 })
  })

  const refusals: readonly [string, string, Parameters<ConsumerContext['beat']>[1], string, string?][] = [
    ['no member id', '', {}, 'INVALID_REQUEST', "MemberId can't be empty."],
    ['an empty instance id', 'a', { instanceId: ' ' }, 'INVALID_REQUEST', "InstanceId can't be empty."],
    ['an empty rack', 'a', { rackId: '' }, 'INVALID_REQUEST', "RackId can't be empty."],
    [
      'no rebalance time-out',
      'a',
      { rebalanceTimeoutMs: -1 },
      'INVALID_REQUEST',
      'RebalanceTimeoutMs must be provided in first request.',
    ],
    [
      'partitions when it joins',
      'a',
      { owned: ['t-0'] },
      'INVALID_REQUEST',
      'TopicPartitions must be empty when (re-)joining.',
    ],
    [
      'no subscription',
      'a',
      { topics: null },
      'INVALID_REQUEST',
      'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.',
    ],
    ['an impossible epoch', 'a', { epoch: -3 }, 'INVALID_REQUEST', 'MemberEpoch is invalid.'],
    ['a leave for a while without instance id', 'a', { epoch: -2 }, 'INVALID_REQUEST', "InstanceId can't be null."],
    [
      'an unknown assignor',
      'a',
      { assignor: 'x' },
      'UNSUPPORTED_ASSIGNOR',
      'ServerAssignor x is not supported. Supported assignors: uniform, range.',
    ],
    ['an epoch of a group that is not there', 'a', { epoch: 3 }, 'GROUP_ID_NOT_FOUND'],
    [
      'a pattern that cannot be read',
      'a',
      { topics: null, regex: '[' },
      'INVALID_REGULAR_EXPRESSION',
      'SubscribedTopicRegex `[` is not a valid regular expression: missing closing ].',
    ],
  ]
  it.each(refusals)('refuses %s', (_, memberId, options, error, message) => {
    const context = new ConsumerContext()
    const response = context.beat(memberId, options)
    expect(response.errorCode).toBe(errors[error as keyof typeof errors].code)
    if (message !== undefined) expect(response.errorMessage).toBe(message)
    expect(context.coordinator.log).toEqual([])
  })

  it('refuses members beyond group.consumer.max.size', () => {
    const context = new ConsumerContext({ groupConsumerMaxSize: 1 })
    context.member('a')
    expect(context.beat('b', {})).toEqual({
      errorCode: errors.GROUP_MAX_SIZE_REACHED.code,
      errorMessage: 'The consumer group has reached its maximum capacity of 1 members.',
    })
  })
})

describe('a second member', () => {
  it('gets its part only when the first has given it up', () => {
    const context = new ConsumerContext()
    const [a, b] = [context.member('a'), context.member('b')]
    expect([b.epoch, b.owned]).toEqual([3, []])
    expect(a.beat().memberEpoch).toBe(2)
    expect([a.owned, context.group.members.get('a')?.state]).toEqual([partitionsOfT(0, 1, 2), 'UNREVOKED_PARTITIONS'])
    b.beat()
    expect(b.owned).toEqual([])
    a.beat()
    expect(a.epoch).toBe(3)
    b.beat()
    expect([b.owned, context.group.state]).toEqual([partitionsOfT(3, 4, 5), 'Stable'])
  })

  it('that stays away leaves its part to the first after its session time-out', () => {
    const context = new ConsumerContext()
    const [a, b] = [context.member('a'), context.member('b')]
    context.settle(a, b)
    context.coordinator.advance(sessionTimeoutMs - 1)
    a.beat()
    context.coordinator.advance(1)
    context.settle(a)
    expect([a.owned, context.group.members.size]).toEqual([partitionsOfT(0, 1, 2, 3, 4, 5), 1])
    expect(b.beat().errorCode).toBe(errors.UNKNOWN_MEMBER_ID.code)
  })

  it('that leaves gives its part back at once', () => {
    const context = new ConsumerContext()
    const [a, b] = [context.member('a'), context.member('b')]
    context.settle(a, b)
    expect(b.leave()).toEqual({ memberId: 'b', memberEpoch: -1 })
    a.beat()
    expect(a.owned).toEqual(partitionsOfT(0, 1, 2, 3, 4, 5))
  })

  it('waits for at most the rebalance time-out of a member that does not give its part up', () => {
    const context = new ConsumerContext()
    const [a, b] = [context.member('a'), context.member('b')]
    a.beat()
    const stubborn = { owned: partitionsOfT(0, 1, 2, 3, 4, 5) }
    for (let waited = 0; waited < rebalanceTimeoutMs; waited += 5000) {
      expect(a.beat(stubborn).errorCode ?? 0).toBe(0)
      b.beat()
      context.coordinator.advance(5000)
    }
    expect(a.beat(stubborn).errorCode).toBe(errors.UNKNOWN_MEMBER_ID.code)
    context.settle(b)
    expect(b.owned).toEqual(partitionsOfT(0, 1, 2, 3, 4, 5))
  })
})

describe('member epochs', () => {
  it('fence a member that names one it was not given', () => {
    const context = new ConsumerContext()
    const a = context.member('a')
    expect(a.beat({ epoch: 3 })).toMatchObject({ errorCode: errors.FENCED_MEMBER_EPOCH.code })
    expect(a.beat({ epoch: 1 })).toMatchObject({ errorCode: errors.FENCED_MEMBER_EPOCH.code })
  })

  it('let a member that missed an answer go on, while it has nothing that was taken away', () => {
    const context = new ConsumerContext()
    const [a, b] = [context.member('a'), context.member('b')]
    context.settle(a, b)
    b.leave()
    const [epoch, owned] = [a.epoch, a.owned]
    a.beat()
    expect(a.epoch).toBe(epoch + 1)
    expect(context.beat('a', { epoch, owned, topics: null, rebalanceTimeoutMs: -1 })).toMatchObject({
      memberEpoch: epoch + 1,
    })
    expect(context.beat('a', { epoch, owned: ['x-0'], topics: null }).errorCode).toBe(errors.FENCED_MEMBER_EPOCH.code)
  })

  it('grow with every change on which the assignment depends', () => {
    const context = new ConsumerContext()
    const a = context.member('a')
    const epochs = [a.epoch]
    const after = (change: () => void) => {
      change()
      context.settle(a)
      epochs.push(a.epoch)
    }
    after(() => context.coordinator.topics.grow('t', 8))
    after(() => context.coordinator.topics.create('other', 1))
    after(() => a.beat({ topics: ['t', 'other'] }))
    after(() => a.beat({ assignor: 'range' }))
    after(() => context.coordinator.topics.delete('other'))
    expect(epochs).toEqual([2, 3, 3, 4, 5, 6])
    expect(a.owned).toEqual(partitionsOfT(0, 1, 2, 3, 4, 5, 6, 7))
  })

  it('wait for the assignment interval before the next target', () => {
    const context = new ConsumerContext()
    context.coordinator.groupConfig.consumerAssignmentIntervalMs = 1000
    const [a, b] = [context.member('a'), context.member('b')]
    expect([b.epoch, b.owned, context.group.state]).toEqual([2, [], 'Assigning'])
    context.coordinator.advance(1000)
    context.settle(a, b)
    expect([a.epoch, b.owned]).toEqual([3, partitionsOfT(3, 4, 5)])
  })
})

describe('offsets of a consumer group', () => {
  it('are committed by members at their epoch', () => {
    const context = new ConsumerContext()
    const a = context.member('a')
    expect(context.commit(a)).toBe(0)
    expect(context.commit({ memberId: 'a', epoch: 3 })).toBe(errors.STALE_MEMBER_EPOCH.code)
    expect(context.commit({ memberId: 'x', epoch: 2 })).toBe(errors.UNKNOWN_MEMBER_ID.code)
  })

  it('are committed by a member that is behind for what it has had since, and for nothing else', () => {
    const context = new ConsumerContext()
    const [a, b] = [context.member('a'), context.member('b')]
    context.settle(a, b)
    const behind = { memberId: 'a', epoch: 2 }
    expect([context.commit(behind, 0), context.commit(behind, 5)]).toEqual([0, errors.STALE_MEMBER_EPOCH.code])
    expect(context.commit({ memberId: 'b', epoch: 2 }, 5)).toBe(errors.STALE_MEMBER_EPOCH.code)
  })

  it('are told to members at their epoch, and to whoever does not say who it is', () => {
    const context = new ConsumerContext()
    const a = context.member('a')
    context.commit(a)
    const fetch = (memberId: string | null, memberEpoch: number) =>
      fetchOffsets(context.coordinator.state, {
        groupId: 'group',
        memberId,
        memberEpoch,
        requireStable: false,
        topics: null,
      }).errorCode ?? 0
    expect([fetch(null, -1), fetch('a', 2)]).toEqual([0, 0])
    expect(fetch('a', 1)).toBe(errors.STALE_MEMBER_EPOCH.code)
    expect(fetch('x', 2)).toBe(errors.UNKNOWN_MEMBER_ID.code)
  })
})

describe('describing a consumer group', () => {
  it('tells epochs, members, and what they have and are to have', () => {
    const context = new ConsumerContext()
    context.member('a')
    context.member('b', { instanceId: 'i' })
    const { coordinator, topicId } = context
    const topics = (...partitions: number[]) => ({ topicPartitions: [{ topicId, topicName: 't', partitions }] })
    const member = { clientId: 'client', clientHost: '/127.0.0.1', subscribedTopicNames: ['t'], rackId: null }
    expect(describeConsumerGroup(coordinator.state, 'group', coordinator.context())).toEqual({
      groupId: 'group',
      groupState: 'Reconciling',
      groupEpoch: 3,
      assignmentEpoch: 3,
      assignorName: 'uniform',
      members: [
        {
          ...{ ...member, memberId: 'a', instanceId: null, memberEpoch: 2, memberType: 1, subscribedTopicRegex: '' },
          assignment: topics(0, 1, 2, 3, 4, 5),
          targetAssignment: topics(0, 1, 2),
        },
        {
          ...{ ...member, memberId: 'b', instanceId: 'i', memberEpoch: 3, memberType: 1, subscribedTopicRegex: '' },
          assignment: { topicPartitions: [] },
          targetAssignment: topics(3, 4, 5),
        },
      ],
    })
  })

  it('tells a group that is not there, or not of that kind', () => {
    const { coordinator } = new ConsumerContext()
    expect(describeConsumerGroup(coordinator.state, 'x', coordinator.context())).toEqual({
      groupId: 'x',
      errorCode: errors.GROUP_ID_NOT_FOUND.code,
      errorMessage: 'Group x not found.',
    })
  })
})
