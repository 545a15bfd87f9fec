/**
 * A consumer's dealings with the coordinator of its group: membership in one of the two protocols, offsets, and the time between polls.
 * What has to happen on the application's turn (rebalance callbacks, giving up and taking partitions) happens in `poll`; everything else,
 * heartbeats first of all, goes on by itself. (Kafka: `ConsumerCoordinator`; for KIP-848 the request managers of its async consumer.)
 */
import { asKafkaError, type ClientCore, KafkaError } from '@odradek/client'
import type { ErrorName } from '@odradek/protocol'
import type { Hooks } from '@odradek/runtime'
import type { ConsumerConfig } from '../config/consumer-config.ts'
import type { ConsumerEvents } from '../consumer-events.ts'
import type { SubscriptionState } from '../subscription-state.ts'
import type { OffsetAndMetadata, PartitionMap, TopicPartition } from '../topic-partition.ts'
import { noLeader } from '../topic-partition-state.ts'
import { AutoCommit } from './auto-commit.ts'
import { ClassicMembership } from './classic-membership.ts'
import { CommitFailedError } from './commit-failed-error.ts'
import { ConsumerMembership } from './consumer-membership.ts'
import { CoordinatorConnection } from './coordinator-connection.ts'
import {
  type GroupIdentity,
  type GroupMembership,
  type GroupMembershipOperation,
  type GroupMetadata,
  noIdentity,
} from './group-membership.ts'
import { GroupTopics } from './group-topics.ts'
import type { MembershipContext } from './membership-context.ts'
import { offersConsumerProtocol } from './offers-consumer-protocol.ts'
import { OffsetRequests } from './offset-requests.ts'
import { PollTimer } from './poll-timer.ts'
import { RebalanceCallbacks } from './rebalance-callbacks.ts'
import { late, Waits } from './waits.ts'
import { Watchdog } from './watchdog.ts'

/** What a coordinator is made with. */
export interface ConsumerCoordinatorOptions {
  readonly core: ClientCore
  /** `groupId` has to be there. */
  readonly config: ConsumerConfig
  readonly subscriptions: SubscriptionState
  readonly hooks: Hooks<ConsumerEvents>
  /** `needsPoll` has become true: a poll that waits for records should come by. */
  readonly onWake: () => void
}

/** How a coordinator is closed. */
export interface CloseCoordinatorOptions {
  /** Milliseconds for the last commit, the callbacks and leaving. */
  readonly timeoutMs: number
  readonly groupMembershipOperation?: GroupMembershipOperation
}

/** See the top of the file. */
export class ConsumerCoordinator {
  readonly #options: ConsumerCoordinatorOptions
  readonly #groupId: string
  readonly #waits: Waits
  readonly #connection: CoordinatorConnection
  readonly #offsets: OffsetRequests
  /** Awaited before partitions are given up, and before what was processed of them is committed. It does not fail. */
  beforeRevocation: ((partitions: readonly TopicPartition[]) => Promise<void>) | undefined
  readonly #autoCommit: AutoCommit
  readonly #callbacks: RebalanceCallbacks
  readonly #topics: GroupTopics
  readonly #pollTimer: PollTimer
  readonly #watchdog: Watchdog
  #membership: GroupMembership | undefined
  #initializing: Promise<void> | undefined
  #state: 'open' | 'closing' | 'closed' = 'open'

