/** One call of a handler, with its retries and, when none helps, the dead-letter topic. */
import { KafkaError } from '@odradek/client'
import type { ConsumerRecord } from '../../consumer-record.ts'
import type { PartitionRecords } from '../../consumer-records.ts'
import { RecordDeserializationError } from '../../record-deserialization-error.ts'
import { Wakeup } from '../../wakeup.ts'
import { deadLetterRecord } from './dead-letter.ts'
import type { HandlerContext, RunOptions } from './run-options.ts'
import type { RunSource } from './run-source.ts'

const defaultMaxBackoffMs = 30_000

type Item<Key, Value> = ConsumerRecord<Key, Value> | PartitionRecords<Key, Value>

type Handler<Key, Value> = (item: Item<Key, Value>, context: HandlerContext) => void | Promise<void>

/** Calls the handler of a run. */
export class Handling<Key, Value> {
  readonly #source: RunSource<Key, Value>
  readonly #options: RunOptions<Key, Value>
  readonly #call: Handler<Key, Value>

  /** @throws KafkaError INVALID_OPTIONS */
  constructor(source: RunSource<Key, Value>, options: RunOptions<Key, Value>) {
    checkOptions(options)
    this.#source = source
    this.#options = options
    this.#call = (options.eachRecord ?? options.eachBatch) as Handler<Key, Value>
  }

  /** Undefined when the handler ended at once and well. @throws what the handler threw, when nothing took the record */
  handle(item: Item<Key, Value>, signal: AbortSignal): undefined | Promise<void> {
    try {
      const handling = this.#call(item, { attempt: 1, signal })
      if (handling === undefined) return undefined
      return Promise.resolve(handling).catch((error: unknown) => this.#again(item, signal, error))
    } catch (error) {
      return this.#again(item, signal, error)
    }
  }

  async #again(item: Item<Key, Value>, signal: AbortSignal, firstError: unknown): Promise<void> {
    const { retries = 0 } = this.#options
    let error = firstError
    for (let attempt = 2; attempt <= retries + 1 && isWorthRetrying(error); attempt++) {
      await new Wakeup(this.#source.clock).wait(this.#backoffMs(attempt), signal)
      if (signal.aborted) throw error
      try {
        await this.#call(item, { attempt, signal })
        return
      } catch (failure) {
        error = failure
      }
    }
    if (signal.aborted) throw error
    await this.#deadLetter(item, error)
  }

  async #deadLetter(item: Item<Key, Value>, error: unknown): Promise<void> {
    const { deadLetter } = this.#options
    if (deadLetter === undefined || 'records' in item) throw error
    await deadLetter.producer.send(deadLetterRecord(deadLetter.topic, item, error))
  }

  #backoffMs(attempt: number): number {
    const { backoffMs = this.#source.retryBackoffMs, maxBackoffMs = defaultMaxBackoffMs } = this.#options
    return Math.min(backoffMs * 2 ** (attempt - 2), maxBackoffMs)
  }
}

/** Bytes that cannot be read will not become readable. */
function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof RecordDeserializationError)
}

function checkOptions<Key, Value>(options: RunOptions<Key, Value>): void {
  const { concurrency = 1, retries = 0, eachRecord, eachBatch, deadLetter } = options
  const invalid = (message: string) => new KafkaError('INVALID_OPTIONS', message)
  if ((eachRecord === undefined) === (eachBatch === undefined)) {
    throw invalid('run takes one of eachRecord and eachBatch')
  }
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw invalid(`concurrency is a whole number from 1 on, got ${concurrency}`)
  }
  if (!Number.isSafeInteger(retries) || retries < 0) {
    throw invalid(`retries is a whole number from 0 on, got ${retries}`)
  }
  if (deadLetter !== undefined && eachBatch !== undefined) {
    throw invalid('deadLetter goes with eachRecord: nobody can tell which record of a batch failed')
  }
}
