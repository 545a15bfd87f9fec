import { encodeControlBatch, RecordBatchBuilder } from '@odradek/protocol'

interface LogBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly bytes: Uint8Array
}

/** How records are written. */
export interface WriteOptions {
  /** The producer of a transaction. */
  readonly producerId?: number
  /** Offsets left free behind the batch, as compaction leaves them. */
  readonly gap?: number
}

/** The log of one partition of a scripted cluster. */
export class ScriptedLog {
  readonly batches: LogBatch[] = []
  readonly aborted: { readonly producerId: number; readonly firstOffset: number; readonly lastOffset: number }[] = []
  readonly epochs = [{ epoch: 1, startOffset: 0 }]
  readonly #open = new Map<number, number>()
  logStartOffset = 0
  endOffset = 0

  /** Writes one batch. */
  write(values: readonly string[], { producerId, gap = 0 }: WriteOptions = {}): void {
    const producer = { producerId: producerId ?? -1, producerEpoch: 0, baseSequence: 0, isTransactional: true }
    const builder = new RecordBatchBuilder({
      baseOffset: this.endOffset,
      partitionLeaderEpoch: this.epoch,
      ...(producerId === undefined ? {} : { producer }),
    })
    for (const value of values) builder.append({ timestamp: 1_000 + this.endOffset, value })
    if (producerId !== undefined && !this.#open.has(producerId)) this.#open.set(producerId, this.endOffset)
    this.#add(builder.close(), values.length)
    this.endOffset += gap
  }

  /** Ends the transaction of a producer. */
  end(producerId: number, type: 'COMMIT' | 'ABORT'): void {
    const producer = { producerId, producerEpoch: 0, baseSequence: -1, isTransactional: true }
    const options = { baseOffset: this.endOffset, partitionLeaderEpoch: this.epoch, producer, timestampMs: 1_000 }
    const firstOffset = this.#open.get(producerId) ?? this.endOffset
    if (type === 'ABORT') this.aborted.push({ producerId, firstOffset, lastOffset: this.endOffset })
    this.#open.delete(producerId)
    this.#add(encodeControlBatch([{ type, value: { coordinatorEpoch: 0 } }], options), 1)
  }

  /** A new leader epoch; what is behind `endOffset` is lost. */
  elect(endOffset = this.endOffset): void {
    while ((this.batches.at(-1)?.lastOffset ?? -1) >= endOffset) this.batches.pop()
    this.endOffset = endOffset
    this.epochs.push({ epoch: this.epoch + 1, startOffset: endOffset })
  }

  get epoch(): number {
    return this.epochs.at(-1)!.epoch
  }

  get lastStableOffset(): number {
    return Math.min(this.endOffset, ...this.#open.values())
  }

  /** What a leader answers to OffsetForLeaderEpoch: the last epoch up to the one asked for, and where it ends. */
  endOf(epoch: number): { readonly leaderEpoch: number; readonly endOffset: number } {
    const index = this.epochs.findLastIndex((row) => row.epoch <= epoch)
    const endOffset = this.epochs[index + 1]?.startOffset ?? this.endOffset
    return { leaderEpoch: this.epochs[index]?.epoch ?? -1, endOffset }
  }

  /** Whole batches from the one that holds the offset on, at least one, and no more than the bytes. */
  read(offset: number, limit: { readonly maxBytes: number; readonly endOffset: number }): Uint8Array {
    const chunks: Uint8Array[] = []
    let bytes = 0
    for (const batch of this.batches) {
      if (batch.lastOffset < offset || batch.baseOffset >= limit.endOffset) continue
      if (chunks.length > 0 && bytes + batch.bytes.length > limit.maxBytes) break
      chunks.push(batch.bytes)
      bytes += batch.bytes.length
    }
    return Buffer.concat(chunks)
  }

  #add(bytes: Uint8Array, count: number): void {
    this.batches.push({ baseOffset: this.endOffset, lastOffset: this.endOffset + count - 1, bytes })
    this.endOffset += count
  }
}
