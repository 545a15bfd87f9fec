import type { RecordBatchView } from '@odradek/protocol'
import type { AppendOrigin, Refusal } from './append-result.ts'
import type { LogEnvironment } from './log-environment.ts'
import type { VerificationGuard } from './producer-append-info.ts'
import type { BatchMetadata } from './producer-state-entry.ts'
import { type ProducerStateManager, type ProducerUpdate, prepareUpdate } from './producer-state-manager.ts'
import { TransactionVerification } from './transaction-verification.ts'

/** One producer of a partition, as DescribeProducers lists it. */
export interface ProducerDescription {
  readonly producerId: number
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastTimestamp: number
  readonly coordinatorEpoch: number
  /** First offset of the open transaction, -1 when none is open. */
  readonly currentTransactionStartOffset: number
}

/** A transaction whose first append to a partition is about to come. */
export interface BeginningTransaction {
  readonly producerId: number
  readonly producerEpoch: number
  /** Base sequence of the append. */
  readonly sequence: number
  /** True under transactions version 2. */
  readonly supportsEpochBump: boolean
}

/** What an append says of itself. */
export interface GateOptions {
  readonly origin: AppendOrigin
  readonly transactionVersion?: number
  readonly verificationGuard?: VerificationGuard | undefined
}

/** Decides whether idempotent and transactional batches may enter a log; changes nothing but the verifications under way. */
export class ProducerGate {
  readonly #environment: LogEnvironment
  readonly #state: ProducerStateManager
  readonly #verification = new TransactionVerification()

  constructor(environment: LogEnvironment, state: ProducerStateManager) {
    this.#environment = environment
    this.#state = state
  }

  /** What the batches change when they are written, or the batch they repeat, or why they are refused. */
  check(
    batches: readonly RecordBatchView[],
    options: GateOptions,
  ): ProducerUpdate | Refusal | { readonly duplicateOf: BatchMetadata } {
    const { origin, transactionVersion = -1 } = options
    if (origin === 'client' || origin === 'coordinator') {
      for (const batch of batches) {
        const { producerId } = batch
        if (producerId < 0) continue
        const entry = this.#state.producer(producerId)
        const duplicateOf =
          origin === 'client'
            ? entry?.findDuplicate(batch.producerEpoch, batch.baseSequence, batch.lastSequence)
            : undefined
        if (duplicateOf !== undefined) return { duplicateOf }
        const refusal = this.#checkTransaction(batch, entry?.producerEpoch ?? -1, options)
        if (refusal !== undefined) return refusal
      }
    }
    const verificationOf = (producerId: number) => this.#verification.of(producerId)
    return prepareUpdate(this.#state, batches, { origin, transactionVersion, verificationOf })
  }

  /** True while the producer has a transaction open. */
  hasOngoingTransaction(producerId: number, producerEpoch: number): boolean {
    const entry = this.#state.producer(producerId)
    return entry?.currentTransactionFirstOffset !== undefined && entry.producerEpoch === producerEpoch
  }

  /** The guard to append with, or undefined when the transaction is open already. */
  startVerification(transaction: BeginningTransaction): VerificationGuard | undefined {
    if (this.hasOngoingTransaction(transaction.producerId, transaction.producerEpoch)) return undefined
    return this.#verification.start({ ...transaction, now: this.#environment.clock.now() })
  }

  /** The transaction was written to, or is over. */
  verificationEnded(producerId: number): void {
    this.#verification.clear(producerId)
  }

  /** Forgets producers and verifications that were silent for `producer.id.expiration.ms`; answers how many producers. */
  removeExpired(now: number): number {
    this.#verification.removeExpired(now - this.#environment.producerIdExpirationMs)
    return this.#state.removeExpired(now)
  }

  describe(): ProducerDescription[] {
    return Array.from(this.#state.activeProducers.values(), (entry) => ({
      producerId: entry.producerId,
      producerEpoch: entry.producerEpoch,
      lastSequence: entry.lastSequence,
      lastTimestamp: entry.lastTimestamp,
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTransactionStartOffset: entry.currentTransactionFirstOffset ?? -1,
    }))
  }

  /** A transaction may begin here only when its coordinator knows of it (KIP-890). */
  #checkTransaction(batch: RecordBatchView, knownEpoch: number, options: GateOptions): Refusal | undefined {
    const { producerId, producerEpoch } = batch
    if (!batch.isTransactional || batch.isControl || this.hasOngoingTransaction(producerId, producerEpoch))
      return undefined
    if (producerEpoch < knownEpoch) {
      const message = `epoch ${producerEpoch} of producer ${producerId} is older than the last seen epoch ${knownEpoch}`
      return { error: 'INVALID_PRODUCER_EPOCH', message }
    }
    const isVerified = this.#verification.isVerified(producerId, options.verificationGuard)
    if (!this.#environment.transactionVerification || isVerified) return undefined
    return { error: 'INVALID_TXN_STATE', message: 'Record was not part of an ongoing transaction' }
  }
}
