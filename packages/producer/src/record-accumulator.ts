/**
 * The records that wait to be sent: a queue of batches for each partition. A record goes into the last batch of its queue as long as it
 * has room; a new batch takes `batch.size` of `buffer.memory`, or as much as its one record needs. Kafka: `RecordAccumulator`.
 */
import type { KafkaError } from '@odradek/client'
import { type CompressionType, RecordBatchBuilder, recordBatchOverheadBytes } from '@odradek/protocol'
import type { Clock, Hooks } from '@odradek/runtime'
import { BufferPool } from './buffer-pool.ts'
import { CompressionRatios } from './compression-ratios.ts'
import { PartitionQueue } from './partition-queue.ts'
import { ProducerBatch } from './producer-batch.ts'
import type { ProducerEvents } from './producer-events.ts'
import type { PendingRecord } from './topic-state.ts'

/** How records are gathered. */
export interface RecordAccumulatorOptions {
  readonly batchSize: number
  readonly bufferMemory: number
  readonly compression: CompressionType
  readonly compressionLevel: number | undefined
  readonly clock: Clock
  readonly hooks: Hooks<ProducerEvents>
}

const smallestBuffer = 512
/** Records take this many times the size of their batch at most before they are compressed, however alike they are. */
const leastRatio = 1 / 16
/** Each partition takes one when it begins a batch and gives it back when that is full, so few are ever left. */
const keptScratch = 8
/** A record is written once its size is known within so many bytes. */
const bufferSlack = 8
/** Bytes a record takes beside key, value and headers, at most. */
export const recordOverheadBytes = 21

/** The queues of one producer. */
export class RecordAccumulator {
  readonly pool: BufferPool
  readonly #options: RecordAccumulatorOptions
  readonly #queues = new Map<string, (PartitionQueue | undefined)[]>()
  readonly #active = new Set<PartitionQueue>()
  /** Batches that are not settled, oldest first, those of splits aside. */
  readonly #incomplete = new Set<ProducerBatch>()
  readonly #ratios = new CompressionRatios()
  /** Buffers for the records of batches that will be compressed. */
  readonly #scratch: Buffer[] = []

  constructor(options: RecordAccumulatorOptions) {
    this.#options = options
    this.pool = new BufferPool(options.bufferMemory, options.batchSize + bufferSlack)
  }

  /** Queues that hold batches. */
  get active(): ReadonlySet<PartitionQueue> {
    return this.#active
  }

  /** Batches whose calls have not been told. */
  get incomplete(): ReadonlySet<ProducerBatch> {
    return this.#incomplete
  }

  /** The queue of a partition. */
  queue(topic: string, partition: number): PartitionQueue {
    let queues = this.#queues.get(topic)
    if (queues === undefined) {
      queues = []
      this.#queues.set(topic, queues)
    }
    const known = queues[partition]
    if (known !== undefined) return known
    const made = new PartitionQueue(topic, partition)
    queues[partition] = made
    return made
  }

  /** Batches that wait in the queue of a partition, undefined when it never had one. */
  queueSize(topic: string, partition: number): number | undefined {
    return this.#queues.get(topic)?.[partition]?.batches.length
  }

