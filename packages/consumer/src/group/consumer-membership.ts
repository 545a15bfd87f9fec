/**
 * A member of a KIP-848 group. The coordinator assigns; heartbeats carry what is wanted, what is owned and what is to be owned. Taking a new
 * assignment is the application's turn, in `poll`: commit and give up what is not in it, take what is new, then acknowledge with the next
 * heartbeat. Meanwhile partitions that stay are read on. The states are in `consumer-member.ts`. (Kafka: `ConsumerMembershipManager`.)
 */
import { KafkaError } from '@odradek/client'
import { type ErrorName, randomUuid } from '@odradek/protocol'
import type { ConsumerGroupHeartbeatResponse } from '@odradek/protocol/messages'
import { partitionKey, type TopicPartition } from '../topic-partition.ts'
import { CommitFailedError } from './commit-failed-error.ts'
import { ConsumerHeartbeat } from './consumer-heartbeat.ts'
import {
  type ConsumerMember,
  fencedMember,
  heartbeatAnswered,
  heartbeatSent,
  inState,
  isActive,
  joiningMember,
  leaveEpoch,
  leaveStaticEpoch,
  leavingMember,
  newConsumerMember,
  type PartitionsByTopicId,
  preparingToLeave,
  reconciliationAborted,
  reconciliationBegun,
  reconciliationDone,
  samePartitions,
  skipsHeartbeat,
} from './consumer-member.ts'
import type { GroupIdentity, GroupMembership, GroupMembershipOperation, GroupMetadata } from './group-membership.ts'
import { HeartbeatState } from './heartbeat-state.ts'
import type { MembershipContext } from './membership-context.ts'
import type { CallbackFailure } from './rebalance-callbacks.ts'
import { TopicNames } from './topic-names.ts'

