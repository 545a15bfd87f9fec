import { type RecordBatchView, readControlRecord } from '@odradek/protocol'
import type { AppendOrigin, LogErrorName } from './append-result.ts'
import { ProducerStateEntry } from './producer-state-entry.ts'

/** A transaction that a marker ended. */
export interface CompletedTransaction {
  readonly producerId: number
  readonly firstOffset: number
  /** Offset of the marker. */
  readonly lastOffset: number
  readonly isAborted: boolean
}

/** A transaction that is open in this log, or whose marker is not yet replicated. */
export interface OngoingTransaction {
  readonly producerId: number
  readonly firstOffset: number
  /** Offset of the marker, once there is one. */
  lastOffset: number | undefined
}

/** A transaction whose coordinator was asked and has not been written to yet (KIP-890). */
export interface VerificationState {
  /** Lowest sequence seen since the verification started. */
  lowestSequence: number
  epoch: number
  /** True for a producer of transactions version 2, which starts each partition at sequence 0. */
  supportsEpochBump: boolean
  /** Compared by identity: an append has to show the one it got. */
  readonly guard: VerificationGuard
}

/** Shown with a transactional append to prove that its transaction was verified; made by `startTransactionVerification`. */
export interface VerificationGuard {
  readonly producerId: number
}

/** Why a batch was refused, with a sentence for the producer's error message. */
export interface ProducerCheckFailure {
  readonly error: LogErrorName
  readonly message: string
}

/** Which checks an append is under. */
export interface ProducerCheckOptions {
  readonly origin: AppendOrigin
  /** Kafka's transaction version of a marker; 2 wants an epoch above the last seen (KIP-890). */
  readonly transactionVersion: number
  readonly verification: VerificationState | undefined
}

/**
 * Checks the batches one producer appends against its state and builds the state they lead to (Kafka's `ProducerAppendInfo`).
 * Nothing is changed until the owner takes `updated` over, so a refused append leaves no trace.
 */
export class ProducerAppendInfo {
  readonly updated: ProducerStateEntry
  readonly started: OngoingTransaction[] = []
  readonly #options: ProducerCheckOptions
  readonly #isUnknown: boolean
  readonly #wasEmpty: boolean

  constructor(current: ProducerStateEntry | undefined, producerId: number, options: ProducerCheckOptions) {
    this.updated = current?.copy() ?? new ProducerStateEntry(producerId)
    this.#options = options
    this.#isUnknown = this.updated.producerEpoch === -1
    this.#wasEmpty = this.updated.isEmpty
  }

  /** Takes one batch; undefined when it is accepted, else why not. A completed transaction is put on `completed`. */
  append(batch: RecordBatchView, completed: CompletedTransaction[]): ProducerCheckFailure | undefined {
    return batch.isControl ? this.#appendMarker(batch, completed) : this.#appendData(batch)
  }

  #appendData(batch: RecordBatchView): ProducerCheckFailure | undefined {
    const { producerEpoch, baseSequence, baseOffset } = batch
    const failure =
      this.#checkEpoch(producerEpoch, baseOffset, -1) ??
      (this.#options.origin === 'client' ? this.#checkSequence(producerEpoch, baseSequence, baseOffset) : undefined)
    if (failure !== undefined) return failure
    const { updated } = this
    updated.addBatch(producerEpoch, {
      lastSequence: batch.lastSequence,
      lastOffset: batch.lastOffset,
      offsetDelta: batch.lastOffsetDelta,
      timestamp: batch.maxTimestamp,
    })
    if (updated.currentTransactionFirstOffset !== undefined && !batch.isTransactional) {
      return {
        error: 'INVALID_TXN_STATE',
        message: `producer ${updated.producerId} has a transaction open since offset ${updated.currentTransactionFirstOffset}, but wrote outside it`,
      }
    }
    if (updated.currentTransactionFirstOffset === undefined && batch.isTransactional) {
      updated.currentTransactionFirstOffset = baseOffset
      this.started.push({ producerId: updated.producerId, firstOffset: baseOffset, lastOffset: undefined })
    }
    return undefined
  }