  /** Appends a record and answers the bytes it took; 0 when there is no memory for another batch. */
  append(queue: PartitionQueue, record: PendingRecord): number {
    const { call, index } = record
    const last = queue.last
    if (last !== undefined) {
      const bytes = last.tryAppend(record, call, index)
      if (last.isFull || last.sizeInBytes >= this.#options.batchSize) this.#fill(last)
      if (bytes > 0) return bytes
    }
    const { batchSize, clock } = this.#options
    const reservedBytes = Math.max(batchSize, record.sizeBound)
    if (!this.pool.tryReserve(reservedBytes)) return 0
    const batch = this.#makeBatch(queue, {
      createdMs: clock.monotonicMs(),
      reservedBytes,
      isSplit: false,
      order: record.order,
    })
    queue.batches.push(batch)
    this.#active.add(queue)
    const bytes = batch.tryAppend(record, call, index)
    if (batch.sizeInBytes >= batchSize) this.#fill(batch)
    return bytes
  }

  /** Takes the first batch out of a queue, to be sent. */
  takeFirst(queue: PartitionQueue): ProducerBatch {
    const batch = queue.batches.shift()!
    if (queue.batches.length === 0) this.#active.delete(queue)
    return batch
  }

  /** Puts a batch back that was sent. */
  putBack(batch: ProducerBatch): void {
    batch.queue.putBack(batch)
    this.#active.add(batch.queue)
  }

  /** A batch is settled: its memory is free again. */
  release(batch: ProducerBatch): void {
    if (this.#incomplete.delete(batch)) this.pool.release(batch.reservedBytes)
  }

  /** The request that a batch was sent in is answered: when it is settled and no other request carries it, others take its buffer. */
  recycle(batch: ProducerBatch): void {
    if (batch.isDone && batch.attempts === 1) this.pool.keep(batch.takeBuffer())
  }

  /** Makes a batch ready to be sent; it takes no more records. */
  close(batch: ProducerBatch): void {
    this.#fill(batch)
    batch.close()
  }

  /** A batch takes no more records: it is compressed at once, so that what waits takes no more than was counted for it. */
  #fill(batch: ProducerBatch): void {
    batch.markFull()
    const { queue, reservedBytes, sizeInBytes, uncompressedBytes } = batch
    if (uncompressedBytes > 0) return
    if (this.#options.compression === 'none') {
      queue.lastBatchBytes = sizeInBytes
      return
    }
    const { bufferBytes } = this.pool
    const isUsual = reservedBytes <= this.#options.batchSize && sizeInBytes > bufferBytes / 2
    const records = batch.compress(isUsual ? this.pool.take(bufferBytes) : undefined)
    if (!isUsual) this.pool.keep(records)
    else if (this.#scratch.length < keptScratch) this.#scratch.push(records)
    queue.lastBatchBytes = batch.uncompressedBytes
    this.#ratios.update(queue.topic, batch.sizeInBytes / batch.uncompressedBytes)
  }

  /** Replaces a batch that was too large for the broker by smaller ones in front of its queue, and answers them. */
  split(batch: ProducerBatch): readonly ProducerBatch[] {
    const { queue } = batch
    const { batchSize } = this.#options
    this.#ratios.reset(queue.topic)
    const target = batch.isSplit ? Math.max(batch.maxRecordBytes, Math.ceil(batch.sizeInBytes / 2)) : batchSize
    const parts: ProducerBatch[] = []
    batch.splitInto((record, call, index) => {
      const current = parts[parts.length - 1]
      if (current !== undefined && current.tryAppend(record, call, index) > 0) return
      const part = this.#makeBatch(queue, {
        createdMs: batch.createdMs,
        reservedBytes: 0,
        isSplit: true,
        order: batch.order,
        maxBytes: target,
      })
      part.tryAppend(record, call, index)
      parts.push(part)
    })
    this.release(batch)
    for (const part of parts) part.markFull()
    return parts
  }

  /** Puts the parts of a split batch where the batch was. */
  putInPlace(queue: PartitionQueue, parts: readonly ProducerBatch[]): void {
    // Without sequences each goes in front, so the last one first.
    for (const part of parts[0]?.hasSequence === true ? parts : parts.toReversed()) queue.putBack(part)
    if (parts.length > 0) this.#active.add(queue)
  }

  /** Removes a batch that is settled from its queue, if it is in there. */
  remove(batch: ProducerBatch): void {
    const { batches } = batch.queue
    const at = batches.indexOf(batch)
    if (at < 0) return
    batches.splice(at, 1)
    if (batches.length === 0) this.#active.delete(batch.queue)
  }

  /** Fails every batch that waits or is in flight. */
  failAll(error: KafkaError): void {
    for (const batch of [...this.#incomplete]) {
      this.remove(batch)
      batch.fail(error)
      this.release(batch)
    }
  }

  #makeBatch(
    queue: PartitionQueue,
    options: { createdMs: number; reservedBytes: number; isSplit: boolean; order: number; maxBytes?: number },
  ): ProducerBatch {
    const { batchSize, compression, compressionLevel, hooks } = this.#options
    const { createdMs, reservedBytes, isSplit, order, maxBytes = batchSize } = options
    const { bufferBytes } = this.pool
    // Queues that fill their batches get buffers that can be used again, others as much as their last batch took.
    const usual = Math.max(queue.lastBatchBytes, smallestBuffer) + recordBatchOverheadBytes
    const initialBytes = usual > bufferBytes / 2 ? bufferBytes : usual
    const buffer = isSplit ? undefined : this.#freeBuffer(reservedBytes)
    const builder = new RecordBatchBuilder({
      maxBytes,
      ...(buffer === undefined ? { initialBytes } : { buffer }),
      ...(compression === 'none'
        ? {}
        : { compression, compressionLevel, compressionRatio: Math.max(this.#ratios.of(queue.topic), leastRatio) }),
    })
    const batch = new ProducerBatch({ queue, createdMs, builder, reservedBytes, isSplit, order })
    this.#incomplete.add(batch)
    if (hooks.has('batchOpened')) hooks.emit('batchOpened', { topic: queue.topic, partition: queue.partition })
    return batch
  }

  /** A buffer to write the records of a batch into; undefined when none is kept. */
  #freeBuffer(reservedBytes: number): Buffer | undefined {
    const { batchSize, compression } = this.#options
    // A record that fills more than a batch gets what it was counted for, not a buffer that grows beyond it.
    if (reservedBytes > batchSize) return this.pool.take(reservedBytes)
    return compression === 'none' ? this.pool.takeKept(this.pool.bufferBytes) : this.#scratch.pop()
  }
}
