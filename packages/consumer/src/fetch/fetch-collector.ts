/**
 * Takes records out of the fetch buffer for `poll`, partition by partition, and moves the positions behind them. What does not begin at the
 * position of its partition is old and thrown away: the partition was sought elsewhere, taken away or reset meanwhile. Errors that an answer
 * has for a partition are dealt with here, on the application's turn. Kafka: `FetchCollector`.
 */
import { type ClientCore, KafkaError } from '@odradek/client'
import { type ErrorName, errorByCode } from '@odradek/protocol'
import type { Hooks } from '@odradek/runtime'
import type { ConsumerConfig } from '../config/consumer-config.ts'
import type { ConsumerEvents } from '../consumer-events.ts'
import { ConsumerRecords, type PartitionRecords } from '../consumer-records.ts'
import type { SubscriptionState } from '../subscription-state.ts'
import { type OffsetAndMetadata, PartitionMap } from '../topic-partition.ts'
import type { CompletedFetch } from './completed-fetch.ts'
import type { FetchBuffer } from './fetch-buffer.ts'

/** What the parts of fetching share. */
export interface FetchContext {
  readonly core: ClientCore
  readonly config: ConsumerConfig
  readonly subscriptions: SubscriptionState
  readonly hooks: Hooks<ConsumerEvents>
  readonly buffer: FetchBuffer
}

/** What an error of a partition means: other metadata are needed, nothing, or something that is told. */
const metadataErrors: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'NOT_LEADER_OR_FOLLOWER',
  'REPLICA_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
])

/** These pass; the next fetch may succeed. */
const passingErrors: ReadonlySet<ErrorName> = new Set<ErrorName>(['UNKNOWN_LEADER_EPOCH', 'UNKNOWN_SERVER_ERROR'])

/** Records by partition, as they are gathered. */
interface Collection<Key, Value> {
  readonly batches: PartitionRecords<Key, Value>[]
  readonly nextOffsets: PartitionMap<OffsetAndMetadata>
  left: number
}

/** From the buffer to the application. */
export class FetchCollector {
  readonly #context: FetchContext

  constructor(context: FetchContext) {
    this.#context = context
  }

  /**
   * Up to `max.poll.records` records.
   * @throws KafkaError what a fetch of some partition failed with, when no records are before it
   */
  collect<Key, Value>(): ConsumerRecords<Key, Value> {
    const { buffer, config } = this.#context
    const collection: Collection<Key, Value> = {
      batches: [],
      nextOffsets: new PartitionMap(),
      left: config.maxPollRecords,
    }
    const paused: CompletedFetch[] = []
    try {
      while (collection.left > 0) {
        const fetch = buffer.peek()
        if (fetch === undefined) break
        // An error behind records is dealt with by the next poll.
        if (fetch.data.errorCode !== 0 && collection.nextOffsets.size > 0) break
        if (fetch.state.isPaused && this.#isWanted(fetch)) paused.push(buffer.poll()!)
        else this.#takeFrom(fetch, collection)
      }
    } catch (error) {
      // What was collected is returned, and the error told by the next poll.
      if (collection.nextOffsets.size === 0) throw error
    } finally {
      for (const fetch of paused) buffer.add(fetch)
    }
    return new ConsumerRecords(collection.batches, collection.nextOffsets)
  }

  #takeFrom<Key, Value>(fetch: CompletedFetch, collection: Collection<Key, Value>): void {
    const { buffer } = this.#context
    if (!fetch.isInitialized && !this.#initialize(fetch)) return
    if (this.#isWanted(fetch) && fetch.state.isFetchable) this.#return(fetch, collection)
    else fetch.drain()
    if (fetch.isConsumed) buffer.poll()
  }

  /** Looks at an answer for the first time; false when there is nothing to read in it. */
  #initialize(fetch: CompletedFetch): boolean {
    const { buffer, subscriptions } = this.#context
    const { data, state } = fetch
    if (data.errorCode !== 0) {
      buffer.poll()
      subscriptions.movePartitionToEnd(state)
      if (this.#isWanted(fetch)) this.#handleError(fetch)
      return false
    }
    if (!this.#isWanted(fetch)) {
      buffer.poll()
      return false
    }
    if (fetch.sizeInBytes > 0 && fetch.hasNoBatch()) {
      buffer.poll()
      const { topic, partition } = state
      throw new KafkaError(
        'RECORD_TOO_LARGE',
        `${topic}-${partition} does not go on at offset ${fetch.fetchOffset}: the answer has no whole batch in it`,
        { context: { topic, partition } },
      )
    }
    this.#takeOffsets(fetch)
    fetch.isInitialized = true
    return true
  }

  #takeOffsets({ data, state }: CompletedFetch): void {
    const { core, config } = this.#context
    if (data.highWatermark >= 0) state.highWatermark = data.highWatermark
    if (data.logStartOffset >= 0) state.logStartOffset = data.logStartOffset
    if (data.lastStableOffset >= 0) state.lastStableOffset = data.lastStableOffset
    if (data.preferredReadReplica !== -1) {
      const untilMs = core.context.clock.monotonicMs() + config.metadataMaxAgeMs
      state.setPreferredReadReplica(data.preferredReadReplica, untilMs)
    }
  }

  /** Whether the fetch continues where its partition stands. */
  #isWanted(fetch: CompletedFetch): boolean {
    const { state } = fetch
    return (
      this.#context.subscriptions.isCurrent(state) &&
      state.hasValidPosition &&
      state.position?.offset === (fetch.isInitialized ? fetch.nextFetchOffset : fetch.fetchOffset)
    )
  }

