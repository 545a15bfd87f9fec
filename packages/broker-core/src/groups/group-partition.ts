/**
 * The coordinator of the groups in one partition of `__consumer_offsets`, on the broker that leads it.
 *
 * An operation of the pure coordinator answers with records. They are appended to the partition and replayed at once, so that the
 * next operation sees them; but nothing is answered before what it rests on is committed: an answer waits for the newest append
 * before it, its own or another's. When an append fails after that, the state may say more than the log: it is dropped, its clients
 * are sent to look for their coordinator again, and whoever leads the partition next loads what the log really has.
 */
import {
  type CoordinatorContext,
  type CoordinatorResult,
  GroupCoordinatorState,
  isWritten,
  type LaterReply,
  onLoaded,
  onTimer,
  type ReplyId,
  responseError,
  type TimerChange,
  type TimerEvent,
} from '@odradek/coordinator'
import { compressionTypes, type ErrorName, RecordBatchView, recordBatches } from '@odradek/protocol'
import type { Broker } from '../broker.ts'
import { waitForAcknowledgement } from '../partitions/delayed-produce.ts'
import type { Partition } from '../partitions/partition.ts'
import { encodeGroupBatches, replayGroupBatch } from './group-record-batches.ts'

/** One question to a coordinator. */
export interface GroupOperation<Response> {
  handle(state: GroupCoordinatorState, context: CoordinatorContext, reply: ReplyId): CoordinatorResult<Response>
  /** The response when the coordinator cannot answer. */
  failure(error: ErrorName): Response
  /** The response of an operation that has to wait for other members. */
  later?(reply: LaterReply): Response | undefined
}

/** Pause before an operation that a timer began is tried again when the log refused its records (Kafka's 500 ms). */
const retryTimerMs = 500

interface Waiting {
  answered(reply: LaterReply): void
  failed(error: ErrorName): void
}

export class GroupPartition {
  readonly partition: Partition
  readonly leaderEpoch: number
  readonly #broker: Broker
  readonly #state = new GroupCoordinatorState()
  readonly #timers = new Set<string>()
  readonly #waiting = new Map<ReplyId, Waiting>()
  #phase: 'loading' | 'active' | 'closed' = 'loading'
  #nextReply = 0
  /** The newest append that is not committed yet. */
  #committing: Promise<ErrorName | undefined> | undefined

  constructor(partition: Partition, broker: Broker) {
    this.partition = partition
    this.leaderEpoch = partition.leaderEpoch
    this.#broker = broker
  }

