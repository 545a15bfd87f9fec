import { KafkaError } from '@odradek/client'
import type { RecordMetadata } from './record.ts'

/** Where records of one call were written that follow each other in the call and in the batch. */
export interface WrittenRun {
  readonly topic: string
  readonly partition: number
  /** Offset of the first of them; -1 when it is not known. */
  readonly firstOffset: number
  /** The broker's timestamp, -1 when the records keep their own. */
  readonly logAppendTimeMs: number
}

/** One call of `send` that waits for its records. `index` is a record's place in the call. */
export interface SendCall {
  acknowledged(index: number, count: number, run: WrittenRun): void
  failed(index: number, count: number, error: KafkaError): void
  /** The time of a record, to be told in its metadata. */
  setTimestamp(index: number, timestamp: number): void
}

/** A call with one record: its promise is resolved straight from the batch. */
export class SingleSend implements SendCall {
  readonly #resolve: (metadata: RecordMetadata) => void
  readonly #reject: (error: KafkaError) => void
  #timestamp = -1

  constructor(resolve: (metadata: RecordMetadata) => void, reject: (error: KafkaError) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  setTimestamp(_index: number, timestamp: number): void {
    this.#timestamp = timestamp
  }

  acknowledged(_index: number, _count: number, run: WrittenRun): void {
    const { topic, partition, firstOffset: offset, logAppendTimeMs } = run
    this.#resolve({ topic, partition, offset, timestamp: logAppendTimeMs >= 0 ? logAppendTimeMs : this.#timestamp })
  }

  failed(_index: number, _count: number, error: KafkaError): void {
    this.#reject(error)
  }
}

/** Some records of a call could not be written; `results` has the metadata or the error of each, in the order of the call. */
export class SendError extends KafkaError {
  override readonly name = 'SendError'
  readonly results: readonly (RecordMetadata | KafkaError)[]

  constructor(results: readonly (RecordMetadata | KafkaError)[]) {
    const errors = results.filter((result) => result instanceof KafkaError)
    const first = errors[0]
    super(
      'SEND_FAILED',
      `${errors.length} of ${results.length} records were not written; the first: ${first?.message}`,
      {
        cause: first,
        context: first?.context ?? {},
      },
    )
    this.results = results
  }
}

/** A call with many records and one promise. */
export class ManySend implements SendCall {
  readonly #resolve: (metadata: RecordMetadata[]) => void
  readonly #reject: (error: KafkaError) => void
  readonly #results: (RecordMetadata | KafkaError)[]
  /** The time of the call, which most records have; those of records that brought their own. */
  readonly #timestamp: number
  #timestamps: Map<number, number> | undefined
  #remaining: number
  #failed = false

  constructor(
    count: number,
    timestamp: number,
    promise: {
      readonly resolve: (metadata: RecordMetadata[]) => void
      readonly reject: (error: KafkaError) => void
    },
  ) {
    this.#resolve = promise.resolve
    this.#reject = promise.reject
    this.#timestamp = timestamp
    this.#results = new Array<RecordMetadata | KafkaError>(count)
    this.#remaining = count
    if (count === 0) promise.resolve([])
  }

  setTimestamp(index: number, timestamp: number): void {
    if (timestamp === this.#timestamp) return
    this.#timestamps ??= new Map()
    this.#timestamps.set(index, timestamp)
  }

  acknowledged(index: number, count: number, run: WrittenRun): void {
    const { topic, partition, firstOffset, logAppendTimeMs } = run
    const usual = logAppendTimeMs >= 0 ? logAppendTimeMs : this.#timestamp
    const own = logAppendTimeMs >= 0 ? undefined : this.#timestamps
    for (let i = 0; i < count; i++) {
      const offset = firstOffset < 0 ? -1 : firstOffset + i
      const timestamp = own?.get(index + i) ?? usual
      this.#results[index + i] = { topic, partition, offset, timestamp }
    }
    this.#settled(count)
  }

  failed(index: number, count: number, error: KafkaError): void {
    this.#failed = true
    this.#results.fill(error, index, index + count)
    this.#settled(count)
  }

  #settled(count: number): void {
    this.#remaining -= count
    if (this.#remaining > 0) return
    if (this.#failed) this.#reject(new SendError(this.#results))
    else this.#resolve(this.#results as RecordMetadata[])
  }
}

/** Tells interceptors of what happens to the records of a call. */
export class WatchedSend implements SendCall {
  readonly #call: SendCall
  readonly #tell: (metadata: RecordMetadata | null, error: KafkaError | null) => void
  readonly #timestamps = new Map<number, number>()

  constructor(call: SendCall, tell: (metadata: RecordMetadata | null, error: KafkaError | null) => void) {
    this.#call = call
    this.#tell = tell
  }

  setTimestamp(index: number, timestamp: number): void {
    this.#timestamps.set(index, timestamp)
    this.#call.setTimestamp(index, timestamp)
  }

  acknowledged(index: number, count: number, run: WrittenRun): void {
    const { topic, partition, firstOffset, logAppendTimeMs } = run
    for (let i = 0; i < count; i++) {
      const timestamp = logAppendTimeMs >= 0 ? logAppendTimeMs : (this.#timestamps.get(index + i) ?? -1)
      this.#tell({ topic, partition, offset: firstOffset < 0 ? -1 : firstOffset + i, timestamp }, null)
    }
    this.#call.acknowledged(index, count, run)
  }

  failed(index: number, count: number, error: KafkaError): void {
    for (let i = 0; i < count; i++) this.#tell(null, error)
    this.#call.failed(index, count, error)
  }
}
