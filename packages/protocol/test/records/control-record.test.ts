import { describe, expect, test } from 'vitest'
import {
  type ControlRecordInput,
  encodeControlBatch,
  encodeControlRecord,
  ProtocolError,
  RecordBatchView,
  readControlRecord,
  zeroUuid,
} from '../../src/index.ts'
import { controlBatchVectors, fromHex, kRaftControlVectors, toHex } from '../record-batch-vectors.ts'

const timestampMs = 1_700_000_000_000

function contentOf(batch: RecordBatchView) {
  return Array.from(batch.records(), readControlRecord)
}

describe('the marker of a transaction', () => {
  test.each(controlBatchVectors)('$id ($control) is read and written as Kafka does', (vector) => {
    const batch = new RecordBatchView(fromHex(vector.hex))
    const record = { type: vector.control, value: { coordinatorEpoch: vector.coordinatorEpoch } }
    expect(batch.isControl).toBe(true)
    expect(batch.hasValidCrc()).toBe(true)
    expect(contentOf(batch)).toEqual([record])
    const written = encodeControlBatch([record], {
      timestampMs,
      baseOffset: Number(vector.baseOffset),
      partitionLeaderEpoch: vector.partitionLeaderEpoch,
      producer: {
        producerId: Number(vector.producerId),
        producerEpoch: vector.producerEpoch,
        baseSequence: -1,
        isTransactional: true,
      },
    })
    expect(toHex(written)).toBe(vector.hex)
  })
})

const voter = (voterId: number) => ({ voterId, voterDirectoryId: zeroUuid })

const kRaftRecords = [
  {
    type: 'LEADER_CHANGE',
    value: { version: 0, leaderId: 1, voters: [voter(1), voter(2)], grantingVoters: [voter(1)] },
  },
  { type: 'SNAPSHOT_HEADER', value: { version: 0, lastContainedLogTimestamp: timestampMs - 1 } },
  { type: 'SNAPSHOT_FOOTER', value: { version: 0 } },
  { type: 'KRAFT_VERSION', value: { version: 0, kRaftVersion: 1 } },
  {
    type: 'KRAFT_VOTERS',
    value: {
      version: 0,
      voters: [
        {
          voterId: 1,
          voterDirectoryId: 'AAAAAAAAAAEAAAAAAAAAAg',
          endpoints: [{ name: 'CONTROLLER', host: 'localhost', port: 9093 }],
          kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
        },
      ],
    },
  },
] satisfies ControlRecordInput[]

describe('a control record of KRaft', () => {
  test.each(kRaftControlVectors)('$control is read and written as Kafka does', ({ control, hex }) => {
    const index = kRaftControlVectors.findIndex((vector) => vector.control === control)
    const record = kRaftRecords[index]!
    const batch = new RecordBatchView(fromHex(hex))
    expect(contentOf(batch)).toEqual([record])
    const options = { timestampMs, baseOffset: 100 + index, partitionLeaderEpoch: 5 }
    expect(toHex(encodeControlBatch([record], options))).toBe(hex)
  })
})

describe('a control record of another kind', () => {
  test('of a type that is not known is read by its id', () => {
    expect(readControlRecord({ key: Uint8Array.of(0, 0, 0, 77), value: null })).toEqual({ type: 'UNKNOWN', typeId: 77 })
  })

  test('with a key of a later version is read as the one known', () => {
    const { value } = encodeControlRecord({ type: 'COMMIT', value: { coordinatorEpoch: 3 } })
    const record = { type: 'COMMIT', value: { coordinatorEpoch: 3 } }
    expect(readControlRecord({ key: Uint8Array.of(0, 9, 0, 1), value })).toEqual(record)
  })

  test.each([
    ['without a key', null, null],
    ['with a short key', Uint8Array.of(0, 0, 0), null],
    ['with a key of a negative version', Uint8Array.of(0xff, 0xff, 0, 1), new Uint8Array(6)],
    ['without a value', Uint8Array.of(0, 0, 0, 1), null],
    ['with a short value', Uint8Array.of(0, 0, 0, 1), new Uint8Array(5)],
  ])('%s is a ProtocolError', (_, key, value) => {
    expect(() => readControlRecord({ key, value })).toThrow(ProtocolError)
  })
})
