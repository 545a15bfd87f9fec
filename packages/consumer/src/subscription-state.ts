/**
 * What a consumer reads: the topics it subscribed to or the partitions it was assigned, and for each partition where it stands. Topics and
 * partitions by hand exclude each other until `unsubscribe`. A partition that stays keeps its state when the assignment changes around it.
 *
 * `position` is what `poll` returns next. `processed` is behind it: the end of what the application is done with, which it says by asking
 * for more. Only that is committed by itself, so a record that was returned and never worked on is not lost.
 */
import { KafkaError } from '@odradek/client'
import type { AutoOffsetResetStrategy } from './config/auto-offset-reset.ts'
import type { RebalanceListener } from './rebalance-listener.ts'
import { type OffsetAndMetadata, PartitionMap, partitionKey, type TopicPartition } from './topic-partition.ts'
import { type FetchPosition, type LeaderAndEpoch, TopicPartitionState } from './topic-partition-state.ts'

/** How it was said what to read. `auto-pattern-re2j` is matched by the broker (KIP-848). Kafka: `SubscriptionState.SubscriptionType`. */
export type SubscriptionType = 'none' | 'auto-topics' | 'auto-pattern' | 'auto-pattern-re2j' | 'user-assigned'

const noTopics: ReadonlySet<string> = new Set()

/** The subscription and the partitions of one consumer. Kafka: `SubscriptionState`. */
export class SubscriptionState {
  readonly defaultResetStrategy: AutoOffsetResetStrategy
  /** Called before `allProcessed` answers, by a loop that does not mark each record; undefined when there is none. */
  reportProcessed: (() => void) | undefined
  #type: SubscriptionType = 'none'
  #subscription: ReadonlySet<string> = noTopics
  #groupSubscription: ReadonlySet<string> = noTopics
  #pattern: RegExp | undefined
  #re2jPattern: string | undefined
  #listener: RebalanceListener | undefined
  #assignmentId = 0
  #assignment = new Map<string, TopicPartitionState>()

  constructor(defaultResetStrategy: AutoOffsetResetStrategy) {
    this.defaultResetStrategy = defaultResetStrategy
  }

  get type(): SubscriptionType {
    return this.#type
  }

  /** Grows with each change of the assignment. */
  get assignmentId(): number {
    return this.#assignmentId
  }

  get rebalanceListener(): RebalanceListener | undefined {
    return this.#listener
  }

  /** The pattern of topic names, for `auto-pattern`. */
  get pattern(): RegExp | undefined {
    return this.#pattern
  }

  /** The pattern of topic names in RE2/J's notation, for `auto-pattern-re2j`. */
  get re2jPattern(): string | undefined {
    return this.#re2jPattern
  }

  /** Whether a group gives the partitions. Kafka: `hasAutoAssignedPartitions`. */
  get hasAutoAssignedPartitions(): boolean {
    return this.#type !== 'none' && this.#type !== 'user-assigned'
  }

  get hasNoSubscriptionOrUserAssignment(): boolean {
    return this.#type === 'none'
  }

  /** The topics that are subscribed to; with a pattern those that it matched. */
  get subscription(): ReadonlySet<string> {
    return this.hasAutoAssignedPartitions ? this.#subscription : noTopics
  }

  /** Subscribes to topics; true when that is a change. @throws KafkaError ILLEGAL_STATE after `assign` or a pattern */
  subscribe(topics: Iterable<string>, listener?: RebalanceListener): boolean {
    this.#setType('auto-topics')
    this.#listener = listener
    return this.#changeSubscription(new Set(topics))
  }

  /** Subscribes to the topics whose names match. @throws KafkaError ILLEGAL_STATE after `assign` or topics by name */
  subscribePattern(pattern: RegExp, listener?: RebalanceListener): void {
    this.#setType('auto-pattern')
    this.#listener = listener
    this.#pattern = pattern
  }

  /** Subscribes to the topics that the broker finds to match. @throws KafkaError ILLEGAL_STATE after `assign` or topics by name */
  subscribeRe2j(pattern: string, listener?: RebalanceListener): void {
    this.#setType('auto-pattern-re2j')
    this.#listener = listener
    this.#re2jPattern = pattern
  }

