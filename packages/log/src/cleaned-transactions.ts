import type { RecordBatchView } from '@odradek/protocol'
import { readEndTransactionMarker } from './producer-append-info.ts'
import type { AbortedTransaction } from './transaction-index.ts'

/**
 * What compaction knows of transactions as it goes through a log (Kafka's `CleanedTransactionMetadata`): records of an aborted
 * one are dropped; its marker stays until a round has met none of its records, because a consumer needs the marker as long as
 * there are any.
 */
export class CleanedTransactions {
  /** Aborted transactions that are still ahead, by first offset. */
  #ahead: AbortedTransaction[] = []
  readonly #aborted = new Map<number, { readonly transaction: AbortedTransaction; sawBatch: boolean }>()
  readonly #committed = new Set<number>()
  readonly #keep: (transaction: AbortedTransaction) => void

  /** `keep` is called for each aborted transaction whose marker stays: it belongs into the new transaction index. */
  constructor(keep: (transaction: AbortedTransaction) => void = () => {}) {
    this.#keep = keep
  }

  /** Tells of aborted transactions that reach into the part of the log that comes next. */
  add(transactions: readonly AbortedTransaction[]): void {
    this.#ahead = [...this.#ahead, ...transactions].sort((a, b) => a.firstOffset - b.firstOffset)
  }

  /** Whether the batch's records belong to an aborted transaction. */
  onDataBatch(batch: RecordBatchView): boolean {
    this.#reach(batch.lastOffset)
    if (!batch.isTransactional) return false
    const aborted = this.#aborted.get(batch.producerId)
    if (aborted === undefined) {
      this.#committed.add(batch.producerId)
      return false
    }
    aborted.sawBatch = true
    return true
  }

  /** Whether the marker is the last that is left of its transaction. */
  onControlBatch(batch: RecordBatchView): boolean {
    this.#reach(batch.lastOffset)
    if (batch.recordCount === 0) return true
    const marker = readEndTransactionMarker(batch)
    if (marker === undefined) return false
    if (!marker.isAbort) return !this.#committed.delete(batch.producerId)
    const aborted = this.#aborted.get(batch.producerId)
    this.#aborted.delete(batch.producerId)
    if (aborted?.sawBatch !== true) return true
    this.#keep(aborted.transaction)
    return false
  }

  #reach(offset: number): void {
    while (this.#ahead[0] !== undefined && this.#ahead[0].firstOffset <= offset) {
      const transaction = this.#ahead.shift() as AbortedTransaction
      if (!this.#aborted.has(transaction.producerId)) {
        this.#aborted.set(transaction.producerId, { transaction, sawBatch: false })
      }
    }
  }
}
