import { RecordBatchBuilder, type RecordBatchBuilderOptions, recordBatches } from '@odradek/protocol'
import { Hooks, MemoryStorage, type Random, type Storage, StorageError, silentLogger } from '@odradek/runtime'
import {
  type AppendOptions,
  type AppendResult,
  defaultLogConfig,
  type FetchedRecords,
  type FetchIsolation,
  type LogConfig,
  type LogEnvironment,
  type LogEvents,
  PartitionLog,
  type PartitionLogOptions,
  type ReadResult,
  TailCache,
} from '../../src/index.ts'
import { ManualClock } from './manual-clock.ts'

export const topicPartition = { topic: 'orders', partition: 0 }
export const directory = 'data/orders-0'

const noRandom: Random = { nextInt: () => 0, nextFloat: () => 0.5, nextBytes: (length) => new Uint8Array(length) }

/** One record, as tests write and compare it: key and value as text. */
export interface TestRecord {
  readonly key?: string | null
  readonly value?: string | null
  readonly timestamp?: number
}

/** A record as it was read, with its offset. */
export interface ReadRecord {
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
}

export interface LogContextOptions {
  readonly storage?: Storage
  readonly clock?: ManualClock
  readonly config?: Partial<LogConfig>
  readonly tailBytes?: number
  readonly transactionVerification?: boolean
  readonly synchronousReads?: boolean
  readonly log?: Partial<PartitionLogOptions>
}

/** A partition log with all it needs, and the verbs of its tests. */
export class LogContext {
  readonly storage: Storage
  readonly clock: ManualClock
  readonly events: { name: keyof LogEvents; event: object }[] = []
  readonly hooks = new Hooks<LogEvents>()
  readonly environment: LogEnvironment
  readonly #options: LogContextOptions
  #opened: PartitionLog | undefined
  config: LogConfig
  log: PartitionLog
  failure: StorageError | undefined

  constructor(options: LogContextOptions = {}) {
    this.#options = options
    this.clock = options.clock ?? new ManualClock()
    this.storage = options.storage ?? new MemoryStorage({ clock: this.clock })
    this.config = { ...defaultLogConfig, ...options.config }
    const names = [
      'appended',
      'duplicateSuppressed',
      'rolled',
      'segmentDeleted',
      'truncated',
      'corruptionFound',
      'recovered',
      'cleaned',
    ] as const
    for (const name of names) this.hooks.on(name, (event) => this.events.push({ name, event }))
    this.environment = this.#newEnvironment(options)
    this.storage.makeDirectory(directory)
    this.log = this.open({ cleanShutdown: false })
  }

  /** Opens the log (again) from its files. */
  open(options: Partial<PartitionLogOptions> = {}): PartitionLog {
    this.#opened?.abandon()
    this.#opened = this.log = new PartitionLog(this.environment, {
      topicPartition,
      topicId: undefined,
      directory,
      config: this.config,
      cleanShutdown: true,
      ...this.#options.log,
      ...options,
    })
    return this.log
  }

  reconfigure(config: Partial<LogConfig>): void {
    this.config = { ...this.config, ...config }
    this.log.reconfigure(this.config)
  }

  /** Appends one batch as a client and writes it. */
  append(
    records: readonly TestRecord[],
    options: RecordBatchBuilderOptions = {},
    append: Partial<AppendOptions> = {},
  ): AppendResult {
    const result = this.log.append(this.batch(records, options), { origin: 'client', leaderEpoch: 0, ...append })
    this.log.writePending()
    return result
  }

  /** Appends `count` batches of one record, with values `v<offset>`. */
  fill(count: number, options: { readonly valueBytes?: number } = {}): void {
    for (let i = 0; i < count; i++) {
      const value = `v${this.log.logEndOffset}`
      this.append([{ key: `k${this.log.logEndOffset}`, value: value.padEnd(options.valueBytes ?? value.length, '.') }])
    }
    this.log.updateHighWatermark(this.log.logEndOffset)
  }

  batch(records: readonly TestRecord[], options: RecordBatchBuilderOptions = {}): Uint8Array {
    const builder = new RecordBatchBuilder(options)
    for (const { key = null, value = null, timestamp = this.clock.now() } of records)
      builder.append({ key, value, timestamp })
    return builder.close().slice()
  }

  async read(
    offset: number,
    options: { maxBytes?: number; minOneMessage?: boolean; isolation?: FetchIsolation } = {},
  ): Promise<ReadResult> {
    return this.log.read(offset, { maxBytes: 1_048_576, minOneMessage: true, isolation: 'log-end', ...options })
  }

  /** All records from `offset` to the bound of the isolation. */
  async records(offset = this.log.logStartOffset, isolation: FetchIsolation = 'log-end'): Promise<ReadRecord[]> {
    const found: ReadRecord[] = []
    for (let next = offset; ; ) {
      const result = await this.read(next, { isolation })
      if (result.error !== undefined) throw new Error(`${result.error}: ${result.message}`)
      if (result.chunks.length === 0) return found.filter((record) => record.offset >= offset)
      for (const record of recordsOf(result)) found.push(record)
      next = endOffsetOf(result)
    }
  }

  /** Names in the partition's directory. */
  files(): string[] {
    return this.storage.list(directory).map(({ name }) => name)
  }

  #newEnvironment(options: LogContextOptions): LogEnvironment {
    const context = this
    return {
      storage: this.storage,
      clock: this.clock,
      random: noRandom,
      logger: silentLogger,
      hooks: this.hooks,
      tailCache: new TailCache({
        maxBytes: options.tailBytes ?? 1_048_576,
        maxPartitionBytes: options.tailBytes ?? 1_048_576,
      }),
      synchronousReads: options.synchronousReads ?? false,
      producerIdExpirationMs: 86_400_000,
      transactionVerification: options.transactionVerification ?? false,
      directory: {
        get failure() {
          return context.failure
        },
        fail(error) {
          context.failure ??= error
        },
        hasPending() {},
        recoveryPointLowered() {},
      },
    }
  }
}

/** The records in a fetch result, control batches left out. */
export function recordsOf({ chunks }: FetchedRecords): ReadRecord[] {
  const records: ReadRecord[] = []
  for (const chunk of chunks) {
    for (const batch of recordBatches(chunk, { strict: true })) {
      if (batch.isControl) continue
      for (const { offset, timestamp, key, value } of batch.records()) {
        records.push({ offset, timestamp, key: text(key), value: text(value) })
      }
    }
  }
  return records
}

export function endOffsetOf({ chunks }: FetchedRecords): number {
  let end = -1
  for (const chunk of chunks) for (const batch of recordBatches(chunk)) end = batch.nextOffset
  return end
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes)
}

export { StorageError }
