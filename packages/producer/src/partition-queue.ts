import type { ProducerBatch } from './producer-batch.ts'

/** What is true of all queues of a producer at a moment. */
export interface QueueConditions {
  readonly lingerMs: number
  /** Everything is to go out: a flush or the close of the producer, or somebody waits for memory. */
  readonly sendAll: boolean
}

/** The batches of one partition that wait to be sent, and where its sequence stands. Kafka: a deque of `RecordAccumulator`. */
export class PartitionQueue {
  readonly topic: string
  readonly partition: number
  readonly batches: ProducerBatch[] = []
  /** Nothing is taken out of it: a batch of it is in flight and order has to be kept without sequences. */
  isMuted = false
  /** Bytes of the records of the last batch that was filled or sent, for the first size of the next. */
  lastBatchBytes = 0
  /** When its leader had room for it last, and since when it is ready without being taken. */
  readyMs = 0
  drainedMs = 0

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  /** The batch that takes records. */
  get last(): ProducerBatch | undefined {
    return this.batches[this.batches.length - 1]
  }

  /** From when on the first batch may be sent; Infinity when there is none. */
  readyAtMs({ lingerMs, sendAll }: QueueConditions): number {
    const first = this.batches[0]
    if (first === undefined) return Number.POSITIVE_INFINITY
    if (first.attempts > 0) return first.retryAtMs
    if (sendAll || this.batches.length > 1 || first.isFull) return 0
    return first.createdMs + lingerMs
  }

  /** Puts a batch back that was sent: by its sequence where it has one, else in front. */
  putBack(batch: ProducerBatch): void {
    if (!batch.hasSequence) {
      this.batches.unshift(batch)
      return
    }
    const behind = this.batches.findIndex(
      (other) => !other.hasSequence || isBefore(batch.baseSequence, other.baseSequence),
    )
    if (behind < 0) this.batches.push(batch)
    else this.batches.splice(behind, 0, batch)
  }
}

/** Sequences wrap after 2^31 - 1; of two in one queue the nearer way round tells which is first. */
function isBefore(a: number, b: number): boolean {
  const distance = b - a
  return Math.abs(distance) < 2 ** 30 ? distance > 0 : distance < 0
}