  /** @throws KafkaError when there is no group id */
  constructor(options: ConsumerCoordinatorOptions) {
    const { core, config, subscriptions, hooks, onWake } = options
    const { clock } = core.context
    if (config.groupId === null || config.groupId === '') {
      throw new KafkaError('INVALID_GROUP_ID', 'groupId has to be given for groups and committed offsets')
    }
    this.#options = options
    this.#groupId = config.groupId
    const groupId = config.groupId
    this.#waits = new Waits(clock, `group ${groupId}`)
    this.#connection = new CoordinatorConnection({ core, groupId, waits: this.#waits })
    this.#offsets = new OffsetRequests({
      core,
      groupId,
      connection: this.#connection,
      waits: this.#waits,
      committer: {
        identity: () => this.#identity(),
        refused: (error, identity) => this.#refused(error, identity),
      },
    })
    this.#autoCommit = new AutoCommit({
      core,
      config,
      subscriptions,
      commit: (offsets, timeoutMs) => this.#commit(offsets, { timeoutMs, isAuto: true }),
    })
    this.#callbacks = new RebalanceCallbacks({ context: core.context, subscriptions, hooks })
    this.#topics = new GroupTopics({ core, waits: this.#waits, onUpdate: () => this.#membership?.metadataUpdated() })
    this.#pollTimer = new PollTimer({
      clock,
      maxPollIntervalMs: config.maxPollIntervalMs,
      onProbe: onWake,
      onExpired: (sinceMs) => this.#pollTimedOut(sinceMs),
    })
    this.#watchdog = new Watchdog({
      clock,
      waitsFor: () => this.#membership?.waitsForApplication,
      onStalled: (waitsFor, sinceMs) => this.#stalled(waitsFor, sinceMs),
    })
  }

  /** Whether the next `poll` has something to do. */
  get needsPoll(): boolean {
    if (this.#pollTimer.isProbing) return true
    const { subscriptions } = this.#options
    return this.#membership === undefined ? subscriptions.hasAutoAssignedPartitions : this.#membership.needsPoll
  }

  /** What the group waits for, in words; undefined when it waits for nothing. */
  get waitsFor(): string | undefined {
    if (this.#initializing !== undefined) return `committed offsets of group ${this.#groupId} (OffsetFetch)`
    return this.#membership?.waitsFor
  }

  /**
   * To be called in every poll, before records are taken. Undefined when there was nothing to do; else resolves when records may be taken.
   * @throws KafkaError that ends the membership, such as FENCED_INSTANCE_ID; whatever a rebalance callback throws
   */
  poll(): Promise<void> | undefined {
    const { subscriptions } = this.#options
    if (subscriptions.hasAutoAssignedPartitions) this.#pollTimer.polled()
    return this.needsPoll ? this.#poll() : undefined
  }

  /** Commits. @throws CommitFailedError when the partitions are others' by now; KafkaError */
  commit(
    offsets: PartitionMap<OffsetAndMetadata>,
    timeoutMs = this.#options.config.defaultApiTimeoutMs,
  ): Promise<void> {
    return this.#commit(offsets, { timeoutMs, isAuto: false })
  }

  /** What is committed of each partition, null where nothing is. @throws KafkaError */
  committed(
    partitions: readonly TopicPartition[],
    timeoutMs = this.#options.config.defaultApiTimeoutMs,
  ): Promise<PartitionMap<OffsetAndMetadata | null>> {
    return this.#offsets.committed(partitions, { timeoutMs })
  }

  /**
   * Gives partitions without a position the committed one; those without any wait for a reset after it.
   * @throws KafkaError NO_OFFSET_FOR_PARTITION, or what the coordinator said
   */
  fetchCommittedOffsets(): Promise<void> {
    this.#initializing ??= this.#initialize().finally(() => {
      this.#initializing = undefined
    })
    return this.#initializing
  }

  /** Where this consumer is in its group. */
  groupMetadata(): GroupMetadata {
    const { groupInstanceId } = this.#options.config
    const outside = { groupId: this.#groupId, generationId: -1, memberId: '', groupInstanceId }
    return this.#membership?.groupMetadata() ?? outside
  }

  /** Joins the group anew at the next poll. */
  enforceRebalance(reason = 'rebalance enforced by the application'): void {
    this.#membership?.enforceRebalance(reason)
  }

  /** Gives up the partitions and leaves the group; `subscriptions.unsubscribe` comes after it. @throws what a callback throws */
  async unsubscribe(): Promise<void> {
    this.#pollTimer.stop()
    this.#watchdog.stop()
    await this.#membership?.leave('default', 'the consumer unsubscribed from all topics')
  }

  /** Commits what was processed, leaves the group and ends all connections, in `timeoutMs` at most. @throws what a callback throws */
  async close({ timeoutMs, groupMembershipOperation = 'default' }: CloseCoordinatorOptions): Promise<void> {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    const { core, config } = this.#options
    const untilMs = core.context.clock.monotonicMs() + timeoutMs
    const leftMs = () => Math.max(0, untilMs - core.context.clock.monotonicMs())
    this.#pollTimer.stop()
    this.#watchdog.stop()
    this.#autoCommit.close()
    try {
      if (config.enableAutoCommit && timeoutMs > 0) await this.#lastCommit(leftMs())
      const left = this.#membership?.leave(groupMembershipOperation, 'the consumer is being closed')
      if (left !== undefined) await this.#waits.within(left, leftMs())
    } finally {
      this.#state = 'closed'
      this.#membership?.close()
      this.#waits.close()
      this.#connection.close()
    }
  }

  async #poll(): Promise<void> {
    const { subscriptions } = this.#options
    if (this.#membership === undefined) {
      if (!subscriptions.hasAutoAssignedPartitions) return
      this.#membership = await this.#createMembership()
    }
    this.#watchdog.start()
    await this.#membership.poll()
  }

  async #createMembership(): Promise<GroupMembership> {
    const { core, config, subscriptions, hooks, onWake } = this.#options
    const context: MembershipContext = {
      core,
      config,
      subscriptions,
      hooks,
      onWake,
      groupId: this.#groupId,
      connection: this.#connection,
      callbacks: this.#callbacks,
      topics: this.#topics,
      waits: this.#waits,
      commitBeforeRevocation: (partitions) => this.#commitBeforeRevocation(partitions),
      onAssigned: () => this.#autoCommit.restart(),
    }
    const usesConsumerProtocol =
      config.groupProtocol === 'consumer' ||
      (config.groupProtocol === 'auto' &&
        (await offersConsumerProtocol(this.#connection, { waits: this.#waits, retryBackoffMs: config.retryBackoffMs })))
    return usesConsumerProtocol ? new ConsumerMembership(context) : new ClassicMembership(context)
  }

  #identity(): GroupIdentity {
    if (!this.#options.subscriptions.hasAutoAssignedPartitions) return noIdentity
    if (this.#membership === undefined) throw new CommitFailedError('this consumer has not joined its group')
    return this.#membership.identity()
  }

  #refused(error: ErrorName, identity: GroupIdentity): KafkaError {
    return (
      this.#membership?.commitRefused(error, identity) ??
      new CommitFailedError(`OffsetCommit was answered with ${error}`)
    )
  }

  async #commit(
    offsets: PartitionMap<OffsetAndMetadata>,
    { timeoutMs, isAuto }: { readonly timeoutMs: number; readonly isAuto: boolean },
  ): Promise<void> {
    const { hooks, core } = this.#options
    const { clock } = core.context
    const startMs = clock.monotonicMs()
    try {
      await this.#offsets.commit(offsets, { timeoutMs, stillValid: this.#ownership(offsets) })
      hooks.emit('committed', { offsets, latencyMs: clock.monotonicMs() - startMs, isAuto })
    } catch (error) {
      const failure = asKafkaError(error, 'PROTOCOL_VIOLATION')
      hooks.emit('commitFailed', { offsets, error: failure.code, reason: failure.message, isAuto })
      throw failure
    }
  }

  /** A commit that is repeated must not reach the group under a generation in which the partitions are another's. */
  #ownership(offsets: PartitionMap<OffsetAndMetadata>): () => void {
    const { subscriptions } = this.#options
    const states = [...offsets.keys()]
      .map((partition) => subscriptions.stateOf(partition))
      .filter((state) => state !== undefined)
    return () => {
      if (states.every((state) => subscriptions.isCurrent(state))) return
      throw new CommitFailedError('some of the partitions were given up before the commit was answered')
    }
  }

  async #commitBeforeRevocation(partitions: readonly TopicPartition[]): Promise<void> {
    const { config, core, subscriptions } = this.#options
    const going = partitions.filter((partition) => subscriptions.stateOf(partition)?.isPendingRevocation === true)
    if (going.length > 0) await this.beforeRevocation?.(going)
    if (!config.enableAutoCommit || partitions.length === 0) return
    try {
      await this.#autoCommit.commitNow(config.maxPollIntervalMs, partitions)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      core.context.logger.warn('offsets were not committed before partitions were given up', { reason })
    }
  }

  async #lastCommit(timeoutMs: number): Promise<void> {
    try {
      const committed = this.#autoCommit.commitNow(timeoutMs)
      if ((await this.#waits.within(committed, timeoutMs)) !== late) return
      committed.catch(() => undefined)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#options.core.context.logger.warn('offsets were not committed before the consumer closed', { reason })
    }
  }

  async #initialize(): Promise<void> {
    const { subscriptions, config, core, hooks } = this.#options
    const partitions = subscriptions.initializingPartitions()
    const states = partitions
      .map((partition) => subscriptions.stateOf(partition))
      .filter((state) => state !== undefined)
    const offsets = await this.#offsets.committed(partitions, { timeoutMs: config.defaultApiTimeoutMs })
    const isWaiting = (state: (typeof states)[number]) =>
      subscriptions.isCurrent(state) && state.fetchState.name === 'INITIALIZING'
    for (const state of states.filter(isWaiting)) {
      const found = offsets.get(state)
      if (found === undefined || found === null) continue
      const { topic, partition } = state
      const leader = core.metadata.topic(topic)?.partitions[partition]
      const currentLeader =
        leader === undefined ? noLeader : { leaderId: leader.leaderId, leaderEpoch: leader.leaderEpoch }
      state.seekUnvalidated({ offset: found.offset, offsetEpoch: found.leaderEpoch, currentLeader })
      hooks.emit('positionReset', { topic, partition, offset: found.offset, reason: 'committed' })
    }
    subscriptions.resetInitializingPositions((partition) => {
      const state = subscriptions.stateOf(partition)
      return state !== undefined && states.includes(state)
    })
  }

  #pollTimedOut(sinceMs: number): void {
    const { hooks, core } = this.#options
    if (this.#membership?.pollTimedOut() !== true) return
    const groupId = this.#groupId
    hooks.emit('pollIntervalExceeded', { groupId, sinceMs })
    core.context.logger.warn('the application did not poll for maxPollIntervalMs, so this consumer left its group', {
      groupId,
      sinceMs,
      waitsFor: this.waitsFor,
    })
  }

  #stalled(waitsFor: string, sinceMs: number): void {
    const { hooks, core } = this.#options
    hooks.emit('stalled', { waitsFor, sinceMs })
    core.context.logger.warn('the consumer waits', { groupId: this.#groupId, waitsFor, sinceMs })
  }
}