  /** The topics that the pattern matches at present; true when they are others than before. */
  subscribeFromPattern(topics: Iterable<string>): boolean {
    if (this.#type !== 'auto-pattern') throw illegal(`topics from a pattern, but the subscription is ${this.#type}`)
    return this.#changeSubscription(new Set(topics))
  }

  /** Whether the present pattern matches a topic. */
  matchesPattern(topic: string): boolean {
    if (this.#pattern === undefined) return false
    this.#pattern.lastIndex = 0
    return this.#pattern.test(topic)
  }

  /** Adds topics of other members, of which the leader of a group needs metadata; true when some were not known. */
  groupSubscribe(topics: Iterable<string>): boolean {
    const before = this.#groupSubscription.size
    this.#groupSubscription = new Set([...this.#groupSubscription, ...topics])
    return this.#groupSubscription.size > before
  }

  /** Forgets the topics of other members. */
  resetGroupSubscription(): void {
    this.#groupSubscription = this.#subscription
  }

  /** All topics that metadata is needed for. */
  get metadataTopics(): ReadonlySet<string> {
    if (this.#type === 'user-assigned') return new Set([...this.#assignment.values()].map(({ topic }) => topic))
    if (this.#type === 'auto-pattern-re2j') {
      return new Set([...this.#assignment.values()].map(({ topic }) => topic))
    }
    return this.#groupSubscription.size > this.#subscription.size ? this.#groupSubscription : this.#subscription
  }

  /** Takes partitions by hand; true when that is a change. @throws KafkaError ILLEGAL_STATE after `subscribe` */
  assignFromUser(partitions: Iterable<TopicPartition>): boolean {
    this.#setType('user-assigned')
    return this.#changeAssignment(partitions)
  }

  /** Takes what the group gives. @throws KafkaError ILLEGAL_STATE when nothing is subscribed to */
  assignFromSubscribed(partitions: Iterable<TopicPartition>): void {
    if (!this.hasAutoAssignedPartitions)
      throw illegal(`an assignment by a group, but the subscription is ${this.#type}`)
    this.#changeAssignment(partitions)
  }

  /** Whether the group's partitions are all of topics that are subscribed to. */
  checkAssignmentMatchesSubscription(partitions: Iterable<TopicPartition>): boolean {
    for (const { topic } of partitions) {
      if (
        this.#type === 'auto-pattern'
          ? !this.matchesPattern(topic)
          : this.#type === 'auto-topics' && !this.#subscription.has(topic)
      ) {
        return false
      }
    }
    return true
  }

  /** Ends subscription and assignment. */
  unsubscribe(): void {
    this.#subscription = noTopics
    this.#groupSubscription = noTopics
    this.#assignment = new Map()
    this.#assignmentId++
    this.#pattern = undefined
    this.#re2jPattern = undefined
    this.#listener = undefined
    this.#type = 'none'
  }

  /** The assigned partitions, in the order in which they are fetched next. */
  get partitions(): Iterable<TopicPartitionState> {
    return this.#assignment.values()
  }

  get assignmentSize(): number {
    return this.#assignment.size
  }

  assignedPartitions(): TopicPartition[] {
    return [...this.#assignment.values()].map(({ topic, partition }) => ({ topic, partition }))
  }

  isAssigned(partition: TopicPartition): boolean {
    return this.#assignment.has(partitionKey(partition))
  }

  /** The state of an assigned partition; undefined when it is not assigned. */
  stateOf(partition: TopicPartition): TopicPartitionState | undefined {
    return this.#assignment.get(partitionKey(partition))
  }

  /** The state of a partition that has to be assigned. @throws KafkaError ILLEGAL_STATE */
  assignedState({ topic, partition }: TopicPartition): TopicPartitionState {
    const state = this.stateOf({ topic, partition })
    if (state !== undefined) return state
    throw new KafkaError('ILLEGAL_STATE', `partition ${topic}-${partition} is not assigned to this consumer`, {
      context: { topic, partition },
    })
  }

  /** Whether this is still the state of its partition: it is not after the partition was given up and came back. */
  isCurrent(state: TopicPartitionState): boolean {
    return this.#assignment.get(partitionKey(state)) === state
  }

  position(partition: TopicPartition): FetchPosition | undefined {
    return this.stateOf(partition)?.position
  }

  seekValidated(partition: TopicPartition, position: FetchPosition): void {
    this.assignedState(partition).seekValidated(position)
  }

  seekUnvalidated(partition: TopicPartition, position: FetchPosition): void {
    this.assignedState(partition).seekUnvalidated(position)
  }

  /** Looks a new offset up; by the default strategy when none is given. */
  requestOffsetReset(partition: TopicPartition, strategy: AutoOffsetResetStrategy = this.defaultResetStrategy): void {
    this.assignedState(partition).requestReset(strategy)
  }

  get hasDefaultOffsetResetPolicy(): boolean {
    return this.defaultResetStrategy.kind !== 'none'
  }

  pause(partition: TopicPartition): void {
    this.assignedState(partition).isPaused = true
  }

  resume(partition: TopicPartition): void {
    this.assignedState(partition).isPaused = false
  }

  pausedPartitions(): TopicPartition[] {
    return this.#list((state) => state.isPaused)
  }

  isFetchable(partition: TopicPartition): boolean {
    return this.stateOf(partition)?.isFetchable === true
  }

  /** What may be fetched now, in turn. */
  fetchablePartitions(): TopicPartitionState[] {
    return [...this.#assignment.values()].filter((state) => state.isFetchable)
  }

  /** Nothing of these is returned any more, because they are being taken away. */
  markPendingRevocation(partitions: Iterable<TopicPartition>): void {
    for (const partition of partitions) this.assignedState(partition).isPendingRevocation = true
  }

  /** Partitions that `onPartitionsAssigned` has yet to see. */
  markPendingOnAssignedCallback(partitions: Iterable<TopicPartition>, isPending: boolean): void {
    for (const partition of partitions) {
      const state = this.stateOf(partition)
      if (state !== undefined) state.isPendingOnAssignedCallback = isPending
    }
  }

  /** Partitions that wait for their committed offsets. */
  initializingPartitions(): TopicPartition[] {
    return this.#list((state) => state.fetchState.name === 'INITIALIZING' && !state.isPendingOnAssignedCallback)
  }

  /**
   * Partitions without a committed offset begin by the default strategy.
   * @throws KafkaError NO_OFFSET_FOR_PARTITION when that is `none`, or the strategy of one that waits for a reset
   */
  resetInitializingPositions(which: (partition: TopicPartition) => boolean = () => true): void {
    const lost: TopicPartition[] = []
    for (const state of this.#assignment.values()) {
      if (state.fetchState.name !== 'INITIALIZING' || state.isPendingOnAssignedCallback || !which(state)) continue
      if (this.hasDefaultOffsetResetPolicy) state.requestReset(this.defaultResetStrategy)
      else lost.push(state)
    }
    if (lost.length > 0) throw noOffset(lost)
  }

  partitionsNeedingReset(nowMs: number): TopicPartitionState[] {
    return [...this.#assignment.values()].filter(
      (state) => state.fetchState.name === 'AWAIT_RESET' && nowMs >= state.nextRetryMs,
    )
  }

  partitionsNeedingValidation(nowMs: number): TopicPartitionState[] {
    return [...this.#assignment.values()].filter(
      (state) => state.fetchState.name === 'AWAIT_VALIDATION' && nowMs >= state.nextRetryMs,
    )
  }

  /** Whether every partition has a position that may be read from. */
  get hasAllFetchPositions(): boolean {
    for (const state of this.#assignment.values()) if (!state.hasValidPosition) return false
    return true
  }

  /** Gives every position the leader of its partition; those whose leader changed wait for being validated (KIP-320). */
  validateLeaders(leaderOf: (partition: TopicPartition) => LeaderAndEpoch): void {
    for (const state of this.#assignment.values()) state.maybeValidate(leaderOf(state))
  }

  /** The partition is fetched after the others. */
  movePartitionToEnd(partition: TopicPartition): void {
    const key = partitionKey(partition)
    const state = this.#assignment.get(key)
    if (state === undefined) return
    this.#assignment.delete(key)
    this.#assignment.set(key, state)
  }

  /** Records up to which the end is known minus the position; undefined when it is not. */
  partitionLag(partition: TopicPartition, isReadCommitted: boolean): number | undefined {
    const state = this.stateOf(partition)
    const position = state?.position
    if (state === undefined || position === undefined) return undefined
    const end = isReadCommitted ? state.lastStableOffset : state.highWatermark
    return end === -1 ? undefined : Math.max(0, end - position.offset)
  }

  /** The application asked for more, so it is done with everything it was given. */
  markProcessed(): void {
    for (const state of this.#assignment.values()) {
      if (state.fetchState.name === 'FETCHING') state.processed = state.fetchState.position
    }
  }

  /** The application is done with a partition up to `offset`, exclusively; for readers that take records one by one. */
  markProcessedTo(partition: TopicPartition, offset: number, offsetEpoch: number | null): void {
    const state = this.stateOf(partition)
    const position = state?.position
    if (state === undefined || position === undefined || offset > position.offset) return
    state.processed = { ...position, offset, offsetEpoch }
  }

  /** Where everything that `poll` returned ends: what `commit()` commits. Kafka: `allConsumed`. */
  allConsumed(): PartitionMap<OffsetAndMetadata> {
    return this.#offsets((state) => state.position)
  }

  /** Where everything that the application is done with ends: what is committed by itself. */
  allProcessed(): PartitionMap<OffsetAndMetadata> {
    this.reportProcessed?.()
    return this.#offsets((state) => state.processed)
  }

  #offsets(of: (state: TopicPartitionState) => FetchPosition | undefined): PartitionMap<OffsetAndMetadata> {
    const offsets = new PartitionMap<OffsetAndMetadata>()
    for (const state of this.#assignment.values()) {
      const position = of(state)
      if (position === undefined) continue
      offsets.set(state, { offset: position.offset, leaderEpoch: position.offsetEpoch, metadata: '' })
    }
    return offsets
  }

  #list(which: (state: TopicPartitionState) => boolean): TopicPartition[] {
    const list: TopicPartition[] = []
    for (const state of this.#assignment.values()) {
      if (which(state)) list.push({ topic: state.topic, partition: state.partition })
    }
    return list
  }

  #setType(type: SubscriptionType): void {
    if (this.#type !== 'none' && this.#type !== type) {
      throw illegal('subscription to topics, partitions and pattern are mutually exclusive; unsubscribe first')
    }
    this.#type = type
  }

  #changeSubscription(topics: ReadonlySet<string>): boolean {
    const before = this.#subscription
    if (before.size === topics.size && [...topics].every((topic) => before.has(topic))) return false
    this.#subscription = topics
    this.#groupSubscription = new Set([...this.#groupSubscription, ...topics])
    return true
  }

  #changeAssignment(partitions: Iterable<TopicPartition>): boolean {
    const before = this.#assignment
    const after = new Map<string, TopicPartitionState>()
    for (const partition of partitions) {
      const key = partitionKey(partition)
      after.set(key, before.get(key) ?? new TopicPartitionState(partition))
    }
    this.#assignmentId++
    this.#assignment = after
    return after.size !== before.size || [...after.keys()].some((key) => !before.has(key))
  }
}

function illegal(message: string): KafkaError {
  return new KafkaError('ILLEGAL_STATE', message)
}

function noOffset(partitions: readonly TopicPartition[]): KafkaError {
  const names = partitions.map(({ topic, partition }) => `${topic}-${partition}`).join(', ')
  const why = `nothing is committed for ${names}, and autoOffsetReset is none`
  return new KafkaError('NO_OFFSET_FOR_PARTITION', why, { context: { ...partitions[0] } })
}