  #return<Key, Value>(fetch: CompletedFetch, collection: Collection<Key, Value>): void {
    const { state } = fetch
    const position = state.position!
    const records = fetch.fetchRecords<Key, Value>(collection.left)
    const { nextFetchOffset, lastEpoch } = fetch
    if (nextFetchOffset <= position.offset) return
    state.advance({ ...position, offset: nextFetchOffset, offsetEpoch: lastEpoch })
    const { topic, partition } = state
    const next: OffsetAndMetadata = { offset: nextFetchOffset, leaderEpoch: lastEpoch, metadata: '' }
    collection.nextOffsets.set(state, next)
    collection.left -= records.length
    if (records.length > 0) collection.batches.push({ topic, partition, records, next })
    if (this.#context.hooks.has('recordsReturned')) this.#tell(fetch, position.offset, records)
  }

  #tell(
    { state, nextFetchOffset: nextOffset }: CompletedFetch,
    baseOffset: number,
    returned: readonly { readonly dataBytes: number }[],
  ): void {
    const { hooks, config, subscriptions } = this.#context
    const records = returned.length
    const bytes = returned.reduce((sum, { dataBytes }) => sum + dataBytes, 0)
    const { topic, partition, logStartOffset } = state
    const lag = subscriptions.partitionLag(state, config.isolationLevel === 'read_committed') ?? -1
    const lead = logStartOffset === -1 ? -1 : Math.max(0, nextOffset - logStartOffset)
    hooks.emit('recordsReturned', { topic, partition, records, bytes, baseOffset, nextOffset, lag, lead })
  }

  #handleError({ data, state, fetchOffset }: CompletedFetch): void {
    const { core, subscriptions, config } = this.#context
    const { topic, partition } = state
    const { name } = errorByCode(data.errorCode)
    state.nextRetryMs = core.context.clock.monotonicMs() + config.retryBackoffMs
    if (metadataErrors.has(name)) {
      core.metadata.requestUpdate()
      state.clearPreferredReadReplica()
      return
    }
    core.context.logger.debug('a fetch of a partition failed', { topic, partition, error: name })
    if (passingErrors.has(name)) return
    if (name === 'OFFSET_OUT_OF_RANGE') {
      // A follower may not have the offset yet, or not any more; only the leader's word counts.
      if (state.clearPreferredReadReplica() !== -1) return
      if (subscriptions.hasDefaultOffsetResetPolicy) {
        core.context.logger.info('the offset is out of range, and is reset', { topic, partition, offset: fetchOffset })
        state.requestReset(subscriptions.defaultResetStrategy)
        return
      }
      const why = `offset ${fetchOffset} of ${topic}-${partition} is out of range, and autoOffsetReset is none`
      throw new KafkaError(name, why, { context: { topic, partition } })
    }
    throw KafkaError.fromCode(data.errorCode, { topic, partition, api: 'Fetch' })
  }
}
