/** How many of a producer's last batches are remembered to recognise duplicates: Kafka's bound on requests in flight. */
export const retainedBatches = 5

/** One batch a producer wrote. */
export interface BatchMetadata {
  readonly lastSequence: number
  readonly lastOffset: number
  /** Last offset minus first offset. */
  readonly offsetDelta: number
  /** The batch's largest timestamp. */
  readonly timestamp: number
}

/** The sequence number `decrement` before `sequence`; below 0 it goes on at 2147483647. */
export function decrementSequence(sequence: number, decrement: number): number {
  return sequence < decrement ? 0x7fffffff - (decrement - sequence) + 1 : sequence - decrement
}

/**
 * What a log knows of one producer id (Kafka's `ProducerStateEntry`): its epoch, its last batches, the transaction it has open
 * and the coordinator epoch of the last marker.
 */
export class ProducerStateEntry {
  readonly producerId: number
  producerEpoch: number
  coordinatorEpoch: number
  /** Largest timestamp of the last batch or marker, from which the entry's age counts. */
  lastTimestamp: number
  /** First offset of the transaction that is open, undefined when none is. */
  currentTransactionFirstOffset: number | undefined
  /** Oldest first, at most five, all of the present epoch. */
  readonly batches: BatchMetadata[]

  constructor(producerId: number, state: ProducerStateFields = unknownProducer) {
    this.producerId = producerId
    this.producerEpoch = state.producerEpoch
    this.coordinatorEpoch = state.coordinatorEpoch
    this.lastTimestamp = state.lastTimestamp
    this.currentTransactionFirstOffset = state.currentTransactionFirstOffset
    this.batches = [...state.batches]
  }

  /** True when no batch of the present epoch is known. */
  get isEmpty(): boolean {
    return this.batches.length === 0
  }

  get firstSequence(): number {
    const first = this.batches[0]
    return first === undefined ? -1 : decrementSequence(first.lastSequence, first.offsetDelta)
  }

  get lastSequence(): number {
    return this.batches.at(-1)?.lastSequence ?? -1
  }

  /** Offset of the last record that carried data, -1 when unknown. */
  get lastDataOffset(): number {
    return this.batches.at(-1)?.lastOffset ?? -1
  }

  get lastOffsetDelta(): number {
    return this.batches.at(-1)?.offsetDelta ?? 0
  }

  /** The remembered batch that has exactly this epoch and range of sequences: then the producer sent it again. */
  findDuplicate(producerEpoch: number, baseSequence: number, lastSequence: number): BatchMetadata | undefined {
    if (producerEpoch !== this.producerEpoch) return undefined
    return this.batches.find(
      (batch) =>
        batch.lastSequence === lastSequence &&
        decrementSequence(batch.lastSequence, batch.offsetDelta) === baseSequence,
    )
  }

  addBatch(producerEpoch: number, batch: BatchMetadata): void {
    this.updateEpoch(producerEpoch)
    if (this.batches.length === retainedBatches) this.batches.shift()
    this.batches.push(batch)
    this.lastTimestamp = batch.timestamp
  }

  /** Takes over another epoch; what was remembered of the former one is forgotten then. */
  updateEpoch(producerEpoch: number): boolean {
    if (this.producerEpoch === producerEpoch) return false
    this.batches.length = 0
    this.producerEpoch = producerEpoch
    return true
  }

  copy(): ProducerStateEntry {
    return new ProducerStateEntry(this.producerId, this)
  }
}

/** The fields of an entry beside its id. */
export interface ProducerStateFields {
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly lastTimestamp: number
  readonly currentTransactionFirstOffset: number | undefined
  readonly batches: readonly BatchMetadata[]
}

const unknownProducer: ProducerStateFields = {
  producerEpoch: -1,
  coordinatorEpoch: -1,
  lastTimestamp: -1,
  currentTransactionFirstOffset: undefined,
  batches: [],
}
