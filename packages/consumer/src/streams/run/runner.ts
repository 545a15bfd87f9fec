/**
 * `consumer.run`: polls without an end and hands records to the handler, several at a time where that keeps the order asked for. A partition
 * whose records pile up is paused, so memory stays bounded and the member stays in its group however slow the handler. Offsets advance
 * behind the first record that is not done, so a crash repeats records and never skips one.
 */
import { asKafkaError, type KafkaError } from '@odradek/client'
import type { ConsumerRecord } from '../../consumer-record.ts'
import type { ConsumerRecords, PartitionRecords } from '../../consumer-records.ts'
import { type OffsetAndMetadata, PartitionMap, partitionKey, type TopicPartition } from '../../topic-partition.ts'
import { loopPollMs } from '../record-source.ts'
import { HandlerError } from './handler-error.ts'
import { Handling } from './handling.ts'
import { Lanes, type LaneTask } from './lanes.ts'
import { PartitionProgress } from './partition-progress.ts'
import type { RunOptions } from './run-options.ts'
import type { RunSource } from './run-source.ts'

/** Where a partition goes on. */
type Next = Pick<OffsetAndMetadata, 'offset' | 'leaderEpoch'>

interface Task<Key, Value> extends LaneTask {
  readonly state: PartitionRun
  readonly item: ConsumerRecord<Key, Value> | PartitionRecords<Key, Value>
  /** Offset of the first record. */
  readonly offset: number
  readonly done: () => void
  beganMs: number
}

/** A partition that is being worked on, until it is given up. */
interface PartitionRun {
  readonly progress: PartitionProgress
  /** Aborted when the partition goes or the run ends. */
  readonly ending: AbortController
}

/** Where a task belongs. */
interface Placement {
  readonly state: PartitionRun
  readonly lane: string
  readonly offset: number
  readonly next: Next
}

/** One run. */
export class Runner<Key, Value> {
  readonly #source: RunSource<Key, Value>
  readonly #options: RunOptions<Key, Value>
  readonly #handling: Handling<Key, Value>
  readonly #lanes: Lanes<Task<Key, Value>>
  readonly #partitions = new PartitionMap<PartitionRun>()
  readonly #pausedHere = new PartitionMap<true>()
  readonly #ending = new AbortController()
  readonly #maxPending: number
  #failure: KafkaError | undefined

  constructor(source: RunSource<Key, Value>, options: RunOptions<Key, Value>) {
    this.#source = source
    this.#options = options
    this.#handling = new Handling(source, options)
    this.#lanes = new Lanes(options.concurrency ?? 1, (task) => this.#work(task))
    this.#maxPending = options.eachBatch === undefined ? 2 * source.maxPollRecords : 4
  }

  /** Until the signal is aborted, the consumer is closed, or a handler failed for good. @throws HandlerError, KafkaError */
  async run(): Promise<void> {
    const { signal } = this.#options
    const end = () => this.#ending.abort(signal?.reason)
    signal?.addEventListener('abort', end)
    if (signal?.aborted === true) end()
    this.#source.reportBy(() => this.#report())
    this.#source.beforeRevocation((partitions) => this.#giveUp(partitions))
    const { hooks } = this.#source
    const forgets = [
      hooks.on('partitionsLost', ({ partitions }) => this.#drop(partitions)),
      hooks.on('partitionsRevoked', ({ partitions }) => this.#drop(partitions)),
    ]
    try {
      await this.#pollUntilEnd()
    } catch (error) {
      this.#failure ??= asKafkaError(error, 'PROTOCOL_VIOLATION')
    } finally {
      await this.#finish()
      for (const forget of forgets) forget()
      signal?.removeEventListener('abort', end)
      this.#source.beforeRevocation(undefined)
      this.#source.reportBy(undefined)
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  get #isEnded(): boolean {
    return this.#ending.signal.aborted || this.#source.isClosed
  }

  async #pollUntilEnd(): Promise<void> {
    const timeoutMs = Math.min(loopPollMs, this.#source.maxPollIntervalMs)
    while (!this.#isEnded) {
      try {
        const records = await this.#source.next({ timeoutMs, signal: this.#ending.signal })
        this.#take(records)
      } catch (error) {
        if (!this.#isEnded) throw error
      }
      this.#lanes.start()
      this.#tellStalled()
    }
  }

  #take(records: ConsumerRecords<Key, Value>): void {
    const withRecords = new PartitionMap<true>()
    for (const batch of records.batches()) {
      withRecords.set(batch, true)
      const state = this.#stateOf(batch)
      if (this.#options.eachBatch === undefined) this.#addRecords(batch, state)
      else {
        const offset = batch.records[0]!.offset
        this.#addTask(batch, { state, lane: partitionKey(batch), offset, next: batch.next })
      }
      this.#pauseWhenFull(batch, state)
    }
    for (const [partition, next] of records.nextOffsets) {
      if (withRecords.get(partition) === undefined)
        this.#stateOf(partition).progress.begin({ offset: next.offset, next })()
    }
  }

  #addRecords(batch: PartitionRecords<Key, Value>, state: PartitionRun): void {
    const { records, next } = batch
    const isByKey = this.#options.order === 'key'
    const partitionLane = partitionKey(batch)
    for (const [at, record] of records.entries()) {
      const { offset } = record
      const isLast = at === records.length - 1
      this.#addTask(record, {
        state,
        lane: isByKey ? laneOfKey(record, partitionLane) : partitionLane,
        offset,
        next: isLast ? next : { offset: offset + 1, leaderEpoch: next.leaderEpoch },
      })
    }
  }

  #addTask(item: Task<Key, Value>['item'], { state, lane, offset, next }: Placement): void {
    const { topic, partition } = state.progress
    const finish = state.progress.begin({ offset, next })
    const done = () => {
      finish()
      this.#resumeWhenDrained({ topic, partition }, state)
    }
    this.#lanes.add({ item, state, lane, offset, done, beganMs: 0 })
  }

