import { errors } from '@odradek/protocol'
import { encodeSubscription } from '@odradek/strategies'
import { describe, expect, it } from 'vitest'
import { authorizedOperations } from '../../src/authorized-operations.ts'
import { joinGroup } from '../../src/handlers/11-join-group.ts'
import { heartbeat } from '../../src/handlers/12-heartbeat.ts'
import { leaveGroup } from '../../src/handlers/13-leave-group.ts'
import { syncGroup } from '../../src/handlers/14-sync-group.ts'
import { describeGroups } from '../../src/handlers/15-describe-groups.ts'
import { listGroups } from '../../src/handlers/16-list-groups.ts'
import { deleteGroups } from '../../src/handlers/42-delete-groups.ts'
import { TestBroker } from '../test-broker.ts'
import { turns } from '../test-clock.ts'
import { beat, commit, groupId, joinAlone, joinRequest, openGroups, settle } from './group-client.ts'

const versions = Array.from({ length: 10 }, (_, version) => version)

describe('a classic group', () => {
  it.each(versions)('is joined, synced, kept and left by clients of JoinGroup version %i', async (version) => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    const first = broker.request(joinGroup, version, joinRequest)
    await settle(broker)
    let joined = await first
    if (version >= 4) {
      expect(joined.errorCode).toBe(errors.MEMBER_ID_REQUIRED.code)
      const again = broker.request(joinGroup, version, { ...joinRequest, memberId: joined.memberId })
      await settle(broker)
      joined = await again
    }
    const { memberId, generationId } = joined
    expect(joined).toMatchObject({ errorCode: 0, generationId: 1, leader: memberId, protocolName: 'range' })
    const member = { groupId, memberId, generationId }
    const assignments = [{ memberId, assignment: Buffer.from('mine') }]
    const protocol = version >= 5 ? { protocolType: 'consumer', protocolName: 'range' } : {}
    const synced = await broker.request(syncGroup, Math.min(version, 5), { ...member, ...protocol, assignments })
    expect(Buffer.from(synced.assignment as Uint8Array).toString()).toBe('mine')
    expect((await broker.request(heartbeat, Math.min(version, 4), member)).errorCode).toBe(0)
    const leaving = version >= 3 ? { members: [{ memberId }] } : { memberId }
    expect(await broker.request(leaveGroup, Math.min(version, 5), { groupId, ...leaving })).toMatchObject({
      errorCode: 0,
    })
    expect((await broker.request(heartbeat, 4, member)).errorCode).toBe(errors.UNKNOWN_MEMBER_ID.code)
  })

  it('tells a stranger that leaves at the top in old versions, and beside its id in new ones', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    await joinAlone(broker)
    const errorCode = errors.UNKNOWN_MEMBER_ID.code
    expect(await broker.request(leaveGroup, 2, { groupId, memberId: 'x' })).toMatchObject({ errorCode })
    expect(await broker.request(leaveGroup, 5, { groupId, members: [{ memberId: 'x' }] })).toMatchObject({
      errorCode: 0,
      members: [{ memberId: 'x', errorCode }],
    })
  })

  it('refuses a SyncGroup of version 5 that does not name the protocol', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    const { memberId, generationId } = await joinAlone(broker)
    const response = await broker.request(syncGroup, 5, { groupId, memberId, generationId })
    expect(response.errorCode).toBe(errors.INCONSISTENT_GROUP_PROTOCOL.code)
  })

  it('loses members whose session ends', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    const member = await joinAlone(broker)
    await broker.clock.advance(9999)
    expect(await beat(broker, member)).toBe(0)
    await broker.clock.advance(10_000)
    expect(await beat(broker, member)).toBe(errors.UNKNOWN_MEMBER_ID.code)
  })

  it.each(['close', 'abandon'] as const)(
    'is there again after %s, with members, assignments and sessions',
    async (how) => {
      await using broker = await TestBroker.start()
      await openGroups(broker)
      const member = await joinAlone(broker)
      await broker.restart(how)
      expect(await beat(broker, member)).toBe(0)
      const { groups } = await broker.request(describeGroups, 6, { groups: [groupId] })
      expect(groups[0]).toMatchObject({ groupState: 'Stable', protocolData: 'range', members: [{ clientId: 'test' }] })
      expect(groups[0]?.members[0]?.clientHost).toMatch(/^\//)
      await broker.clock.advance(10_000)
      expect(await beat(broker, member)).toBe(errors.UNKNOWN_MEMBER_ID.code)
    },
  )

  it('ends the wait of members when the broker stops', async () => {
    await using broker = await TestBroker.start({ config: { 'group.initial.rebalance.delay.ms': 3000 } })
    await openGroups(broker)
    const waiting = broker.request(joinGroup, 3, joinRequest)
    await settle(broker)
    const answered = waiting.then(
      ({ errorCode }) => errorCode,
      () => errors.NOT_COORDINATOR.code,
    )
    await broker.restart()
    expect(await answered).toBe(errors.NOT_COORDINATOR.code)
    expect(broker.errors).toEqual([])
  })

  it('is listed, described with what may be done, and deleted', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    const { memberId } = await joinAlone(broker)
    const list = async () => (await broker.request(listGroups, 5, {})).groups
    const listed = { groupId, protocolType: 'consumer', groupState: 'Stable', groupType: 'classic' }
    expect(await list()).toMatchObject([listed])
    const described = await broker.request(describeGroups, 6, { groups: [groupId], includeAuthorizedOperations: true })
    expect(described.groups[0]?.authorizedOperations).toBe(authorizedOperations.group)
    const remove = async () =>
      (await broker.request(deleteGroups, 3, { groupsNames: [groupId, 'x'] })).results.map(({ errorCode }) => errorCode)
    const unknown = errors.GROUP_ID_NOT_FOUND.code
    expect(await remove()).toEqual([errors.NON_EMPTY_GROUP.code, unknown])
    await broker.request(leaveGroup, 5, { groupId, members: [{ memberId }] })
    expect(await remove()).toEqual([0, unknown])
    expect(await list()).toEqual([])
  })

  it("is put in a partition by Java's hash of its id, as Kafka puts it", async () => {
    await using broker = await TestBroker.start()
    const ids = ['g1', 'perf1', 'polygenelubricants', '', 'größe']
    expect(ids.map((id) => broker.broker.groups.partitionFor(id))).toEqual([42, 8, 0, 0, 7])
  })

  it('does not mind members that vanish while the coordinator writes', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    await broker.createTopic('t')
    const connection = await broker.connect()
    const metadata = encodeSubscription({ topics: ['t'] })
    connection.send(joinGroup.request, 3, { ...joinRequest, protocols: [{ name: 'range', metadata }] })
    connection.close()
    await turns()
    await broker.clock.advance(60_000)
    expect(await commit(broker, { topic: 't', offset: 1 })).toBeDefined()
    expect(broker.errors).toEqual([])
  })
})
