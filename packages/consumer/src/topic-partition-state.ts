import type { AutoOffsetResetStrategy } from './config/auto-offset-reset.ts'
import type { TopicPartition } from './topic-partition.ts'

/** Who led a partition when a position was taken; -1 where it is not known. Kafka: `Metadata.LeaderAndEpoch`. */
export interface LeaderAndEpoch {
  readonly leaderId: number
  readonly leaderEpoch: number
}

/** What is read next. Kafka: `SubscriptionState.FetchPosition`. */
export interface FetchPosition {
  readonly offset: number
  /** Leader epoch of the record before the offset; null when it is not known, and then the position cannot be validated. */
  readonly offsetEpoch: number | null
  readonly currentLeader: LeaderAndEpoch
}

/**
 * Where a partition stands. INITIALIZING waits for the committed offset; AWAIT_RESET for an offset by the reset strategy; AWAIT_VALIDATION
 * for the leader to say that the log up to the position is still the one it was; FETCHING reads. Kafka: `SubscriptionState.FetchStates`.
 */
export type FetchState =
  | { readonly name: 'INITIALIZING' }
  | { readonly name: 'FETCHING'; readonly position: FetchPosition }
  | { readonly name: 'AWAIT_RESET'; readonly strategy: AutoOffsetResetStrategy }
  | { readonly name: 'AWAIT_VALIDATION'; readonly position: FetchPosition }

const initializing: FetchState = { name: 'INITIALIZING' }

/** Nobody is known to lead. */
export const noLeader: LeaderAndEpoch = { leaderId: -1, leaderEpoch: -1 }

/** What a consumer knows of one partition it is assigned. Kafka: `SubscriptionState.TopicPartitionState`. */
export class TopicPartitionState implements TopicPartition {
  readonly topic: string
  readonly partition: number
  fetchState: FetchState = initializing
  /** -1 as long as no fetch has told it. */
  highWatermark = -1
  logStartOffset = -1
  lastStableOffset = -1
  isPaused = false
  /** Being taken away: nothing more is returned or fetched. */
  isPendingRevocation = false
  /** Assigned, and `onPartitionsAssigned` has not ended yet. */
  isPendingOnAssignedCallback = false
  /** Milliseconds of the monotonic clock before which a failed reset or validation is not tried again. */
  nextRetryMs = 0
  /** The end of what the application is done with: what is committed by itself. Undefined before there is a position. */
  processed: FetchPosition | undefined
  #preferredReadReplica = -1
  #preferredUntilMs = 0

  constructor({ topic, partition }: TopicPartition) {
    this.topic = topic
    this.partition = partition
  }

  /** The position where there is one, valid or not. */
  get position(): FetchPosition | undefined {
    const state = this.fetchState
    return state.name === 'FETCHING' || state.name === 'AWAIT_VALIDATION' ? state.position : undefined
  }

  get hasValidPosition(): boolean {
    return this.fetchState.name === 'FETCHING'
  }

  get isFetchable(): boolean {
    return (
      this.fetchState.name === 'FETCHING' &&
      !this.isPaused &&
      !this.isPendingRevocation &&
      !this.isPendingOnAssignedCallback
    )
  }

  /** Goes on after what was read; the caller has seen that the position is valid. */
  advance(position: FetchPosition): void {
    this.fetchState = { name: 'FETCHING', position }
  }

  /** Takes a position as it is. */
  seekValidated(position: FetchPosition): void {
    this.fetchState = { name: 'FETCHING', position }
    this.processed = position
    this.nextRetryMs = 0
  }

  /** Takes a position that the leader has to confirm, where it can. */
  seekUnvalidated(position: FetchPosition): void {
    this.seekValidated(position)
    this.#validate(position)
  }

  /** The leader may have changed: true when the position now waits for being validated. */
  maybeValidate(leader: LeaderAndEpoch): boolean {
    const { position } = this
    if (position === undefined || leader.leaderId === -1) return false
    const { currentLeader } = position
    if (currentLeader.leaderId !== leader.leaderId || currentLeader.leaderEpoch !== leader.leaderEpoch) {
      this.#validate({ ...position, currentLeader: leader })
      this.clearPreferredReadReplica()
    }
    return this.fetchState.name === 'AWAIT_VALIDATION'
  }

  completeValidation(): void {
    if (this.fetchState.name === 'AWAIT_VALIDATION') this.advance(this.fetchState.position)
    this.nextRetryMs = 0
  }

  requestReset(strategy: AutoOffsetResetStrategy): void {
    this.fetchState = { name: 'AWAIT_RESET', strategy }
    this.processed = undefined
    this.nextRetryMs = 0
  }

  /** Reads from this broker until then (KIP-392). */
  setPreferredReadReplica(nodeId: number, untilMs: number): void {
    this.#preferredReadReplica = nodeId
    this.#preferredUntilMs = untilMs
  }

  /** The broker to read from instead of the leader, -1 for none. */
  preferredReadReplica(nowMs: number): number {
    if (this.#preferredReadReplica !== -1 && nowMs > this.#preferredUntilMs) this.#preferredReadReplica = -1
    return this.#preferredReadReplica
  }

  /** Reads from the leader again; answers the broker that was preferred, -1 for none. */
  clearPreferredReadReplica(): number {
    const before = this.#preferredReadReplica
    this.#preferredReadReplica = -1
    return before
  }

  #validate(position: FetchPosition): void {
    const canBeValidated = position.offsetEpoch !== null && position.currentLeader.leaderEpoch !== -1
    this.fetchState = { name: canBeValidated ? 'AWAIT_VALIDATION' : 'FETCHING', position }
    this.nextRetryMs = 0
  }
}
