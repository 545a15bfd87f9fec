import { errors } from '@odradek/protocol'
import { decodeAssignment, encodeAssignment, encodeSubscription } from '@odradek/strategies'
import { describe, expect, it } from 'vitest'
import { joinGroup, leaveGroup, syncGroup } from '../../src/index.ts'
import { ClassicContext, type Joined } from '../support/classic-context.ts'
import { ConsumerContext, partitionsOfT } from '../support/consumer-context.ts'
import type { defaultConfig } from '../support/test-coordinator.ts'

/** One group, seen by members of both protocols. */
class MigratingContext {
  readonly consumer: ConsumerContext
  readonly classic: ClassicContext

  constructor(config: Partial<typeof defaultConfig> = {}) {
    this.classic = new ClassicContext(config)
    this.consumer = new ConsumerContext({}, this.classic.coordinator)
  }

  get type(): string | undefined {
    return this.classic.coordinator.state.group('group')?.type
  }

  get state(): string {
    return this.classic.state
  }

  /** A stable classic group of two members with half of the topic each, the first leads. */
  stableClassic(): readonly [Joined, Joined] {
    const joins = ['a', 'b'].map((clientId) => this.classic.joinWithId({ clientId }))
    this.classic.coordinator.settle()
    const [a, b] = joins.map(({ memberId, now }) => ({ memberId, generationId: now.generationId ?? 0 }))
    this.classic.sync(b!)
    this.assign(a!, { [a!.memberId]: [0, 1, 2], [b!.memberId]: [3, 4, 5] })
    return [a!, b!]
  }

  assign(leader: Joined, partitions: Readonly<Record<string, readonly number[]>>): void {
    const assignments = Object.entries(partitions).map(([memberId, numbers]) => ({
      memberId,
      assignment: encodeAssignment({ partitions: numbers.map((partition) => ({ topic: 't', partition })) }),
    }))
    const request = {
      groupId: 'group',
      ...leader,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments,
    }
    const requester = { apiVersion: 5, clientId: 'c', clientHost: '/127.0.0.1' }
    this.classic.coordinator.ask((state, context, reply) =>
      syncGroup(state, { request, requester: { ...requester, reply } }, context),
    )
  }

  /** A classic member joins a consumer group with what it has; the epoch, and the partitions it is told. */
  rejoin(
    memberId: string,
    owned: readonly number[],
  ): { readonly epoch: number; readonly partitions: readonly number[] } {
    const ownedPartitions = owned.map((partition) => ({ topic: 't', partition }))
    const metadata = encodeSubscription({ topics: ['t'], ownedPartitions })
    const request = {
      groupId: 'group',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata }],
      reason: null,
    }
    const requester = { apiVersion: 9, clientId: 'c', clientHost: '/127.0.0.1' }
    const joined = this.classic.coordinator.ask((state, context, reply) =>
      joinGroup(state, { request, requester: { ...requester, reply } }, context),
    ).now
    const epoch = joined.generationId ?? -1
    const { assignment } = this.classic.sync({ memberId, generationId: epoch }).now
    return {
      epoch,
      partitions: decodeAssignment(assignment instanceof Uint8Array ? assignment : new Uint8Array(0)).partitions.map(
        ({ partition }) => partition,
      ),
    }
  }
}

describe('a classic group that a member of the consumer protocol joins', () => {
  it('becomes a consumer group, in which the classic members keep what they have', () => {
    const context = new MigratingContext()
    const [a, b] = context.stableClassic()
    const c = context.consumer.member('c')
    expect([context.type, c.epoch, c.owned]).toEqual(['consumer', 2, []])
    const members = context.consumer.group.members
    expect([...members.values()].map(({ memberId, classic }) => [memberId, classic !== null])).toEqual([
      [a.memberId, true],
      [b.memberId, true],
      ['c', false],
    ])
    expect(members.get(a.memberId)).toMatchObject({ memberEpoch: 1, state: 'STABLE' })
  })

  it('writes down the end of the one and the beginning of the other', () => {
    const context = new MigratingContext()
    context.stableClassic()
    const records = context.consumer.coordinator.written(() => context.consumer.member('c'))
    expect(records.slice(0, 8).map(({ type, value }) => [type, value !== null])).toEqual([
      ['GroupMetadata', false],
      ['ConsumerGroupMemberMetadata', true],
      ['ConsumerGroupMemberMetadata', true],
      ['ConsumerGroupMetadata', true],
      ['ConsumerGroupTargetAssignmentMember', true],
      ['ConsumerGroupTargetAssignmentMember', true],
      ['ConsumerGroupTargetAssignmentMetadata', true],
      ['ConsumerGroupCurrentMemberAssignment', true],
    ])
  })

  it('leads the classic members through their joins and syncs, until everybody has a third', () => {
    const context = new MigratingContext()
    const [a, b] = context.stableClassic()
    const c = context.consumer.member('c')
    const beats = () => [a, b].map((member) => context.classic.heartbeat(member))
    expect(beats()).toEqual([errors.REBALANCE_IN_PROGRESS.code, errors.REBALANCE_IN_PROGRESS.code])
    for (const [member, had] of [
      [a, [0, 1, 2]],
      [b, [3, 4, 5]],
    ] as const) {
      const told = context.rejoin(member.memberId, had)
      expect([told.epoch, told.partitions]).toEqual([1, had.slice(0, 2)])
      expect(context.rejoin(member.memberId, told.partitions)).toEqual({ epoch: 2, partitions: had.slice(0, 2) })
    }
    c.beat()
    expect([c.owned, context.state]).toEqual([partitionsOfT(2, 5), 'Stable'])
  })

  it('tells members in the middle of a rebalance to join again', () => {
    const context = new MigratingContext()
    const [a] = context.stableClassic()
    const waiting = context.classic.join({ memberId: a.memberId })
    context.consumer.member('c')
    expect(waiting.now).toEqual({ memberId: a.memberId, errorCode: errors.REBALANCE_IN_PROGRESS.code })
  })

  it('stays as it is where upgrades are disabled', () => {
    const context = new MigratingContext({ groupConsumerMigrationPolicy: 'downgrade' })
    context.stableClassic()
    expect(context.consumer.beat('c', {})).toEqual({
      errorCode: errors.GROUP_ID_NOT_FOUND.code,
      errorMessage: 'Cannot upgrade classic group group to consumer group because online upgrade is disabled.',
    })
    expect([context.type, context.state]).toEqual(['classic', 'Stable'])
  })

  it('makes way at once when it is empty, whatever the policy', () => {
    const context = new MigratingContext({ groupConsumerMigrationPolicy: 'disabled' })
    const [a, b] = context.stableClassic()
    context.classic.leave(a, b)
    const c = context.consumer.member('c')
    expect([context.type, c.owned.length]).toEqual(['consumer', 6])
  })
})

