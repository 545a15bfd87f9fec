import { closeSync, openSync, readSync } from 'node:fs'
import { batchSize, RecordBatchView, recordBatchOverheadBytes } from '@odradek/protocol'

/** A record batch of a log file and where it begins there. */
export interface PositionedBatch {
  readonly batch: RecordBatchView
  readonly position: number
}

/** A `.log` or `.checkpoint` file, read one batch at a time. */
export class LogFile {
  readonly path: string
  readonly #descriptor: number
  readonly #size: number

  /** @throws the error of the file system */
  constructor(path: string, size: number) {
    this.path = path
    this.#descriptor = openSync(path, 'r')
    this.#size = size
  }

  get size(): number {
    return this.#size
  }

  /** The batches from a position on, up to the first that is not whole or has no size of a batch. */
  *batches(from = 0): Generator<PositionedBatch, undefined> {
    let position = from
    while (position + recordBatchOverheadBytes <= this.#size) {
      const size = batchSize(this.#read(position, recordBatchOverheadBytes), 0)
      if (size === undefined || size < recordBatchOverheadBytes || position + size > this.#size) return
      yield { batch: new RecordBatchView(this.#read(position, size)), position }
      position += size
    }
  }

  /** The first batch at or after a position. */
  batchAt(position: number): RecordBatchView | undefined {
    for (const { batch } of this.batches(position)) return batch
    return undefined
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #read(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    let read = 0
    while (read < length) {
      const more = readSync(this.#descriptor, bytes, read, length - read, position + read)
      if (more === 0) break
      read += more
    }
    return bytes.subarray(0, read)
  }
}
