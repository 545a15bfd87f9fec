import {
  type ClientCore,
  type ClientMetric,
  type ClientPorts,
  ClientTelemetry,
  createClientCore,
  KafkaError,
} from '@odradek/client'
import { Hooks } from '@odradek/runtime'
import { parseOffsetReset } from './config/auto-offset-reset.ts'
import {
  type ConsumerConfig,
  type ConsumerOptions,
  clientHooks,
  parseConsumerConfig,
} from './config/consumer-config.ts'
import {
  checkPartition,
  listOf,
  offsetsOf,
  type Partitions,
  type SubscribedTo,
  topicNames,
} from './consumer-arguments.ts'
import type { ConsumerEvents } from './consumer-events.ts'
import { ConsumerMetrics } from './consumer-metrics.ts'
import { ConsumerOffsets } from './consumer-offsets.ts'
import type { ConsumerRecords } from './consumer-records.ts'
import { TopicReaders } from './fetch/record-readers.ts'
import { leaderOf } from './fetch/topic-metadata.ts'
import { ConsumerCoordinator } from './group/consumer-coordinator.ts'
import type { GroupMetadata } from './group/group-membership.ts'
import { Interceptors } from './interceptors.ts'
import { PollLoop, type PollOptions } from './poll-loop.ts'
import type { RebalanceListener } from './rebalance-listener.ts'
import { BatchIterator, type IterateOptions } from './streams/batch-iterator.ts'
import { ConsumerReadable } from './streams/consumer-readable.ts'
import { LoopSource } from './streams/loop-source.ts'
import { RecordIterator } from './streams/record-iterator.ts'
import type { RunOptions } from './streams/run/run-options.ts'
import { Runner } from './streams/run/runner.ts'
import { SubscriptionState } from './subscription-state.ts'
import type {
  OffsetAndMetadata,
  OffsetAndTimestamp,
  PartitionMap,
  TopicPartition,
  TopicPartitionOffset,
} from './topic-partition.ts'
import { Wakeup } from './wakeup.ts'

/** How long a call may take. */
export interface CallOptions {
  /** Milliseconds; `defaultApiTimeoutMs` when left out. */
  readonly timeoutMs?: number | undefined
}

const defaultCloseMs = 30_000

/**
 * Reads records from Kafka, alone or as a member of a group. `Key` and `Value` are what the deserializers answer; without them bytes. It
 * connects when it is polled first. One `poll` runs at a time; everything else may be called meanwhile.
 */
export class Consumer<Key = Uint8Array, Value = Uint8Array> implements AsyncDisposable {
  /** What the consumer and its connections do, as typed events. */
  readonly hooks: Hooks<ConsumerEvents>
  readonly #config: ConsumerConfig
  readonly #core: ClientCore
  readonly #subscriptions: SubscriptionState
  readonly #wakeup: Wakeup
  readonly #readers: TopicReaders
  readonly #group: ConsumerCoordinator | undefined
  readonly #loop: PollLoop
  readonly #offsets: ConsumerOffsets
  readonly #telemetry: ClientTelemetry
  readonly #interceptors: Interceptors
  #metrics: ConsumerMetrics | undefined
  readonly #source: LoopSource<Key, Value>
  #runs = 0
  #isPolling = false
  #closing: Promise<void> | undefined
  #isClosed = false

