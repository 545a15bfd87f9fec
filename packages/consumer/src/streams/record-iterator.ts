import type { ConsumerRecord } from '../consumer-record.ts'
import type { PartitionRecords } from '../consumer-records.ts'
import { type IterateOptions, passOver } from './batch-iterator.ts'
import { loopPollMs, type RecordSource } from './record-source.ts'

/**
 * Records without an end: `for await (const record of consumer)`. A record counts as processed when the next one is asked for, so that a
 * loop that throws or breaks leaves its last record uncommitted. The loop ends when the signal is aborted or the consumer closed.
 */
export class RecordIterator<Key, Value> implements AsyncIterableIterator<ConsumerRecord<Key, Value>> {
  readonly #source: RecordSource<Key, Value>
  readonly #signal: AbortSignal | undefined
  #batches: readonly PartitionRecords<Key, Value>[] = []
  #batchAt = 0
  #recordAt = 0
  #isGiven = false
  #isDone = false

  constructor(source: RecordSource<Key, Value>, { signal }: IterateOptions = {}) {
    this.#source = source
    this.#signal = signal
    source.reportBy(() => this.#report())
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** @throws KafkaError what `poll` throws */
  next(): Promise<IteratorResult<ConsumerRecord<Key, Value>, undefined>> {
    this.#settle()
    const record = this.#isEnded ? undefined : this.#take()
    return record === undefined ? this.#nextAfterPoll() : Promise.resolve({ done: false, value: record })
  }

  /** Ends the loop. The record that was given last does not count as processed, and is not given again either. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    if (this.#isDone) return { done: true, value: undefined }
    this.#isDone = true
    this.#report()
    this.#source.reportBy(undefined)
    const [current, ...rest] = this.#batches.slice(this.#batchAt)
    this.#batches = []
    if (current !== undefined) this.#giveBack(current, this.#recordAt)
    for (const batch of rest) this.#giveBack(batch, 0)
    return { done: true, value: undefined }
  }

  get #isEnded(): boolean {
    return this.#isDone || this.#source.isClosed || this.#signal?.aborted === true
  }

  async #nextAfterPoll(): Promise<IteratorResult<ConsumerRecord<Key, Value>, undefined>> {
    while (!this.#isEnded) {
      try {
        const records = await this.#source.next({ timeoutMs: loopPollMs, signal: this.#signal })
        this.#batches = records.batches()
        this.#batchAt = 0
        this.#recordAt = 0
        passOver(this.#source, records)
      } catch (error) {
        if (this.#isEnded) break
        throw error
      }
      const record = this.#take()
      if (record !== undefined) return { done: false, value: record }
    }
    return await this.return()
  }

  #take(): ConsumerRecord<Key, Value> | undefined {
    const batch = this.#batches[this.#batchAt]
    const record = batch?.records[this.#recordAt]
    if (record === undefined) return undefined
    this.#recordAt++
    this.#isGiven = true
    return record
  }

  /** The record before was processed: the application asks for more. */
  #settle(): void {
    if (!this.#isGiven) return
    this.#isGiven = false
    const { topic, partition, records, next } = this.#batches[this.#batchAt]!
    if (this.#recordAt < records.length) return
    this.#source.processed({ topic, partition, offset: next.offset, leaderEpoch: next.leaderEpoch })
    this.#batchAt++
    this.#recordAt = 0
  }

  /** Tells how far the batch under way is: a look into a Map for each record would cost more than the record. */
  #report(): void {
    const batch = this.#batches[this.#batchAt]
    const last = batch?.records[this.#recordAt - (this.#isGiven ? 2 : 1)]
    if (batch === undefined || last === undefined) return
    const { topic, partition, next } = batch
    this.#source.processed({ topic, partition, offset: last.offset + 1, leaderEpoch: next.leaderEpoch })
  }

  #giveBack({ topic, partition, records, next }: PartitionRecords<Key, Value>, from: number): void {
    const first = records[from]
    if (first !== undefined) {
      this.#source.giveBack({ topic, partition, offset: first.offset, leaderEpoch: next.leaderEpoch })
    }
  }
}
