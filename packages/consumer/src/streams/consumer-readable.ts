import { Readable } from 'node:stream'
import type { ConsumerRecord } from '../consumer-record.ts'

/**
 * Records as a Node stream. It holds none itself, so a record counts as processed when the stream's reader asks for the next; what is
 * piped into a stream with a buffer of its own counts when that buffer takes it.
 */
export class ConsumerReadable<Key, Value> extends Readable {
  readonly #records: AsyncIterator<ConsumerRecord<Key, Value>, undefined>
  readonly #end: () => void
  #isReading = false

  constructor(records: AsyncIterator<ConsumerRecord<Key, Value>, undefined>, end: () => void) {
    super({ objectMode: true, highWaterMark: 0 })
    this.#records = records
    this.#end = end
  }

  override _read(): void {
    if (this.#isReading) return
    this.#isReading = true
    this.#records.next().then(
      ({ done, value }) => {
        this.#isReading = false
        this.push(done === true ? null : value)
      },
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    )
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#end()
    Promise.resolve(this.#records.return?.()).then(
      () => callback(error),
      () => callback(error),
    )
  }
}
