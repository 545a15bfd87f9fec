import type { Input } from '@odradek/protocol'
import type { JoinGroupResponse, LeaveGroupResponse, SyncGroupResponse } from '@odradek/protocol/messages'
import { encodeSubscription } from '@odradek/strategies'
import {
  type ClassicGroup,
  commitOffsets,
  fetchOffsets,
  heartbeat,
  joinGroup,
  leaveGroup,
  syncGroup,
} from '../../src/index.ts'
import { type defaultConfig, type Reply, TestCoordinator } from './test-coordinator.ts'

type JoinResponse = Input<JoinGroupResponse>
type SyncResponse = Input<SyncGroupResponse>

/** How a member joins, where it differs from the usual. */
export interface JoinOptions {
  readonly memberId?: string
  readonly instanceId?: string
  readonly topics?: readonly string[]
  readonly protocols?: readonly string[]
  readonly protocolType?: string
  readonly sessionTimeoutMs?: number
  readonly rebalanceTimeoutMs?: number
  readonly apiVersion?: number
  readonly clientId?: string
}

/** What a member is told of a generation. */
export interface Joined {
  readonly memberId: string
  readonly generationId: number
}

/** Usual times of members. */
export const sessionTimeoutMs = 10_000
export const rebalanceTimeoutMs = 60_000

/** The bytes that stand for an assignment. */
export function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text))
}

/** One classic group, in the verbs of its members. */
export class ClassicContext {
  readonly coordinator: TestCoordinator
  readonly groupId: string

  constructor(config: Partial<typeof defaultConfig> = {}, groupId = 'group') {
    this.coordinator = new TestCoordinator(config)
    this.groupId = groupId
  }

  get group(): ClassicGroup {
    const group = this.coordinator.state.group(this.groupId)
    if (group?.type !== 'classic') throw new Error('there is no classic group')
    return group
  }

  /** `Dead` when there is none. */
  get state(): string {
    return this.coordinator.state.group(this.groupId)?.state ?? 'Dead'
  }

  /** One JoinGroup. */
  join(options: JoinOptions = {}): Reply<JoinResponse> {
    const { memberId = '', instanceId, topics = ['t'], protocols = ['range'], protocolType = 'consumer' } = options
    const { apiVersion = 9, clientId = 'client' } = options
    const request = {
      groupId: this.groupId,
      sessionTimeoutMs: options.sessionTimeoutMs ?? sessionTimeoutMs,
      rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? rebalanceTimeoutMs,
      memberId,
      groupInstanceId: instanceId ?? null,
      protocolType,
      protocols: protocols.map((name) => ({ name, metadata: encodeSubscription({ topics }) })),
      reason: null,
    }
    return this.coordinator.ask(
      (state, context, reply) =>
        joinGroup(state, { request, requester: { apiVersion, clientId, clientHost: '/127.0.0.1', reply } }, context),
      (reply) => (reply.type === 'join' ? reply.response : undefined),
    )
  }

  /** Joins as clients do since KIP-394: without an id first, then with the id that was given. */
  joinWithId(options: JoinOptions = {}): Reply<JoinResponse> & { readonly memberId: string } {
    const memberId = this.join(options).now.memberId ?? ''
    return Object.assign(this.join({ ...options, memberId }), { memberId })
  }

  sync(member: Joined, assignments: Readonly<Record<string, string>> = {}, instanceId?: string): Reply<SyncResponse> {
    const request = {
      groupId: this.groupId,
      generationId: member.generationId,
      memberId: member.memberId,
      groupInstanceId: instanceId ?? null,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: Object.entries(assignments).map(([memberId, text]) => ({ memberId, assignment: bytes(text) })),
    }
    const requester = { apiVersion: 5, clientId: 'client', clientHost: '/127.0.0.1' }
    return this.coordinator.ask(
      (state, context, reply) => syncGroup(state, { request, requester: { ...requester, reply } }, context),
      (reply) => (reply.type === 'sync' ? reply.response : undefined),
    )
  }

  heartbeat({ memberId, generationId }: Joined, instanceId?: string): number {
    const request = { groupId: this.groupId, generationId, memberId, groupInstanceId: instanceId ?? null }
    return this.coordinator.ask((state, context) => heartbeat(state, request, context)).now.errorCode ?? 0
  }

  leave(
    ...members: readonly { readonly memberId?: string; readonly instanceId?: string }[]
  ): Input<LeaveGroupResponse> {
    const request = {
      groupId: this.groupId,
      memberId: '',
      members: members.map(({ memberId = '', instanceId = null }) => ({
        memberId,
        groupInstanceId: instanceId,
        reason: null,
      })),
    }
    const requester = { apiVersion: 5, clientId: 'client', clientHost: '/127.0.0.1' }
    return this.coordinator.ask((state, context, reply) =>
      leaveGroup(state, { request, requester: { ...requester, reply } }, context),
    ).now
  }

  /** Commits one offset; the error code. */
  commit(
    offset: number,
    { memberId = '', generationId = -1, partition = 0, metadata = '', instanceId = null as string | null } = {},
  ): number {
    const request = {
      groupId: this.groupId,
      generationIdOrMemberEpoch: generationId,
      memberId,
      groupInstanceId: instanceId,
      retentionTimeMs: -1,
      topics: [
        {
          name: 't',
          topicId: 'AAAAAAAAAAAAAAAAAAAAAg',
          partitions: [
            {
              partitionIndex: partition,
              committedOffset: offset,
              committedLeaderEpoch: 3,
              committedMetadata: metadata,
            },
          ],
        },
      ],
    }
    const requester = { apiVersion: 10, clientId: 'client', clientHost: '/127.0.0.1' }
    const response = this.coordinator.ask((state, context, reply) =>
      commitOffsets(state, { request, requester: { ...requester, reply } }, context),
    ).now
    return response.topics?.[0]?.partitions?.[0]?.errorCode ?? 0
  }

  /** The committed offset of a partition, -1 without one. */
  committed(partition = 0): number {
    const topics = [{ name: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAAA', partitionIndexes: [partition] }]
    const fetch = { groupId: this.groupId, memberId: null, memberEpoch: -1, requireStable: false, topics }
    return fetchOffsets(this.coordinator.state, fetch).topics?.[0]?.partitions?.[0]?.committedOffset ?? -1
  }

  /** A stable group of one member for each name, which is assigned its name. The first leads. */
  stable(...names: readonly string[]): Joined[] {
    const joins = names.map((name) => this.joinWithId({ clientId: name }))
    this.coordinator.advance(this.coordinator.config.groupInitialRebalanceDelayMs)
    const members = joins.map(({ now, memberId }) => ({ memberId, generationId: now.generationId ?? -1 }))
    const assignments = Object.fromEntries(members.map(({ memberId }, index) => [memberId, names[index]!]))
    for (const member of members.slice(1)) this.sync(member)
    this.sync(members[0]!, assignments)
    return members
  }
}
