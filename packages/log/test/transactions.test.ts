import { encodeControlBatch } from '@odradek/protocol'
import { describe, expect, test } from 'vitest'
import type { AppendResult, FetchedRecords } from '../src/index.ts'
import { LogContext } from './support/log-context.ts'

class TransactionContext extends LogContext {
  readonly #sequences = new Map<number, number>()

  /** One transactional record. */
  write(producerId: number, value: string, producerEpoch = 0): AppendResult {
    const baseSequence = this.#sequences.get(producerId) ?? 0
    this.#sequences.set(producerId, baseSequence + 1)
    return this.append([{ key: value, value }], {
      producer: { producerId, producerEpoch, baseSequence, isTransactional: true },
    })
  }

  end(
    producerId: number,
    type: 'COMMIT' | 'ABORT',
    options: { epoch?: number; coordinatorEpoch?: number; version?: number } = {},
  ): AppendResult {
    const { epoch = 0, coordinatorEpoch = 0, version = 0 } = options
    const bytes = encodeControlBatch([{ type, value: { coordinatorEpoch } }], {
      timestampMs: this.clock.now(),
      producer: { producerId, producerEpoch: epoch, baseSequence: -1, isTransactional: true },
    })
    const result = this.log.append(bytes.slice(), {
      origin: 'coordinator',
      leaderEpoch: 0,
      transactionVersion: version,
    })
    this.log.writePending()
    return result
  }

  async committed(offset = 0): Promise<FetchedRecords> {
    const result = await this.read(offset, { isolation: 'last-stable-offset' })
    if (result.error !== undefined) throw new Error(result.message)
    return result
  }

  replicated(): void {
    this.log.updateHighWatermark(this.log.logEndOffset)
  }
}

const outcome = (result: AppendResult): string => result.error ?? `${result.firstOffset}`

describe('transactions in a partition log', () => {
  test('the last stable offset waits for the oldest open transaction, and for its marker to be replicated', () => {
    const context = new TransactionContext()
    context.append([{ value: 'plain' }])
    context.write(1, 'a')
    context.write(2, 'b')
    context.replicated()
    const waits = context.log.lastStableOffset
    context.end(1, 'COMMIT')
    const marked = context.log.lastStableOffset
    context.replicated()
    const replicated = context.log.lastStableOffset
    context.end(2, 'ABORT')
    context.replicated()
    expect([waits, marked, replicated, context.log.lastStableOffset]).toEqual([1, 1, 2, 5])
  })

  test('a read_committed reader is told of the aborted transactions among its batches', async () => {
    const context = new TransactionContext()
    context.write(1, 'a')
    context.write(2, 'b')
    context.end(1, 'ABORT')
    context.end(2, 'COMMIT')
    context.replicated()
    expect((await context.committed()).abortedTransactions).toEqual([{ producerId: 1, firstOffset: 0 }])
    expect((await context.committed(3)).abortedTransactions).toEqual([])
    expect(context.log.abortedTransactions(0, 9)).toEqual([
      { producerId: 1, firstOffset: 0, lastOffset: 2, lastStableOffset: 1 },
    ])
  })

  test('aborted transactions and open ones are known after clean restarts and crashes', async () => {
    for (const cleanShutdown of [true, false]) {
      const context = new TransactionContext({ config: { segmentBytes: 400 } })
      context.write(1, 'a')
      context.end(1, 'ABORT')
      for (let i = 0; i < 8; i++) context.write(2, `b${i}`)
      if (cleanShutdown) context.log.close()
      context.open({ cleanShutdown })
      context.replicated()
      expect(context.log.lastStableOffset).toBe(2)
      expect((await context.committed()).abortedTransactions).toEqual([{ producerId: 1, firstOffset: 0 }])
      expect(context.end(2, 'COMMIT')).toMatchObject({ firstOffset: 10 })
    }
  })

  test('the error is the one Kafka answers', () => {
    const context = new TransactionContext()
    context.write(1, 'a')
    const outcomes = [
      context.append([{ value: 'x' }], {
        producer: { producerId: 1, producerEpoch: 0, baseSequence: 1, isTransactional: false },
      }),
      context.end(1, 'COMMIT', { coordinatorEpoch: 5 }),
      context.write(1, 'b'),
      context.end(1, 'COMMIT', { coordinatorEpoch: 4 }),
      context.end(1, 'COMMIT', { coordinatorEpoch: 5, epoch: -1 }),
    ].map(outcome)
    expect(outcomes).toEqual([
      'INVALID_TXN_STATE',
      '1',
      '2',
      'TRANSACTION_COORDINATOR_FENCED',
      'INVALID_PRODUCER_EPOCH',
    ])
  })

  test('a marker of transactions version 2 raises the epoch; the same one again is taken, an older one is not', () => {
    const context = new TransactionContext()
    context.write(1, 'a', 3)
    const outcomes = [
      context.end(1, 'COMMIT', { epoch: 3, version: 2 }),
      context.end(1, 'COMMIT', { epoch: 4, version: 2 }),
      context.end(1, 'COMMIT', { epoch: 4, version: 2 }),
      context.end(1, 'COMMIT', { epoch: 2, version: 2 }),
    ].map(outcome)
    expect(outcomes).toEqual(['INVALID_PRODUCER_EPOCH', '1', '2', 'INVALID_PRODUCER_EPOCH'])
  })

  test('clients write no markers', () => {
    const context = new TransactionContext()
    const bytes = encodeControlBatch([{ type: 'COMMIT', value: { coordinatorEpoch: 0 } }], {
      timestampMs: 1,
      producer: { producerId: 1, producerEpoch: 0, baseSequence: 0, isTransactional: true },
    })
    expect(context.log.append(bytes.slice(), { origin: 'client', leaderEpoch: 0 })).toMatchObject({
      error: 'INVALID_RECORD',
    })
  })

  test('with verification a transaction begins only with the guard that is valid now', () => {
    const context = new TransactionContext({ transactionVerification: true })
    const begin = { producerId: 1, producerEpoch: 0, sequence: 0, supportsEpochBump: false }
    const bytes = (): Uint8Array =>
      context.batch([{ value: 'a' }], {
        producer: { producerId: 1, producerEpoch: 0, baseSequence: 0, isTransactional: true },
      })
    const append = (verificationGuard?: object): string =>
      outcome(
        context.log.append(bytes(), {
          origin: 'client',
          leaderEpoch: 0,
          verificationGuard: verificationGuard as never,
        }),
      )
    const stale = context.log.startTransactionVerification(begin)
    context.end(1, 'ABORT')
    const guard = context.log.startTransactionVerification(begin)
    expect([append(), append(stale), append(guard)]).toEqual(['INVALID_TXN_STATE', 'INVALID_TXN_STATE', '1'])
    expect(context.log.startTransactionVerification(begin)).toBeUndefined()
  })
})
