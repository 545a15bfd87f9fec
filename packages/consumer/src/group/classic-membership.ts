/**
 * A member of a classic group. A rebalance has three parts, of which the first and the last are the application's turn, in `poll`:
 *
 *   1. prepare: commit what was processed, and give up all partitions (eager) or those of topics no longer subscribed (cooperative)
 *   2. JoinGroup, the assignment if this member leads, SyncGroup; with back-off, by itself, while cooperative members go on reading
 *   3. complete: give up what went to others (cooperative, and then join again), take what is new
 *
 * What the coordinator's answers mean is in `classic-member.ts`. (Kafka: `AbstractCoordinator`, `ConsumerCoordinator`.)
 */
import { asKafkaError, backoffMs, KafkaError } from '@odradek/client'
import type { ErrorName } from '@odradek/protocol'
import type { JoinGroupResponse } from '@odradek/protocol/messages'
import { type Assignor, decodeAssignment, type RebalanceProtocol } from '@odradek/strategies'
import { createAssignor } from '../config/assignment-strategies.ts'
import { partitionKey, type TopicPartition } from '../topic-partition.ts'
import { ClassicHeartbeat } from './classic-heartbeat.ts'
import {
  type ClassicMember,
  classicRefusal,
  forgotten,
  type Generation,
  hasLostPartitions,
  joined,
  joining,
  keepsHeartbeat,
  type MembershipApi,
  newClassicMember,
  noGeneration,
  notJoined,
  type Refusal,
  refused,
  rejoinReasonOf,
  synced,
  wantsToRejoin,
  withMemberId,
} from './classic-member.ts'
import { joinGroup, leaveGroup, type MemberAssignments, syncGroup } from './classic-requests.ts'
import { CommitFailedError, rebalanceInProgress } from './commit-failed-error.ts'
import {
  assignGroup,
  encodedAssignments,
  type MetadataSnapshot,
  metadataSnapshot,
  sameSnapshot,
  subscriptionsOf,
  topicsOf,
} from './group-assignment.ts'
import {
  type GroupIdentity,
  type GroupMembership,
  type GroupMembershipOperation,
  type GroupMetadata,
  noIdentity,
} from './group-membership.ts'
import type { MembershipContext } from './membership-context.ts'
import type { CallbackFailure } from './rebalance-callbacks.ts'
import { commonProtocol } from './rebalance-protocol.ts'

/** An assignment that waits for the application's turn. */
interface Completion {
  readonly generation: Generation
  readonly assignment: Uint8Array
}

/** The classic protocol's side of a consumer; see the top of the file. */
export class ClassicMembership implements GroupMembership {
  readonly #context: MembershipContext
  readonly #assignors: ReadonlyMap<string, Assignor>
  readonly #protocol: RebalanceProtocol
  readonly #heartbeat: ClassicHeartbeat
  #member: ClassicMember = newClassicMember
  /** The round of joining that is under way; another object, or none, makes its answers void. */
  #round: object | undefined
  #completion: Completion | undefined
  #isPrepared = false
  #isCompleting = false
  #failure: KafkaError | undefined
  #fence: KafkaError | undefined
  #joinedSubscription: ReadonlySet<string> | undefined
  /** How the topics were when this member, as the leader, assigned them. */
  #assignmentSnapshot: { readonly topics: ReadonlySet<string>; readonly snapshot: MetadataSnapshot } | undefined

  /** @throws KafkaError INCONSISTENT_GROUP_PROTOCOL when the assignors have no rebalance protocol in common */
  constructor(context: MembershipContext) {
    this.#context = context
    const assignors = context.config.partitionAssignmentStrategy.map(createAssignor)
    this.#assignors = new Map(assignors.map((assignor) => [assignor.name, assignor]))
    this.#protocol = commonProtocol(assignors)
    this.#heartbeat = new ClassicHeartbeat({
      context,
      generation: () => (keepsHeartbeat(this.#member) ? this.#member.generation : undefined),
      onRefused: (error, generation) => this.#heartbeatRefused(error, generation),
    })
  }

