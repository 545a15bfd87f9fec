import { describe, expect, test } from 'vitest'
import type { CleanupPolicy } from '../src/index.ts'
import { LogContext } from './support/log-context.ts'

const bases = (context: LogContext): number[] => context.log.segments.all.map(({ baseOffset }) => baseOffset)
const deleted = (context: LogContext): unknown[] =>
  context.events
    .filter(({ name }) => name === 'segmentDeleted')
    .map(({ event }) => [(event as { baseOffset: number }).baseOffset, (event as { reason: string }).reason])

describe('rolling', () => {
  test('a segment never grows beyond segment.bytes', () => {
    const context = new LogContext({ config: { segmentBytes: 1000 } })
    context.fill(40, { valueBytes: 150 })
    const sizes = context.log.segments.all.map(({ size }) => size)
    expect(sizes.length).toBeGreaterThan(5)
    for (const size of sizes) expect(size).toBeLessThanOrEqual(1000)
  })

  test('a segment whose first record is older than segment.ms takes no more', () => {
    const context = new LogContext({ config: { segmentMs: 1000 } })
    context.fill(1)
    context.clock.advance(1000)
    context.fill(1)
    context.clock.advance(1)
    context.fill(1)
    expect(bases(context)).toEqual([0, 2])
  })

  test('segment.jitter.ms makes segments roll earlier', () => {
    const context = new LogContext({ config: { segmentMs: 1000, segmentJitterMs: 400 } })
    context.fill(1)
    context.clock.advance(801)
    context.fill(1)
    expect(bases(context)).toEqual([0, 1])
  })

  test('a full index rolls the segment', () => {
    const context = new LogContext({ config: { segmentIndexBytes: 60, indexIntervalBytes: 0 } })
    context.fill(20)
    expect(bases(context).length).toBeGreaterThan(2)
    for (const segment of context.log.segments.all)
      expect(segment.timeIndex.entries.sizeInBytes).toBeLessThanOrEqual(60)
  })

  test('offsets too far apart for one segment are put into two', () => {
    const context = new LogContext()
    const append = (baseOffset: number): void => {
      const bytes = context.batch([{ value: 'x' }], { baseOffset, partitionLeaderEpoch: 0 })
      context.log.append(bytes, { origin: 'replication', leaderEpoch: 0 })
    }
    for (const offset of [0, 0x7fffffff, 0x80000000, 0x80000001]) append(offset)
    context.log.writePending()
    expect([bases(context), context.log.logEndOffset]).toEqual([[0, 0x80000000], 0x80000002])
  })

  test('an empty segment is not rolled', () => {
    const context = new LogContext()
    context.log.roll()
    context.fill(1)
    context.log.roll()
    context.log.roll()
    expect(bases(context)).toEqual([0, 1])
  })

  test('a rolled segment gives the memory of its indexes back and is flushed', async () => {
    const context = new LogContext({ config: { indexIntervalBytes: 0 } })
    context.fill(100)
    context.log.roll()
    await context.log.flush()
    expect(context.log.segments.first?.offsetIndex.entries.memoryBytes).toBe(0)
    expect(context.log.recoveryPoint).toBe(100)
    expect(context.files()).toEqual([
      '00000000000000000000.index',
      '00000000000000000000.log',
      '00000000000000000000.timeindex',
      '00000000000000000100.log',
      '00000000000000000100.snapshot',
      'leader-epoch-checkpoint',
    ])
  })
})

