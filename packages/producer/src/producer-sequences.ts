/**
 * Idempotence: who this producer is, and where the sequence of each partition stands (KIP-98, KIP-360, KIP-679).
 *
 * Every batch of a partition carries the sequence of its first record; a broker takes only the one that follows the last it has, and answers
 * a repeated one as written. So a batch that is sent again keeps its sequence. When a gap cannot be closed any more (a batch failed for good
 * or expired while its fate was open), the epoch is raised by the client itself and the sequence of that partition begins at 0, for what is
 * in flight as well; a broker takes a new epoch with sequence 0. A partition that still has batches of the old epoch in flight keeps it until
 * they are answered. Kafka: the idempotent part of `TransactionManager` and `TxnPartitionMap`.
 */
import { incrementSequence } from '@odradek/protocol'
import type { Hooks } from '@odradek/runtime'
import type { PartitionQueue } from './partition-queue.ts'
import type { ProducerBatch } from './producer-batch.ts'
import type { ProducerEvents } from './producer-events.ts'

const noSequence = -1
const noOffset = -1
const maxEpoch = 32_767

/** What a broker answered about a batch that failed. */
export interface ProduceFailure {
  readonly error: string
  readonly isRetriable: boolean
  readonly logStartOffset: number
}

interface PartitionSequence {
  producerId: number
  producerEpoch: number
  nextSequence: number
  lastAckedSequence: number
  lastAckedOffset: number
  /** Batches with a sequence that are not settled, in the order of their sequences. */
  inFlight: ProducerBatch[]
  /** The sequence after that of a batch whose fate is not known; undefined when all is known. */
  unresolvedAt: number | undefined
}

/** The sequences of one idempotent producer. */
export class ProducerSequences {
  readonly #hooks: Hooks<ProducerEvents>
  readonly #partitions = new Map<PartitionQueue, PartitionSequence>()
  readonly #toRewrite = new Set<PartitionQueue>()
  #producerId = -1
  #producerEpoch = -1

  constructor(hooks: Hooks<ProducerEvents>) {
    this.#hooks = hooks
  }

  /** Whether a broker has given an id. */
  get hasProducerId(): boolean {
    return this.#producerId >= 0
  }

  /** A broker has given an id. */
  setProducerId(producerId: number, producerEpoch: number): void {
    this.#producerId = producerId
    this.#producerEpoch = producerEpoch
    this.#hooks.emit('producerIdAssigned', { producerId, producerEpoch })
  }