  /** @throws ConfigError for options that are unknown, out of range, missing or contradict each other */
  constructor(options: ConsumerOptions<Key, Value>) {
    this.hooks = options.hooks ?? new Hooks<ConsumerEvents>()
    this.#config = parseConsumerConfig(options)
    this.#subscriptions = new SubscriptionState(parseOffsetReset(this.#config.autoOffsetReset) ?? { kind: 'latest' })
    this.#core = this.#createCore(options as Partial<ClientPorts>)
    this.#wakeup = new Wakeup(this.#core.context.clock)
    this.#readers = new TopicReaders(this.#config)
    for (const topic of options.topics ?? []) this.#readers.define(topic)
    const parts = { core: this.#core, config: this.#config, subscriptions: this.#subscriptions, hooks: this.hooks }
    const onWake = () => this.#wakeup.wake()
    this.#group = this.#config.groupId === null ? undefined : new ConsumerCoordinator({ ...parts, onWake })
    this.#loop = new PollLoop({ ...parts, wakeup: this.#wakeup, readers: this.#readers, group: this.#group })
    this.#interceptors = new Interceptors(this.#config.interceptorClasses, this.#core.context.logger)
    this.#interceptors.watchCommits(this.hooks)
    this.#offsets = new ConsumerOffsets({ ...parts, fetcher: this.#loop.offsets })
    this.#telemetry = new ClientTelemetry({
      core: this.#core,
      source: () => this.#measured(),
      labels: { client_rack: this.#config.clientRack, group_id: this.#config.groupId ?? '' },
    })
    this.#source = new LoopSource({
      ...parts,
      clock: this.#core.context.clock,
      wakeup: this.#wakeup,
      group: this.#group,
      poll: (polled) => this.#poll(polled, false),
      isClosed: () => this.#closing !== undefined,
    })
  }

  /**
   * Shares the topics with the other members of the group, in place of what was subscribed to before. The partitions come and go within
   * `poll`, where `listener` is told and awaited.
   * @throws KafkaError INVALID_GROUP_ID without `groupId`, ILLEGAL_STATE after `assign`
   */
  subscribe(topics: SubscribedTo, listener?: RebalanceListener): void {
    this.#checkOpen()
    this.#groupOrThrow()
    if (topics instanceof RegExp) {
      this.#subscriptions.subscribePattern(topics, listener)
      this.#loop.topics.matchPattern()
    } else if (typeof topics === 'object' && 'pattern' in topics) {
      this.#subscriptions.subscribeRe2j(topics.pattern, listener)
    } else {
      const names = topicNames(topics, this.#readers)
      if (names.length === 0) {
        this.#unsubscribeSoon()
        return
      }
      this.#subscriptions.subscribe(names, listener)
    }
    this.#core.metadata.requestUpdate()
    this.#wakeup.wake()
  }

  /** Gives up the partitions, leaves the group, and ends subscription or assignment. @throws what a rebalance callback throws */
  async unsubscribe(): Promise<void> {
    this.#checkOpen()
    try {
      await this.#group?.unsubscribe()
    } finally {
      this.#subscriptions.unsubscribe()
      this.#wakeup.wake()
    }
  }

  /**
   * Reads these partitions and no others, without a group. A partition that was assigned before keeps its position.
   * @throws KafkaError ILLEGAL_STATE after `subscribe`
   */
  assign(partitions: Partitions): void {
    this.#checkOpen()
    const wanted = listOf(partitions)
    for (const partition of wanted) checkPartition(partition)
    if (wanted.length === 0) {
      this.#unsubscribeSoon()
      return
    }
    this.#subscriptions.assignFromUser(wanted)
    this.#core.metadata.requestUpdate()
    this.#wakeup.wake()
  }

  /** The partitions this consumer reads now. */
  assignment(): readonly TopicPartition[] {
    return this.#subscriptions.assignedPartitions()
  }

  /** The topics that are subscribed to; with a pattern those that match at present. */
  subscription(): ReadonlySet<string> {
    return this.#subscriptions.subscription
  }

  /**
   * Records of the assigned partitions, at most `maxPollRecords`: at once when some were fetched already, else as soon as some come, or none
   * when `timeoutMs` is over. To ask for more says that those before are processed.
   * @throws KafkaError ILLEGAL_STATE when nothing is subscribed to or assigned, CONCURRENT_CALL while another poll runs, ABORTED by the
   * signal, CLIENT_CLOSED, OFFSET_OUT_OF_RANGE, NO_OFFSET_FOR_PARTITION, TOPIC_AUTHORIZATION_FAILED; CorruptRecordError, LogTruncationError
   */
  async poll(options: PollOptions = {}): Promise<ConsumerRecords<Key, Value>> {
    return await this.#poll(options, true)
  }

  async #poll(options: PollOptions, marksProcessed: boolean): Promise<ConsumerRecords<Key, Value>> {
    if (this.#closing !== undefined) throw closedError()
    if (this.#isPolling) throw new KafkaError('CONCURRENT_CALL', 'another poll of this consumer has not ended yet')
    if (this.#subscriptions.hasNoSubscriptionOrUserAssignment) {
      throw new KafkaError('ILLEGAL_STATE', 'the consumer is neither subscribed to topics nor assigned partitions')
    }
    this.#isPolling = true
    try {
      if (marksProcessed) this.#subscriptions.markProcessed()
      this.#metrics?.pollBegan()
      return this.#interceptors.onConsume(await this.#loop.poll<Key, Value>(options))
    } finally {
      this.#metrics?.pollEnded()
      this.#isPolling = false
    }
  }

  /** Records without an end, from all partitions: `for await (const record of consumer)`. */
  [Symbol.asyncIterator](): RecordIterator<Key, Value> {
    return this.records()
  }

  /** Records without an end, until the signal is aborted or the consumer closed. One counts as processed when the next is asked for. */
  records(options?: IterateOptions): RecordIterator<Key, Value> {
    return new RecordIterator(this.#source, options)
  }

  /** The same by batches of one partition, which costs less a record. A batch counts as processed when the next is asked for. */
  batches(options?: IterateOptions): BatchIterator<Key, Value> {
    return new BatchIterator(this.#source, options)
  }

  /** Records as a Node stream of objects. One counts as processed when the stream's reader asks for the next. */
  stream(options: IterateOptions = {}): ConsumerReadable<Key, Value> {
    const ending = new AbortController()
    const signal = options.signal === undefined ? ending.signal : AbortSignal.any([options.signal, ending.signal])
    return new ConsumerReadable(this.records({ signal }), () => ending.abort())
  }

  /**
   * Hands records to a handler until the signal is aborted or the consumer closed: one after the other or several at a time, in order within
   * a partition or a key, with retries and a dead-letter topic. Only what a handler has ended well with is committed.
   * @throws HandlerError when a handler failed for good; KafkaError what `poll` throws, INVALID_OPTIONS
   */
  async run(options: RunOptions<Key, Value>): Promise<void> {
    const runner = new Runner(this.#source, options)
    this.#runs++
    try {
      await runner.run()
    } finally {
      this.#runs--
      this.#wakeup.wake()
    }
  }

  /**
   * Commits offsets, or what `poll` has returned when left out. Awaited, it is Kafka's `commitSync`; a promise nobody looks at is
   * `commitAsync`, and its failure is told by the hook `commitFailed`.
   * @throws CommitFailedError when the partitions are others' by now, KafkaError INVALID_GROUP_ID, API_TIMED_OUT
   */
  commit(
    offsets?: TopicPartitionOffset | Iterable<TopicPartitionOffset> | PartitionMap<OffsetAndMetadata>,
    { timeoutMs }: CallOptions = {},
  ): Promise<void> {
    this.#checkOpen()
    const committed = this.#groupOrThrow().commit(
      offsets === undefined ? this.#subscriptions.allConsumed() : offsetsOf(offsets),
      timeoutMs,
    )
    committed.catch(() => undefined)
    return committed
  }

  /** What the group has committed of each partition; null where nothing is. @throws KafkaError INVALID_GROUP_ID, API_TIMED_OUT */
  committed(partitions: Partitions, { timeoutMs }: CallOptions = {}): Promise<PartitionMap<OffsetAndMetadata | null>> {
    this.#checkOpen()
    return this.#groupOrThrow().committed(listOf(partitions), timeoutMs)
  }

  /** Where this consumer is in its group. @throws KafkaError INVALID_GROUP_ID */
  groupMetadata(): GroupMetadata {
    this.#checkOpen()
    return this.#groupOrThrow().groupMetadata()
  }

  /** Makes the group divide its partitions anew at the next `poll`. @throws KafkaError INVALID_GROUP_ID */
  enforceRebalance(reason?: string): void {
    this.#checkOpen()
    this.#groupOrThrow().enforceRebalance(reason)
    this.#wakeup.wake()
  }

  /** Goes on at another offset at the next `poll`. @throws KafkaError ILLEGAL_STATE when the partition is not assigned */
  seek({ topic, partition, offset, leaderEpoch = null }: TopicPartitionOffset): void {
    this.#checkOpen()
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw new KafkaError('ILLEGAL_STATE', `an offset to seek to is a whole number from 0 on, got ${offset}`)
    }
    const currentLeader = leaderOf(this.#core.metadata, { topic, partition })
    this.#subscriptions.seekUnvalidated({ topic, partition }, { offset, offsetEpoch: leaderEpoch, currentLeader })
    this.hooks.emit('positionReset', { topic, partition, offset, reason: 'seek' })
    this.#wakeup.wake()
  }

  /** Goes on at the first records there are; of all assigned partitions when left out. */
  seekToBeginning(partitions: Partitions = this.assignment()): void {
    this.#reset(partitions, 'earliest')
  }

  /** Goes on at the end; of all assigned partitions when left out. Under `read_committed` that is before the first open transaction. */
  seekToEnd(partitions: Partitions = this.assignment()): void {
    this.#reset(partitions, 'latest')
  }

  /**
   * Goes on at the first record that is as young as the timestamp, or at the end when none is.
   * @throws KafkaError API_TIMED_OUT, ILLEGAL_STATE
   */
  async seekToTimestamp(timestamp: number, partitions: Partitions = this.assignment(), options?: CallOptions) {
    const asked = listOf(partitions)
    const found = await this.offsetsForTimes(
      asked.map((partition) => [partition, timestamp]),
      options,
    )
    for (const partition of asked) {
      const at = found.get(partition) ?? null
      if (at === null) this.seekToEnd(partition)
      else this.seek({ ...partition, ...at })
    }
  }

  /** Returns and fetches nothing of these partitions until `resume`. What was fetched of them stays. */
  pause(partitions: Partitions): void {
    this.#checkOpen()
    for (const partition of listOf(partitions)) this.#subscriptions.pause(partition)
  }

  /** Ends `pause`. */
  resume(partitions: Partitions): void {
    this.#checkOpen()
    for (const partition of listOf(partitions)) this.#subscriptions.resume(partition)
    this.#wakeup.wake()
  }

  /** The partitions that are paused. */
  paused(): readonly TopicPartition[] {
    return this.#subscriptions.pausedPartitions()
  }

  /** The offset that `poll` returns next, looked up when there is none yet. @throws KafkaError ILLEGAL_STATE, API_TIMED_OUT */
  async position(partition: TopicPartition, { timeoutMs }: CallOptions = {}): Promise<number> {
    this.#checkOpen()
    const { offset } = await this.#loop.awaitPosition(partition, timeoutMs ?? this.#config.defaultApiTimeoutMs)
    return offset
  }

  /** How many records are behind the position, as far as fetches have told; undefined before they did. */
  currentLag(partition: TopicPartition): number | undefined {
    this.#checkOpen()
    this.#subscriptions.assignedState(partition)
    return this.#subscriptions.partitionLag(partition, this.#config.isolationLevel === 'read_committed')
  }

  /** The offset of the first record of each partition. @throws KafkaError API_TIMED_OUT */
  beginningOffsets(partitions: Partitions, options?: CallOptions): Promise<PartitionMap<number>> {
    this.#checkOpen()
    return this.#offsets.beginning(listOf(partitions), options)
  }

  /** The offset behind the last record of each partition; under `read_committed` the last stable offset. @throws KafkaError API_TIMED_OUT */
  endOffsets(partitions: Partitions, options?: CallOptions): Promise<PartitionMap<number>> {
    this.#checkOpen()
    return this.#offsets.end(listOf(partitions), options)
  }

  /** The first record of each partition that is as young as its timestamp; null when none is. @throws KafkaError API_TIMED_OUT */
  offsetsForTimes(
    timestamps: Iterable<readonly [TopicPartition, number]>,
    options?: CallOptions,
  ): Promise<PartitionMap<OffsetAndTimestamp | null>> {
    this.#checkOpen()
    return this.#offsets.forTimes(timestamps, options)
  }

  /** The partitions of a topic, as the cluster announces them. @throws KafkaError API_TIMED_OUT when they are not known in time */
  partitionsFor(topic: string, options?: CallOptions) {
    this.#checkOpen()
    return this.#offsets.partitionsFor(topic, options)
  }

  /** All topics that this consumer may see, with their partitions. @throws KafkaError API_TIMED_OUT */
  listTopics(options?: CallOptions) {
    this.#checkOpen()
    return this.#offsets.listTopics(options)
  }

  /** The metrics of this consumer, under the names of Kafka's own. They are counted from the first call on. */
  metrics(): Iterable<ClientMetric> {
    return this.#measured().metrics()
  }

  /**
   * Leaves the group, having committed what `poll` returned where auto commit is on, and closes all connections; takes at most `timeoutMs`,
   * 30,000 when left out. A poll that waits returns no records, and a `run` is waited for: its handlers come to their end, so none of them
   * should wait for this. Further calls do nothing.
   */
  close({ timeoutMs = defaultCloseMs }: CallOptions = {}): Promise<void> {
    // A loop that is not at its end says itself what is processed.
    const isLooping = this.#subscriptions.reportProcessed !== undefined
    if (this.#closing === undefined && !isLooping) this.#subscriptions.markProcessed()
    return this.#close(timeoutMs)
  }

  /** Like `close`, but what the last `poll` returned counts as not processed: the block may have ended by an error. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#close(defaultCloseMs)
  }

  #close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#end(timeoutMs)
    return this.#closing
  }

  async #end(timeoutMs: number): Promise<void> {
    const { clock } = this.#core.context
    const untilMs = clock.monotonicMs() + timeoutMs
    const leftMs = () => Math.max(0, untilMs - clock.monotonicMs())
    this.#loop.close()
    try {
      while (this.#runs > 0 && leftMs() > 0) await this.#wakeup.wait(leftMs())
      await this.#group?.close({ timeoutMs: leftMs() })
    } finally {
      this.#isClosed = true
      await this.#telemetry.close(leftMs())
      this.#core.close()
    }
  }

  /** An empty list of topics or partitions ends what there was; who wants to know when calls `unsubscribe`. */
  #unsubscribeSoon(): void {
    this.unsubscribe().catch((error: unknown) => {
      this.#core.context.logger.warn('unsubscribing failed', { error: String(error) })
    })
  }

  #measured(): ConsumerMetrics {
    this.#metrics ??= new ConsumerMetrics({
      core: this.#core,
      config: this.#config,
      hooks: this.hooks,
      subscriptions: this.#subscriptions,
    })
    return this.#metrics
  }

  #createCore(ports: Partial<ClientPorts>): ClientCore {
    return createClientCore({
      config: this.#config,
      ports,
      hooks: clientHooks(this.hooks),
      metadataMaxIdleMs: this.#config.metadataMaxAgeMs,
      allowAutoTopicCreation: this.#config.allowAutoCreateTopics,
      topics: () => (this.#subscriptions.type === 'auto-pattern' ? 'all' : this.#subscriptions.metadataTopics),
    })
  }

  #reset(partitions: Partitions, kind: 'earliest' | 'latest'): void {
    this.#checkOpen()
    for (const partition of listOf(partitions)) this.#subscriptions.requestOffsetReset(partition, { kind })
    this.#wakeup.wake()
  }

  #checkOpen(): void {
    if (this.#isClosed) throw closedError()
  }

  #groupOrThrow(): ConsumerCoordinator {
    if (this.#group !== undefined) return this.#group
    throw new KafkaError('INVALID_GROUP_ID', 'to subscribe and to commit, groupId has to be given')
  }
}

function closedError(): KafkaError {
  return new KafkaError('CLIENT_CLOSED', 'the consumer is closed')
}
