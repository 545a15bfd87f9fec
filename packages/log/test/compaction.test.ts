import {
  encodeControlBatch,
  RecordBatchBuilder,
  type RecordBatchBuilderOptions,
  type RecordBatchView,
  recordBatches,
} from '@odradek/protocol'
import { MemoryStorage } from '@odradek/runtime'
import { describe, expect, test } from 'vitest'
import {
  type CleanupPolicy,
  defaultLogConfig,
  type FetchedRecords,
  LogCleaner,
  type LogConfig,
  LogRegistry,
  type PartitionLog,
} from '../src/index.ts'
import { ManualClock } from './support/manual-clock.ts'

const topicPartition = { topic: 'table', partition: 0 }
const random = { nextInt: () => 0, nextFloat: () => 0, nextBytes: (length: number) => new Uint8Array(length) }

/** A compacted log of small segments; `put` writes one batch, `clean` compacts all that may be. */
class CompactionContext {
  readonly clock = new ManualClock()
  readonly storage = new MemoryStorage({ clock: this.clock })
  readonly registry: LogRegistry
  readonly cleaner: LogCleaner
  readonly log: PartitionLog
  readonly cleaned: unknown[] = []

  constructor(config: Partial<LogConfig> = {}, cleaner: { dedupeBufferBytes?: number } = {}) {
    const { clock, storage } = this
    this.registry = new LogRegistry({ storage, clock, random, paths: ['data'], transactionVerification: false })
    const cleanupPolicy = new Set<CleanupPolicy>(['compact'])
    const all = {
      ...defaultLogConfig,
      cleanupPolicy,
      minCleanableDirtyRatio: 0,
      deleteRetentionMs: 1000,
      fileDeleteDelayMs: 100,
      ...config,
    }
    this.log = this.registry.createLog(topicPartition, { topicId: undefined, config: all })
    this.cleaner = new LogCleaner(this.registry, { clock, ioBufferBytes: 300, ...cleaner })
    this.registry.hooks.on('cleaned', (event) => this.cleaned.push(event))
  }

  put(records: Record<string, string | null>, options: RecordBatchBuilderOptions = {}): void {
    const builder = new RecordBatchBuilder(options)
    for (const [key, value] of Object.entries(records)) builder.append({ key, value, timestamp: this.clock.now() })
    this.append(builder.close().slice(), 'client')
  }

  end(producerId: number, type: 'COMMIT' | 'ABORT'): void {
    const producer = { producerId, producerEpoch: 0, baseSequence: -1, isTransactional: true }
    const bytes = encodeControlBatch([{ type, value: { coordinatorEpoch: 0 } }], {
      timestampMs: this.clock.now(),
      producer,
    })
    this.append(bytes.slice(), 'coordinator')
  }

  append(bytes: Uint8Array, origin: 'client' | 'coordinator'): void {
    const result = this.log.append(bytes, { origin, leaderEpoch: 0 })
    if (result.error !== undefined) throw new Error(result.message)
    this.log.writePending()
    this.log.updateHighWatermark(this.log.logEndOffset)
  }

  /** Rolls, so that everything may be compacted, and compacts; answers how many rounds it took. */
  async clean(): Promise<number> {
    this.log.roll()
    return await this.cleaner.cleanAll()
  }

  async batches(): Promise<RecordBatchView[]> {
    const batches: RecordBatchView[] = []
    for (let offset = 0; offset < this.log.logEndOffset; ) {
      const result = await this.log.read(offset, { maxBytes: 1e6, minOneMessage: true, isolation: 'log-end' })
      if (result.error !== undefined) throw new Error(result.message)
      const found = (result as FetchedRecords).chunks.flatMap((chunk) => [...recordBatches(chunk, { strict: true })])
      if (found.length === 0) break
      batches.push(...found)
      offset = found.at(-1)!.nextOffset
    }
    return batches
  }

  /** `offset:key=value` of all records. */
  async records(): Promise<string[]> {
    const text = (bytes: Uint8Array | null): string => (bytes === null ? 'null' : new TextDecoder().decode(bytes))
    const batches = (await this.batches()).filter(({ isControl }) => !isControl)
    return batches.flatMap((batch) =>
      Array.from(batch.records(), ({ offset, key, value }) => `${offset}:${text(key)}=${text(value)}`),
    )
  }
}

