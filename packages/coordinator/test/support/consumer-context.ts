import type { Input } from '@odradek/protocol'
import type { ConsumerGroupHeartbeatResponse } from '@odradek/protocol/messages'
import { type ConsumerGroup, commitOffsets, consumerGroupHeartbeat } from '../../src/index.ts'
import { type defaultConfig, TestCoordinator } from './test-coordinator.ts'

type HeartbeatResponse = Input<ConsumerGroupHeartbeatResponse>

/** What a member says in a heartbeat, where it differs from the usual. */
export interface BeatOptions {
  readonly epoch?: number
  readonly instanceId?: string | null
  readonly rackId?: string | null
  readonly topics?: readonly string[] | null
  readonly regex?: string | null
  readonly assignor?: string | null
  readonly rebalanceTimeoutMs?: number
  /** Partitions the member has, as `topic-partition`; null when it does not say. */
  readonly owned?: readonly string[] | null
  readonly apiVersion?: number
}

/** Usual times of members. */
export const sessionTimeoutMs = 45_000
export const rebalanceTimeoutMs = 60_000

/** A member of a consumer group that remembers what it was told, as a client does. */
export class TestMember {
  readonly memberId: string
  readonly #context: ConsumerContext
  readonly #usual: BeatOptions
  epoch = 0
  owned: readonly string[] = []

  constructor(context: ConsumerContext, memberId: string, usual: BeatOptions = {}) {
    this.#context = context
    this.memberId = memberId
    this.#usual = usual
  }

  /** Joins the group; what it is told. */
  join(): HeartbeatResponse {
    this.owned = []
    const response = this.#context.beat(this.memberId, {
      topics: ['t'],
      rebalanceTimeoutMs,
      ...this.#usual,
      epoch: 0,
      owned: [],
    })
    this.#take(response)
    return response
  }

  /** A heartbeat; what it gives up or gets it does at once, and tells with the next one. */
  beat(options: BeatOptions = {}): HeartbeatResponse {
    const { instanceId = null } = this.#usual
    const response = this.#context.beat(this.memberId, {
      topics: null,
      rebalanceTimeoutMs: -1,
      epoch: this.epoch,
      owned: this.owned,
      instanceId,
      ...options,
    })
    this.#take(response)
    return response
  }

  leave(epoch = -1): HeartbeatResponse {
    const { instanceId = null } = this.#usual
    return this.#context.beat(this.memberId, { epoch, owned: null, topics: null, rebalanceTimeoutMs: -1, instanceId })
  }

  #take(response: HeartbeatResponse): void {
    if (response.errorCode) return
    this.epoch = response.memberEpoch ?? 0
    if (response.assignment) this.owned = this.#context.named(response.assignment.topicPartitions ?? [])
  }
}

/** One consumer group, with a topic `t` of six partitions. */
export class ConsumerContext {
  readonly coordinator: TestCoordinator
  readonly groupId = 'group'
  readonly topicId: string

  constructor(config: Partial<typeof defaultConfig> = {}, coordinator = new TestCoordinator(config)) {
    this.coordinator = coordinator
    this.topicId = coordinator.topics.byName('t')?.topicId ?? coordinator.topics.create('t', 6)
  }

  get group(): ConsumerGroup {
    const group = this.coordinator.state.group(this.groupId)
    if (group?.type !== 'consumer') throw new Error('there is no consumer group')
    return group
  }

  /** A member that has joined. */
  member(memberId: string, usual: BeatOptions = {}): TestMember {
    const member = new TestMember(this, memberId, usual)
    member.join()
    return member
  }

  beat(memberId: string, options: BeatOptions): HeartbeatResponse {
    const { apiVersion = 1 } = options
    const request = {
      groupId: this.groupId,
      memberId,
      memberEpoch: options.epoch ?? 0,
      instanceId: options.instanceId ?? null,
      rackId: options.rackId ?? null,
      rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? rebalanceTimeoutMs,
      subscribedTopicNames: options.topics === null ? null : [...(options.topics ?? ['t'])],
      subscribedTopicRegex: options.regex ?? null,
      serverAssignor: options.assignor ?? null,
      topicPartitions: options.owned === null ? null : this.#topicPartitions(options.owned ?? []),
    }
    const requester = { apiVersion, clientId: 'client', clientHost: '/127.0.0.1' }
    return this.coordinator.ask((state, context, reply) =>
      consumerGroupHeartbeat(state, { request, requester: { ...requester, reply } }, context),
    ).now
  }

  /** Commits one offset of `t`; the error code. */
  commit(member: { readonly memberId: string; readonly epoch: number }, partition = 0): number {
    const committed = { committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: '' }
    const request = {
      groupId: this.groupId,
      generationIdOrMemberEpoch: member.epoch,
      memberId: member.memberId,
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [{ name: 't', topicId: this.topicId, partitions: [{ partitionIndex: partition, ...committed }] }],
    }
    const requester = { apiVersion: 10, clientId: 'client', clientHost: '/127.0.0.1' }
    const response = this.coordinator.ask((state, context, reply) =>
      commitOffsets(state, { request, requester: { ...requester, reply } }, context),
    ).now
    return response.topics?.[0]?.partitions?.[0]?.errorCode ?? 0
  }

  /** Lets the members beat in turn until nothing moves any more. */
  settle(...members: readonly TestMember[]): void {
    for (let round = 0, quiet = 0; round < 20; round++) {
      const before = members.map(({ epoch, owned }) => JSON.stringify([epoch, owned]))
      for (const member of members) member.beat()
      this.coordinator.settle()
      const isQuiet = members.every(({ epoch, owned }, index) => JSON.stringify([epoch, owned]) === before[index])
      quiet = isQuiet ? quiet + 1 : 0
      if (quiet === 2) return
    }
    throw new Error('the group does not settle')
  }

  /** Partitions as `topic-partition`, in order. */
  named(
    topics: readonly { readonly topicId?: string | undefined; readonly partitions?: readonly number[] | undefined }[],
  ): readonly string[] {
    return topics
      .flatMap(({ topicId = '', partitions = [] }) =>
        partitions.map((partition) => `${this.coordinator.topics.byId(topicId)?.name}-${partition}`),
      )
      .sort()
  }

  #topicPartitions(owned: readonly string[]) {
    const byTopic = new Map<string, number[]>()
    for (const name of owned) {
      const [topic, partition] = [name.slice(0, name.lastIndexOf('-')), Number(name.slice(name.lastIndexOf('-') + 1))]
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition])
    }
    return [...byTopic].map(([topic, partitions]) => ({
      topicId: this.coordinator.topics.byName(topic)?.topicId ?? 'AAAAAAAAAAAAAAAAAAAAAA',
      partitions,
    }))
  }
}

/** The partitions of `t` with these numbers. */
export function partitionsOfT(...numbers: readonly number[]): readonly string[] {
  return numbers.map((partition) => `t-${partition}`)
}