  /** Why nobody can be answered here now; undefined when they can. */
  get unavailable(): ErrorName | undefined {
    if (this.#phase === 'active') return undefined
    return this.#phase === 'loading' ? 'COORDINATOR_LOAD_IN_PROGRESS' : 'NOT_COORDINATOR'
  }

  /** Replays the partition and begins to answer; at once when there is nothing to replay. */
  async load(): Promise<void> {
    const { log } = this.partition
    const maxBytes = this.#broker.configs.broker.offsetsLoadBufferSize
    let offset = log.logStartOffset
    while (offset < log.logEndOffset) {
      const read = await log.read(offset, { maxBytes, minOneMessage: true, isolation: 'log-end' })
      if (this.#phase !== 'loading') return
      if (read.error !== undefined) throw new Error(`${read.error}: ${read.message}`)
      if (read.sizeInBytes === 0) break
      offset = this.#replayChunks(read.chunks, offset)
    }
    this.#phase = 'active'
    for (const result of onLoaded(this.#state, this.#context())) this.#carryOutTimer(result)
  }

  /** Asks the coordinator. */
  run<Response>(operation: GroupOperation<Response>): Response | Promise<Response> {
    const { unavailable } = this
    if (unavailable !== undefined) return operation.failure(unavailable)
    const reply = this.#nextReply++
    return this.#carryOut(operation.handle(this.#state, this.#context(), reply), operation, reply)
  }

  /** Something happened that no client asked for; nobody is answered. */
  note(handle: (state: GroupCoordinatorState, context: CoordinatorContext) => CoordinatorResult<undefined>): void {
    if (this.#phase === 'active') this.#carryOutTimer(handle(this.#state, this.#context()))
  }

  /** Stops answering: the broker leads the partition no more. Who waits hears where it stands. */
  close(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    for (const key of this.#timers) this.#broker.clock.cancelTimer(key)
    this.#timers.clear()
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { failed } of waiting) failed('NOT_COORDINATOR')
  }

  #replayChunks(chunks: readonly Uint8Array[], from: number): number {
    let offset = from
    const { now } = this.#context()
    for (const chunk of chunks) {
      for (const batch of recordBatches(chunk)) {
        offset = batch.nextOffset
        if (batch instanceof RecordBatchView) replayGroupBatch(this.#state, batch, now)
      }
    }
    return offset
  }

  #carryOut<Response>(
    result: CoordinatorResult<Response>,
    operation: GroupOperation<Response>,
    reply: ReplyId,
  ): Response | Promise<Response> {
    const error = this.#append(result)
    if (error !== undefined) {
      if (result.refused !== undefined) return this.#carryOut(result.refused(error), operation, reply)
      return operation.failure(responseError(error))
    }
    const { response } = result
    if (response !== 'later') {
      this.#publish(result)
      return this.#whenCommitted(response, operation)
    }
    return new Promise((resolve) => {
      this.#waiting.set(reply, {
        answered: (answer) => resolve(operation.later?.(answer) ?? operation.failure('UNKNOWN_SERVER_ERROR')),
        failed: (failure) => resolve(operation.failure(failure)),
      })
      this.#publish(result)
    })
  }

  /** Carries out what nobody waits for; what the log refuses is tried again later when a timer asked for it. */
  #carryOutTimer(result: CoordinatorResult<undefined>, event?: TimerEvent): void {
    const error = this.#append(result)
    if (error === undefined) {
      this.#publish(result)
      return
    }
    this.#broker.logger.warn('a group coordinator could not write', { partition: this.partition.key, error })
    if (event !== undefined) this.#setTimer({ key: `retry-${this.#nextReply++}`, delayMs: retryTimerMs, event })
  }

  /** Appends the records that are written down and replays all; why the log refuses them, if it does. */
  #append({ records, isSplittable = false }: CoordinatorResult<unknown>): ErrorName | undefined {
    const { now } = this.#context()
    const batches = encodeGroupBatches(records.filter(isWritten), {
      now,
      compression: compressionTypes[this.#broker.configs.broker.offsetsTopicCompressionCodec] ?? 'none',
      maxBytes: this.partition.log.config.maxMessageBytes,
    })
    if (batches.length > 1 && !isSplittable) return 'RECORD_LIST_TOO_LARGE'
    for (const batch of batches) {
      const outcome = this.partition.appendAsLeader(batch.bytes, { acks: -1, origin: 'coordinator' })
      if (outcome.error !== undefined) return outcome.error
      const append = { outcome, topic: this.partition.topic, index: this.partition.index, partition: this.partition }
      this.#committing = this.#commit(append)
      let offset = outcome.firstOffset
      for (const record of batch.records) this.#state.replay(record, { now, offset: offset++ })
    }
    for (const record of records) if (!isWritten(record)) this.#state.replay(record, { now, offset: -1 })
    return undefined
  }

  #commit(append: Parameters<typeof waitForAcknowledgement>[0][number]): Promise<ErrorName | undefined> {
    const timeoutMs = this.#broker.configs.broker.offsetsCommitTimeoutMs
    const commit = waitForAcknowledgement([append], { acks: -1, timeoutMs, broker: this.#broker }).then(() => {
      if (this.#committing === commit) this.#committing = undefined
      const { error } = append.outcome
      // Unlike a slow replica, these mean that the log may not have what the state says.
      if (error === 'KAFKA_STORAGE_ERROR' || error === 'NOT_LEADER_OR_FOLLOWER') this.close()
      return error
    })
    return commit
  }

  /** Lets the rest of a result happen whose records were replayed. */
  #publish({ replies, timers }: CoordinatorResult<unknown>): void {
    for (const timer of timers) this.#setTimer(timer)
    for (const reply of replies) this.#answerLater(reply)
  }

  #answerLater(reply: LaterReply): void {
    const waiting = this.#waiting.get(reply.id)
    if (waiting === undefined) return
    this.#waiting.delete(reply.id)
    if (this.#committing === undefined) {
      waiting.answered(reply)
      return
    }
    void this.#committing.then((error) => {
      if (error === undefined) waiting.answered(reply)
      else waiting.failed(responseError(error))
    })
  }

  #whenCommitted<Response>(response: Response, operation: GroupOperation<Response>): Response | Promise<Response> {
    if (this.#committing === undefined) return response
    return this.#committing.then((error) => (error === undefined ? response : operation.failure(responseError(error))))
  }

  #setTimer({ key, delayMs, event, ifAbsent = false }: TimerChange): void {
    const { clock } = this.#broker
    const timerKey = `${this.partition.key}-${key}`
    if (event === null) {
      if (this.#timers.delete(timerKey)) clock.cancelTimer(timerKey)
      return
    }
    if (ifAbsent && this.#timers.has(timerKey)) return
    this.#timers.add(timerKey)
    clock.setTimer(timerKey, delayMs, () => {
      this.#timers.delete(timerKey)
      if (this.#phase !== 'active') return
      this.#carryOutTimer(onTimer(this.#state, event, this.#context()), event)
    })
  }

  #context(): CoordinatorContext {
    return this.#broker.groups.context()
  }
}
