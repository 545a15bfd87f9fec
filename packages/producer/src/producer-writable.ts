import { Writable } from 'node:stream'
import { asKafkaError, type KafkaError } from '@odradek/client'
import type { RecordMetadata, SentRecord } from './record.ts'

/** How a stream of records is sent. */
export interface WritableOptions {
  /** How many records may be unacknowledged before the source is held back; 1,000 when left out. */
  readonly highWaterMark?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const defaultHighWaterMark = 1_000

/** A Writable in object mode: each record written is sent, the first failure destroys the stream, the end waits for all of them. */
export class ProducerWritable extends Writable {
  readonly #send: (record: SentRecord) => Promise<RecordMetadata>
  readonly #limit: number
  #unacknowledged = 0
  #waiting: ((error?: Error | null) => void) | undefined

  constructor(send: (record: SentRecord) => Promise<RecordMetadata>, options: WritableOptions) {
    const { highWaterMark = defaultHighWaterMark, signal } = options
    super({ objectMode: true, highWaterMark, ...(signal === undefined ? {} : { signal }) })
    this.#send = send
    this.#limit = highWaterMark
  }

  override _write(record: SentRecord, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#unacknowledged++
    this.#send(record).then(
      () => this.#settled(),
      (error: unknown) => this.#settled(asKafkaError(error, 'SEND_FAILED')),
    )
    if (this.#unacknowledged < this.#limit) callback()
    else this.#waiting = callback
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.#unacknowledged === 0) callback()
    else
      this.#waiting = (error) => (error == null && this.#unacknowledged > 0 ? this._final(callback) : callback(error))
  }

  /** Resolves when the stream takes more, or is destroyed. */
  untilDrained(): Promise<void> {
    if (this.destroyed || !this.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        this.off('drain', done).off('close', done)
        resolve()
      }
      this.once('drain', done).once('close', done)
    })
  }

  /** Ends the stream and resolves when every record is acknowledged. @throws KafkaError the first failure */
  finish(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.errored !== null) return reject(this.errored)
      this.once('error', reject)
      this.end(() => (this.errored === null ? resolve() : reject(this.errored)))
    })
  }

  #settled(error?: KafkaError): void {
    this.#unacknowledged--
    if (error !== undefined) this.destroy(error)
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.(error)
  }
}
