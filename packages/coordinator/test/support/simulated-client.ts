/** Clients of a simulated group: they do what Kafka's consumers do, and what becomes of them when the network or the host fails. */
import { errors, type Input } from '@odradek/protocol'
import type { JoinGroupResponse, SyncGroupResponse } from '@odradek/protocol/messages'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  rangeAssignor,
} from '@odradek/strategies'
import { commitOffsets, consumerGroupHeartbeat, heartbeat, joinGroup, leaveGroup, syncGroup } from '../../src/index.ts'
import type { Reply, TestCoordinator } from './test-coordinator.ts'

/** The group that all clients are in. */
export const groupId = 'group'

/** Times of all clients: short, so that sessions end within a simulation. */
export const simulatedSessionMs = 10_000
export const simulatedRebalanceMs = 20_000

/** What a client has of the group; both protocols have it, under different names. */
export interface SimulatedClient {
  readonly kind: 'classic' | 'consumer'
  readonly instanceId: string | null
  memberId: string
  /** Generation or member epoch; below 1 while it is in none. */
  epoch: number
  /** Partitions it reads, as `topic-partition`. */
  owned: ReadonlySet<string>
  /** Does what is due: joins, beats, fetches its assignment. `losesAnswer` when the network swallows the answer. */
  act(losesAnswer: boolean): void
  /** Leaves the group in order. */
  leave(): void
  /** Forgets everything, as a process that starts anew. */
  restart(): void
  /** The coordinator has died: who waited for it asks again. */
  disconnected(): void
}

const requester = (apiVersion: number, reply = 0) => ({ apiVersion, clientId: 'c', clientHost: '/127.0.0.1', reply })

/** A client of the consumer protocol. */
export class ConsumerClient implements SimulatedClient {
  readonly kind = 'consumer'
  readonly instanceId: string | null
  readonly #coordinator: TestCoordinator
  readonly #name: string
  #lives = 0
  #topics: readonly string[]
  #told = false
  memberId = ''
  epoch = 0
  owned: ReadonlySet<string> = new Set()

  constructor(
    coordinator: TestCoordinator,
    options: { readonly name: string; readonly topics: readonly string[]; readonly instanceId: string | null },
  ) {
    this.#coordinator = coordinator
    this.#name = options.name
    this.#topics = options.topics
    this.instanceId = options.instanceId
    this.restart()
  }

  /** Subscribes to something else with the next heartbeat. */
  subscribe(topics: readonly string[]): void {
    this.#topics = topics
    this.#told = false
  }

  act(losesAnswer: boolean): void {
    const isJoining = this.epoch === 0
    const isWhole = isJoining || !this.#told
    const response = this.#beat(this.epoch, {
      topics: isWhole ? this.#topics : null,
      rebalanceTimeoutMs: isWhole ? simulatedRebalanceMs : -1,
      owned: isJoining ? new Set() : this.owned,
    })
    if (losesAnswer) {
      // It may have missed its assignment, so it says everything with the next one to be told everything.
      this.#told = false
      return
    }
    const { errorCode = 0 } = response
    if (errorCode === errors.FENCED_MEMBER_EPOCH.code || errorCode === errors.UNKNOWN_MEMBER_ID.code) {
      this.#startOver()
      return
    }
    if (errorCode === errors.FENCED_INSTANCE_ID.code) this.restart()
    if (errorCode !== 0) return
    this.#told = true
    this.epoch = response.memberEpoch ?? 0
    if (response.assignment) this.owned = new Set(named(response.assignment.topicPartitions ?? [], this.#coordinator))
  }

  leave(): void {
    if (this.epoch > 0) this.#beat(this.instanceId === null ? -1 : -2, { topics: null, rebalanceTimeoutMs: -1 })
    this.restart()
  }

  restart(): void {
    this.memberId = `${this.#name}-${this.#lives++}`
    this.#startOver()
  }

  disconnected(): void {
    this.#told = false
  }

  #startOver(): void {
    this.epoch = 0
    this.owned = new Set()
    this.#told = false
  }

  #beat(
    memberEpoch: number,
    say: {
      readonly topics: readonly string[] | null
      readonly rebalanceTimeoutMs: number
      readonly owned?: ReadonlySet<string>
    },
  ) {
    const request = {
      groupId,
      memberId: this.memberId,
      memberEpoch,
      instanceId: this.instanceId,
      rackId: null,
      rebalanceTimeoutMs: say.rebalanceTimeoutMs,
      subscribedTopicNames: say.topics === null ? null : [...say.topics],
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: say.owned === undefined ? null : byTopicId(say.owned, this.#coordinator),
    }
    return this.#coordinator.ask((state, context) =>
      consumerGroupHeartbeat(state, { request, requester: requester(1) }, context),
    ).now
  }
}

