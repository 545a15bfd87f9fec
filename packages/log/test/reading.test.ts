import { recordBatches } from '@odradek/protocol'
import { describe, expect, test } from 'vitest'
import type { FetchedRecords, ReadResult } from '../src/index.ts'
import { endOffsetOf, LogContext } from './support/log-context.ts'

const offsets = (result: ReadResult): number[] =>
  (result as FetchedRecords).chunks.flatMap((chunk) =>
    [...recordBatches(chunk, { strict: true })].map(({ baseOffset }) => baseOffset),
  )

/** The same log read from memory, from files, and from files at once. */
const ways = [
  ['memory', { tailBytes: 1_048_576 }],
  ['files', { tailBytes: 0 }],
  ['files at once', { tailBytes: 0, synchronousReads: true }],
  ['both', { tailBytes: 8192 }],
] as const

describe.each(ways)('reading from %s', (_, options) => {
  const filled = (config = {}): LogContext => {
    const context = new LogContext({ ...options, config: { segmentBytes: 3000, indexIntervalBytes: 200, ...config } })
    context.fill(40, { valueBytes: 100 })
    return context
  }

  test('starts with the batch that holds the offset and goes to the end', async () => {
    const context = filled()
    for (const offset of [0, 17, 39]) {
      expect((await context.records(offset)).map((record) => record.offset)).toEqual(
        Array.from({ length: 40 - offset }, (_, i) => offset + i),
      )
    }
    expect((await context.read(40)).error).toBeUndefined()
    expect(offsets(await context.read(40))).toEqual([])
  })

  test('gives whole batches within maxBytes, and the first one whatever its size when asked', async () => {
    const context = filled()
    const [size] = ((await context.read(5, { maxBytes: 1 })) as FetchedRecords).chunks.map(({ length }) => length)
    expect(offsets(await context.read(5, { maxBytes: 1 }))).toEqual([5])
    expect(offsets(await context.read(5, { maxBytes: 1, minOneMessage: false }))).toEqual([])
    expect(offsets(await context.read(5, { maxBytes: (size as number) * 2 + 50 }))).toEqual([5, 6])
    expect(offsets(await context.read(5, { maxBytes: 0, minOneMessage: false }))).toEqual([])
  })

  test('ends at the bound of the isolation', async () => {
    const context = filled()
    context.append([{ value: 'not replicated' }])
    expect(endOffsetOf((await context.read(38, { isolation: 'high-watermark' })) as FetchedRecords)).toBe(40)
    expect(endOffsetOf((await context.read(38, { isolation: 'log-end' })) as FetchedRecords)).toBe(41)
    expect(offsets(await context.read(40, { isolation: 'high-watermark' }))).toEqual([])
  })

  test('tells the offsets of the log with every answer', async () => {
    const context = filled()
    expect(context.log.deleteRecordsBefore(3)).toBeUndefined()
    const bounds = { logStartOffset: 3, highWatermark: 40, lastStableOffset: 40, logEndOffset: 40 }
    expect(await context.read(5)).toMatchObject(bounds)
    expect(await context.read(2)).toMatchObject({ ...bounds, error: 'OFFSET_OUT_OF_RANGE' })
    expect(await context.read(41)).toMatchObject({ ...bounds, error: 'OFFSET_OUT_OF_RANGE' })
  })

  test('goes on with the next segment where a batch is the last one', async () => {
    const context = filled()
    const boundary = context.log.segments.all[1]?.baseOffset as number
    expect(offsets(await context.read(boundary - 1, { maxBytes: 1 }))).toEqual([boundary - 1])
    expect(offsets(await context.read(boundary, { maxBytes: 1 }))).toEqual([boundary])
  })

  test('reads a batch of a megabyte', async () => {
    const context = filled({ segmentBytes: 10_000_000, maxMessageBytes: 10_000_000 })
    context.append([{ value: 'x'.repeat(1_000_000) }])
    context.fill(2)
    expect(offsets(await context.read(39, { maxBytes: 1000 }))).toEqual([39])
    expect(offsets(await context.read(40, { maxBytes: 1000 }))).toEqual([40])
    expect((await context.records(40)).map(({ offset }) => offset)).toEqual([40, 41, 42])
  })
})