describe('retention', () => {
  const filled = (config = {}): LogContext => {
    const context = new LogContext({ config: { segmentBytes: 500, ...config } })
    context.fill(20, { valueBytes: 100 })
    return context
  }

  test('segments older than retention.ms go, the last one by way of a new one', () => {
    const context = filled({ retentionMs: 1000 })
    context.clock.advance(1000)
    expect(context.log.deleteOldSegments()).toBe(0)
    context.clock.advance(1)
    expect(context.log.deleteOldSegments()).toBe(10)
    expect([bases(context), context.log.logStartOffset, context.log.logEndOffset]).toEqual([[20], 20, 20])
    expect(deleted(context)[0]).toEqual([0, 'retention-time'])
  })

  test('the oldest segments go while the log is larger than retention.bytes', () => {
    const context = filled({ retentionBytes: 1000 })
    context.log.deleteOldSegments()
    expect(context.log.sizeInBytes).toBeGreaterThanOrEqual(1000)
    expect(context.log.sizeInBytes).toBeLessThan(1500)
    expect(deleted(context)[0]).toEqual([0, 'retention-size'])
  })

  test('nothing beyond the high watermark goes', () => {
    const context = new LogContext({ config: { segmentBytes: 500, retentionMs: 1000 } })
    context.fill(6, { valueBytes: 100 })
    for (let i = 0; i < 6; i++) context.append([{ value: 'x'.repeat(100) }])
    context.clock.advance(2000)
    context.log.deleteOldSegments()
    expect(context.log.logStartOffset).toBe(6)
  })

  test('-1 keeps everything', () => {
    const context = filled({ retentionMs: -1, retentionBytes: -1 })
    context.clock.advance(1e12)
    expect(context.log.deleteOldSegments()).toBe(0)
  })

  test('a compacted topic keeps what is old', () => {
    const context = filled({ retentionMs: 1000, cleanupPolicy: new Set<CleanupPolicy>(['compact']) })
    context.clock.advance(2000)
    expect(context.log.deleteOldSegments()).toBe(0)
    context.reconfigure({ cleanupPolicy: new Set(['compact', 'delete']) })
    expect(context.log.deleteOldSegments()).toBe(10)
  })

  test('DeleteRecords moves the start within a segment, and whole segments before it go', async () => {
    const context = filled()
    expect(context.log.deleteRecordsBefore(21)).toBe('OFFSET_OUT_OF_RANGE')
    expect(context.log.deleteRecordsBefore(5)).toBeUndefined()
    context.log.deleteOldSegments()
    expect([bases(context)[0], (await context.records()).map(({ offset }) => offset)[0]]).toEqual([4, 5])
    expect(context.log.deleteRecordsBefore(-1)).toBeUndefined()
    expect(context.log.logStartOffset).toBe(20)
  })

  test('files are renamed at once and removed after file.delete.delay.ms', () => {
    const context = filled({ retentionMs: 1000, fileDeleteDelayMs: 5000 })
    context.clock.advance(2000)
    context.log.deleteOldSegments()
    const marked = (): string[] => context.files().filter((name) => name.endsWith('.deleted'))
    expect(marked()).toContain('00000000000000000000.log.deleted')
    context.clock.advance(4999)
    expect(marked().length).toBeGreaterThan(0)
    context.clock.advance(1)
    expect(context.files()).toEqual([
      '00000000000000000020.log',
      '00000000000000000020.snapshot',
      'leader-epoch-checkpoint',
    ])
  })
})

describe('truncation', () => {
  test('takes records back, within a segment and across several, and goes on from there', async () => {
    const context = new LogContext({ config: { segmentBytes: 500 } })
    context.fill(20, { valueBytes: 100 })
    for (let i = 0; i < 5; i++) context.append([{ value: 'later' }], {}, { leaderEpoch: 3 })
    context.log.updateHighWatermark(25)
    expect(context.log.truncateTo(22)).toBeUndefined()
    expect([context.log.logEndOffset, context.log.highWatermark, context.log.leaderEpochs.latestEpoch]).toEqual([
      22, 22, 3,
    ])
    context.log.truncateTo(7)
    expect([
      context.log.logEndOffset,
      context.log.highWatermark,
      bases(context),
      context.log.leaderEpochs.latestEpoch,
    ]).toEqual([7, 7, [0, 2, 4, 6], 0])
    context.fill(2)
    expect((await context.records()).map(({ offset, value }) => `${offset}${value?.slice(0, 2)}`)).toHaveLength(9)
    context.open({ cleanShutdown: false })
    expect(context.log.logEndOffset).toBe(9)
  })

  test('beyond the end it does nothing', () => {
    const context = new LogContext()
    context.fill(3)
    context.log.truncateTo(9)
    expect([context.log.logEndOffset, context.log.truncations]).toEqual([3, 0])
  })

  test('fully starts anew at any offset', async () => {
    const context = new LogContext()
    context.fill(3)
    context.log.truncateFullyAndStartAt(1000)
    expect([context.log.logStartOffset, context.log.logEndOffset, bases(context)]).toEqual([1000, 1000, [1000]])
    context.fill(1)
    expect((await context.records()).map(({ offset }) => offset)).toEqual([1000])
  })
})

describe('flushing', () => {
  test('flush.messages makes records durable before they are acknowledged', () => {
    const context = new LogContext({ config: { flushMessages: 3 } })
    const points = Array.from({ length: 4 }, () => {
      context.fill(1)
      return context.log.recoveryPoint
    })
    expect(points).toEqual([0, 0, 3, 3])
  })

  test('flush.ms makes records durable in time', async () => {
    const context = new LogContext({ config: { flushMs: 500 } })
    context.fill(2)
    context.clock.advance(499)
    expect(context.log.recoveryPoint).toBe(0)
    context.clock.advance(1)
    await context.log.flush()
    expect(context.log.recoveryPoint).toBe(2)
  })
})