type ClassicPhase =
  | { readonly name: 'outside' | 'member' }
  | { readonly name: 'joining'; readonly reply: Reply<Input<JoinGroupResponse>> }
  | { readonly name: 'syncing'; readonly reply: Reply<Input<SyncGroupResponse>> }

/** A client of the classic protocol with the range assignor, which gives everything up before it joins again. */
export class ClassicClient implements SimulatedClient {
  readonly kind = 'classic'
  readonly instanceId: string | null
  readonly #coordinator: TestCoordinator
  readonly #topics: readonly string[]
  #phase: ClassicPhase = { name: 'outside' }
  /** Version of the topics that it assigned, when it leads. */
  #assignedVersion: number | undefined
  memberId = ''
  epoch = -1
  owned: ReadonlySet<string> = new Set()

  constructor(
    coordinator: TestCoordinator,
    options: { readonly topics: readonly string[]; readonly instanceId: string | null },
  ) {
    this.#coordinator = coordinator
    this.#topics = options.topics
    this.instanceId = options.instanceId
  }

  act(losesAnswer: boolean): void {
    switch (this.#phase.name) {
      case 'outside':
        this.#join(losesAnswer)
        break
      case 'joining':
        this.#joined(this.#phase.reply.response)
        break
      case 'syncing':
        this.#synced(this.#phase.reply.response)
        break
      case 'member':
        this.#beat(losesAnswer)
        break
    }
  }

