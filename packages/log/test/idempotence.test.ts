import type { ProducerState } from '@odradek/protocol'
import { describe, expect, test } from 'vitest'
import type { AppendResult } from '../src/index.ts'
import { LogContext } from './support/log-context.ts'

const producerOf = (baseSequence: number, producerEpoch = 0, producerId = 7): ProducerState => ({
  producerId,
  producerEpoch,
  baseSequence,
  isTransactional: false,
})

/** Appends `count` records of one batch from that sequence on. */
function send(
  context: LogContext,
  baseSequence: number,
  options: { count?: number; epoch?: number; id?: number } = {},
): AppendResult {
  const records = Array.from({ length: options.count ?? 1 }, (_, i) => ({ key: 'k', value: `${baseSequence + i}` }))
  return context.append(records, { producer: producerOf(baseSequence, options.epoch, options.id) })
}

const outcome = (result: AppendResult): string =>
  result.error ?? `${result.firstOffset}-${result.lastOffset}${result.duplicate ? ' duplicate' : ''}`

describe('idempotent producers', () => {
  test('a batch among the last five is acknowledged with its first offsets and not written again', () => {
    const context = new LogContext()
    for (let i = 0; i < 7; i++) send(context, i * 2, { count: 2 })
    const again = [0, 2, 4, 6, 8, 10, 12].map((sequence) => outcome(send(context, sequence, { count: 2 })))
    expect(again).toEqual([
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      '4-5 duplicate',
      '6-7 duplicate',
      '8-9 duplicate',
      '10-11 duplicate',
      '12-13 duplicate',
    ])
    expect(context.log.logEndOffset).toBe(14)
    expect(context.events.filter(({ name }) => name === 'duplicateSuppressed')).toHaveLength(5)
  })

  test('only the last sequence plus one is accepted', () => {
    const context = new LogContext()
    const outcomes = [send(context, 0, { count: 3 }), send(context, 4), send(context, 2), send(context, 3)].map(outcome)
    expect(outcomes).toEqual(['0-2', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'OUT_OF_ORDER_SEQUENCE_NUMBER', '3-3'])
  })

  test('an old epoch is fenced, a new one starts at sequence 0', () => {
    const context = new LogContext()
    const outcomes = [
      send(context, 0, { epoch: 1 }),
      send(context, 1, { epoch: 0 }),
      send(context, 1, { epoch: 2 }),
      send(context, 0, { epoch: 2 }),
      send(context, 1, { epoch: 1 }),
    ].map(outcome)
    expect(outcomes).toEqual([
      '0-0',
      'INVALID_PRODUCER_EPOCH',
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      '1-1',
      'INVALID_PRODUCER_EPOCH',
    ])
  })

  test('sequences go on at 0 after 2147483647', () => {
    const context = new LogContext()
    const outcomes = [
      send(context, 2147483646, { count: 4 }),
      send(context, 2),
      send(context, 2147483646, { count: 4 }),
    ]
    expect(outcomes.map(outcome)).toEqual(['0-3', '4-4', '0-3 duplicate'])
    const single = [send(context, 2147483647, { id: 8 }), send(context, 0, { id: 8 })]
    expect(single.map(outcome)).toEqual(['5-5', '6-6'])
  })

  test('a producer that the log does not know may go on where it is', () => {
    expect(outcome(send(new LogContext(), 41))).toBe('0-0')
  })

  test('producers do not hinder each other', () => {
    const context = new LogContext()
    expect(
      [send(context, 0), send(context, 0, { id: 8 }), send(context, 1), send(context, 1, { id: 8 })].map(outcome),
    ).toEqual(['0-0', '1-1', '2-2', '3-3'])
  })

  test('what a producer wrote is known after a clean restart, from the snapshot', () => {
    const context = new LogContext()
    send(context, 0)
    send(context, 1)
    context.log.close()
    context.open({ cleanShutdown: true })
    expect([send(context, 1), send(context, 3), send(context, 2)].map(outcome)).toEqual([
      '1-1 duplicate',
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      '2-2',
    ])
  })

  test('what a producer wrote is known after a crash, from the batches: the last five again', () => {
    const context = new LogContext()
    for (let i = 0; i < 6; i++) send(context, i)
    context.open({ cleanShutdown: false })
    expect([send(context, 0), send(context, 1), send(context, 6)].map(outcome)).toEqual([
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      '1-1 duplicate',
      '6-6',
    ])
  })

  test('a damaged snapshot is thrown away and the batches are read instead', () => {
    const context = new LogContext({ config: { segmentBytes: 300 } })
    for (let i = 0; i < 12; i++) send(context, i)
    context.log.close()
    const snapshots = context.files().filter((name) => name.endsWith('.snapshot'))
    expect(snapshots.length).toBeGreaterThan(1)
    context.storage.writeFile(`data/orders-0/${snapshots.at(-1)}`, new Uint8Array(30))
    context.open({ cleanShutdown: true })
    expect([send(context, 11), send(context, 12)].map(outcome)).toEqual(['11-11 duplicate', '12-12'])
  })

  test('a producer that is silent for producer.id.expiration.ms is forgotten', () => {
    const context = new LogContext()
    send(context, 0)
    context.clock.advance(86_399_999)
    expect(context.log.removeExpiredProducers()).toBe(0)
    context.clock.advance(1)
    expect([context.log.removeExpiredProducers(), outcome(send(context, 9))]).toEqual([1, '1-1'])
  })

  test('DescribeProducers sees epoch, sequence and time', () => {
    const context = new LogContext()
    send(context, 0, { count: 3, epoch: 4 })
    expect(context.log.describeProducers()).toEqual([
      {
        producerId: 7,
        producerEpoch: 4,
        lastSequence: 2,
        lastTimestamp: context.clock.now(),
        coordinatorEpoch: -1,
        currentTransactionStartOffset: -1,
      },
    ])
  })

  test('followers take what the leader accepted without checks of their own', () => {
    const context = new LogContext()
    const bytes = context.batch([{ value: 'x' }], { producer: producerOf(5), baseOffset: 0, partitionLeaderEpoch: 0 })
    const later = context.batch([{ value: 'y' }], { producer: producerOf(9), baseOffset: 1, partitionLeaderEpoch: 0 })
    const options = { origin: 'replication', leaderEpoch: 0 } as const
    expect([context.log.append(bytes, options), context.log.append(later, options)].map(outcome)).toEqual([
      '0-0',
      '1-1',
    ])
  })
})
