/**
 * What one Fetch answer had of one partition, and how far it was read. Batches are opened one by one: checksum, decompression and the
 * records' bounds are looked at when their turn comes, keys and values not at all. With `read_committed` the answer lists the aborted
 * transactions that reach into it; a producer's transactional batches from such a transaction's first offset on are left out until its
 * abort marker has passed. Control batches are never returned. Kafka: `CompletedFetch`.
 */
import { fetchedRecordBatches, type KafkaRecord, type RecordBatch, readControlRecordTypeId } from '@odradek/protocol'
import type { FetchResponsePartitionData } from '@odradek/protocol/messages'
import { ConsumerRecord, type RecordOrigin } from '../consumer-record.ts'
import { CorruptRecordError } from '../corrupt-record-error.ts'
import type { TopicPartitionState } from '../topic-partition-state.ts'
import type { RecordReaders } from './record-readers.ts'

/** Control records of this type end an aborted transaction. */
const abortMarker = 0
const noBytes = new Uint8Array()

/** What a completed fetch is made with. */
export interface CompletedFetchOptions {
  readonly state: TopicPartitionState
  readonly fetchOffset: number
  readonly data: FetchResponsePartitionData
  readonly readers: RecordReaders
  readonly checkCrcs: boolean
  readonly isReadCommitted: boolean
}

/** The records of one partition from one answer. */
export class CompletedFetch {
  readonly state: TopicPartitionState
  readonly fetchOffset: number
  readonly data: FetchResponsePartitionData
  readonly sizeInBytes: number
  /** Where the partition goes on after what was taken. */
  nextFetchOffset: number
  /** Leader epoch of the last batch that was opened; null when there is none. */
  lastEpoch: number | null = null
  isInitialized = false
  isConsumed = false
  readonly #options: CompletedFetchOptions
  readonly #batches: Iterator<RecordBatch>
  #aborted: { readonly producerId: number; readonly firstOffset: number }[]
  readonly #abortedProducerIds = new Set<number>()
  #batch: RecordBatch | undefined
  #records: Iterator<KafkaRecord> | undefined
  #origin: RecordOrigin | undefined
  #failure: CorruptRecordError | undefined

  constructor(options: CompletedFetchOptions) {
    const { state, fetchOffset, data } = options
    this.state = state
    this.fetchOffset = fetchOffset
    this.nextFetchOffset = fetchOffset
    this.data = data
    this.sizeInBytes = data.records?.length ?? 0
    this.#options = options
    this.#batches = fetchedRecordBatches(data.records ?? noBytes)
    this.#aborted = options.isReadCommitted ? byFirstOffset(data.abortedTransactions) : []
  }

  /** Whether there is no whole batch in what came. */
  hasNoBatch(): boolean {
    return fetchedRecordBatches(this.data.records ?? noBytes).next().done === true
  }

  /** Nothing more is taken. */
  drain(): void {
    this.isConsumed = true
    this.#records = undefined
    this.#batch = undefined
  }

  /**
   * Takes up to `most` records.
   * @throws CorruptRecordError at bytes that are not what they claim, when no record is before them
   */
  fetchRecords<Key, Value>(most: number): ConsumerRecord<Key, Value>[] {
    const records: ConsumerRecord<Key, Value>[] = []
    if (this.#failure !== undefined) throw this.#failure
    try {
      this.#take(records, most)
    } catch (cause) {
      this.#failure = this.#corrupt(cause)
      if (records.length === 0) throw this.#failure
    }
    return records
  }

  #take<Key, Value>(into: ConsumerRecord<Key, Value>[], most: number): void {
    while (into.length < most) {
      if (this.#records === undefined && !this.#openBatch()) return
      const records = this.#records!
      const origin = this.#origin!
      while (into.length < most) {
        const { done, value: record } = records.next()
        if (done === true) {
          this.#closeBatch()
          break
        }
        const { offset } = record
        // A compressed or long batch may begin before the offset that was asked for.
        if (offset < this.nextFetchOffset) continue
        into.push(new ConsumerRecord(record, origin))
        this.nextFetchOffset = offset + 1
      }
    }
  }

  /** Opens the next batch that has records for the application; false when there is none. */
  #openBatch(): boolean {
    for (;;) {
      const { done, value: batch } = this.#batches.next()
      if (done === true) {
        this.drain()
        return false
      }
      this.#batch = batch
      const { partitionLeaderEpoch } = batch
      this.lastEpoch = partitionLeaderEpoch === -1 ? null : partitionLeaderEpoch
      if (batch.nextOffset <= this.nextFetchOffset) continue
      if (this.#options.checkCrcs && !batch.hasValidCrc()) throw new Error('its checksum is not that of its bytes')
      if (this.#isLeftOut(batch)) {
        this.nextFetchOffset = batch.nextOffset
        continue
      }
      this.#records = batch.records()
      this.#origin = {
        topic: this.state.topic,
        partition: this.state.partition,
        timestampType: batch.timestampType,
        leaderEpoch: this.lastEpoch,
        ...this.#options.readers,
      }
      return true
    }
  }

  /** Offsets at a batch's end may belong to no record, after compaction; the next fetch begins behind them all the same. */
  #closeBatch(): void {
    this.nextFetchOffset = Math.max(this.nextFetchOffset, this.#batch!.nextOffset)
    this.#records = undefined
  }

  #isLeftOut(batch: RecordBatch): boolean {
    const { producerId, isControl } = batch
    if (!this.#options.isReadCommitted || producerId === -1) return isControl
    while (this.#aborted.length > 0 && this.#aborted[0]!.firstOffset <= batch.lastOffset) {
      this.#abortedProducerIds.add(this.#aborted.shift()!.producerId)
    }
    if (isControl) {
      if (isAbortMarker(batch)) this.#abortedProducerIds.delete(producerId)
      return true
    }
    return batch.isTransactional && this.#abortedProducerIds.has(producerId)
  }

  #corrupt(cause: unknown): CorruptRecordError {
    const { topic, partition } = this.state
    const offset = this.nextFetchOffset
    const nextOffset = Math.max(offset + 1, this.#batch?.nextOffset ?? 0)
    return new CorruptRecordError({ topic, partition, offset, nextOffset }, cause)
  }
}

function byFirstOffset(aborted: FetchResponsePartitionData['abortedTransactions']) {
  return (aborted ?? []).toSorted((a, b) => a.firstOffset - b.firstOffset)
}

function isAbortMarker(batch: RecordBatch): boolean {
  const { value: record } = batch.records().next()
  return record?.key !== undefined && record.key !== null && readControlRecordTypeId(record.key) === abortMarker
}
