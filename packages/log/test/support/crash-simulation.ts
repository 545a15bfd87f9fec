import { encodeControlBatch, RecordBatchBuilder, RecordBatchView, recordBatches } from '@odradek/protocol'
import { Hooks } from '@odradek/runtime'
import { type SimNode, type SimRandom, SimWorld } from '@odradek/runtime/sim'
import { expect } from 'vitest'
import {
  defaultLogConfig,
  type FetchedRecords,
  LogCleaner,
  type LogConfig,
  type LogEvents,
  LogRegistry,
  type PartitionLog,
} from '../../src/index.ts'
import { expectIndexesOfScan, expectProducersOfScan } from './fresh-scan.ts'

const topicPartition = { topic: 'orders', partition: 3 }
const topicId = '4DJhSmpNQgakc2Z_rpYeqA'

/** A batch as it was acknowledged. */
interface KnownBatch {
  readonly sizeInBytes: number
  readonly producerId: number
  readonly lastOffset: number
  readonly crc: number
  readonly records: readonly { readonly offset: number; readonly key: string; readonly value: string }[]
}

/** A batch with a byte that was changed on the disk. */
interface HitBatch {
  readonly baseOffset: number
  readonly previousBaseOffset: number
  /** The byte is in the leader epoch, which neither a checksum nor a neighbour tells and no reader depends on. */
  readonly isLeaderEpoch: boolean
}

interface SimProducer {
  epoch: number
  sequence: number
  inTransaction: boolean
  last: { readonly bytes: Uint8Array; readonly firstOffset: number } | undefined
}

/**
 * One log under a random workload on a disk that fails, with a model of what was acknowledged. Everything is drawn from the seed.
 */
export class CrashSimulation {
  readonly random: SimRandom
  readonly #world: SimWorld
  readonly #node: SimNode
  readonly #config: LogConfig
  readonly #hooks = new Hooks<LogEvents>()
  #known = new Map<number, KnownBatch>()
  #producers = new Map<number, SimProducer>()
  #epochs = 0
  #registry!: LogRegistry
  #cleaner!: LogCleaner
  log!: PartitionLog
  /** Every acknowledged record before is durable. */
  #syncedEnd = 0
  #truncations = 0
  readonly #aborted: { readonly producerId: number; readonly firstOffset: number; readonly lastOffset: number }[] = []
  /** A truncation to this offset was under way when the disk failed. */
  #doubtfulFrom = Number.POSITIVE_INFINITY
  /** A crash may undo DeleteRecords, but producers that were forgotten with the records stay forgotten. */
  #highestLogStart = 0
  /** How often the directory went offline. */
  offline = 0
  #corruptions: LogEvents['corruptionFound'][] = []

  readonly #tailBytes: number | undefined

