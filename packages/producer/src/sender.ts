/**
 * Takes batches out of the queues and brings them to the leaders of their partitions. It runs when something may have changed: a batch is
 * full or has lingered, an answer or a connection came, metadata changed, a wait is over. One run fills every in-flight window as far as
 * there is something to send. Kafka: `Sender`.
 */
import { type BrokerNode, backoffMs, type ClientCore, type KafkaConnection, KafkaError } from '@odradek/client'
import { errorByCode, errors } from '@odradek/protocol'
import { produceRequest, produceResponse } from '@odradek/protocol/messages'
import type { Hooks } from '@odradek/runtime'
import type { ProducerConfig } from './config/producer-config.ts'
import type { PartitionQueue } from './partition-queue.ts'
import { type PartitionAnswer, type PartitionAnswers, partitionAnswers, produceRequestOf } from './produce-exchange.ts'
import type { ProducerBatch } from './producer-batch.ts'
import type { ProducerEvents } from './producer-events.ts'
import { ProducerId } from './producer-id.ts'
import { ProducerSequences } from './producer-sequences.ts'
import type { RecordAccumulator } from './record-accumulator.ts'

/** What a sender is made with. */
export interface SenderOptions {
  readonly core: ClientCore
  readonly config: ProducerConfig
  readonly hooks: Hooks<ProducerEvents>
  readonly accumulator: RecordAccumulator
  /** Whether all that waits is to go out without lingering. */
  readonly sendAll: () => boolean
  /** Called when batches were settled, so that memory is free. */
  readonly onSettled: () => void
}

const produceApi = { request: produceRequest, response: produceResponse }
/** Topic ids instead of names. */
const topicIdVersion = 13

/** Errors after which the leader may be another one. Kafka: `InvalidMetadataException`. */
const metadataErrors: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'NETWORK_EXCEPTION',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_ID',
  'KAFKA_STORAGE_ERROR',
  'LISTENER_NOT_FOUND',
])

/** Brings batches to brokers. */
export class Sender {
  readonly #options: SenderOptions
  readonly #sequences: ProducerSequences | undefined
  readonly #producerId: ProducerId | undefined
  readonly #throttledUntilMs = new Map<BrokerNode, number>()
  #isScheduled = false
  #wakeAtMs = Number.POSITIVE_INFINITY
  #expiryAtMs = Number.POSITIVE_INFINITY
  #turn = 0
  #isClosed = false

