import type { Broker } from '../broker.ts'
import type { AppendOutcome } from './append-outcome.ts'
import type { Partition } from './partition.ts'

/** An append of a Produce request on its way to being acknowledged. */
export interface PendingAppend {
  outcome: AppendOutcome
  readonly topic: string
  readonly index: number
  /** Absent when the broker has no such partition. */
  readonly partition?: Partition
}

export interface AcknowledgementOptions {
  readonly acks: number
  /** How long the in-sync replicas may take with acks=all, milliseconds. */
  readonly timeoutMs: number
  readonly broker: Broker
}

/**
 * Resolves when the appends are as safe as `acks` asks: written (also with acks=0, since a failed write closes the connection),
 * or, with acks=all, on every in-sync replica; those that take longer than `timeoutMs` become REQUEST_TIMED_OUT.
 */
export async function waitForAcknowledgement(
  pending: readonly PendingAppend[],
  { acks, timeoutMs, broker }: AcknowledgementOptions,
): Promise<void> {
  if (!pending.some(({ outcome }) => outcome.error === undefined)) return
  await new Promise<void>((resolve) => broker.turn.whenWritten(resolve))
  for (const append of pending) noteFailedWrite(append)
  if (acks !== -1) return
  const isDone = () => pending.every((append) => isReplicated(append))
  if (isDone()) return
  await new Promise<void>((resolve) => {
    const keys = pending.flatMap(({ partition }) => (partition === undefined ? [] : [partition.key]))
    broker.producePurgatory.park(
      {
        tryComplete: () => {
          if (!isDone()) return false
          resolve()
          return true
        },
        expire: () => {
          for (const append of pending) timeOut(append)
          resolve()
        },
      },
      keys,
      timeoutMs,
    )
  })
}

function noteFailedWrite(append: PendingAppend): void {
  const { outcome, partition } = append
  if (outcome.error !== undefined || partition === undefined) return
  const failure = partition.writeFailure
  // A duplicate too: the batch it repeats may be one of this very turn.
  if (failure !== undefined) append.outcome = { error: 'KAFKA_STORAGE_ERROR', message: failure }
}

function isReplicated(append: PendingAppend): boolean {
  const { outcome, partition } = append
  if (outcome.error !== undefined || partition === undefined) return true
  if (!partition.isLeader) {
    append.outcome = {
      error: 'NOT_LEADER_OR_FOLLOWER',
      message: 'The leader changed before the records were replicated',
    }
    return true
  }
  if (partition.log.highWatermark <= outcome.lastOffset) return false
  if (partition.isr.length < partition.minInSyncReplicas) {
    append.outcome = {
      error: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
      message: `The in-sync replicas are ${partition.isr.length}, min.insync.replicas is ${partition.minInSyncReplicas}`,
    }
  }
  return true
}

function timeOut(append: PendingAppend): void {
  if (append.outcome.error === undefined && !isReplicated(append)) {
    append.outcome = { error: 'REQUEST_TIMED_OUT', message: 'The in-sync replicas did not confirm the records in time' }
  }
}
