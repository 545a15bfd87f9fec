import { RecordBatchView, recordBatches } from '@odradek/protocol'
import { describe, expect, test } from 'vitest'
import type { CleanupPolicy, LogConfig } from '../src/index.ts'
import { LogContext, type TestRecord } from './support/log-context.ts'

const client = { origin: 'client', leaderEpoch: 3 } as const

/** The answer to one batch that `change` has spoilt. */
function answer(
  change: (batch: RecordBatchView, bytes: Uint8Array) => Uint8Array | undefined,
  config: Partial<LogConfig> = {},
): string {
  const context = new LogContext({ config })
  const bytes = context.batch([
    { key: 'a', value: 'one' },
    { key: 'b', value: 'two' },
  ])
  const result = context.log.append(change(new RecordBatchView(bytes), bytes) ?? bytes, client)
  return result.error ?? 'accepted'
}

function put(bytes: Uint8Array, position: number, value: number): undefined {
  bytes[position] = value
}

/** The same, with a checksum that matches. */
function patch(bytes: Uint8Array, position: number, value: number): undefined {
  bytes[position] = value
  new RecordBatchView(bytes).updateCrc()
}

describe('what a leader checks of a batch', () => {
  test.each<[string, Parameters<typeof answer>[0], Partial<LogConfig>, string]>([
    ['a good batch', () => undefined, {}, 'accepted'],
    ['a wrong checksum', (_, bytes) => put(bytes, 70, 0xff), {}, 'CORRUPT_MESSAGE'],
    ['more than max.message.bytes', () => undefined, { maxMessageBytes: 60 }, 'MESSAGE_TOO_LARGE'],
    ['more than a segment', () => undefined, { segmentBytes: 60 }, 'RECORD_LIST_TOO_LARGE'],
    ['a base offset', (batch) => batch.setBaseOffset(5) as undefined, {}, 'INVALID_RECORD'],
    ['no records', (_, bytes) => patch(bytes, 60, 0), {}, 'INVALID_RECORD'],
    ['fewer offsets than records', (_, bytes) => patch(bytes, 26, 0), {}, 'INVALID_RECORD'],
    ['records that do not fill the batch', (_, bytes) => patch(bytes, 61, 4), {}, 'INVALID_RECORD'],
    [
      'a producer without a sequence',
      (batch) =>
        batch.setProducerState({
          producerId: 1,
          producerEpoch: 0,
          baseSequence: -2,
          isTransactional: false,
        }) as undefined,
      {},
      'INVALID_RECORD',
    ],
    ['an unknown codec', (_, bytes) => patch(bytes, 22, 7), {}, 'INVALID_RECORD'],
    ['an old format', (_, bytes) => put(bytes, 16, 1), {}, 'INVALID_RECORD'],
    ['a length below a header', (_, bytes) => put(bytes, 11, 20), {}, 'CORRUPT_MESSAGE'],
    ['LogAppendTime', (batch) => batch.setMaxTimestamp('LogAppendTime', 5) as undefined, {}, 'INVALID_TIMESTAMP'],
    ['a second batch', (_, bytes) => Buffer.concat([bytes, bytes]), {}, 'INVALID_RECORD'],
  ])('%s is answered with the name Kafka gives it', (_, change, config, expected) => {
    expect(answer(change, config)).toBe(expected)
  })

  test('half a batch at the end is left out', () => {
    const context = new LogContext()
    const bytes = context.batch([{ value: 'x' }])
    expect(context.log.append(bytes.subarray(0, 40), client)).toMatchObject({ sizeInBytes: 0, firstOffset: -1 })
    expect(context.log.logEndOffset).toBe(0)
  })

  test('offsets and leader epoch are stamped on the bytes given, without touching the records', () => {
    const context = new LogContext()
    context.fill(3)
    const bytes = context.batch([{ value: 'x' }, { value: 'y' }])
    const { crc } = new RecordBatchView(bytes)
    context.log.append(bytes, client)
    const { baseOffset, lastOffset, partitionLeaderEpoch, crc: stamped } = new RecordBatchView(bytes)
    expect({ baseOffset, lastOffset, partitionLeaderEpoch, crc: stamped }).toEqual({
      baseOffset: 3,
      lastOffset: 4,
      partitionLeaderEpoch: 3,
      crc,
    })
  })

  test('a compacted topic takes no record without a key, and says which', () => {
    const cleanupPolicy = new Set<CleanupPolicy>(['compact'])
    for (const compression of ['none', 'lz4'] as const) {
      const context = new LogContext({ config: { cleanupPolicy } })
      const bytes = context.batch([{ key: 'a', value: '1' }, { value: '2' }, { key: 'c' }, { value: '4' }], {
        compression,
      })
      expect(context.log.append(bytes, client)).toMatchObject({
        error: 'INVALID_RECORD',
        recordErrors: [
          { batchIndex: 1, message: 'Compacted topic cannot accept message without key' },
          { batchIndex: 3, message: 'Compacted topic cannot accept message without key' },
        ],
      })
    }
  })

  test.each<[string, Partial<LogConfig>, number, string | undefined]>([
    ['too far in the future', {}, 3_600_001, 'INVALID_TIMESTAMP'],
    ['at the bound of the future', {}, 3_600_000, undefined],
    ['long ago', {}, -1e12, undefined],
    ['long ago, with a bound', { messageTimestampBeforeMaxMs: 1000 }, -1001, 'INVALID_TIMESTAMP'],
    ['at the bound of the past', { messageTimestampBeforeMaxMs: 1000 }, -1000, undefined],
    ['in the future, when the broker sets the time', { messageTimestampType: 'LogAppendTime' }, 1e10, undefined],
  ])('a record %s is refused or taken by message.timestamp.*', (_, config, delta, expected) => {
    const context = new LogContext({ config })
    const records: TestRecord[] = [{ value: 'now' }, { value: 'then', timestamp: context.clock.now() + delta }]
    const result = context.append(records)
    expect(result.error).toBe(expected)
    if (result.error !== undefined) expect(result.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1])
  })

  test('with LogAppendTime the broker sets the time of all records, compressed ones as well', async () => {
    for (const compression of ['none', 'gzip'] as const) {
      const context = new LogContext({ config: { messageTimestampType: 'LogAppendTime' } })
      const result = context.append(
        [
          { value: 'a', timestamp: 5 },
          { value: 'b', timestamp: 7 },
        ],
        { compression },
      )
      expect(result).toMatchObject({ logAppendTime: context.clock.now(), maxTimestamp: context.clock.now() })
      const records = await context.records()
      expect(records.map(({ timestamp }) => timestamp)).toEqual([context.clock.now(), context.clock.now()])
    }
  })

  test.each([
    ['producer', 'gzip', 'gzip'],
    ['uncompressed', 'gzip', 'none'],
    ['zstd', 'none', 'zstd'],
    ['lz4', 'zstd', 'lz4'],
    ['snappy', 'snappy', 'snappy'],
  ] as const)('compression.type %s makes of %s %s', async (compressionType, sent, expected) => {
    const context = new LogContext({ config: { compressionType } })
    context.fill(2)
    const producer = { producerId: 9, producerEpoch: 1, baseSequence: 0, isTransactional: false }
    const result = context.append(
      [
        { key: 'a', value: '1'.repeat(50) },
        { key: 'b', value: null },
      ],
      { compression: sent, producer },
    )
    expect(result).toMatchObject({ firstOffset: 2, lastOffset: 3 })
    const read = await context.read(2)
    if (read.error !== undefined) throw new Error(read.message)
    const [batch] = [...recordBatches(read.chunks[0] as Uint8Array)].filter(({ baseOffset }) => baseOffset === 2)
    const { compression, producerId, baseSequence, partitionLeaderEpoch } = batch as RecordBatchView
    expect({ compression, producerId, baseSequence, partitionLeaderEpoch }).toEqual({
      compression: expected,
      producerId: 9,
      baseSequence: 0,
      partitionLeaderEpoch: 0,
    })
    expect((await context.records(2)).map(({ key, value }) => [key, value])).toEqual([
      ['a', '1'.repeat(50)],
      ['b', null],
    ])
  })

  test('a follower takes several batches with their offsets, and refuses those it has', () => {
    const context = new LogContext()
    const batches = [0, 2, 7].map((baseOffset) =>
      context.batch([{ value: 'x' }, { value: 'y' }], { baseOffset, partitionLeaderEpoch: 1 }),
    )
    const bytes = Buffer.concat(batches)
    expect(context.log.append(Buffer.from(bytes), { origin: 'replication', leaderEpoch: 1 })).toMatchObject({
      firstOffset: 0,
      lastOffset: 8,
    })
    context.log.writePending()
    expect(context.log.append(Buffer.from(bytes), { origin: 'replication', leaderEpoch: 1 })).toMatchObject({
      error: 'OFFSET_OUT_OF_RANGE',
    })
    expect([context.log.logEndOffset, context.log.leaderEpochs.entries]).toEqual([9, [{ epoch: 1, startOffset: 0 }]])
  })

  test('a Raft log takes batches of its leader epoch alone', () => {
    const context = new LogContext()
    const bytes = (): Uint8Array => context.batch([{ value: 'x' }], { baseOffset: 0, partitionLeaderEpoch: 4 })
    expect(context.log.append(bytes(), { origin: 'raft', leaderEpoch: 5 }).error).toBe('INVALID_RECORD')
    expect(context.log.append(bytes(), { origin: 'raft', leaderEpoch: 4 }).error).toBeUndefined()
  })
})
