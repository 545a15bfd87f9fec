/**
 * A batch of one partition on its way: records are encoded as they come, the calls that sent them are kept as runs, and all of them are
 * settled when the broker has answered. Kafka: `ProducerBatch`.
 */
import type { KafkaError } from '@odradek/client'
import { type NewRecord, type ProducerState, type RecordBatchBuilder, RecordBatchView } from '@odradek/protocol'
import type { PartitionQueue } from './partition-queue.ts'
import type { BatchEvent } from './producer-events.ts'
import type { SendCall, SentRun } from './send-call.ts'

/** How a batch is made. */
export interface ProducerBatchOptions {
  readonly queue: PartitionQueue
  readonly createdMs: number
  readonly builder: RecordBatchBuilder
  /** What the batch holds of `buffer.memory`. */
  readonly reservedBytes: number
  /** Made by splitting a batch that was too large. */
  readonly isSplit: boolean
  /** How many flushes were asked for before its first record came. */
  readonly order: number
}

interface Run extends SentRun {
  readonly call: SendCall
  count: number
}

/** What a partition answered about a batch. */
export interface BatchOutcome {
  readonly baseOffset: number
  readonly logAppendTimeMs: number
}

const noSequence = -1

/** Records of one partition that are sent together. */
export class ProducerBatch {
  readonly queue: PartitionQueue
  readonly createdMs: number
  readonly reservedBytes: number
  readonly isSplit: boolean
  readonly order: number
  /** How often it was sent. */
  attempts = 0
  /** When it was sent last, and from when on it may be sent again. */
  lastAttemptMs = 0
  retryAtMs = 0
  /** It was put back after an attempt. */
  isRetry = false
  /** Its sequence began anew after an epoch bump (Kafka: `sequenceHasBeenReset`). */
  sequenceWasReset = false
  /** What it would take without compression; 0 until it is compressed or closed. */
  uncompressedBytes = 0
  /** The largest record, in bytes. */
  maxRecordBytes = 0
  readonly #builder: RecordBatchBuilder
  #runs: Run[] = []
  #producer: ProducerState = { producerId: -1, producerEpoch: -1, baseSequence: noSequence, isTransactional: false }
  #bytes: Uint8Array | undefined
  #patch = false
  #isFull = false
  #isDone = false

  constructor(options: ProducerBatchOptions) {
    this.queue = options.queue
    this.createdMs = options.createdMs
    this.reservedBytes = options.reservedBytes
    this.isSplit = options.isSplit
    this.order = options.order
    this.#builder = options.builder
  }

  /** How many records are in it. */
  get recordCount(): number {
    return this.#builder.recordCount
  }

  /** Bytes as it will be sent; an estimate until it is closed. */
  get sizeInBytes(): number {
    return this.#builder.estimatedSizeInBytes
  }

  /** Whether it takes no more records. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Whether its calls have been told. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** Whether it has been given a sequence. */
  get hasSequence(): boolean {
    return this.#producer.baseSequence !== noSequence
  }

  /** Sequence of the first record, -1 for none. */
  get baseSequence(): number {
    return this.#producer.baseSequence
  }

  /** Who sends it; id -1 when nobody in particular. */
  get producer(): ProducerState {
    return this.#producer
  }

  /** Appends and answers the bytes it took; 0 when there is no room, and then never again. */
  tryAppend(record: NewRecord, call: SendCall, index: number): number {
    if (this.#isFull) return 0
    const bytes = this.#builder.tryAppend(record)
    if (bytes === 0) {
      this.#isFull = true
      return 0
    }
    if (bytes > this.maxRecordBytes) this.maxRecordBytes = bytes
    const last = this.#runs[this.#runs.length - 1]
    if (last !== undefined && last.call === call && last.index + last.count === index) last.count++
    else this.#runs.push({ call, index, count: 1, offset: this.#builder.recordCount - 1 })
    return bytes
  }

  /** It takes no more records: another batch was begun behind it, or it has reached its size. */
  markFull(): void {
    this.#isFull = true
  }

  /**
   * Compresses what is in it, into `target` if it fits there; from now on it takes no more records. Answers the buffer where they were.
   */
  compress(target: Buffer | undefined): Buffer {
    this.#isFull = true
    this.uncompressedBytes = this.#builder.sizeInBytes
    return this.#builder.compress(target)
  }

  /** The bytes to send; from now on it takes no more records. */
  close(): Uint8Array {
    this.#isFull = true
    if (this.#bytes === undefined) {
      if (this.hasSequence) this.#builder.setProducerState(this.#producer)
      if (this.uncompressedBytes === 0) this.uncompressedBytes = this.#builder.sizeInBytes
      this.#bytes = this.#builder.close()
    } else if (this.#patch) {
      // What was sent before may be kept by its receiver, so another state needs bytes of its own.
      this.#bytes = this.#bytes.slice()
      new RecordBatchView(this.#bytes).setProducerState(this.#producer)
    }
    this.#patch = false
    return this.#bytes
  }

  /** Gives its buffer away; it can be sent no more. */
  takeBuffer(): Buffer {
    this.#bytes = undefined
    return this.#builder.takeBuffer()
  }

  /** Gives it its place in the sequence of its partition. */
  setProducer(producerId: number, producerEpoch: number, baseSequence: number): void {
    this.#producer = { producerId, producerEpoch, baseSequence, isTransactional: false }
    this.#patch = this.#bytes !== undefined
  }

  /** The records were written: tells every call where. */
  acknowledge({ baseOffset, logAppendTimeMs }: BatchOutcome): void {
    const { topic, partition } = this.queue
    const written = { topic, partition, baseOffset, logAppendTimeMs }
    for (const run of this.#finish()) run.call.acknowledged(run, written)
  }

  /** The records will not be written: tells every call why. */
  fail(error: KafkaError): void {
    for (const run of this.#finish()) run.call.failed(run, error)
  }

  /** Hands every record, with its call, to batches that replace this one. */
  splitInto(append: (record: NewRecord, call: SendCall, index: number) => void): void {
    const runs = this.#finish()
    if (runs.length === 0) return
    const records = new RecordBatchView(this.close()).records()
    for (const { call, index, count } of runs) {
      for (let i = 0; i < count; i++) append(records.next().value as NewRecord, call, index + i)
    }
  }

  /** What events say of it. */
  describe(): BatchEvent {
    const { topic, partition } = this.queue
    const { producerId, producerEpoch, baseSequence } = this.#producer
    return {
      topic,
      partition,
      records: this.recordCount,
      bytes: this.sizeInBytes,
      producerId,
      producerEpoch,
      baseSequence,
    }
  }

  /** The calls to tell, once. A batch that is over holds none of them: what outlives a young collection would keep all behind it alive. */
  #finish(): readonly Run[] {
    const runs = this.#runs
    this.#runs = []
    this.#isDone = true
    return runs
  }
}