  /** Before anything is sent: settles what is open and raises the epoch where it has to be. */
  prepare(): void {
    this.#resolve()
    if (this.#toRewrite.size === 0 || !this.hasProducerId) return
    if (this.#producerEpoch >= maxEpoch) {
      this.#producerId = -1
      this.#producerEpoch = -1
      return
    }
    this.#producerEpoch++
    for (const queue of this.#toRewrite) this.#startAtBeginning(this.#of(queue))
    this.#toRewrite.clear()
    const { producerId, producerEpoch } = { producerId: this.#producerId, producerEpoch: this.#producerEpoch }
    this.#hooks.emit('producerEpochBumped', { producerId, producerEpoch })
  }

  /** Whether the first batch of a queue has to stay for now. Kafka: `shouldStopDrainBatchesForPartition`. */
  mustWait(batch: ProducerBatch): boolean {
    if (!this.hasProducerId || this.#toRewrite.has(batch.queue)) return true
    const sequence = this.#of(batch.queue)
    if (batch.hasSequence) return sequence.inFlight[0] !== undefined && sequence.inFlight[0] !== batch && batch.isRetry
    if (sequence.unresolvedAt !== undefined) return true
    // A broker takes any sequence from a producer that it does not know: were the first batch refused for a moment, as by a leader that is
    // not ready yet, the second would be taken in its place and the first never.
    const isUnknown = sequence.lastAckedSequence === noSequence
    return sequence.inFlight.length > 0 && (isUnknown || !this.#isCurrent(sequence))
  }

  /** Gives a batch that is sent for the first time its sequence. */
  assign(batch: ProducerBatch): void {
    if (batch.hasSequence) return
    const sequence = this.#of(batch.queue)
    if (!this.#isCurrent(sequence)) {
      sequence.producerId = this.#producerId
      sequence.producerEpoch = this.#producerEpoch
      sequence.nextSequence = 0
      sequence.lastAckedSequence = noSequence
    }
    batch.setProducer(sequence.producerId, sequence.producerEpoch, sequence.nextSequence)
    sequence.nextSequence = incrementSequence(sequence.nextSequence, batch.recordCount)
    sequence.inFlight.push(batch)
  }

  /** A batch was written, or was there already. */
  completed(batch: ProducerBatch, baseOffset: number): void {
    const sequence = this.#of(batch.queue)
    this.#forget(batch)
    if (batch.producer.producerEpoch !== sequence.producerEpoch) return
    const last = incrementSequence(batch.baseSequence, batch.recordCount - 1)
    if (last > sequence.lastAckedSequence || sequence.lastAckedSequence - last > 2 ** 30)
      sequence.lastAckedSequence = last
    if (baseOffset >= 0)
      sequence.lastAckedOffset = Math.max(sequence.lastAckedOffset, baseOffset + batch.recordCount - 1)
  }

  /** Whether a batch that failed is sent again, having raised the epoch where that is what it takes. Kafka: `canRetry`. */
  canRetry(batch: ProducerBatch, failure: ProduceFailure): boolean {
    const sequence = this.#of(batch.queue)
    if (failure.error === 'UNKNOWN_PRODUCER_ID') {
      // The broker has lost our state. Below its log start offset lies all that was acknowledged: retention took it.
      if (failure.logStartOffset !== -1 && !batch.sequenceWasReset) this.#toRewrite.add(batch.queue)
      return true
    }
    if (failure.error === 'OUT_OF_ORDER_SEQUENCE_NUMBER') {
      const follows = batch.baseSequence === incrementSequence(sequence.lastAckedSequence, 1)
      if (sequence.unresolvedAt === undefined && (batch.sequenceWasReset || !follows)) return true
      this.#toRewrite.add(batch.queue)
      return true
    }
    return failure.isRetriable
  }

  /** A batch failed for good: what comes behind it would leave a gap. */
  failed(batch: ProducerBatch): void {
    this.#forget(batch)
    this.#toRewrite.add(batch.queue)
  }

  /** A batch expired while its fate was open; nothing new is sent to the partition until it is known. */
  expired(batch: ProducerBatch): void {
    const sequence = this.#of(batch.queue)
    this.#forget(batch)
    sequence.unresolvedAt = incrementSequence(batch.baseSequence, batch.recordCount)
  }

  /** A batch is replaced by smaller ones, the first of which take its place in the sequence. */
  replaced(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    const sequence = this.#of(batch.queue)
    const at = sequence.inFlight.indexOf(batch)
    let next = batch.baseSequence
    for (const part of parts) {
      part.setProducer(batch.producer.producerId, batch.producer.producerEpoch, next)
      next = incrementSequence(next, part.recordCount)
    }
    if (at >= 0) sequence.inFlight.splice(at, 1, ...parts)
    else sequence.inFlight.unshift(...parts)
  }

  #resolve(): void {
    for (const [queue, sequence] of this.#partitions) {
      if (sequence.unresolvedAt === undefined || sequence.inFlight.length > 0) continue
      // Whatever was open is over. If the last acknowledged sequence is not the one before, there is a gap.
      const hasGap = incrementSequence(sequence.lastAckedSequence, 1) !== sequence.unresolvedAt
      sequence.unresolvedAt = undefined
      if (hasGap) this.#toRewrite.add(queue)
    }
  }

  #startAtBeginning(sequence: PartitionSequence): void {
    sequence.producerId = this.#producerId
    sequence.producerEpoch = this.#producerEpoch
    sequence.nextSequence = 0
    sequence.lastAckedSequence = noSequence
    sequence.lastAckedOffset = noOffset
    sequence.unresolvedAt = undefined
    for (const batch of sequence.inFlight) {
      batch.setProducer(this.#producerId, this.#producerEpoch, sequence.nextSequence)
      batch.sequenceWasReset = true
      sequence.nextSequence = incrementSequence(sequence.nextSequence, batch.recordCount)
    }
  }

  #forget(batch: ProducerBatch): void {
    const { inFlight } = this.#of(batch.queue)
    const at = inFlight.indexOf(batch)
    if (at >= 0) inFlight.splice(at, 1)
  }

  #isCurrent(sequence: PartitionSequence): boolean {
    return sequence.producerId === this.#producerId && sequence.producerEpoch === this.#producerEpoch
  }

  #of(queue: PartitionQueue): PartitionSequence {
    let sequence = this.#partitions.get(queue)
    if (sequence === undefined) {
      sequence = {
        producerId: -1,
        producerEpoch: -1,
        nextSequence: 0,
        lastAckedSequence: noSequence,
        lastAckedOffset: noOffset,
        inFlight: [],
        unresolvedAt: undefined,
      }
      this.#partitions.set(queue, sequence)
    }
    return sequence
  }
}