  #appendMarker(batch: RecordBatchView, completed: CompletedTransaction[]): ProducerCheckFailure | undefined {
    const marker = readEndTransactionMarker(batch)
    if (marker === undefined) return undefined
    const { updated } = this
    const { origin, transactionVersion } = this.#options
    const failure = this.#checkEpoch(batch.producerEpoch, batch.baseOffset, transactionVersion)
    if (failure !== undefined) return failure
    if (updated.coordinatorEpoch > marker.coordinatorEpoch && origin !== 'replication') {
      return {
        error: 'TRANSACTION_COORDINATOR_FENCED',
        message: `coordinator epoch ${marker.coordinatorEpoch} of a marker for producer ${updated.producerId} is older than ${updated.coordinatorEpoch}`,
      }
    }
    const firstOffset = updated.currentTransactionFirstOffset
    if (firstOffset !== undefined) {
      completed.push({
        producerId: updated.producerId,
        firstOffset,
        lastOffset: batch.baseOffset,
        isAborted: marker.isAbort,
      })
    }
    updated.updateEpoch(batch.producerEpoch)
    updated.currentTransactionFirstOffset = undefined
    updated.coordinatorEpoch = marker.coordinatorEpoch
    updated.lastTimestamp = marker.timestamp
    return undefined
  }

  #checkEpoch(epoch: number, offset: number, transactionVersion: number): ProducerCheckFailure | undefined {
    const { updated } = this
    const current = updated.producerEpoch
    const isStale = transactionVersion >= 2 ? epoch <= current : epoch < current
    if (!isStale || this.#options.origin === 'replication') return undefined
    // A coordinator that did not see the answer writes the same marker again; the transaction is over, so it does no harm.
    if (transactionVersion >= 2 && epoch === current && updated.currentTransactionFirstOffset === undefined)
      return undefined
    return {
      error: 'INVALID_PRODUCER_EPOCH',
      message: `epoch ${epoch} of producer ${updated.producerId} at offset ${offset} is older than the last seen epoch ${current}`,
    }
  }

  #checkSequence(epoch: number, firstSequence: number, offset: number): ProducerCheckFailure | undefined {
    const { updated } = this
    const { verification } = this.#options
    const refuse = (expected: string): ProducerCheckFailure => ({
      error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
      message: `producer ${updated.producerId} sent sequence ${firstSequence} at offset ${offset}, expected ${expected}`,
    })
    if (verification !== undefined) {
      if (verification.supportsEpochBump && firstSequence !== 0 && this.#wasEmpty)
        return refuse('0 from a new producer')
      if (firstSequence > verification.lowestSequence) return refuse(`at most ${verification.lowestSequence}`)
    }
    if (epoch !== updated.producerEpoch) {
      return firstSequence !== 0 && updated.producerEpoch !== -1 ? refuse(`0 for the new epoch ${epoch}`) : undefined
    }
    const last = updated.lastSequence
    const inSequence = firstSequence === last + 1 || (firstSequence === 0 && last === 0x7fffffff)
    // Nothing is known of a producer whose records were all deleted: it may go on where it is.
    return this.#isUnknown || inSequence ? undefined : refuse(String(last + 1))
  }
}

/** What a transaction marker says. */
export interface EndTransactionMarker {
  readonly isAbort: boolean
  readonly coordinatorEpoch: number
  readonly timestamp: number
}

/** The marker in a control batch; undefined when compaction emptied the batch or it holds no transaction marker. @throws ProtocolError when it is no control record */
export function readEndTransactionMarker(batch: RecordBatchView): EndTransactionMarker | undefined {
  const record = batch.recordCount === 0 ? undefined : batch.records().next().value
  if (record === undefined) return undefined
  const control = readControlRecord(record)
  if (control.type !== 'ABORT' && control.type !== 'COMMIT') return undefined
  const { coordinatorEpoch } = control.value
  return { isAbort: control.type === 'ABORT', coordinatorEpoch, timestamp: record.timestamp }
}