/** Errors after which what the member had is lost, and it joins anew. */
const fencingErrors: ReadonlySet<string> = new Set(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID'])

/** The target as far as the names of its topics are known. */
interface ResolvedTarget {
  readonly localEpoch: number
  readonly partitions: PartitionsByTopicId
  readonly assigned: readonly TopicPartition[]
  readonly isWhole: boolean
}

/** The consumer protocol's side of a consumer; see the top of the file. */
export class ConsumerMembership implements GroupMembership {
  readonly #context: MembershipContext
  readonly #heartbeat: ConsumerHeartbeat
  readonly #fields: HeartbeatState
  readonly #names: TopicNames
  #member: ConsumerMember
  /** Grows when the member joins, so that work that was begun before is recognised. */
  #life = 0
  #failure: KafkaError | undefined
  #fatal: KafkaError | undefined
  #toldSubscription: ReadonlySet<string> | string | undefined
  #isPollLate = false
  /** Since when the coordinator keeps a place for this static member that it could not give back; undefined before it had one. */
  #unreleasedSinceMs: number | undefined

  constructor(context: MembershipContext) {
    this.#context = context
    const { random } = context.core.context
    this.#member = newConsumerMember(randomUuid((length) => random.nextBytes(length)))
    this.#fields = new HeartbeatState(context.groupId, context.config)
    this.#names = new TopicNames(context)
    this.#heartbeat = new ConsumerHeartbeat({
      context,
      build: () => this.#nextHeartbeat(),
      onAnswer: (response) => this.#answered(response),
      onFailure: (error) => this.#heartbeatFailed(error),
    })
  }

  get needsPoll(): boolean {
    if (this.#failure !== undefined || this.#fatal !== undefined) return true
    if (!this.#context.subscriptions.hasAutoAssignedPartitions) return false
    switch (this.#member.state) {
      case 'UNSUBSCRIBED':
      case 'FENCED':
      case 'STALE':
        return true
      case 'RECONCILING':
        return this.#member.reconciling === undefined && this.#resolvedTarget() !== undefined
      default:
        return this.#toldSubscription !== this.#subscriptionKey()
    }
  }

  get waitsFor(): string | undefined {
    const { connection, groupId } = this.#context
    const { state } = this.#member
    if (this.waitsForApplication !== undefined) return this.waitsForApplication
    if (state === 'JOINING' || state === 'ACKNOWLEDGING') {
      if (!connection.isKnown) return `the coordinator of group ${groupId}`
      return `the answer to a heartbeat to group ${groupId} (ConsumerGroupHeartbeat)`
    }
    return state === 'RECONCILING' ? 'metadata of the topics that were assigned' : undefined
  }

  get waitsForApplication(): string | undefined {
    const { callbacks, groupId } = this.#context
    if (callbacks.running !== undefined) return `the end of ${callbacks.running}`
    const { state } = this.#member
    if (state === 'FENCED' || state === 'STALE') return `a poll that joins group ${groupId} again`
    return this.needsPoll && state === 'RECONCILING' ? 'a poll that takes the new assignment' : undefined
  }

  async poll(): Promise<void> {
    if (this.#fatal !== undefined) throw this.#fatal
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
    if (!this.#context.subscriptions.hasAutoAssignedPartitions) return
    const { state } = this.#member
    if (state === 'FENCED' || state === 'STALE') await this.#lose()
    if (state === 'UNSUBSCRIBED' || state === 'FENCED' || state === 'STALE') this.#join()
    this.#noteSubscription()
    while (this.#member.state === 'RECONCILING' && this.#member.reconciling === undefined) {
      const target = this.#resolvedTarget()
      if (target === undefined) break
      await this.#reconcile(target)
    }
  }

  groupMetadata(): GroupMetadata {
    const { groupId, config } = this.#context
    const { memberId, memberEpoch } = this.#member
    const isIn = isActive(this.#member) && memberEpoch > 0
    return { groupId, generationId: isIn ? memberEpoch : -1, memberId, groupInstanceId: config.groupInstanceId }
  }

  identity(): GroupIdentity {
    const { memberId, memberEpoch, state } = this.#member
    if (memberEpoch <= 0 || !(isActive(this.#member) || state === 'PREPARE_LEAVING')) {
      throw new CommitFailedError('this consumer is not in its group')
    }
    const { groupInstanceId } = this.#context.config
    return { memberId, generationIdOrMemberEpoch: memberEpoch, groupInstanceId, isConsumerProtocol: true }
  }

  commitRefused(error: ErrorName, _identity: GroupIdentity): KafkaError {
    const cause = new KafkaError(error, `OffsetCommit was answered with ${error}`)
    // With the epoch of the next heartbeat it can succeed.
    if (error === 'STALE_MEMBER_EPOCH' && isActive(this.#member)) return cause
    return error === 'FENCED_INSTANCE_ID' ? cause : new CommitFailedError(cause.message, cause)
  }

  enforceRebalance(reason: string): void {
    this.#context.core.context.logger.info('the coordinator assigns by itself; a rebalance cannot be enforced', {
      reason,
    })
  }

  metadataUpdated(): void {
    if (this.#member.state === 'RECONCILING') this.#context.onWake()
  }

  pollTimedOut(): boolean {
    if (!isActive(this.#member)) return false
    this.#isPollLate = true
    this.#member = leavingMember(this.#member, this.#leaveEpochOf('default'))
    const farewell = this.#farewellBody()
    void this.#heartbeat.farewell(farewell)
    return true
  }

  async leave(operation: GroupMembershipOperation, reason: string): Promise<void> {
    const { subscriptions, callbacks, core, config } = this.#context
    const dropped = subscriptions.assignedPartitions()
    const wasActive = isActive(this.#member)
    const isIn = wasActive && this.#member.memberEpoch > 0
    if (wasActive) this.#member = preparingToLeave(this.#member)
    let failure: CallbackFailure
    if (subscriptions.hasAutoAssignedPartitions && dropped.length > 0) {
      failure = await (isIn ? callbacks.revoked(dropped) : callbacks.lost(dropped))
      this.#assign([])
    }
    this.#toldSubscription = undefined
    if (this.#member.state === 'PREPARE_LEAVING') {
      this.#member = leavingMember(this.#member, this.#leaveEpochOf(operation))
      const body = this.#farewellBody()
      core.context.logger.debug('the consumer leaves its group', { groupId: this.#context.groupId, reason })
      const stays = operation === 'remain_in_group' && config.groupInstanceId === null
      if (stays) this.#heartbeat.stop()
      else await this.#heartbeat.farewell(body)
    } else if (this.#member.state === 'FENCED') this.#member = inState(this.#member, 'UNSUBSCRIBED')
    if (failure !== undefined) throw failure.thrown
  }

  close(): void {
    this.#life++
    this.#heartbeat.stop()
  }

  #join(): void {
    const { hooks, groupId, subscriptions, topics } = this.#context
    hooks.emit('rebalanceStarted', { groupId, cause: 'the consumer joins' })
    this.#life++
    this.#isPollLate = false
    this.#fields.reset()
    this.#member = joiningMember(this.#member)
    this.#toldSubscription = this.#subscriptionKey()
    topics.watch(subscriptions.subscription)
    this.#heartbeat.now()
  }

  #noteSubscription(): void {
    const key = this.#subscriptionKey()
    if (this.#toldSubscription === key || !isActive(this.#member)) return
    this.#toldSubscription = key
    this.#context.topics.watch(this.#context.subscriptions.subscription)
    this.#heartbeat.now()
  }

  /** The same as long as there is nothing new to tell: the set of names, or the pattern. */
  #subscriptionKey(): ReadonlySet<string> | string {
    const { subscriptions } = this.#context
    return subscriptions.re2jPattern ?? subscriptions.subscription
  }

  #nextHeartbeat() {
    if (skipsHeartbeat(this.#member)) return undefined
    const { subscriptions } = this.#context
    const { subscription: topics, re2jPattern = null } = subscriptions
    const body = this.#fields.build(this.#member, { topics, regex: re2jPattern })
    this.#toldSubscription = this.#subscriptionKey()
    this.#member = heartbeatSent(this.#member, { isPollLate: this.#isPollLate })
    return body
  }

  /** The heartbeat that leaves, and the state after it. */
  #farewellBody() {
    const { groupId, config } = this.#context
    const { memberId, memberEpoch } = this.#member
    this.#member = heartbeatSent(this.#member, { isPollLate: this.#isPollLate })
    return { groupId, memberId, memberEpoch, instanceId: config.groupInstanceId }
  }

  #leaveEpochOf(operation: GroupMembershipOperation): number {
    const isStatic = this.#context.config.groupInstanceId !== null
    return isStatic && operation !== 'leave_group' ? leaveStaticEpoch : leaveEpoch
  }

  #answered({ memberEpoch, assignment }: ConsumerGroupHeartbeatResponse): void {
    const before = this.#member
    const partitions =
      assignment === null
        ? undefined
        : new Map(assignment.topicPartitions.map(({ topicId, partitions: numbers }) => [topicId, numbers]))
    this.#member = heartbeatAnswered(before, { memberEpoch, assignment: partitions })
    this.#tellEpoch(before)
    if (this.#member.state !== 'RECONCILING') return
    this.#names.want([...this.#member.target.partitions.keys()])
    if (this.needsPoll) this.#context.onWake()
  }

  #tellEpoch(before: ConsumerMember): void {
    const { hooks, groupId, config } = this.#context
    const { memberId, memberEpoch } = this.#member
    if (memberEpoch > 0) this.#unreleasedSinceMs = Number.POSITIVE_INFINITY
    if (memberEpoch === before.memberEpoch || memberEpoch <= 0) return
    if (before.memberEpoch === 0) hooks.emit('memberJoined', { groupId, memberId, protocol: 'consumer' })
    const assignor = config.groupRemoteAssignor
    hooks.emit('generation', { groupId, memberId, generationId: memberEpoch, assignor, isLeader: false })
  }

  #heartbeatFailed(error: KafkaError): 'now' | 'backoff' | 'never' {
    this.#fields.reset()
    if (fencingErrors.has(error.code)) return this.#fenced(error)
    if (error.code === 'COORDINATOR_NOT_AVAILABLE' || error.code === 'NOT_COORDINATOR') return 'now'
    if (error.retriable || this.#isOwnPlace(error)) return 'backoff'
    if (error.code === 'TOPIC_AUTHORIZATION_FAILED') {
      this.#failure = error
      this.#context.onWake()
      return 'backoff'
    }
    this.#life++
    this.#member = inState(this.#member, 'FATAL')
    this.#fatal = error
    this.#context.core.context.logger.error('the group refused this consumer', {
      groupId: this.#context.groupId,
      error,
    })
    this.#context.onWake()
    return 'never'
  }

  /**
   * A static member that left while the coordinator could not be told finds its place taken, by itself, until its session is over. So
   * it goes on asking for so long. Kafka's client takes the first refusal for final.
   */
  #isOwnPlace({ code }: KafkaError): boolean {
    if (code !== 'UNRELEASED_INSTANCE_ID' || this.#unreleasedSinceMs === undefined) return false
    const { core, config } = this.#context
    const nowMs = core.context.clock.monotonicMs()
    this.#unreleasedSinceMs = Math.min(this.#unreleasedSinceMs, nowMs)
    return nowMs - this.#unreleasedSinceMs < config.sessionTimeoutMs
  }

  /** What it had is another's. The application hears of that at its next poll, and then the member joins anew. */
  #fenced(error: KafkaError): 'now' | 'never' {
    this.#life++
    this.#member = fencedMember(this.#member)
    this.#context.core.context.logger.warn('this member was removed from its group and joins again', {
      groupId: this.#context.groupId,
      reason: error.message,
    })
    const { subscriptions } = this.#context
    if (subscriptions.assignmentSize === 0 && subscriptions.hasAutoAssignedPartitions) {
      this.#join()
      return 'now'
    }
    subscriptions.markPendingRevocation(subscriptions.assignedPartitions())
    this.#context.onWake()
    return 'never'
  }

  async #lose(): Promise<void> {
    const { subscriptions, callbacks } = this.#context
    const lost = subscriptions.assignedPartitions()
    if (lost.length === 0) return
    const failure = await callbacks.lost(lost)
    this.#assign([])
    if (failure !== undefined) throw failure.thrown
  }

  /** The target in names; undefined when there is nothing to do about it. */
  #resolvedTarget(): ResolvedTarget | undefined {
    const { target, current } = this.#member
    const partitions = new Map<string, readonly number[]>()
    const assigned: TopicPartition[] = []
    let isWhole = true
    for (const [topicId, numbers] of target.partitions) {
      const topic = this.#names.of(topicId)
      if (topic === undefined) isWhole = false
      else {
        partitions.set(topicId, numbers)
        for (const partition of numbers) assigned.push({ topic, partition })
      }
    }
    if (!isWhole && samePartitions(partitions, current.partitions)) return undefined
    return { localEpoch: target.localEpoch, partitions, assigned, isWhole }
  }

  /** Revoke, commit, acknowledge, assign. Kafka: `maybeReconcile`. */
  async #reconcile(target: ResolvedTarget): Promise<void> {
    const { subscriptions, callbacks, commitBeforeRevocation, hooks, groupId } = this.#context
    const life = this.#life
    const { assigned, ...local } = target
    this.#member = reconciliationBegun(this.#member)
    const owned = subscriptions.assignedPartitions()
    const [ownedKeys, assignedKeys] = [keysOf(owned), keysOf(assigned)]
    const added = assigned.filter((partition) => !ownedKeys.has(partitionKey(partition)))
    const revoked = owned.filter((partition) => !assignedKeys.has(partitionKey(partition)))
    hooks.emit('rebalanceStarted', { groupId, cause: 'the coordinator gave a new assignment' })
    let failure: CallbackFailure
    if (revoked.length > 0) {
      subscriptions.markPendingRevocation(revoked)
      await commitBeforeRevocation(revoked)
      if (!this.#goesOn(life)) return
      failure = await callbacks.revoked(revoked)
      if (!this.#goesOn(life, failure)) return
    }
    this.#assign(assigned)
    subscriptions.markPendingOnAssignedCallback(added, true)
    const assignedFailure = await callbacks.assigned(added)
    subscriptions.markPendingOnAssignedCallback(added, false)
    failure ??= assignedFailure
    if (!this.#goesOn(life, failure)) return
    this.#member = reconciliationDone(this.#member, local)
    this.#heartbeat.now()
    if (failure !== undefined) throw failure.thrown
  }

  /** Whether the member is still the one that began to reconcile: it may have been fenced, or have left, meanwhile. */
  #goesOn(life: number, failure?: CallbackFailure): boolean {
    if (this.#life === life && this.#member.state === 'RECONCILING') return true
    if (this.#life === life) this.#member = reconciliationAborted(this.#member)
    if (failure !== undefined) throw failure.thrown
    return false
  }

  #assign(partitions: readonly TopicPartition[]): void {
    this.#context.subscriptions.assignFromSubscribed(partitions)
    this.#context.onAssigned()
  }
}

function keysOf(partitions: readonly TopicPartition[]): Set<string> {
  return new Set(partitions.map(partitionKey))
}
