import type { PartitionLog } from '@odradek/log'
import type { ErrorName } from '@odradek/protocol'
import type { PartitionRegistration } from '@odradek/quorum'
import type { AppendOutcome } from './append-outcome.ts'
import type { Turn } from './turn.ts'

/** What a partition needs of its broker. */
export interface PartitionHost {
  readonly nodeId: number
  readonly turn: Turn
  /** Called when readers or waiting producers may find something new. */
  changed(partition: Partition): void
}

export interface AppendAsLeaderOptions {
  readonly acks: number
  /** `client` unless a coordinator of this broker appends its own records. */
  readonly origin?: 'client' | 'coordinator'
}

/**
 * A partition on this broker: its log, and its place in the cluster as the controller decided it. The leader takes appends,
 * counts what the in-sync replicas have, and moves the high watermark: to the smallest log end of all of them. Alone in sync, its
 * own log end is that, as soon as the turn's appends are written.
 */
export class Partition {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  readonly log: PartitionLog
  /** The key that purgatories wait on. */
  readonly key: string
  readonly #host: PartitionHost
  readonly #write = () => this.#writeTurn()
  #registration: PartitionRegistration
  #minInSyncReplicas: number
  #writeFailure: string | undefined
  /** Log ends of the other replicas, as their fetches told. */
  readonly #replicaEnds = new Map<number, number>()

  constructor(
    log: PartitionLog,
    options: {
      readonly topicId: string
      readonly registration: PartitionRegistration
      readonly minInSyncReplicas: number
      readonly host: PartitionHost
    },
  ) {
    this.topic = log.topicPartition.topic
    this.index = log.topicPartition.partition
    this.topicId = options.topicId
    this.key = `${options.topicId}-${this.index}`
    this.log = log
    this.#host = options.host
    this.#registration = options.registration
    this.#minInSyncReplicas = options.minInSyncReplicas
    if (this.isLeader) this.#lead()
  }

  get leaderId(): number {
    return this.#registration.leader
  }

  get leaderEpoch(): number {
    return this.#registration.leaderEpoch
  }

  get partitionEpoch(): number {
    return this.#registration.partitionEpoch
  }

  get isr(): readonly number[] {
    return this.#registration.isr
  }

  get isLeader(): boolean {
    return this.#registration.leader === this.#host.nodeId
  }

  /** True after an election that may have lost records, until the controller knows that the leader has recovered. */
  get isRecovering(): boolean {
    return this.#registration.leaderRecoveryState === 1
  }

  /** `min.insync.replicas`, but never more than there are replicas. */
  get minInSyncReplicas(): number {
    return Math.min(this.#minInSyncReplicas, this.#registration.replicas.length)
  }

  /** Why the last turn's appends could not be written; they must not be acknowledged. */
  get writeFailure(): string | undefined {
    return this.#writeFailure
  }

  /** Takes over what the controller decided. */
  update(registration: PartitionRegistration, minInSyncReplicas: number): void {
    const newEpoch = registration.leaderEpoch !== this.#registration.leaderEpoch
    this.#registration = registration
    this.#minInSyncReplicas = minInSyncReplicas
    if (newEpoch && this.isLeader) this.#lead()
    if (this.isLeader) this.#advanceHighWatermark()
    this.#host.changed(this)
  }

  /** Appends one batch, which is written at the end of the turn. Not acknowledged before `Turn.whenWritten`. */
  appendAsLeader(records: Uint8Array, options: AppendAsLeaderOptions): AppendOutcome {
    if (!this.isLeader) return { error: 'NOT_LEADER_OR_FOLLOWER', message: null }
    const { isr } = this
    if (options.acks === -1 && isr.length < this.minInSyncReplicas) {
      return {
        error: 'NOT_ENOUGH_REPLICAS',
        message: `The size of the current ISR : ${isr.length} is insufficient to satisfy the min.isr requirement of ${this.#minInSyncReplicas} for partition ${this.topic}-${this.index}`,
      }
    }
    const result = this.log.append(records, { origin: options.origin ?? 'client', leaderEpoch: this.leaderEpoch })
    if (result.error === undefined && !result.duplicate) this.#host.turn.add(this.#write)
    return result
  }

  /** Why a reader that knows `currentLeaderEpoch` (-1: none) is not served here, or undefined (KIP-320). */
  refusesReader(currentLeaderEpoch: number): ErrorName | undefined {
    if (currentLeaderEpoch >= 0 && currentLeaderEpoch < this.leaderEpoch) return 'FENCED_LEADER_EPOCH'
    if (currentLeaderEpoch > this.leaderEpoch) return 'UNKNOWN_LEADER_EPOCH'
    return this.isLeader ? undefined : 'NOT_LEADER_OR_FOLLOWER'
  }

  /** DeleteRecords on the leader; wakes who waits for the log start offset. */
  deleteRecordsBefore(offset: number): ErrorName | undefined {
    if (!this.isLeader) return 'NOT_LEADER_OR_FOLLOWER'
    const error = this.log.deleteRecordsBefore(offset)
    this.#host.changed(this)
    return error
  }

  #lead(): void {
    this.#replicaEnds.clear()
    this.log.startLeaderEpoch(this.leaderEpoch)
    this.#advanceHighWatermark()
  }

  #writeTurn(): void {
    const error = this.log.writePending()
    this.#writeFailure = error === undefined ? undefined : `The log directory failed: ${error}`
    if (error === undefined && this.isLeader) this.#advanceHighWatermark()
    this.#host.changed(this)
  }

  #advanceHighWatermark(): void {
    let end = this.log.logEndOffset
    for (const id of this.isr) {
      if (id !== this.#host.nodeId) end = Math.min(end, this.#replicaEnds.get(id) ?? 0)
    }
    this.log.updateHighWatermark(end)
  }
}
