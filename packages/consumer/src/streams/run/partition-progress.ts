import type { OffsetAndMetadata, TopicPartition } from '../../topic-partition.ts'

interface Piece {
  /** Offset of the first record of the piece. */
  readonly offset: number
  /** Where the partition goes on behind the piece. */
  readonly next: { readonly offset: number; readonly leaderEpoch: number | null }
  isDone: boolean
}

/**
 * How far a partition is processed when its pieces come to their end in any order: up to the first that is still worked on. Whatever is
 * committed has nothing unfinished before it.
 */
export class PartitionProgress {
  readonly topic: string
  readonly partition: number
  readonly #pieces: Piece[] = []
  #first = 0

  constructor({ topic, partition }: TopicPartition) {
    this.topic = topic
    this.partition = partition
  }

  /** Pieces that are not behind the processed offset. */
  get pending(): number {
    return this.#pieces.length - this.#first
  }

  /** Offset of the first record that is not done; undefined when all are. */
  get firstPending(): number | undefined {
    return this.#pieces.slice(this.#first).find(({ isDone }) => !isDone)?.offset
  }

  /** Takes on a piece; pieces come in the order of their offsets. Answers what to call when it is done. */
  begin({ offset, next }: Pick<Piece, 'offset' | 'next'>): () => void {
    const piece = { offset, next, isDone: false }
    this.#pieces.push(piece)
    return () => {
      piece.isDone = true
    }
  }

  /** Moves behind the pieces that are done; what to tell, or undefined when nothing moved. */
  advance(): Pick<OffsetAndMetadata, 'offset' | 'leaderEpoch'> | undefined {
    let last: Piece | undefined
    while (this.#pieces[this.#first]?.isDone === true) {
      last = this.#pieces[this.#first]
      this.#first++
    }
    if (this.#first > 1_000 || this.#first === this.#pieces.length) {
      this.#pieces.splice(0, this.#first)
      this.#first = 0
    }
    return last?.next
  }
}
