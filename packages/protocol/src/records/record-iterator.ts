import { atField } from '../protocol-error.ts'
import { type RecordSource, RecordView } from './record-view.ts'
import { VarintReader } from './varint-reader.ts'

/** Walks the records of one magic 2 batch. It ends, or fails, exactly at the end of the batch. */
export class RecordIterator implements IterableIterator<RecordView, undefined> {
  readonly #source: RecordSource
  readonly #reader: VarintReader
  readonly #recordCount: number
  readonly #reused: RecordView | undefined
  #read = 0

  constructor(
    source: RecordSource,
    range: { readonly position: number; readonly end: number },
    options: { readonly recordCount: number; readonly reuseView: boolean },
  ) {
    this.#source = source
    this.#reader = new VarintReader(source.bytes, range.position, range.end)
    this.#recordCount = options.recordCount
    this.#reused = options.reuseView ? new RecordView(source) : undefined
  }

  /** The next record, undefined after the last one. @throws ProtocolError when the bytes are not the records claimed. */
  advance(): RecordView | undefined {
    const reader = this.#reader
    if (this.#read === this.#recordCount) {
      if (reader.position === reader.end) return undefined
      throw atField(reader.error(`${reader.end - reader.position} bytes are left after the last record`), 'records')
    }
    const record = this.#reused ?? new RecordView(this.#source)
    try {
      record.read(reader)
    } catch (error) {
      throw atField(error, 'records', this.#read)
    }
    this.#read++
    return record
  }

  next(): IteratorResult<RecordView, undefined> {
    const value = this.advance()
    return value === undefined ? { done: true, value } : { done: false, value }
  }

  [Symbol.iterator](): this {
    return this
  }
}
