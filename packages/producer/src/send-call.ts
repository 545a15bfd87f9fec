import { KafkaError } from '@odradek/client'
import type { RecordMetadata } from './record.ts'

/** Records of one call that follow each other in the call and in their batch. */
export interface SentRun {
  /** Place of the first of them in the call. */
  readonly index: number
  readonly count: number
  /** Place of the first of them in the batch. */
  readonly offset: number
}

/** Where a batch was written. */
export interface WrittenBatch {
  readonly topic: string
  readonly partition: number
  /** -1 when it is not known. */
  readonly baseOffset: number
  /** The broker's timestamp, -1 when the records keep their own. */
  readonly logAppendTimeMs: number
}

/** One call of `send` that waits for its records. */
export interface SendCall {
  acknowledged(run: SentRun, batch: WrittenBatch): void
  failed(run: Pick<SentRun, 'index' | 'count'>, error: KafkaError): void
  /** The time of a record, to be told in its metadata. `index` is its place in the call. */
  setTimestamp(index: number, timestamp: number): void
}

/** Metadata of the record at `place` of a run. */
function metadataOf(
  { offset }: SentRun,
  batch: WrittenBatch,
  { place, timestamp }: { place: number; timestamp: number },
): RecordMetadata {
  const { topic, partition, baseOffset, logAppendTimeMs } = batch
  return {
    topic,
    partition,
    offset: baseOffset < 0 ? -1 : baseOffset + offset + place,
    timestamp: logAppendTimeMs >= 0 ? logAppendTimeMs : timestamp,
  }
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

  acknowledged(run: SentRun, batch: WrittenBatch): void {
    this.#resolve(metadataOf(run, batch, { place: 0, timestamp: this.#timestamp }))
  }

  failed(_run: unknown, error: KafkaError): void {
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

/** What became of some records of a call. */
interface Outcome {
  readonly run: SentRun
  readonly result: WrittenBatch | KafkaError
}

/** A call with many records and one promise. Metadata is made when all is known: a call that waits keeps one object a batch, not one a record. */
export class ManySend implements SendCall {
  readonly #resolve: (metadata: RecordMetadata[]) => void
  readonly #reject: (error: KafkaError) => void
  readonly #count: number
  readonly #outcomes: Outcome[] = []
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
    this.#count = count
    this.#remaining = count
    if (count === 0) promise.resolve([])
  }

  setTimestamp(index: number, timestamp: number): void {
    if (timestamp === this.#timestamp) return
    this.#timestamps ??= new Map()
    this.#timestamps.set(index, timestamp)
  }

  acknowledged(run: SentRun, result: WrittenBatch): void {
    this.#settled({ run, result })
  }

  failed({ index, count }: Pick<SentRun, 'index' | 'count'>, result: KafkaError): void {
    this.#failed = true
    this.#settled({ run: { index, count, offset: 0 }, result })
  }

  #settled(outcome: Outcome): void {
    this.#outcomes.push(outcome)
    this.#remaining -= outcome.run.count
    if (this.#remaining > 0) return
    const results = this.#results()
    if (this.#failed) this.#reject(new SendError(results))
    else this.#resolve(results as RecordMetadata[])
  }

  #results(): (RecordMetadata | KafkaError)[] {
    const results = new Array<RecordMetadata | KafkaError>(this.#count)
    for (const { run, result } of this.#outcomes) {
      const { index, count } = run
      if (result instanceof KafkaError) {
        results.fill(result, index, index + count)
        continue
      }
      for (let place = 0; place < count; place++) {
        const timestamp = this.#timestamps?.get(index + place) ?? this.#timestamp
        results[index + place] = metadataOf(run, result, { place, timestamp })
      }
    }
    return results
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

  acknowledged(run: SentRun, batch: WrittenBatch): void {
    for (let place = 0; place < run.count; place++) {
      const timestamp = this.#timestamps.get(run.index + place) ?? -1
      this.#tell(metadataOf(run, batch, { place, timestamp }), null)
    }
    this.#call.acknowledged(run, batch)
  }

  failed(run: Pick<SentRun, 'index' | 'count'>, error: KafkaError): void {
    for (let place = 0; place < run.count; place++) this.#tell(null, error)
    this.#call.failed(run, error)
  }
}