  leave(): void {
    const members = [{ memberId: this.memberId, groupInstanceId: this.instanceId, reason: null }]
    // As Kafka's consumers, a static member leaves by not coming back.
    if (this.memberId !== '' && this.instanceId === null) {
      this.#coordinator.ask((state, context) =>
        leaveGroup(state, { request: { groupId, memberId: '', members }, requester: requester(5) }, context),
      )
    }
    this.restart()
  }

  restart(): void {
    this.memberId = ''
    this.#startOver()
  }

  disconnected(): void {
    if (this.#phase.name === 'joining' || this.#phase.name === 'syncing') this.#startOver()
  }

  #startOver(): void {
    this.#phase = { name: 'outside' }
    this.epoch = -1
    this.owned = new Set()
  }

  #join(losesAnswer: boolean): void {
    this.owned = new Set()
    const request = {
      groupId,
      sessionTimeoutMs: simulatedSessionMs,
      rebalanceTimeoutMs: simulatedRebalanceMs,
      memberId: this.memberId,
      groupInstanceId: this.instanceId,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: encodeSubscription({ topics: this.#topics }) }],
      reason: null,
    }
    const reply = this.#coordinator.ask(
      (state, context, id) => joinGroup(state, { request, requester: requester(9, id) }, context),
      (answer) => (answer.type === 'join' ? answer.response : undefined),
    )
    if (!losesAnswer) this.#phase = { name: 'joining', reply }
  }

  #joined(response: Input<JoinGroupResponse> | undefined): void {
    if (response === undefined) return
    const { errorCode = 0, memberId = '', generationId = -1 } = response
    if (errorCode === errors.MEMBER_ID_REQUIRED.code) this.memberId = memberId
    if (errorCode === errors.UNKNOWN_MEMBER_ID.code || errorCode === errors.FENCED_INSTANCE_ID.code) this.memberId = ''
    if (errorCode !== 0) {
      this.#startOver()
      return
    }
    this.memberId = memberId
    this.epoch = generationId
    // A leader that is back and need not assign watches the topics from now on.
    this.#assignedVersion = response.skipAssignment === true ? this.#coordinator.topics.version : undefined
    const isLeader = response.leader === memberId && (response.members?.length ?? 0) > 0 && !response.skipAssignment
    const request = {
      groupId,
      generationId,
      memberId,
      groupInstanceId: this.instanceId,
      protocolType: response.protocolType ?? null,
      protocolName: response.protocolName ?? null,
      assignments: isLeader ? this.#assign(response) : [],
    }
    const reply = this.#coordinator.ask(
      (state, context, id) => syncGroup(state, { request, requester: requester(5, id) }, context),
      (answer) => (answer.type === 'sync' ? answer.response : undefined),
    )
    this.#phase = { name: 'syncing', reply }
  }

  #assign({ members = [] }: Input<JoinGroupResponse>) {
    const { topics } = this.#coordinator
    this.#assignedVersion = topics.version
    const group = new Map(
      members.map(({ memberId = '', metadata }) => [memberId, decodeSubscription(metadata as Uint8Array)]),
    )
    const cluster = { partitionCount: (topic: string) => topics.byName(topic)?.partitionCount ?? 0 }
    return Array.from(rangeAssignor().assign(cluster, group), ([memberId, assignment]) => ({
      memberId,
      assignment: encodeAssignment(assignment),
    }))
  }

  #synced(response: Input<SyncGroupResponse> | undefined): void {
    if (response === undefined) return
    const { errorCode = 0, assignment } = response
    if (errorCode !== 0) {
      if (errorCode === errors.UNKNOWN_MEMBER_ID.code || errorCode === errors.FENCED_INSTANCE_ID.code)
        this.memberId = ''
      this.#startOver()
      return
    }
    const { partitions } = decodeAssignment(assignment as Uint8Array)
    this.owned = new Set(partitions.map(({ topic, partition }) => `${topic}-${partition}`))
    this.#phase = { name: 'member' }
  }

  #beat(losesAnswer: boolean): void {
    if (this.#assignedVersion !== undefined && this.#assignedVersion !== this.#coordinator.topics.version) {
      // A leader that sees topics change makes the group assign anew.
      this.#startOver()
      return
    }
    const request = { groupId, generationId: this.epoch, memberId: this.memberId, groupInstanceId: this.instanceId }
    const { errorCode = 0 } = this.#coordinator.ask((state, context) => heartbeat(state, request, context)).now
    if (losesAnswer || errorCode === 0) return
    if (errorCode === errors.UNKNOWN_MEMBER_ID.code || errorCode === errors.FENCED_INSTANCE_ID.code) this.memberId = ''
    this.#startOver()
  }
}

/** Commits an offset of one partition; the error code. */
export function commit(
  coordinator: TestCoordinator,
  by: { readonly memberId: string; readonly epoch: number },
  partition: { readonly topic: string; readonly index: number },
): number {
  const committed = { committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: '' }
  const topicId = coordinator.topics.byName(partition.topic)?.topicId ?? 'AAAAAAAAAAAAAAAAAAAAAA'
  const request = {
    groupId,
    generationIdOrMemberEpoch: by.epoch,
    memberId: by.memberId,
    groupInstanceId: null,
    retentionTimeMs: -1,
    topics: [{ name: partition.topic, topicId, partitions: [{ partitionIndex: partition.index, ...committed }] }],
  }
  const response = coordinator.ask((state, context) =>
    commitOffsets(state, { request, requester: requester(10) }, context),
  ).now
  return response.topics?.[0]?.partitions?.[0]?.errorCode ?? 0
}

function byTopicId(owned: ReadonlySet<string>, { topics }: TestCoordinator) {
  const byId = new Map<string, number[]>()
  for (const name of owned) {
    const topicId = topics.byName(name.slice(0, name.lastIndexOf('-')))?.topicId
    if (topicId === undefined) continue
    byId.set(topicId, [...(byId.get(topicId) ?? []), Number(name.slice(name.lastIndexOf('-') + 1))])
  }
  return [...byId].map(([topicId, partitions]) => ({ topicId, partitions }))
}

function named(
  topicPartitions: readonly {
    readonly topicId?: string | undefined
    readonly partitions?: readonly number[] | undefined
  }[],
  { topics }: TestCoordinator,
): string[] {
  return topicPartitions.flatMap(({ topicId = '', partitions = [] }) =>
    partitions.map((partition) => `${topics.byId(topicId)?.name}-${partition}`),
  )
}
