import type { VerificationGuard, VerificationState } from './producer-append-info.ts'

/**
 * Transactions that are about to begin in this partition, while their coordinator is asked whether they are its own (KIP-890). An
 * append that begins a transaction has to show the guard of the verification that is still valid: a marker written in between
 * ends it, so a late answer cannot let records of a finished transaction in.
 */
export class TransactionVerification {
  readonly #states = new Map<number, VerificationState & { readonly startedMs: number }>()

  /** Starts (or goes on with) the verification for a producer and gives the guard to show with the append. */
  start(options: {
    readonly producerId: number
    readonly producerEpoch: number
    readonly sequence: number
    readonly supportsEpochBump: boolean
    readonly now: number
  }): VerificationGuard {
    const { producerId, producerEpoch, sequence, supportsEpochBump, now } = options
    const state = this.#states.get(producerId)
    if (state === undefined) {
      const guard = { producerId }
      this.#states.set(producerId, {
        lowestSequence: sequence,
        epoch: producerEpoch,
        supportsEpochBump,
        guard,
        startedMs: now,
      })
      return guard
    }
    if (producerEpoch > state.epoch || (producerEpoch === state.epoch && sequence < state.lowestSequence)) {
      state.lowestSequence = sequence
      state.epoch = producerEpoch
      state.supportsEpochBump = supportsEpochBump
    }
    return state.guard
  }

  of(producerId: number): VerificationState | undefined {
    return this.#states.get(producerId)
  }

  /** Whether `guard` is that of the verification under way. */
  isVerified(producerId: number, guard: VerificationGuard | undefined): boolean {
    return guard !== undefined && this.#states.get(producerId)?.guard === guard
  }

  /** Ends a verification: the transaction has begun, or is over. */
  clear(producerId: number): void {
    this.#states.delete(producerId)
  }

  /** Forgets verifications that began at or before `beforeMs` and never came to an append. */
  removeExpired(beforeMs: number): void {
    for (const [producerId, { startedMs }] of this.#states) if (startedMs <= beforeMs) this.#states.delete(producerId)
  }
}