describe('a consumer group whose last member of the consumer protocol leaves', () => {
  it('becomes a classic group again, which rebalances with the members that are left', () => {
    const context = new MigratingContext()
    const [a, b] = context.stableClassic()
    const c = context.consumer.member('c')
    c.leave()
    expect([context.type, context.state]).toEqual(['classic', 'PreparingRebalance'])
    const joins = [a, b].map(({ memberId }) => context.classic.join({ memberId }))
    expect(joins.map(({ now }) => now.generationId)).toEqual([3, 3])
  })

  it('stays a consumer group where downgrades are disabled', () => {
    const context = new MigratingContext({ groupConsumerMigrationPolicy: 'upgrade' })
    context.stableClassic()
    context.consumer.member('c').leave()
    expect(context.type).toBe('consumer')
  })

  it('writes down the end of the one and the beginning of the other', () => {
    const context = new MigratingContext()
    context.stableClassic()
    const c = context.consumer.member('c')
    const records = context.consumer.coordinator.written(() => c.leave())
    expect(records.at(-1)).toMatchObject({ type: 'GroupMetadata', value: { generation: 2, protocol: 'range' } })
    expect(records.slice(0, -1).every(({ value }) => value === null)).toBe(true)
  })

  it('makes way for classic members at once when it is empty', () => {
    const context = new MigratingContext({ groupConsumerMigrationPolicy: 'disabled' })
    context.consumer.member('c').leave()
    const [a] = context.stableClassic()
    expect([context.type, a.generationId]).toEqual(['classic', 1])
  })
})

describe('classic members in a consumer group', () => {
  it('are removed when they do not join again in time', () => {
    const context = new MigratingContext()
    const [a, b] = context.stableClassic()
    const c = context.consumer.member('c')
    for (let waited = 0; waited < 60_000; waited += 5000) {
      context.classic.heartbeat(a)
      context.classic.heartbeat(b)
      c.beat()
      context.consumer.coordinator.advance(5000)
    }
    expect([...context.consumer.group.members.keys()]).toEqual(['c'])
  })

  it('can leave by LeaveGroup', () => {
    const context = new MigratingContext()
    const [a, b] = context.stableClassic()
    const c = context.consumer.member('c')
    const request = {
      groupId: 'group',
      memberId: '',
      members: [a, b].map(({ memberId }) => ({ memberId, groupInstanceId: null, reason: null })),
    }
    const requester = { apiVersion: 5, clientId: 'c', clientHost: '/127.0.0.1' }
    context.classic.coordinator.ask((state, coordinator, reply) =>
      leaveGroup(state, { request, requester: { ...requester, reply } }, coordinator),
    )
    context.consumer.settle(c)
    expect(c.owned).toEqual(partitionsOfT(0, 1, 2, 3, 4, 5))
  })

  it('are refused where migration is disabled', () => {
    const context = new MigratingContext({ groupConsumerMigrationPolicy: 'disabled' })
    context.consumer.member('c')
    expect(context.classic.join().now.errorCode).toBe(errors.INCONSISTENT_GROUP_PROTOCOL.code)
  })

  it('come back with their id, and are refused with an old generation', () => {
    const context = new MigratingContext()
    context.consumer.member('c')
    const { memberId = '', errorCode } = context.classic.join().now
    expect(errorCode).toBe(errors.MEMBER_ID_REQUIRED.code)
    const { now } = context.classic.join({ memberId })
    expect(now).toEqual({ memberId, generationId: 3, protocolType: 'consumer', protocolName: 'range' })
    expect(context.classic.heartbeat({ memberId, generationId: 2 })).toBe(errors.ILLEGAL_GENERATION.code)
  })
})
