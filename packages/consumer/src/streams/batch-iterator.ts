import type { PartitionRecords } from '../consumer-records.ts'
import { PartitionMap } from '../topic-partition.ts'
import { loopPollMs, type RecordSource } from './record-source.ts'

/** What ends a loop over records. */
export interface IterateOptions {
  /** Ends the loop after the item under way; a loop that waits ends at once. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The batches of `poll` without an end: `for await (const batch of consumer.batches())`. A batch counts as processed when the next one is
 * asked for. The loop ends when the signal is aborted or the consumer closed; what was fetched and not given is read again by the next loop.
 */
export class BatchIterator<Key, Value> implements AsyncIterableIterator<PartitionRecords<Key, Value>> {
  readonly #source: RecordSource<Key, Value>
  readonly #signal: AbortSignal | undefined
  #batches: readonly PartitionRecords<Key, Value>[] = []
  #at = 0
  #given: PartitionRecords<Key, Value> | undefined
  #isDone = false

  constructor(source: RecordSource<Key, Value>, { signal }: IterateOptions = {}) {
    this.#source = source
    this.#signal = signal
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** @throws KafkaError what `poll` throws */
  async next(): Promise<IteratorResult<PartitionRecords<Key, Value>, undefined>> {
    this.#settle()
    while (!this.#isDone) {
      if (this.#isEnded) return await this.return()
      const batch = this.#batches[this.#at]
      if (batch !== undefined) {
        this.#at++
        this.#given = batch
        return { done: false, value: batch }
      }
      await this.#poll()
    }
    return { done: true, value: undefined }
  }

  /** Ends the loop. The batch that was given last does not count as processed, and is not given again either. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#isDone = true
    for (const { topic, partition, records, next } of this.#batches.slice(this.#at)) {
      this.#source.giveBack({ topic, partition, offset: records[0]!.offset, leaderEpoch: next.leaderEpoch })
    }
    this.#batches = []
    return { done: true, value: undefined }
  }

  get #isEnded(): boolean {
    return this.#source.isClosed || this.#signal?.aborted === true
  }

  async #poll(): Promise<void> {
    try {
      const records = await this.#source.next({ timeoutMs: loopPollMs, signal: this.#signal })
      this.#batches = records.batches()
      this.#at = 0
      passOver(this.#source, records)
    } catch (error) {
      if (this.#isEnded) return
      throw error
    }
  }

  #settle(): void {
    const given = this.#given
    this.#given = undefined
    if (given === undefined) return
    const { topic, partition, next } = given
    this.#source.processed({ topic, partition, offset: next.offset, leaderEpoch: next.leaderEpoch })
  }
}

/** Partitions that moved without a record for the application are done with: nobody else will say so. */
export function passOver<Key, Value>(
  source: RecordSource<Key, Value>,
  records: {
    readonly nextOffsets: PartitionMap<{ readonly offset: number; readonly leaderEpoch: number | null }>
    batches(): readonly PartitionRecords<Key, Value>[]
  },
): void {
  const batches = records.batches()
  if (batches.length === records.nextOffsets.size) return
  const withRecords = new PartitionMap(batches.map((batch) => [batch, true] as const))
  for (const [partition, { offset, leaderEpoch }] of records.nextOffsets) {
    if (withRecords.get(partition) === undefined) source.processed({ ...partition, offset, leaderEpoch })
  }
}
