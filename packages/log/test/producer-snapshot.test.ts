import { describe, expect, test } from 'vitest'
import { CorruptSnapshotError, decodeProducerSnapshot, encodeProducerSnapshot } from '../src/producer-snapshot-file.ts'
import { ProducerStateEntry } from '../src/producer-state-entry.ts'

/** What Apache Kafka 4.4 left after 3000 records of one idempotent producer. */
const kafkas = Buffer.from(
  '00019ff7383e000000010000000000000000000000000bb70000000000000bb700000007000001a20997585bffffffffffffffffffffffff',
  'hex',
)

describe('producer snapshots', () => {
  test('are read as Kafka wrote them, and written byte for byte the same', () => {
    const [entry, ...others] = decodeProducerSnapshot(kafkas)
    expect({ ...entry, others }).toEqual({
      producerId: 0,
      producerEpoch: 0,
      coordinatorEpoch: -1,
      lastTimestamp: 1795457243227,
      currentTransactionFirstOffset: undefined,
      batches: [{ lastSequence: 2999, lastOffset: 2999, offsetDelta: 7, timestamp: 1795457243227 }],
      others: [],
    })
    expect(Buffer.from(encodeProducerSnapshot([entry as ProducerStateEntry])).equals(kafkas)).toBe(true)
  })

  test('keep a producer of whom only a marker is known, and an open transaction', () => {
    const state = { producerEpoch: 3, coordinatorEpoch: 9, lastTimestamp: 77, batches: [] }
    const entries = [
      new ProducerStateEntry(5, { ...state, currentTransactionFirstOffset: undefined }),
      new ProducerStateEntry(2 ** 40, { ...state, currentTransactionFirstOffset: 2 ** 41 }),
    ]
    expect(decodeProducerSnapshot(encodeProducerSnapshot(entries))).toEqual(entries)
  })

  test('are refused with any bit flipped, cut short, or with bytes behind them', () => {
    for (let bit = 0; bit < kafkas.length * 8; bit++) {
      const damaged = Buffer.from(kafkas)
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => decodeProducerSnapshot(damaged), `bit ${bit}`).toThrow(CorruptSnapshotError)
    }
    for (const length of [0, 3, 10, 55])
      expect(() => decodeProducerSnapshot(kafkas.subarray(0, length))).toThrow(CorruptSnapshotError)
    expect(() => decodeProducerSnapshot(Buffer.concat([kafkas, Buffer.alloc(1)]))).toThrow(CorruptSnapshotError)
  })
})