  get needsPoll(): boolean {
    if (this.#failure !== undefined || this.#fence !== undefined || this.#completion !== undefined) return true
    const { subscriptions } = this.#context
    if (!subscriptions.hasAutoAssignedPartitions || this.#round !== undefined) return false
    return rejoinReasonOf(this.#member) !== undefined || this.#joinedSubscription !== subscriptions.subscription
  }

  get waitsFor(): string | undefined {
    const { connection, groupId } = this.#context
    if (this.#round === undefined) return this.waitsForApplication
    if (!connection.isKnown) return `the coordinator of group ${groupId}`
    return this.#member.state === 'COMPLETING_REBALANCE'
      ? `the assignment by the leader of group ${groupId} (SyncGroup)`
      : `the other members of group ${groupId} to join (JoinGroup)`
  }

  get waitsForApplication(): string | undefined {
    const { callbacks, groupId } = this.#context
    if (callbacks.running !== undefined) return `the end of ${callbacks.running}`
    if (this.#completion !== undefined) return 'a poll that takes the new assignment'
    if (this.#round !== undefined) return undefined
    const reason = rejoinReasonOf(this.#member)
    return reason === undefined ? undefined : `a poll that joins group ${groupId}: ${reason}`
  }

  async poll(): Promise<void> {
    this.#throwFailure()
    if (this.#completion !== undefined) await this.#complete(this.#completion)
    const { subscriptions } = this.#context
    if (!subscriptions.hasAutoAssignedPartitions || this.#round !== undefined) return
    this.#noteSubscription()
    const reason = rejoinReasonOf(this.#member)
    if (reason === undefined) return
    await this.#prepare(reason)
    this.#join(reason)
  }

  groupMetadata(): GroupMetadata {
    const { groupId, config } = this.#context
    const { generationId, memberId } = this.#member.generation
    return { groupId, generationId, memberId, groupInstanceId: config.groupInstanceId }
  }

  identity(): GroupIdentity {
    const { subscriptions, config } = this.#context
    if (!subscriptions.hasAutoAssignedPartitions) return noIdentity
    const { state, generation } = this.#member
    if (state === 'PREPARING_REBALANCE' || state === 'COMPLETING_REBALANCE') throw rebalanceInProgress()
    // Until the application has taken the assignment, what it has at hand belongs to the generation before.
    if (this.#completion !== undefined && !this.#isCompleting) throw rebalanceInProgress()
    if (state === 'UNJOINED') {
      if (this.#round !== undefined) throw rebalanceInProgress()
      throw new CommitFailedError('this consumer is not in its group')
    }
    const { generationId: generationIdOrMemberEpoch, memberId } = generation
    return { memberId, generationIdOrMemberEpoch, groupInstanceId: config.groupInstanceId, isConsumerProtocol: false }
  }

  commitRefused(error: ErrorName, identity: GroupIdentity): KafkaError {
    const isPresent = this.#isPresent(identity.memberId, identity.generationIdOrMemberEpoch)
    const wasJoining = this.#member.state === 'PREPARING_REBALANCE'
    const cause = new KafkaError(error, `OffsetCommit was answered with ${error}`)
    if (isPresent || error === 'REBALANCE_IN_PROGRESS') {
      this.#refuse('OffsetCommit', error)
      this.#context.onWake()
    }
    if (error === 'REBALANCE_IN_PROGRESS' || (!isPresent && wasJoining)) return rebalanceInProgress()
    return this.#fence ?? new CommitFailedError(cause.message, cause)
  }

  enforceRebalance(reason: string): void {
    this.#rejoin(reason)
    this.#context.onWake()
  }

  /** Metadata came: the leader assigns anew when the partitions of the group's topics are others. */
  metadataUpdated(): void {
    const assigned = this.#assignmentSnapshot
    if (assigned === undefined || this.#member.state !== 'STABLE') return
    if (sameSnapshot(assigned.snapshot, metadataSnapshot(this.#context.core, assigned.topics))) return
    this.#rejoin('the partitions of the subscribed topics have changed')
    this.#context.onWake()
  }

  pollTimedOut(): boolean {
    if (!keepsHeartbeat(this.#member)) return false
    void this.#leaveGroup('default', 'consumer poll timeout has expired.')
    return true
  }

  async leave(operation: GroupMembershipOperation, reason: string): Promise<void> {
    const { subscriptions, callbacks } = this.#context
    const dropped = subscriptions.assignedPartitions()
    let failure: CallbackFailure
    if (subscriptions.hasAutoAssignedPartitions && dropped.length > 0) {
      failure = await (hasLostPartitions(this.#member) ? callbacks.lost(dropped) : callbacks.revoked(dropped))
      this.#assign([])
    }
    await this.#leaveGroup(operation, reason)
    if (failure !== undefined) throw failure.thrown
  }

  close(): void {
    this.#round = undefined
    this.#completion = undefined
    this.#heartbeat.stop()
  }

  #throwFailure(): void {
    if (this.#fence !== undefined) throw this.#fence
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
  }

  #noteSubscription(): void {
    const { subscription, type } = this.#context.subscriptions
    if (type === 'auto-pattern-re2j') {
      throw new KafkaError('ILLEGAL_STATE', 'patterns that the broker matches need groupProtocol consumer')
    }
    const before = this.#joinedSubscription
    if (before === undefined || before === subscription) return
    if (before.size === subscription.size && [...before].every((topic) => subscription.has(topic))) {
      this.#joinedSubscription = subscription
    } else this.#rejoin('the subscription has changed since the last join')
  }

  /** The first part of a rebalance, once for each. Kafka: `onJoinPrepare`. */
  async #prepare(cause: string): Promise<void> {
    if (this.#isPrepared) return
    this.#isPrepared = true
    const { subscriptions, callbacks, hooks, groupId, commitBeforeRevocation } = this.#context
    hooks.emit('rebalanceStarted', { groupId, cause })
    const owned = subscriptions.assignedPartitions()
    if (this.#protocol === 'EAGER') subscriptions.markPendingRevocation(owned)
    if (!hasLostPartitions(this.#member)) await commitBeforeRevocation(owned)
    let failure: CallbackFailure
    // The coordinator, or time, may have taken the membership away while offsets were committed.
    if (hasLostPartitions(this.#member)) {
      if (owned.length > 0) failure = await callbacks.lost(owned)
      this.#assign([])
    } else if (this.#protocol === 'EAGER') {
      if (owned.length > 0) failure = await callbacks.revoked(owned)
      this.#assign([])
    } else {
      const [kept, revoked] = split(owned, ({ topic }) => subscriptions.subscription.has(topic))
      if (revoked.length > 0) {
        failure = await callbacks.revoked(revoked)
        this.#assign(kept)
      }
    }
    this.#assignmentSnapshot = undefined
    subscriptions.resetGroupSubscription()
    if (failure !== undefined) throw failure.thrown
  }

  /** The second part begins. */
  #join(reason: string): void {
    const round = {}
    this.#round = round
    this.#runRound(round, reason).then(
      (completion) => this.#roundEnded(round, completion),
      (error: unknown) => this.#roundFailed(round, asKafkaError(error, 'PROTOCOL_VIOLATION')),
    )
  }

  /** Joins as often as it takes. Undefined when the round is void, or the application has to give up partitions first. */
  async #runRound(round: object, firstReason: string): Promise<Completion | undefined> {
    const { connection, core, waits, subscriptions } = this.#context
    const { config, random } = core.context
    let reason = firstReason
    for (let failures = 0; ; ) {
      await connection.find()
      if (this.#round !== round) return undefined
      const outcome = await this.#attempt(round, reason)
      if (this.#round !== round || outcome === undefined) return undefined
      if (!(outcome instanceof KafkaError)) return outcome
      connection.noteError(outcome)
      const api = this.#member.state === 'COMPLETING_REBALANCE' ? 'SyncGroup' : 'JoinGroup'
      const after = this.#refuse(api, outcome.code)
      reason = rejoinReasonOf(this.#member) ?? reason
      if (hasLostPartitions(this.#member) && subscriptions.assignmentSize > 0) {
        this.#isPrepared = false
        return undefined
      }
      if (after.next === 'fence') return undefined
      if (after.next === 'fail' && !outcome.retriable) throw outcome
      if (after.next === 'rejoin') continue
      const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = config
      await waits.sleep(backoffMs(failures++, { initialMs, maxMs, random }))
      if (this.#round !== round) return undefined
    }
  }

  /** JoinGroup and SyncGroup once. Answers the error of either, the assignment, or nothing when the round is void. */
  async #attempt(round: object, reason: string): Promise<KafkaError | Completion | undefined> {
    try {
      this.#member = joining(this.#member)
      const { generation: former } = this.#member
      this.#joinedSubscription = this.#context.subscriptions.subscription
      const response = await joinGroup(this.#context, {
        generation: former,
        assignors: this.#assignors.values(),
        reason,
      })
      if (this.#round !== round) return undefined
      if (response.errorCode !== 0) return this.#notJoined(response)
      const generation = this.#takeGeneration(response)
      const assignments = response.leader === response.memberId ? await this.#assignAsLeader(response) : []
      if (this.#round !== round) return undefined
      const { errorCode, assignment } = await syncGroup(this.#context, generation, assignments)
      if (this.#round !== round) return undefined
      if (errorCode !== 0) return KafkaError.fromCode(errorCode, { api: 'SyncGroup' })
      // A heartbeat may have learned meanwhile that the generation is over.
      if (this.#member.state !== 'COMPLETING_REBALANCE') {
        return new KafkaError('REBALANCE_IN_PROGRESS', 'the generation ended before SyncGroup was answered')
      }
      this.#member = synced(this.#member)
      return { generation, assignment: assignment.slice() }
    } catch (error) {
      return asKafkaError(error, 'PROTOCOL_VIOLATION')
    }
  }

  #notJoined({ errorCode, memberId }: JoinGroupResponse): KafkaError {
    const error = KafkaError.fromCode(errorCode, { api: 'JoinGroup' })
    if (error.code === 'MEMBER_ID_REQUIRED') this.#member = joining(withMemberId(memberId))
    return error
  }

  #takeGeneration({ generationId, memberId, protocolName, leader }: JoinGroupResponse): Generation {
    const generation = { generationId, memberId, protocolName }
    const isFirst = hasLostPartitions(this.#member)
    this.#member = joined(generation)
    this.#heartbeat.start()
    const { hooks, groupId } = this.#context
    if (isFirst) hooks.emit('memberJoined', { groupId, memberId, protocol: 'classic' })
    const isLeader = leader === memberId
    hooks.emit('generation', { groupId, memberId, generationId, assignor: protocolName, isLeader })
    return generation
  }

  /** Kafka: `onLeaderElected`. */
  async #assignAsLeader(response: JoinGroupResponse): Promise<MemberAssignments> {
    const { core, subscriptions, topics, config } = this.#context
    const assignor = this.#assignorOf(response.protocolName)
    const group = subscriptionsOf(response)
    const wanted = topicsOf(group)
    subscriptions.groupSubscribe(wanted)
    topics.watch(wanted)
    await topics.fresh(wanted, config.requestTimeoutMs)
    // A static leader that is back finds the group as it was, and only goes on watching its topics (KIP-814).
    const assignments = response.skipAssignment ? new Map() : assignGroup(assignor, { core, group })
    for (const { partitions } of assignments.values()) for (const { topic } of partitions) wanted.add(topic)
    this.#assignmentSnapshot = { topics: wanted, snapshot: metadataSnapshot(core, wanted) }
    return encodedAssignments(assignments)
  }

  #assignorOf(name: string | null): Assignor {
    const assignor = this.#assignors.get(name ?? '')
    if (assignor !== undefined) return assignor
    const offered = [...this.#assignors.keys()].join(', ')
    throw new KafkaError('INCONSISTENT_GROUP_PROTOCOL', `the group chose assignor ${name}, offered were ${offered}`)
  }

  #roundEnded(round: object, completion: Completion | undefined): void {
    if (this.#round !== round) return
    this.#round = undefined
    this.#completion = completion
    // The metadata may have changed between the assignment and its acceptance.
    this.metadataUpdated()
    this.#context.onWake()
  }

  #roundFailed(round: object, error: KafkaError): void {
    if (this.#round !== round) return
    this.#round = undefined
    if (error.code === 'CLIENT_CLOSED') return
    this.#member = notJoined(this.#member, `joining failed: ${error.message}`)
    this.#failure = error
    this.#context.core.context.logger.error('joining the group failed', { groupId: this.#context.groupId, error })
    this.#context.onWake()
  }

  /** The third part of a rebalance. Kafka: `onJoinComplete`. */
  async #complete({ generation, assignment: bytes }: Completion): Promise<void> {
    const { subscriptions, callbacks, commitBeforeRevocation, topics } = this.#context
    this.#isCompleting = true
    this.#isPrepared = false
    try {
      const assignor = this.#assignorOf(generation.protocolName)
      const assignment = decodeAssignment(bytes)
      const assigned = [...assignment.partitions]
      if (!subscriptions.checkAssignmentMatchesSubscription(assigned)) {
        this.#rejoin('the assignment does not match the subscription, which has changed since')
        return
      }
      const owned = subscriptions.assignedPartitions()
      const [ownedKeys, assignedKeys] = [keysOf(owned), keysOf(assigned)]
      const added = assigned.filter((partition) => !ownedKeys.has(partitionKey(partition)))
      const revoked = owned.filter((partition) => !assignedKeys.has(partitionKey(partition)))
      let failure: CallbackFailure
      if (revoked.length > 0) {
        subscriptions.markPendingRevocation(revoked)
        await commitBeforeRevocation(revoked)
        failure = await callbacks.revoked(revoked)
        this.#rejoin('partitions were given up, and can be assigned to others now')
      }
      const { groupId, config } = this.#context
      const metadata = { groupId, ...generation, groupInstanceId: config.groupInstanceId }
      assignor.onAssignment?.(assignment, metadata)
      if (this.#assignmentSnapshot === undefined) topics.watch(subscriptions.subscription)
      this.#assign(assigned)
      subscriptions.markPendingOnAssignedCallback(added, true)
      const assignedFailure = await callbacks.assigned(added)
      subscriptions.markPendingOnAssignedCallback(added, false)
      failure ??= assignedFailure
      if (failure !== undefined) throw failure.thrown
    } finally {
      this.#completion = undefined
      this.#isCompleting = false
    }
  }

  #assign(partitions: readonly TopicPartition[]): void {
    this.#context.subscriptions.assignFromSubscribed(partitions)
    this.#context.onAssigned()
  }

  #rejoin(reason: string): void {
    this.#member = wantsToRejoin(this.#member, reason)
  }

  #refuse(api: MembershipApi, error: string): Refusal {
    const refusal = classicRefusal(api, error as ErrorName)
    this.#member = refused(this.#member, refusal, `${api} was answered with ${error}`)
    if (refusal.next === 'fence') this.#fence = fencedError(this.#context.config.groupInstanceId)
    if (!keepsHeartbeat(this.#member)) this.#heartbeat.stop()
    return refusal
  }

  #heartbeatRefused(error: KafkaError, { memberId, generationId }: Generation): void {
    if (!this.#isPresent(memberId, generationId)) return
    // While it completes a rebalance SyncGroup will tell the same.
    if (this.#member.state === 'COMPLETING_REBALANCE' && error.code === 'REBALANCE_IN_PROGRESS') return
    const { next } = this.#refuse('Heartbeat', error.code)
    if (next === 'fail') this.#failure = error
    if (hasLostPartitions(this.#member)) this.#completion = undefined
    this.#context.onWake()
  }

  #isPresent(memberId: string, generationId: number): boolean {
    const { generation } = this.#member
    return generation.memberId === memberId && generation.generationId === generationId
  }

  /** Tells the coordinator, if it shall know, and forgets the membership. Kafka: `maybeLeaveGroup`. */
  async #leaveGroup(operation: GroupMembershipOperation, reason: string): Promise<void> {
    const { connection, config, groupId } = this.#context
    const { logger } = this.#context.core.context
    const { memberId } = this.#member.generation
    const { state } = this.#member
    const waitsForOthers = state === 'PREPARING_REBALANCE' || state === 'COMPLETING_REBALANCE'
    const isStatic = config.groupInstanceId !== null
    const tells = operation === 'leave_group' || (operation === 'default' && !isStatic)
    this.#round = undefined
    this.#completion = undefined
    this.#isPrepared = false
    this.#assignmentSnapshot = undefined
    this.#joinedSubscription = undefined
    this.#member = forgotten(this.#member, 'member', reason)
    this.#heartbeat.stop()
    if (!tells || memberId === noGeneration.memberId || !connection.isKnown) return
    // The broker answers in order, and JoinGroup and SyncGroup may take long.
    if (waitsForOthers) connection.startOver()
    try {
      await leaveGroup(this.#context, { memberId, reason })
    } catch (error) {
      logger.info('the coordinator was not told that this consumer leaves', { groupId, error })
    }
  }
}

function fencedError(groupInstanceId: string | null): KafkaError {
  const message = `another consumer uses groupInstanceId ${groupInstanceId} and has taken this one's place in the group`
  return new KafkaError('FENCED_INSTANCE_ID', message)
}

function keysOf(partitions: readonly TopicPartition[]): Set<string> {
  return new Set(partitions.map(partitionKey))
}

function split<T>(values: readonly T[], isFirst: (value: T) => boolean): [T[], T[]] {
  const halves: [T[], T[]] = [[], []]
  for (const value of values) halves[isFirst(value) ? 0 : 1].push(value)
  return halves
}