  constructor(seed: number, config: Partial<LogConfig> = {}, tailBytes?: number) {
    this.#tailBytes = tailBytes
    this.#world = new SimWorld({ seed })
    this.random = this.#world.random.fork('workload')
    const { random } = this
    this.#node = this.#world.node('broker', { disk: { syncDelayMs: [0, 20], readDelayMs: [0, 3] } })
    this.#config = {
      ...defaultLogConfig,
      segmentBytes: 1500 + random.nextInt(8000),
      indexIntervalBytes: random.nextInt(600),
      segmentMs: 60_000,
      retentionMs: random.chance(0.3) ? 20_000 : -1,
      retentionBytes: random.chance(0.3) ? 20_000 : -1,
      flushMessages: random.chance(0.2) ? 1 + random.nextInt(20) : Number.POSITIVE_INFINITY,
      flushMs: random.chance(0.2) ? 50 : Number.POSITIVE_INFINITY,
      fileDeleteDelayMs: random.nextInt(2000),
      minCleanableDirtyRatio: 0.1,
      deleteRetentionMs: 5000,
      ...config,
    }
    this.#hooks.on('logStartOffsetMoved', ({ logStartOffset }) => {
      this.#highestLogStart = Math.max(this.#highestLogStart, logStartOffset)
    })
    this.#hooks.on('offline', () => {
      this.offline++
    })
    this.#hooks.on('corruptionFound', (event) => this.#corruptions.push(event))
  }

  get disk(): SimNode['disk'] {
    return this.#node.disk
  }

  get isCompacted(): boolean {
    return this.#config.cleanupPolicy.has('compact')
  }

  get corruptions(): readonly LogEvents['corruptionFound'][] {
    return this.#corruptions
  }

  /** Starts a process on whatever the disk holds. */
  async start(): Promise<void> {
    const { storage, clock, random } = this.#node.start()
    this.#registry = new LogRegistry({
      storage,
      clock,
      random,
      hooks: this.#hooks,
      paths: ['data'],
      tailBytes: this.#tailBytes ?? this.random.pick([0, 4096, 1_048_576]),
      transactionVerification: false,
    })
    await this.#world.settle(this.#registry.load(() => this.#config))
    this.log = this.#registry.createLog(topicPartition, { topicId, config: this.#config })
    this.#cleaner = new LogCleaner(this.#registry, { clock, ioBufferBytes: 2048, dedupeBufferBytes: 100_000 })
  }

  /** Creates the log and makes its names durable, as the controller waits for before it tells clients of the topic. */
  async create(): Promise<void> {
    await this.start()
    this.append(1)
    await this.#world.settle(this.log.flush())
    this.#syncedEnd = this.log.logEndOffset
  }

  /** Random work; ends early when the directory went offline. */
  async work(steps: number): Promise<void> {
    const { random } = this
    for (let step = 0; step < steps && !this.log.isOffline; step++) {
      const die = random.nextInt(100)
      if (die < 50) this.append(1 + random.nextInt(4))
      else if (die < 56) this.#sendAgain()
      else if (die < 59) this.#sendGap()
      else if (die < 65) this.#flush()
      else if (die < 73) this.log.updateHighWatermark(this.log.logEndOffset)
      else if (die < 75) this.log.roll()
      else if (die < 77) this.log.deleteOldSegments()
      else if (die < 79) this.log.deleteRecordsBefore(random.nextInt(this.log.highWatermark + 1))
      else if (die < 82) this.#checkpoint()
      else if (die < 84 && !this.isCompacted) this.#truncate()
      else if (die < 88 && this.isCompacted) void this.#cleaner.cleanAll()
      else if (die < 92) await this.#readSomewhere()
      else await this.#world.runFor(random.nextInt(400))
    }
  }

  /** Appends batches in one turn and acknowledges them when they are written. */
  append(count: number): void {
    const written: (() => void)[] = []
    for (let i = 0; i < count; i++) {
      const producerId = this.random.nextInt(6)
      const producer = this.#producer(producerId)
      const isTransactional = producerId >= 4
      const ends = isTransactional && producer.inTransaction && this.random.chance(0.5)
      const onWritten = ends ? this.#appendMarker(producerId, producer) : this.#appendBatch(producerId, producer)
      if (onWritten === undefined) return
      written.push(onWritten)
    }
    if (this.log.writePending() !== undefined) return
    for (const onWritten of written) onWritten()
    if (this.#config.flushMessages <= 1) this.#syncedEnd = this.log.logEndOffset
  }

  /** Waits until everything is durable. */
  async flush(): Promise<void> {
    if ((await this.#world.settle(this.log.flush())) === undefined) this.#syncedEnd = this.log.logEndOffset
  }

  /** kill -9 or a power failure. */
  stop(kind: 'kill' | 'crash'): void {
    if (kind === 'kill') this.#node.kill()
    else this.#node.crash()
    if (kind === 'kill') this.#syncedEnd = Math.min(Math.max(this.#syncedEnd, this.#endOfKnown()), this.#doubtfulFrom)
  }

  async closeCleanly(): Promise<void> {
    await this.#world.settle(this.#cleaner.stop())
    this.#registry.close()
    this.stop('kill')
  }

  /** Compares what the log holds with what was acknowledged, and all derived state with a fresh scan. */
  async check(): Promise<void> {
    const { log } = this
    expect(log.isOffline).toBe(false)
    expect(log.logEndOffset).toBeGreaterThanOrEqual(this.#syncedEnd)
    const batches = await this.#readAll()
    if (this.isCompacted) {
      this.#checkLastValues(batches)
    } else {
      this.#learnUnacknowledged(batches)
      this.#checkEveryBatch(batches)
    }
    expectProducersOfScan(log, this.#highestLogStart)
    expectIndexesOfScan(log)
    // What is left is what the clients see; they go on from there.
    for (const offset of this.#known.keys()) if (offset >= log.logEndOffset) this.#known.delete(offset)
    this.#syncedEnd = log.logEndOffset
    this.#syncProducers()
  }

  async read(offset: number, maxBytes = 4000): Promise<FetchedRecords | { readonly error: string }> {
    const result = this.log.read(offset, { maxBytes, minOneMessage: true, isolation: 'log-end' })
    return result instanceof Promise ? this.#world.settle(result) : result
  }

  /** Base offset of the batch that holds an offset. */
  batchOf(offset: number): number {
    let found = -1
    for (const base of this.#known.keys()) if (base <= offset && base > found) found = base
    return found
  }

  /** The batch at a byte of a segment, from what was acknowledged: sizes tell, whatever the byte is now. */
  batchAt(segmentBaseOffset: number, position: number): HitBatch {
    const offsets = [...this.#known.keys()].sort((a, b) => a - b)
    let index = offsets.indexOf(segmentBaseOffset)
    let start = 0
    for (; ; index++) {
      const size = this.#known.get(offsets[index] as number)?.sizeInBytes as number
      if (position < start + size) break
      start += size
    }
    return {
      baseOffset: offsets[index] as number,
      previousBaseOffset: offsets[index - 1] ?? -1,
      isLeaderEpoch: position - start >= 12 && position - start < 16,
    }
  }

  known(offset: number): KnownBatch | undefined {
    return this.#known.get(offset)
  }

  #now(): number {
    return Math.floor(this.#world.startMs + this.#world.elapsedMs)
  }

  #leaderEpoch(): number {
    return this.#truncations
  }

  /** A producer that the log has forgotten starts with a new epoch, as a client gets one with its id. */
  #producer(producerId: number): SimProducer {
    let producer = this.#producers.get(producerId)
    if (producer === undefined) {
      const epoch = this.#epochs++
      producer = { epoch, sequence: 0, inTransaction: false, last: undefined }
      this.#producers.set(producerId, producer)
    }
    return producer
  }

  /** Producers go on from what the log knows of them. */
  #syncProducers(): void {
    this.#producers.clear()
    for (const [producerId, entry] of this.log.producerState.activeProducers) {
      if (entry.lastSequence < 0) continue
      this.#producers.set(producerId, {
        epoch: entry.producerEpoch,
        sequence: entry.lastSequence + 1,
        inTransaction: entry.currentTransactionFirstOffset !== undefined,
        last: undefined,
      })
    }
  }

  #newBatch(producerId: number, state: { epoch: number; sequence: number; isTransactional: boolean }): Uint8Array {
    const { random } = this
    const builder = new RecordBatchBuilder({
      compression: random.pick(['none', 'none', 'lz4', 'gzip'] as const),
      producer: {
        producerId,
        producerEpoch: state.epoch,
        baseSequence: state.sequence,
        isTransactional: state.isTransactional,
      },
    })
    const count = 1 + random.nextInt(5)
    for (let i = 0; i < count; i++) {
      const isTombstone = random.chance(0.1)
      const value = isTombstone ? null : `${random.nextInt(1_000_000)}`.padEnd(random.nextInt(300), 'x')
      builder.append({ key: `k${random.nextInt(20)}`, value, timestamp: this.#now() })
    }
    return builder.close().slice()
  }

  #learn(batch: RecordBatchView): void {
    const records = batch.isControl
      ? []
      : Array.from(batch.records(), ({ offset, key, value }) => ({ offset, key: text(key), value: text(value) }))
    const { producerId, lastOffset, crc, sizeInBytes } = batch
    this.#known.set(batch.baseOffset, { producerId, lastOffset, crc, sizeInBytes, records })
  }

  /** What is to be noted when the batch is written; undefined when the log is offline. */
  #appendBatch(producerId: number, producer: SimProducer): (() => void) | undefined {
    const isTransactional = producerId >= 4
    const original = this.#newBatch(producerId, { ...producer, isTransactional })
    const bytes = original.slice()
    const result = this.log.append(bytes, { origin: 'client', leaderEpoch: this.#leaderEpoch() })
    if (this.log.isOffline) return undefined
    expect(result.error, result.error && result.message).toBeUndefined()
    const batch = new RecordBatchView(bytes)
    producer.sequence += batch.recordCount
    producer.inTransaction = isTransactional
    return () => {
      this.#learn(batch)
      producer.last = { bytes: original, firstOffset: batch.baseOffset }
    }
  }

  #appendMarker(producerId: number, producer: SimProducer): (() => void) | undefined {
    const type = this.random.pick(['COMMIT', 'ABORT'] as const)
    const firstOffset = this.log.producerState.producer(producerId)?.currentTransactionFirstOffset ?? -1
    const bytes = encodeControlBatch([{ type, value: { coordinatorEpoch: 1 } }], {
      timestampMs: this.#now(),
      producer: { producerId, producerEpoch: producer.epoch, baseSequence: -1, isTransactional: true },
    }).slice()
    const options = { origin: 'coordinator', leaderEpoch: this.#leaderEpoch(), transactionVersion: 0 } as const
    const result = this.log.append(bytes, options)
    if (this.log.isOffline) return undefined
    expect(result.error, result.error && result.message).toBeUndefined()
    producer.inTransaction = false
    return () => {
      const batch = new RecordBatchView(bytes)
      this.#learn(batch)
      if (type === 'ABORT') this.#aborted.push({ producerId, firstOffset, lastOffset: batch.lastOffset })
    }
  }

  #sendAgain(): void {
    const [producer] = [...this.#producers.values()].filter(({ last }) => last !== undefined)
    if (producer?.last === undefined) return
    const { bytes, firstOffset } = producer.last
    const result = this.log.append(bytes.slice(), { origin: 'client', leaderEpoch: this.#leaderEpoch() })
    if (this.log.isOffline) return
    expect(result).toMatchObject({ duplicate: true, firstOffset })
  }

  #sendGap(): void {
    const producer = this.#producers.get(0)
    if (producer === undefined || producer.sequence === 0) return
    const bytes = this.#newBatch(0, { epoch: producer.epoch, sequence: producer.sequence + 1, isTransactional: false })
    const result = this.log.append(bytes, { origin: 'client', leaderEpoch: this.#leaderEpoch() })
    if (!this.log.isOffline) expect(result).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
  }

  #flush(): void {
    const { log } = this
    const end = log.logEndOffset
    const { truncations } = log
    void log.flush().then((error) => {
      if (error === undefined && log === this.log && truncations === log.truncations) {
        this.#syncedEnd = Math.min(Math.max(this.#syncedEnd, end), this.#doubtfulFrom)
      }
    })
  }

  #checkpoint(): void {
    for (const directory of this.#registry.directories) {
      directory.checkpointRecoveryPoints()
      directory.checkpointLogStartOffsets()
      directory.checkpointHighWatermarks()
    }
  }

  /** What is taken back is gone for good, crash or not. */
  #truncate(): void {
    const { log } = this
    const boundaries = [...this.#known.keys()].filter((offset) => offset >= log.logStartOffset)
    if (boundaries.length === 0) return
    const offset = this.random.pick(boundaries)
    this.#syncedEnd = Math.min(this.#syncedEnd, offset)
    if (log.truncateTo(offset) !== undefined) {
      this.#doubtfulFrom = offset
      return
    }
    this.#truncations++
    expect(log.logEndOffset).toBe(offset)
    for (const known of this.#known.keys()) if (known >= offset) this.#known.delete(known)
    this.#syncProducers()
  }

  async #readSomewhere(): Promise<void> {
    const { log } = this
    const offset = log.logStartOffset + this.random.nextInt(log.logEndOffset - log.logStartOffset + 1)
    const result = await this.read(offset)
    if (log.isOffline) return
    expect(result.error).toBeUndefined()
    if (!this.isCompacted) this.#checkBatches(batchesOf(result as FetchedRecords))
  }

  async #readAll(): Promise<RecordBatchView[]> {
    const batches: RecordBatchView[] = []
    for (let offset = this.log.logStartOffset; offset < this.log.logEndOffset; ) {
      const result = await this.read(offset)
      expect(result.error).toBeUndefined()
      const found = batchesOf(result as FetchedRecords)
      if (found.length === 0) break
      batches.push(...found)
      offset = found.at(-1)!.nextOffset
    }
    return batches
  }

  /**
   * Batches that were written and not acknowledged may be there. Those that were not durable may be gone, one segment's even
   * while the next one's are there, and so may those that a failed truncation was about.
   */
  #learnUnacknowledged(batches: readonly RecordBatchView[]): void {
    const end = this.#endOfKnown()
    for (const batch of batches) if (batch.baseOffset >= end) this.#learn(batch)
    const found = new Set(batches.map(({ baseOffset }) => baseOffset))
    for (const offset of this.#known.keys()) {
      if (offset >= Math.min(this.#doubtfulFrom, this.#syncedEnd) && !found.has(offset)) this.#known.delete(offset)
    }
    this.#doubtfulFrom = Number.POSITIVE_INFINITY
  }

  #checkEveryBatch(batches: readonly RecordBatchView[]): void {
    this.#checkBatches(batches)
    const { logStartOffset, logEndOffset } = this.log
    const expected = [...this.#known.keys()].filter((offset) => {
      const { lastOffset } = this.#known.get(offset) as KnownBatch
      return lastOffset >= logStartOffset && offset < logEndOffset
    })
    expect(batches.map(({ baseOffset }) => baseOffset)).toEqual(expected.sort((a, b) => a - b))
  }

  #checkBatches(batches: readonly RecordBatchView[]): void {
    for (const { baseOffset, lastOffset, crc } of batches) {
      expect({ baseOffset, lastOffset, crc }).toEqual({
        baseOffset,
        lastOffset: this.#known.get(baseOffset)?.lastOffset,
        crc: this.#known.get(baseOffset)?.crc,
      })
    }
  }

  /** The last value of each key outlives compaction; a tombstone and its key may both be gone. */
  #checkLastValues(batches: readonly RecordBatchView[]): void {
    const expected = new Map<string, string>()
    const { logStartOffset, logEndOffset } = this.log
    for (const [baseOffset, { records }] of [...this.#known].sort(([a], [b]) => a - b)) {
      if (this.#isAborted(baseOffset)) continue
      for (const { offset, key, value } of records) {
        if (offset >= logStartOffset && offset < logEndOffset) expected.set(key, value)
      }
    }
    const found = new Map<string, string>()
    for (const batch of batches) {
      if (batch.isControl || this.#isAborted(batch.baseOffset)) continue
      for (const { key, value, offset } of batch.records())
        if (offset >= logStartOffset) found.set(text(key), text(value))
    }
    for (const [key, value] of expected) if (value === 'null') expected.delete(key)
    for (const [key, value] of found) if (value === 'null') found.delete(key)
    expect(Object.fromEntries([...found].sort())).toEqual(Object.fromEntries([...expected].sort()))
  }

  #isAborted(offset: number): boolean {
    const writer = this.#known.get(offset)?.producerId
    return this.#aborted.some(
      ({ producerId, firstOffset, lastOffset }) =>
        producerId === writer && offset >= firstOffset && offset <= lastOffset,
    )
  }

  #endOfKnown(): number {
    let end = 0
    for (const { lastOffset } of this.#known.values()) end = Math.max(end, lastOffset + 1)
    return end
  }
}

function batchesOf({ chunks }: FetchedRecords): RecordBatchView[] {
  return chunks.flatMap((chunk) => [...recordBatches(chunk, { strict: true })])
}

function text(bytes: Uint8Array | null): string {
  return bytes === null ? 'null' : new TextDecoder().decode(bytes)
}
