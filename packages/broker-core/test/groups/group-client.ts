import type { Input } from '@odradek/protocol'
import type { JoinGroupRequest, JoinGroupResponse } from '@odradek/protocol/messages'
import { offsetCommit } from '../../src/handlers/08-offset-commit.ts'
import { offsetFetch } from '../../src/handlers/09-offset-fetch.ts'
import { findCoordinator } from '../../src/handlers/10-find-coordinator.ts'
import { joinGroup } from '../../src/handlers/11-join-group.ts'
import { heartbeat } from '../../src/handlers/12-heartbeat.ts'
import { syncGroup } from '../../src/handlers/14-sync-group.ts'
import type { TestBroker } from '../test-broker.ts'
import { turns } from '../test-clock.ts'

export const groupId = 'g1'

/** What a member says when it joins. */
export const joinRequest: Input<JoinGroupRequest> = {
  groupId,
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 60_000,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0) }],
}

/** Makes `__consumer_offsets`. */
export function openGroups(broker: TestBroker) {
  return broker.request(findCoordinator, 6, { keyType: 0, coordinatorKeys: [groupId] })
}

/** Lets requests that were sent arrive, and timers fire that are due at once. */
export async function settle(broker: TestBroker): Promise<void> {
  await turns()
  await broker.clock.advance(0)
}

/** Joins alone, and is assigned `mine`. */
export async function joinAlone(broker: TestBroker): Promise<JoinGroupResponse> {
  const { memberId } = await broker.request(joinGroup, 9, joinRequest)
  const joining = broker.request(joinGroup, 9, { ...joinRequest, memberId })
  await settle(broker)
  const joined = await joining
  await broker.request(syncGroup, 5, {
    groupId,
    memberId,
    generationId: joined.generationId,
    protocolType: 'consumer',
    protocolName: 'range',
    assignments: [{ memberId, assignment: Buffer.from('mine') }],
  })
  return joined
}

/** Commits an offset of partition 0 of a topic, by its name; the error code. */
export async function commit(
  broker: TestBroker,
  { topic, offset }: { readonly topic: string; readonly offset: number },
  member: { readonly memberId?: string; readonly generationId?: number } = {},
): Promise<number | undefined> {
  const { memberId = '', generationId = -1 } = member
  const { topics } = await broker.request(offsetCommit, 9, {
    groupId,
    memberId,
    generationIdOrMemberEpoch: generationId,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: '' }] }],
  })
  return topics[0]?.partitions[0]?.errorCode
}

/** The committed offset of partition 0 of a topic. */
export async function committed(broker: TestBroker, topic: string): Promise<number | undefined> {
  const topics = [{ name: topic, partitionIndexes: [0] }]
  const { groups } = await broker.request(offsetFetch, 9, { groups: [{ groupId, topics }] })
  return groups[0]?.topics[0]?.partitions[0]?.committedOffset
}

/** The error code of a heartbeat. */
export async function beat(broker: TestBroker, { memberId, generationId }: JoinGroupResponse): Promise<number> {
  return (await broker.request(heartbeat, 4, { groupId, memberId, generationId })).errorCode
}