  #work(task: Task<Key, Value>): void | Promise<void> {
    task.beganMs = this.#source.clock.monotonicMs()
    const handled = this.#handling.handle(task.item, task.state.ending.signal)
    if (handled === undefined) {
      task.done()
      return undefined
    }
    return handled.then(
      () => task.done(),
      (error: unknown) => this.#failed(task, error),
    )
  }

  /** What was interrupted because its partition went, or the run ended, is not done and no failure. */
  #failed({ state, offset }: Task<Key, Value>, cause: unknown): void {
    if (state.ending.signal.aborted) return
    const { topic, partition } = state.progress
    this.#failure ??= new HandlerError({ topic, partition, offset }, cause)
    this.#ending.abort()
  }

  #stateOf({ topic, partition }: TopicPartition): PartitionRun {
    const known = this.#partitions.get({ topic, partition })
    if (known !== undefined) return known
    const state = { progress: new PartitionProgress({ topic, partition }), ending: new AbortController() }
    this.#partitions.set({ topic, partition }, state)
    return state
  }

  #pauseWhenFull(partition: TopicPartition, { progress }: PartitionRun): void {
    this.#tell(partition, progress)
    if (progress.pending < this.#maxPending || this.#source.isPaused(partition)) return
    this.#source.pause(partition)
    this.#pausedHere.set(partition, true)
  }

  #resumeWhenDrained(partition: TopicPartition, { progress }: PartitionRun): void {
    // Asked for each record; a look into the Map makes a key of the partition.
    if (this.#pausedHere.size === 0 || this.#pausedHere.get(partition) === undefined) return
    this.#tell(partition, progress)
    if (progress.pending > this.#maxPending / 2) return
    this.#pausedHere.delete(partition)
    this.#source.resume(partition)
  }

  /** Tells how far each partition is. */
  #report(): void {
    for (const [partition, { progress }] of this.#partitions) this.#tell(partition, progress)
  }

  #tell(partition: TopicPartition, progress: PartitionProgress): void {
    const next = progress.advance()
    if (next !== undefined) this.#source.processed({ ...partition, ...next })
  }

  /** Partitions are about to go: what has not begun is left to the next owner, what has comes to its end. */
  async #giveUp(partitions: readonly TopicPartition[]): Promise<void> {
    const going = new Set(partitions.map(partitionKey))
    const isGoing = ({ state }: Task<Key, Value>) => going.has(partitionKey(state.progress))
    this.#lanes.drop(isGoing)
    for (const partition of partitions) this.#partitions.get(partition)?.ending.abort()
    await this.#lanes.untilNone(isGoing)
    this.#report()
    this.#drop(partitions)
  }

  #drop(partitions: readonly TopicPartition[]): void {
    const gone = new Set(partitions.map(partitionKey))
    this.#lanes.drop(({ state }) => gone.has(partitionKey(state.progress)))
    for (const partition of partitions) {
      this.#partitions.get(partition)?.ending.abort()
      this.#partitions.delete(partition)
      this.#pausedHere.delete(partition)
    }
  }

  /** Waits for handlers under way; what was not done is left for whoever reads on. */
  async #finish(): Promise<void> {
    this.#lanes.drop(() => true)
    for (const { ending } of this.#partitions.values()) ending.abort()
    await this.#lanes.untilNone(() => true)
    this.#report()
    for (const [partition, { progress }] of this.#partitions) {
      const offset = progress.firstPending
      if (offset !== undefined) this.#source.giveBack({ ...partition, offset, leaderEpoch: null })
    }
    for (const partition of this.#pausedHere.keys()) this.#source.resume(partition)
  }

  /** A handler that takes longer than a poll may is told of: the member stays in its group, and nobody else would notice. */
  #tellStalled(): void {
    const { clock, hooks, maxPollIntervalMs } = this.#source
    const nowMs = clock.monotonicMs()
    for (const task of this.#lanes.running) {
      const sinceMs = nowMs - task.beganMs
      if (sinceMs < maxPollIntervalMs) continue
      const waitsFor = `the handler of ${partitionKey(task.state.progress)}, offset ${task.offset}`
      hooks.emit('stalled', { waitsFor, sinceMs })
    }
  }
}

/** Records with equal keys are in one partition and stay in order; those without a key have no order to keep. */
function laneOfKey<Key, Value>(record: ConsumerRecord<Key, Value>, partitionLane: string): string {
  const { keyBytes, offset } = record
  if (keyBytes === null) return `${partitionLane}@${offset}`
  return `${record.topic}/${Buffer.from(keyBytes.buffer, keyBytes.byteOffset, keyBytes.length).toString('latin1')}`
}