describe('PartitionLog.read', () => {
  test('answers at once for the tail, and hands out bytes that later appends do not change', () => {
    const context = new LogContext()
    context.fill(2)
    const result = context.log.read(0, { maxBytes: 1000, minOneMessage: true, isolation: 'log-end' }) as FetchedRecords
    const before = Buffer.concat(result.chunks)
    context.fill(20)
    expect(Buffer.concat(result.chunks).equals(before)).toBe(true)
  })

  test('shows nothing that is not written', async () => {
    const context = new LogContext()
    context.log.append(context.batch([{ value: 'x' }]), { origin: 'client', leaderEpoch: 0 })
    expect([context.log.logEndOffset, offsets(await context.read(0))]).toEqual([0, []])
    context.log.writePending()
    expect([context.log.logEndOffset, offsets(await context.read(0))]).toEqual([1, [0]])
  })

  test('survives that its segment is truncated or deleted while it waits for the file', async () => {
    const context = new LogContext({ tailBytes: 0, config: { segmentBytes: 500, fileDeleteDelayMs: 0 } })
    context.fill(20, { valueBytes: 100 })
    const truncated = context.read(10)
    context.log.truncateTo(8)
    expect(await truncated).toMatchObject({ error: 'OFFSET_OUT_OF_RANGE', logEndOffset: 8 })
    const deleted = context.read(0)
    context.log.deleteRecordsBefore(7)
    context.log.deleteOldSegments()
    context.clock.advance(0)
    expect((await deleted).error === undefined || (await deleted).error === 'OFFSET_OUT_OF_RANGE').toBe(true)
  })

  test('memory for the tail stays within its budget, whatever is written', () => {
    const context = new LogContext({ tailBytes: 100_000 })
    context.fill(2000, { valueBytes: 500 })
    expect(context.environment.tailCache.bytes).toBeLessThanOrEqual(100_000)
    expect(context.environment.tailCache.bytes).toBeGreaterThan(50_000)
    context.log.close()
    expect(context.environment.tailCache.bytes).toBe(0)
  })
})

describe('offsets by time', () => {
  const filled = (): LogContext => {
    const context = new LogContext({ tailBytes: 0, config: { segmentBytes: 1000, indexIntervalBytes: 100 } })
    const timestamps = [[10, 20], [30, 25], [30], [5], [40, 50], [45], [60]]
    for (const batch of timestamps) {
      context.append(batch.map((timestamp) => ({ value: 'x'.repeat(100), timestamp: 1_000_000 + timestamp })))
    }
    return context
  }
  const find = async (context: LogContext, timestamp: number): Promise<number[] | undefined> => {
    const found = await context.log.offsetForTimestamp(1_000_000 + timestamp)
    return found && [found.offset, found.timestamp - 1_000_000]
  }

  test('the first record that is as new is found, in any segment', async () => {
    const context = filled()
    const found = await Promise.all([0, 10, 11, 21, 30, 31, 41, 50, 51, 60, 61].map((time) => find(context, time)))
    expect(found).toEqual([
      [0, 10],
      [0, 10],
      [1, 20],
      [2, 30],
      [2, 30],
      [6, 40],
      [7, 50],
      [7, 50],
      [9, 60],
      [9, 60],
      undefined,
    ])
  })

  test('the special offsets are those of ListOffsets', async () => {
    const context = filled()
    context.log.updateHighWatermark(10)
    context.log.deleteRecordsBefore(3)
    const specs = ['earliest', 'earliest-local', 'latest', 'max-timestamp', 'latest-tiered'] as const
    expect(await Promise.all(specs.map((spec) => context.log.offsetForTimestamp(spec)))).toEqual([
      { offset: 3, timestamp: -1, leaderEpoch: 0 },
      { offset: 3, timestamp: -1, leaderEpoch: 0 },
      { offset: 10, timestamp: -1, leaderEpoch: 0 },
      { offset: 9, timestamp: 1_000_060, leaderEpoch: 0 },
      { offset: -1, timestamp: -1, leaderEpoch: -1 },
    ])
    expect(await find(context, 0)).toEqual([3, 25])
  })

  test('an empty log has no newest record', async () => {
    const { log } = new LogContext()
    expect(await log.offsetForTimestamp('max-timestamp')).toEqual({ offset: -1, timestamp: -1, leaderEpoch: -1 })
    expect(await log.offsetForTimestamp(0)).toBeUndefined()
  })

  test('what is found stays the same after a crash and with indexes that are gone', async () => {
    const context = filled()
    const before = await Promise.all([21, 41, 60].map((time) => find(context, time)))
    for (const cleanShutdown of [false, true]) {
      if (cleanShutdown) {
        context.log.close()
        for (const name of context.files()) if (name.includes('index')) context.storage.remove(`data/orders-0/${name}`)
      }
      context.open({ cleanShutdown })
      expect(await Promise.all([21, 41, 60].map((time) => find(context, time)))).toEqual(before)
    }
  })
})