  constructor(options: SenderOptions) {
    const { core, config, hooks, accumulator } = options
    this.#options = options
    if (config.enableIdempotence) {
      const sequences = new ProducerSequences(hooks)
      this.#sequences = sequences
      this.#producerId = new ProducerId({
        core,
        sequences,
        onAssigned: () => this.wake(),
        onFailure: (error) => {
          accumulator.failAll(error)
          options.onSettled()
        },
      })
    }
    core.network.onChange(() => this.wake())
    core.metadata.onUpdate(() => this.wake())
  }

  /** Why nothing can be sent any more; undefined when all is well. */
  get fatalError(): KafkaError | undefined {
    return this.#producerId?.fatalError
  }

  /** Runs at the end of the turn, once however often it is called. */
  wake(): void {
    if (this.#isScheduled || this.#isClosed) return
    this.#isScheduled = true
    this.#options.core.context.clock.afterTurn(() => {
      this.#isScheduled = false
      if (!this.#isClosed) this.#run()
    })
  }

  /** A batch was begun: it is looked at when it has lingered, and fails when `delivery.timeout.ms` is over. */
  watch(batch: ProducerBatch): void {
    const { config } = this.#options
    this.#expireAt(batch.createdMs + config.deliveryTimeoutMs)
    if (config.lingerMs === 0) this.wake()
    else this.#wakeAt(batch.createdMs + config.lingerMs)
  }

  /** Stops for good; what is in flight is not waited for. */
  close(): void {
    this.#isClosed = true
    const { clock } = this.#options.core.context
    clock.cancelTimer('sender wake')
    clock.cancelTimer('sender expiry')
    this.#producerId?.close()
  }

  #run(): void {
    const { accumulator } = this.#options
    this.#sequences?.prepare()
    if (accumulator.active.size === 0) return
    if (this.#producerId?.ensure() === false) return
    const now = this.#now()
    for (const [node, queues] of this.#readyNodes(now)) this.#sendTo(node, queues, now)
  }

  /** The leaders that something is due for, each with all queues it leads; sets the timer for what is due later. */
  #readyNodes(now: number): Map<BrokerNode, PartitionQueue[]> {
    const { accumulator, core, config } = this.#options
    const { topics } = core.metadata.cluster
    const conditions = { lingerMs: config.lingerMs, sendAll: this.#options.sendAll() }
    const queuesOf = new Map<BrokerNode, PartitionQueue[]>()
    const ready = new Set<BrokerNode>()
    let isLeaderMissing = false
    for (const queue of accumulator.active) {
      if (queue.isMuted) continue
      const leaderId = topics.get(queue.topic)?.partitions[queue.partition]?.leaderId ?? -1
      const node = leaderId < 0 ? undefined : core.network.node(leaderId)
      const readyAt = queue.readyAtMs(conditions)
      if (node === undefined) {
        isLeaderMissing = true
        continue
      }
      const queues = queuesOf.get(node)
      if (queues === undefined) queuesOf.set(node, [queue])
      else queues.push(queue)
      if (readyAt > now) this.#wakeAt(readyAt)
      else {
        ready.add(node)
        if (queue.readyMs <= queue.drainedMs) queue.readyMs = now
      }
    }
    if (isLeaderMissing) core.metadata.requestUpdate()
    for (const node of queuesOf.keys()) if (!ready.has(node)) queuesOf.delete(node)
    return queuesOf
  }

  #sendTo(node: BrokerNode, queues: readonly PartitionQueue[], now: number): void {
    const { connection } = node
    if (connection === undefined) {
      this.#connect(node)
      return
    }
    const throttledUntil = this.#throttledUntilMs.get(node) ?? 0
    if (throttledUntil > now) {
      this.#wakeAt(throttledUntil)
      return
    }
    const { config } = this.#options
    while (connection.isReady && connection.inFlight < config.maxInFlightRequestsPerConnection) {
      const batches = this.#drain(queues, now)
      if (batches.length === 0) return
      this.#send(node, connection, batches)
    }
  }

  /** At most one batch of each partition, up to `max.request.size`, beginning at another partition each time. */
  #drain(queues: readonly PartitionQueue[], now: number): ProducerBatch[] {
    const { accumulator, config } = this.#options
    const conditions = { lingerMs: config.lingerMs, sendAll: this.#options.sendAll() }
    const isDue = queues.some((queue) => !queue.isMuted && queue.readyAtMs(conditions) <= now)
    if (!isDue) return []
    const drained: ProducerBatch[] = []
    let bytes = 0
    this.#turn++
    for (let step = 0; step < queues.length; step++) {
      const queue = queues[(this.#turn + step) % queues.length]!
      const first = queue.batches[0]
      if (first === undefined || queue.isMuted) continue
      if (first.attempts > 0 && first.retryAtMs > now) continue
      if (this.#sequences?.mustWait(first) === true) continue
      if (drained.length > 0 && bytes + first.sizeInBytes > config.maxRequestSize) break
      const batch = accumulator.takeFirst(queue)
      bytes += batch.sizeInBytes
      queue.drainedMs = now
      drained.push(batch)
    }
    return drained
  }

  #send(node: BrokerNode, connection: KafkaConnection, batches: readonly ProducerBatch[]): void {
    const { config, core } = this.#options
    const now = this.#now()
    const ids = core.metadata.cluster.topics
    let version: number
    try {
      version = connection.versionOf(produceApi)
    } catch (error) {
      for (const batch of batches) this.#fail(batch, error as KafkaError)
      return
    }
    for (const batch of batches) this.#close(batch, node, now)
    const { acks, requestTimeoutMs } = config
    const useIds = version >= topicIdVersion
    const body = produceRequestOf(batches, { acks, timeoutMs: requestTimeoutMs, topicIds: useIds ? ids : undefined })
    if (acks === 0) {
      connection.sendWithoutResponse(produceApi, body)
      for (const batch of batches) this.#complete(batch, { baseOffset: -1, logAppendTimeMs: -1 })
      this.#options.onSettled()
      return
    }
    connection.request(produceApi, body, { timeoutMs: requestTimeoutMs, version }).then(
      (response) => this.#answered(node, batches, partitionAnswers(response, ids)),
      (error: KafkaError) => this.#lost(batches, error),
    )
  }

  #close(batch: ProducerBatch, node: BrokerNode, now: number): void {
    const { hooks, accumulator, config } = this.#options
    const wasFull = batch.isFull
    this.#sequences?.assign(batch)
    accumulator.close(batch)
    if (batch.attempts === 0 && hooks.has('batchClosed')) {
      hooks.emit('batchClosed', { ...batch.describe(), reason: wasFull ? 'full' : 'sent' })
    }
    batch.attempts++
    batch.lastAttemptMs = now
    if (config.maxInFlightRequestsPerConnection === 1 && config.acks !== 0) batch.queue.isMuted = true
    if (!hooks.has('batchSent')) return
    const { attempts: attempt, createdMs, maxRecordBytes, uncompressedBytes } = batch
    const queuedMs = now - createdMs
    const sent = { nodeId: node.nodeId, attempt, queuedMs, maxRecordBytes, uncompressedBytes }
    hooks.emit('batchSent', { ...batch.describe(), ...sent })
  }

  #answered(node: BrokerNode, batches: readonly ProducerBatch[], answers: PartitionAnswers): void {
    const { accumulator, hooks } = this.#options
    const { throttleTimeMs } = answers
    const isCopied = node.connection?.isByReference === false
    if (hooks.has('produceAnswered')) hooks.emit('produceAnswered', { nodeId: node.nodeId, throttleTimeMs })
    if (throttleTimeMs > 0) this.#throttledUntilMs.set(node, this.#now() + throttleTimeMs)
    for (const batch of batches) {
      batch.queue.isMuted = false
      const answer = answers.of(batch.queue)
      if (answer === undefined) this.#failedWith(batch, missingAnswer(batch))
      else if (answer.errorCode === 0) this.#complete(batch, answer)
      else this.#failedWith(batch, answer)
      if (isCopied) accumulator.recycle(batch)
    }
    this.#options.onSettled()
    this.wake()
  }

  /** The connection or the time was lost: whether the batches were written is not known. */
  #lost(batches: readonly ProducerBatch[], error: KafkaError): void {
    const code = error.code === 'REQUEST_TIMED_OUT' ? errors.REQUEST_TIMED_OUT.code : errors.NETWORK_EXCEPTION.code
    for (const batch of batches) {
      batch.queue.isMuted = false
      if (error.code === 'PROTOCOL_VIOLATION' || error.code === 'UNSUPPORTED_VERSION') this.#fail(batch, error)
      else
        this.#failedWith(batch, { errorCode: code, errorMessage: error.message, logStartOffset: -1, leader: undefined })
    }
    this.#options.core.metadata.requestUpdate()
    this.#options.onSettled()
    this.wake()
  }

  #complete(batch: ProducerBatch, outcome: { readonly baseOffset: number; readonly logAppendTimeMs: number }): void {
    const { hooks, accumulator } = this.#options
    if (batch.isDone) return
    this.#sequences?.completed(batch, outcome.baseOffset)
    batch.acknowledge(outcome)
    accumulator.release(batch)
    if (!hooks.has('batchAcknowledged')) return
    const latencyMs = this.#now() - batch.lastAttemptMs
    hooks.emit('batchAcknowledged', { ...batch.describe(), baseOffset: outcome.baseOffset, latencyMs })
  }

  #failedWith(batch: ProducerBatch, answer: PartitionAnswer): void {
    const { core } = this.#options
    const { name, retriable: isRetriable } = errorByCode(answer.errorCode)
    if (batch.isDone) return
    const { topic, partition } = batch.queue
    const movedOn = answer.leader !== undefined && core.metadata.updateLeader({ topic, partition, ...answer.leader })
    if (metadataErrors.has(name) && !movedOn) core.metadata.requestUpdate()
    if (name === 'MESSAGE_TOO_LARGE' && batch.recordCount > 1) this.#split(batch)
    else if (name === 'DUPLICATE_SEQUENCE_NUMBER') this.#complete(batch, { baseOffset: -1, logAppendTimeMs: -1 })
    else if (this.#canRetry(batch, { error: name, isRetriable, logStartOffset: answer.logStartOffset })) {
      this.#retry(batch, name, movedOn)
    } else this.#fail(batch, KafkaError.fromCode(answer.errorCode, { topic, partition }, answer.errorMessage))
  }

  #canRetry(batch: ProducerBatch, failure: { error: string; isRetriable: boolean; logStartOffset: number }): boolean {
    const { config } = this.#options
    if (batch.attempts > config.retries) return false
    if (batch.createdMs + config.deliveryTimeoutMs <= this.#now()) return false
    return this.#sequences === undefined ? failure.isRetriable : this.#sequences.canRetry(batch, failure)
  }

  /** Back into its place in the queue, after a back-off unless a new leader is known already (KIP-951). */
  #retry(batch: ProducerBatch, error: KafkaError['code'], atOnce: boolean): void {
    const { config, hooks, accumulator, core } = this.#options
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = config
    const retryInMs = atOnce ? 0 : backoffMs(batch.attempts - 1, { initialMs, maxMs, random: core.context.random })
    batch.retryAtMs = this.#now() + retryInMs
    batch.isRetry = true
    accumulator.putBack(batch)
    if (hooks.has('batchRetried')) hooks.emit('batchRetried', { ...batch.describe(), error, retryInMs })
    if (retryInMs > 0) this.#wakeAt(batch.retryAtMs)
  }

  #split(batch: ProducerBatch): void {
    const { hooks, accumulator } = this.#options
    const described = batch.describe()
    const parts = accumulator.split(batch)
    this.#sequences?.replaced(batch, parts)
    for (const part of parts) part.isRetry = true
    accumulator.putInPlace(batch.queue, parts)
    if (hooks.has('batchSplit')) hooks.emit('batchSplit', { ...described, into: parts.length })
  }

  #fail(batch: ProducerBatch, error: KafkaError): void {
    const { hooks, accumulator } = this.#options
    if (batch.isDone) return
    if (batch.hasSequence) this.#sequences?.failed(batch)
    batch.fail(error)
    accumulator.release(batch)
    if (hooks.has('batchFailed')) hooks.emit('batchFailed', { ...batch.describe(), error: error.code })
  }

  #expireAt(ms: number): void {
    if (ms >= this.#expiryAtMs) return
    this.#expiryAtMs = ms
    this.#options.core.context.clock.setTimer('sender expiry', Math.max(0, ms - this.#now()), () => this.#expire())
  }

  /** Fails what is older than `delivery.timeout.ms`, in the queues and in flight. */
  #expire(): void {
    const { accumulator, config, hooks } = this.#options
    const now = this.#now()
    this.#expiryAtMs = Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const batch of [...accumulator.incomplete]) {
      const deadline = batch.createdMs + config.deliveryTimeoutMs
      if (deadline > now) {
        next = Math.min(next, deadline)
        continue
      }
      accumulator.remove(batch)
      if (batch.hasSequence) this.#sequences?.expired(batch)
      const error = this.#expiredError(batch)
      batch.fail(error)
      accumulator.release(batch)
      if (hooks.has('batchFailed')) hooks.emit('batchFailed', { ...batch.describe(), error: error.code })
    }
    if (next !== Number.POSITIVE_INFINITY) this.#expireAt(next)
    this.#options.onSettled()
    this.wake()
  }

  #expiredError(batch: ProducerBatch): KafkaError {
    const { config, core } = this.#options
    const { topic, partition } = batch.queue
    const cause = core.metadata.lastFailure
    const sent = batch.attempts === 0 ? 'it was never sent' : `it was sent ${batch.attempts} times`
    const why = `${batch.recordCount} records of ${topic}-${partition} were not acknowledged within ${config.deliveryTimeoutMs} ms (deliveryTimeoutMs); ${sent}`
    return new KafkaError('DELIVERY_TIMED_OUT', why, { cause, context: { topic, partition } })
  }

  #connect(node: BrokerNode): void {
    node.connect().then(
      () => this.wake(),
      () => {
        // The failure is told on the hooks; the leader may be another one by now, and batches wait until they expire.
        this.#options.core.metadata.requestUpdate()
      },
    )
  }

  #wakeAt(ms: number): void {
    const now = this.#now()
    if (ms >= this.#wakeAtMs && this.#wakeAtMs > now) return
    this.#wakeAtMs = ms
    this.#options.core.context.clock.setTimer('sender wake', Math.max(0, ms - now), () => {
      this.#wakeAtMs = Number.POSITIVE_INFINITY
      if (!this.#isClosed) this.#run()
    })
  }

  #now(): number {
    return this.#options.core.context.clock.monotonicMs()
  }
}

function missingAnswer(batch: ProducerBatch): PartitionAnswer {
  const errorMessage = `the broker's answer leaves out ${batch.queue.topic}-${batch.queue.partition}`
  return { errorCode: errors.UNKNOWN_SERVER_ERROR.code, errorMessage, logStartOffset: -1, leader: undefined }
}
