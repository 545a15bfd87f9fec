import {
  asKafkaError,
  type ClientCore,
  type ClientMetric,
  type ClientPorts,
  ClientTelemetry,
  createClientCore,
  KafkaError,
  type PartitionMetadata,
  type RecordData,
  serializerOf,
} from '@odradek/client'
import { Hooks, silentLogger } from '@odradek/runtime'
import { createPartitioner, defaultPartitioner, type Partitioner } from '@odradek/strategies'
import { BlockedSends } from './blocked-sends.ts'
import {
  clientHooks,
  type ProducerConfig,
  type ProducerOptions,
  parseProducerConfig,
} from './config/producer-config.ts'
import type { ProducerInterceptor } from './interceptor.ts'
import type { ProducerEvents } from './producer-events.ts'
import { ProducerMetrics } from './producer-metrics.ts'
import { ProducerWritable, type WritableOptions } from './producer-writable.ts'
import type { ProducerRecord, RecordMetadata, SendOptions, SentRecord, TypedRecord } from './record.ts'
import { RecordAccumulator } from './record-accumulator.ts'
import { checkRecord, recordHeaders, sizeBoundOf } from './record-fields.ts'
import { ManySend, type SendCall, SingleSend, WatchedSend } from './send-call.ts'
import { Sender } from './sender.ts'
import { type PendingRecord, TopicState } from './topic-state.ts'
import { sendChannel, tracedSend } from './traced-send.ts'

/** One call of `send`: who waits for its records, and when it was. */
interface Sending {
  readonly call: SendCall
  readonly timestamp: number
  readonly signal: AbortSignal | undefined
}

interface FlushWaiter {
  readonly order: number
  readonly sinceMs: number
  readonly resolve: () => void
}

const encoder = new TextEncoder()

/**
 * Sends records to Kafka. `Key` and `Value` are what `keySerializer` and `valueSerializer` take; without them bytes, text and null.
 * One producer serves a whole process; it connects when the first record is sent.
 */
export class Producer<Key = RecordData, Value = RecordData> implements AsyncDisposable {
  /** What the producer and its connections do, as typed events. */
  readonly hooks: Hooks<ProducerEvents>
  readonly #config: ProducerConfig
  readonly #core: ClientCore
  readonly #accumulator: RecordAccumulator
  readonly #sender: Sender
  readonly #partitioner: Partitioner
  readonly #interceptors: readonly ProducerInterceptor[]
  readonly #topics = new Map<string, TopicState>()
  readonly #blocked: BlockedSends
  readonly #flushes = new Set<FlushWaiter>()
  readonly #telemetry: ClientTelemetry
  #metrics: ProducerMetrics | undefined
  #order = 0
  #waitsForMemory = false
  #state: 'open' | 'closing' | 'closed' = 'open'
  #closing: Promise<void> | undefined