describe('compaction', () => {
  test('keeps the last record of each key at its offset, whatever the codec', async () => {
    for (const compression of ['none', 'gzip', 'zstd'] as const) {
      const context = new CompactionContext()
      context.put({ a: '1', b: '1', c: '1' }, { compression })
      context.put({ a: '2' }, { compression })
      context.put({ b: '2', d: '1' }, { compression })
      await context.clean()
      expect(await context.records()).toEqual(['2:c=1', '3:a=2', '4:b=2', '5:d=1'])
      const [first] = await context.batches()
      expect([first?.baseOffset, first?.lastOffset, first?.compression]).toEqual([0, 2, compression])
    }
  })

  test('leaves the active segment alone', async () => {
    const context = new CompactionContext()
    context.put({ a: '1' })
    context.log.roll()
    context.put({ a: '2' })
    await context.cleaner.cleanAll()
    expect(await context.records()).toEqual(['0:a=1', '1:a=2'])
  })

  test('keeps a tombstone for delete.retention.ms from the first round that met it', async () => {
    const context = new CompactionContext()
    context.put({ a: '1', b: '1' })
    context.put({ a: null })
    await context.clean()
    const [, second] = await context.batches()
    expect([await context.records(), second?.deleteHorizonMs]).toEqual([
      ['1:b=1', '2:a=null'],
      context.clock.now() + 1000,
    ])
    context.clock.advance(999)
    context.put({ c: '1' })
    await context.clean()
    expect(await context.records()).toEqual(['1:b=1', '2:a=null', '3:c=1'])
    context.clock.advance(1)
    context.put({ c: '2' })
    await context.clean()
    expect(await context.records()).toEqual(['1:b=1', '4:c=2'])
  })

  test('keeps timestamps when it writes the delete horizon into a batch', async () => {
    const context = new CompactionContext()
    const builder = new RecordBatchBuilder()
    for (const [key, timestamp] of [
      ['a', 5],
      ['b', 3],
      ['c', 9],
    ] as const) {
      builder.append({ key, value: key === 'b' ? null : 'x', timestamp: context.clock.now() + timestamp })
    }
    context.append(builder.close().slice(), 'client')
    await context.clean()
    const [batch] = await context.batches()
    const timestamps = Array.from(
      (batch as RecordBatchView).records(),
      ({ timestamp }) => timestamp - context.clock.now(),
    )
    expect([timestamps, (batch as RecordBatchView).maxTimestamp - context.clock.now()]).toEqual([[5, 3, 9], 9])
  })

  test('drops what was aborted at once, and the marker when nothing of the transaction is left', async () => {
    const context = new CompactionContext()
    const transactional = (producerId: number, baseSequence = 0) => ({
      producer: { producerId, producerEpoch: 0, baseSequence, isTransactional: true },
    })
    context.put({ a: '1' })
    context.put({ a: 'aborted', z: 'aborted' }, transactional(1))
    context.put({ b: 'committed' }, transactional(2))
    context.end(1, 'ABORT')
    context.end(2, 'COMMIT')
    context.put({ e: 'aborted too' }, transactional(1, 2))
    context.end(1, 'ABORT')
    await context.clean()
    expect(await context.records()).toEqual(['0:a=1', '3:b=committed'])
    const markers = async (): Promise<number[]> =>
      (await context.batches()).filter(({ isControl }) => isControl).map(({ baseOffset }) => baseOffset)
    expect(await markers()).toEqual([4, 5, 7])
    expect(context.log.abortedTransactions(0, 99)).toMatchObject([{ firstOffset: 1 }, { firstOffset: 6 }])
    for (let round = 0; round < 3; round++) {
      context.clock.advance(2000)
      context.put({ c: `${round}` })
      await context.clean()
    }
    // The last batch of producer 1 is kept for its sequence, and its marker with it.
    expect(await markers()).toEqual([5, 7])
    expect(context.log.abortedTransactions(0, 99)).toMatchObject([{ firstOffset: 6 }])
  })

  test('keeps the last batch of a live producer without its records, so that its sequence stays known', async () => {
    const context = new CompactionContext()
    const producer = (baseSequence: number) => ({
      producer: { producerId: 7, producerEpoch: 0, baseSequence, isTransactional: false },
    })
    context.put({ a: '1' }, producer(0))
    context.put({ a: '2' }, producer(1))
    context.put({ a: '3' })
    await context.clean()
    const batches = (await context.batches()).map(({ baseOffset, recordCount, lastSequence }) => [
      baseOffset,
      recordCount,
      lastSequence,
    ])
    expect(batches).toEqual([
      [1, 0, 1],
      [2, 1, -1],
    ])
  })

  test('merges small segments, and cuts none that are full', async () => {
    const context = new CompactionContext({ segmentBytes: 700 })
    for (let i = 0; i < 30; i++) context.put({ [`k${i % 5}`]: `${i}`.padEnd(100, '.') })
    await context.clean()
    context.put({ k9: '30' })
    await context.clean()
    expect((await context.records()).map((record) => record.slice(0, 5))).toEqual([
      '25:k0',
      '26:k1',
      '27:k2',
      '28:k3',
      '29:k4',
      '30:k9',
    ])
    expect(context.log.segments.all.length).toBeLessThan(5)
    for (const { size } of context.log.segments.all) expect(size).toBeLessThanOrEqual(700)
  })

  test('goes only over what is below the last stable offset and old enough', async () => {
    const context = new CompactionContext({ minCompactionLagMs: 1000 })
    context.put({ a: '1' })
    context.clock.advance(1500)
    context.log.roll()
    context.put({ a: '2' })
    context.log.roll()
    context.put({ a: '3' })
    await context.cleaner.cleanAll()
    expect(await context.records()).toEqual(['0:a=1', '1:a=2', '2:a=3'])
    expect(context.cleaner.cleanedOffset(context.log)).toBe(1)
    context.clock.advance(1001)
    await context.cleaner.cleanAll()
    expect(await context.records()).toEqual(['1:a=2', '2:a=3'])
  })

  test('starts by min.cleanable.dirty.ratio, and by max.compaction.lag.ms whatever the ratio', async () => {
    const context = new CompactionContext({ minCleanableDirtyRatio: 0.5, maxCompactionLagMs: 10_000 })
    context.put({ a: 'x'.repeat(1000), b: '1' })
    await context.clean()
    expect(context.cleaned).toHaveLength(1)
    context.put({ b: '2' })
    await context.clean()
    expect(context.cleaned).toHaveLength(1)
    context.clock.advance(10_001)
    await context.cleaner.cleanAll()
    expect([context.cleaned.length, (await context.records()).at(-1)]).toEqual([2, '2:b=2'])
  })

  test('ends a round when the map of keys is full, and goes on in the next', async () => {
    const context = new CompactionContext({}, { dedupeBufferBytes: 24 * 20 })
    for (let i = 0; i < 60; i++) context.put({ [`k${i % 30}`]: `${i}` })
    await context.clean()
    expect(context.cleaned.length).toBeGreaterThan(1)
    expect((await context.records()).slice(-30)).toEqual(
      Array.from({ length: 30 }, (_, i) => `${i + 30}:k${i}=${i + 30}`),
    )
  })

  test('lets appends and reads in between, and gives up when the log is truncated under it', async () => {
    const context = new CompactionContext()
    for (let i = 0; i < 50; i++) context.put({ a: `${i}` })
    context.log.roll()
    const round = context.cleaner.cleanAll()
    context.put({ b: 'meanwhile' })
    context.log.truncateTo(10)
    await round
    expect([context.log.logEndOffset, (await context.records()).length]).toEqual([10, 10])
    context.put({ a: 'new' })
    await context.clean()
    expect(await context.records()).toEqual(['10:a=new'])
  })

  test('a log with bytes that changed is left alone, and named', async () => {
    const context = new CompactionContext()
    context.put({ a: '1' })
    context.log.roll()
    context.storage.open('data/table-0/00000000000000000000.log').write(65, Uint8Array.of(0xff))
    await context.clean()
    expect([...context.cleaner.uncleanable.keys()]).toEqual([context.log])
    expect(context.cleaned).toEqual([])
  })

  test('how far it went stands in the checkpoint and is found by the next process', async () => {
    const context = new CompactionContext()
    context.put({ a: '1' })
    context.put({ a: '2' })
    await context.clean()
    expect(new TextDecoder().decode(context.storage.readFile('data/cleaner-offset-checkpoint'))).toBe(
      '0\n1\ntable 0 2\n',
    )
    await context.cleaner.stop()
    context.registry.close()
    const { storage, clock } = context
    const registry = new LogRegistry({ storage, clock, random, paths: ['data'] })
    await registry.load(() => context.log.config)
    const cleaner = new LogCleaner(registry, { clock })
    expect(cleaner.cleanedOffset(registry.log('table', 0) as PartitionLog)).toBe(2)
    expect(await cleaner.cleanAll()).toBe(0)
  })

  test('works in the background on the clock', async () => {
    const context = new CompactionContext()
    context.put({ a: '1' })
    context.put({ a: '2' })
    context.log.roll()
    const cleaned = new Promise((resolve) => context.registry.hooks.on('cleaned', resolve))
    context.cleaner.start()
    context.clock.advance(15_000)
    await cleaned
    await context.cleaner.stop()
    expect(context.clock.timers).toEqual(['log data/table-0 deletion 0'])
  })
})