  /** @throws ConfigError for options that are unknown, out of range, missing or contradict each other */
  constructor(options: ProducerOptions) {
    this.hooks = options.hooks ?? new Hooks<ProducerEvents>()
    const logger = options.logger ?? silentLogger
    this.#config = parseProducerConfig(options, logger)
    this.#core = createClientCore({
      config: this.#config,
      ports: options as Partial<ClientPorts>,
      hooks: clientHooks(this.hooks),
      metadataMaxIdleMs: this.#config.metadataMaxIdleMs,
      allowAutoTopicCreation: true,
    })
    this.#accumulator = this.#createAccumulator()
    this.#sender = new Sender({
      core: this.#core,
      config: this.#config,
      hooks: this.hooks,
      accumulator: this.#accumulator,
      sendAll: () => this.#flushes.size > 0 || this.#state !== 'open' || this.#waitsForMemory,
      onSettled: () => this.#settled(),
    })
    this.#partitioner = this.#createPartitioner()
    this.#interceptors = this.#config.interceptorClasses
    this.#blocked = new BlockedSends({
      core: this.#core,
      config: this.#config,
      hooks: this.hooks,
      place: (topic, pending) => this.#place(topic, pending),
      onMemoryWanted: () => this.#sender.wake(),
      onSettled: () => this.#settled(),
    })
    this.#telemetry = new ClientTelemetry({
      core: this.#core,
      source: () => this.#measured(),
      labels: { client_rack: this.#config.clientRack },
    })
  }

  /** Whether every record is written once and in order: `enable.idempotence`, as it came out of the options. */
  get isIdempotent(): boolean {
    return this.#config.enableIdempotence
  }

  /**
   * Sends one record, or many with one promise in all. Resolves when they are acknowledged, with metadata in the order of the records.
   * Rejects with a KafkaError, for many records with a SendError that has the outcome of each.
   */
  send<K, V>(record: TypedRecord<K, V>, options?: SendOptions): Promise<RecordMetadata>
  send(record: ProducerRecord<Key, Value>, options?: SendOptions): Promise<RecordMetadata>
  send<K, V>(records: readonly TypedRecord<K, V>[], options?: SendOptions): Promise<RecordMetadata[]>
  send(records: readonly ProducerRecord<Key, Value>[], options?: SendOptions): Promise<RecordMetadata[]>
  send(
    given: SentRecord | readonly SentRecord[],
    options: SendOptions = {},
  ): Promise<RecordMetadata | RecordMetadata[]> {
    if (!sendChannel.hasSubscribers) return this.#send(given, options)
    const { clientId, bootstrapServers } = this.#config
    return tracedSend(given, { clientId, bootstrapServers, send: (records) => this.#send(records, options) })
  }

  #send(
    given: SentRecord | readonly SentRecord[],
    { signal }: SendOptions,
  ): Promise<RecordMetadata | RecordMetadata[]> {
    const timestamp = this.#core.context.clock.now()
    if (!Array.isArray(given)) {
      return new Promise<RecordMetadata>((resolve, reject) => {
        this.#accept(given as SentRecord, 0, { call: new SingleSend(resolve, reject), timestamp, signal })
      })
    }
    const records = given as readonly SentRecord[]
    return new Promise<RecordMetadata[]>((resolve, reject) => {
      const sending = { call: new ManySend(records.length, timestamp, { resolve, reject }), timestamp, signal }
      for (let index = 0; index < records.length; index++) this.#accept(records[index]!, index, sending)
    })
  }

  /**
   * Sends all records of an iterable, with no more than `highWaterMark` unacknowledged, and resolves with their number.
   * @throws KafkaError that of the first record that failed, or ABORTED; and whatever the iterable throws
   */
  async sendAll(
    records: AsyncIterable<SentRecord> | Iterable<SentRecord>,
    options: WritableOptions = {},
  ): Promise<number> {
    const writable = this.writable(options)
    // The first failure is told by `finish`; without a listener the stream would end the process.
    writable.on('error', () => undefined)
    let count = 0
    try {
      for await (const record of records) {
        if (writable.destroyed) break
        count++
        if (!writable.write(record)) await writable.untilDrained()
      }
    } catch (error) {
      writable.destroy()
      throw error
    }
    try {
      await writable.finish()
    } catch (error) {
      throw asKafkaError(error, options.signal?.aborted === true ? 'ABORTED' : 'SEND_FAILED')
    }
    return count
  }

  /** A stream that records are written to. It holds back its source while too many are not acknowledged. */
  writable(options: WritableOptions = {}): ProducerWritable {
    return new ProducerWritable((record) => this.send(record as ProducerRecord<Key, Value>), options)
  }

  /** Sends what waits at once and resolves when every record that was given before is acknowledged or failed. */
  flush(): Promise<void> {
    const order = this.#order++
    return new Promise<void>((resolve) => {
      if (this.#isFlushed(order)) return resolve()
      this.#flushes.add({ order, sinceMs: this.#core.context.clock.monotonicMs(), resolve })
      this.#sender.wake()
    })
  }

  /** The metrics of this producer, under the names of Kafka's own. They are counted from the first call on. */
  metrics(): Iterable<ClientMetric> {
    return this.#measured().metrics()
  }

  #measured(): ProducerMetrics {
    this.#metrics ??= new ProducerMetrics({
      core: this.#core,
      config: this.#config,
      hooks: this.hooks,
      pool: this.#accumulator.pool,
      blocked: this.#blocked,
    })
    return this.#metrics
  }

  /** The partitions of a topic, as the cluster announces them. @throws KafkaError when they are not known within `maxBlockMs` */
  async partitionsFor(topic: string): Promise<readonly PartitionMetadata[]> {
    const { partitions } = await this.#core.metadata.awaitTopic(topic, { timeoutMs: this.#config.maxBlockMs })
    return partitions
  }

  /** Sends what waits, for at most `timeoutMs` (without bound when left out), then closes all connections. Further calls do nothing. */
  close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(timeoutMs: number | undefined): Promise<void> {
    this.#state = 'closing'
    const { clock } = this.#core.context
    const startMs = clock.monotonicMs()
    const flushed = this.flush()
    if (timeoutMs === undefined) await flushed
    else {
      await new Promise<void>((resolve) => {
        clock.setTimer('producer close', timeoutMs, resolve)
        flushed.then(resolve, resolve)
      })
      clock.cancelTimer('producer close')
    }
    this.#state = 'closed'
    await this.#telemetry.close(
      timeoutMs === undefined ? undefined : Math.max(0, startMs + timeoutMs - clock.monotonicMs()),
    )
    const error = new KafkaError('CLIENT_CLOSED', 'the producer was closed before the record was acknowledged')
    this.#blocked.close(error)
    this.#accumulator.failAll(error)
    this.#sender.close()
    this.#core.close()
    this.#settled()
  }

  #createAccumulator(): RecordAccumulator {
    const config = this.#config
    const levels = {
      gzip: config.compressionGzipLevel < 0 ? undefined : config.compressionGzipLevel,
      lz4: config.compressionLz4Level,
      zstd: config.compressionZstdLevel,
      snappy: undefined,
      none: undefined,
    }
    return new RecordAccumulator({
      batchSize: config.batchSize,
      bufferMemory: config.bufferMemory,
      compression: config.compressionType,
      compressionLevel: levels[config.compressionType],
      clock: this.#core.context.clock,
      hooks: this.hooks,
    })
  }

  #createPartitioner(): Partitioner {
    const config = this.#config
    return createPartitioner(config.partitionerClass ?? defaultPartitioner, {
      random: this.#core.context.random,
      batchSize: config.batchSize,
      ignoreKeys: config.partitionerIgnoreKeys,
      adaptivePartitioning: config.partitionerAdaptivePartitioningEnable,
      availabilityTimeoutMs: config.partitionerAvailabilityTimeoutMs,
      rackAware: config.partitionerRackAware,
      ...(config.clientRack === '' ? {} : { rack: config.clientRack }),
    })
  }

  /** Takes one record of a call: into its batch when its topic is known and there is memory, else among those that wait. */
  #accept(given: SentRecord, index: number, { call: caller, timestamp, signal }: Sending): void {
    let call = caller
    try {
      if (this.#state !== 'open') throw new KafkaError('CLIENT_CLOSED', 'the producer is closed')
      if (this.#sender.fatalError !== undefined) throw this.#sender.fatalError
      if (signal?.aborted === true) throw new KafkaError('ABORTED', 'the signal was aborted', { cause: signal.reason })
      if (this.#interceptors.length > 0)
        call = new WatchedSend(caller, (metadata, error) => this.#told(metadata, error))
      const record = this.#interceptors.length > 0 ? this.#intercepted(given) : given
      const topic = this.#topicOf(record)
      const pending = this.#pendingOf(topic, record, { call, index, timestamp })
      call.setTimestamp(index, pending.timestamp)
      if (topic.blocked.length === 0 && this.#place(topic, pending)) return
      this.#blocked.add(topic, pending, signal)
    } catch (error) {
      call.failed({ index, count: 1 }, asKafkaError(error, 'SERIALIZATION_FAILED'))
    }
  }

  #topicOf(record: SentRecord): TopicState {
    const name = typeof record.topic === 'string' ? record.topic : record.topic?.name
    if (typeof name !== 'string' || name === '') {
      throw new KafkaError('INVALID_TOPIC_EXCEPTION', `a record needs a topic, got ${String(name)}`)
    }
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    const { keySerializer, valueSerializer } = this.#config
    const parts = { core: this.#core, accumulator: this.#accumulator }
    const made = new TopicState(name, parts, {
      key: serializerOf(keySerializer ?? undefined, { topic: name, part: 'key' }),
      value: serializerOf(valueSerializer ?? undefined, { topic: name, part: 'value' }),
    })
    this.#topics.set(name, made)
    return made
  }

  #pendingOf(
    topic: TopicState,
    given: SentRecord,
    { call, index, timestamp }: { readonly call: SendCall; readonly index: number; readonly timestamp: number },
  ): PendingRecord {
    const typed = typeof given.topic === 'string' ? undefined : given.topic
    const key = (typed?.serializeKey ?? topic.serializeKey)((given.key ?? null) as never)
    const value = (typed?.serializeValue ?? topic.serializeValue)((given.value ?? null) as never)
    const headers = recordHeaders(given.headers)
    const keyBytes = typeof key === 'string' ? encoder.encode(key) : key
    const pending: PendingRecord = {
      timestamp: given.timestamp ?? timestamp,
      key: keyBytes,
      value,
      headers,
      partition: given.partition,
      sizeBound: sizeBoundOf(keyBytes, value, headers),
      call,
      index,
      deadlineMs: 0,
      order: this.#order,
    }
    checkRecord(topic.topic, pending)
    this.#checkSize(topic.topic, pending.sizeBound)
    return pending
  }

  #checkSize(topic: string, bytes: number): void {
    const { maxRequestSize, bufferMemory } = this.#config
    const [limit, option] =
      maxRequestSize <= bufferMemory ? [maxRequestSize, 'maxRequestSize'] : [bufferMemory, 'bufferMemory']
    if (bytes <= limit) return
    throw new KafkaError('RECORD_TOO_LARGE', `a record of ${bytes} bytes is above ${option}, ${limit} bytes`, {
      context: { topic },
    })
  }

  /** Puts a record into its batch; false when its partition is not known or there is no memory. */
  #place(topic: TopicState, pending: PendingRecord): boolean {
    topic.refresh()
    const { partitionCount } = topic
    if (partitionCount === 0 || (pending.partition ?? 0) >= partitionCount) return false
    const partition = pending.partition ?? this.#choosePartition(topic, pending)
    const queue = topic.queue(partition)
    const before = queue.last
    const bytes = this.#accumulator.append(queue, pending)
    if (bytes === 0) {
      this.#waitsForMemory = true
      return false
    }
    const last = queue.last!
    if (last !== before) {
      this.#core.metadata.touch(topic.topic)
      this.#sender.watch(last)
      if (before !== undefined) this.#sender.wake()
    }
    if (last.isFull) this.#sender.wake()
    if (pending.partition === undefined) {
      this.#partitioner.onAppend?.(topic, { key: pending.key, partition, bytes, allBatchesFull: last.isFull })
    }
    return true
  }

  #choosePartition(topic: TopicState, { key, value }: PendingRecord): number {
    const bytes = typeof value === 'string' && this.#config.partitionerClass !== null ? encoder.encode(value) : null
    const partition = this.#partitioner.partition(topic, key, typeof value === 'string' ? bytes : value)
    if (Number.isInteger(partition) && partition >= 0 && partition < topic.partitionCount) return partition
    const why = `the partitioner chose ${partition}, and ${topic.topic} has ${topic.partitionCount} partitions`
    throw new KafkaError('INVALID_RECORD', why, { context: { topic: topic.topic } })
  }

  /** Batches were settled or topics became known: places what waited, and tells who flushes. */
  #settled(): void {
    this.#waitsForMemory = false
    if (this.#state !== 'closed') this.#blocked.retry()
    for (const waiter of this.#flushes) {
      if (!this.#isFlushed(waiter.order)) continue
      this.#flushes.delete(waiter)
      const durationMs = this.#core.context.clock.monotonicMs() - waiter.sinceMs
      if (this.hooks.has('flushed')) this.hooks.emit('flushed', { durationMs })
      waiter.resolve()
    }
  }

  #isFlushed(order: number): boolean {
    if (this.#blocked.has(order)) return false
    for (const batch of this.#accumulator.incomplete) if (batch.order <= order) return false
    return true
  }

  #intercepted(given: SentRecord): SentRecord {
    let record = given
    for (const interceptor of this.#interceptors) {
      try {
        record = interceptor.onSend?.(record) ?? record
      } catch (error) {
        this.#core.context.logger.warn('an interceptor failed in onSend', { error })
      }
    }
    return record
  }

  #told(metadata: RecordMetadata | null, error: KafkaError | null): void {
    for (const interceptor of this.#interceptors) {
      try {
        interceptor.onAcknowledgement?.(metadata, error)
      } catch (thrown) {
        this.#core.context.logger.warn('an interceptor failed in onAcknowledgement', { error: thrown })
      }
    }
  }
}
