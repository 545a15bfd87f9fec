import { describe, expect, test } from 'vitest'
import {
  decodeGroupRecord,
  decodeShareRecord,
  decodeTransactionRecord,
  encodeGroupRecord,
  encodeShareRecord,
  encodeTransactionRecord,
} from '../src/coordinator-records.ts'
import { ProtocolError } from '../src/index.ts'
import {
  decodeMetadataRecord,
  decodeRemoteLogRecord,
  encodeMetadataRecord,
  encodeRemoteLogRecord,
} from '../src/metadata-records.ts'

const hex = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('hex'))

describe('metadata records', () => {
  test('have frame version, type and version in front', () => {
    const record = {
      type: 'FeatureLevelRecord',
      version: 0,
      record: { name: 'metadata.version', featureLevel: 25 },
    } as const
    const bytes = encodeMetadataRecord(record)
    expect(hex(bytes)).toBe('010c00116d657461646174612e76657273696f6e001900')
    expect(decodeMetadataRecord(bytes)).toEqual(record)
  })

  test.each([
    ['a frame version that is not known', '020c00', 0],
    ['a type that is not known', '016300', 1],
    ['bytes left over', '01140000ff', 4],
    ['a record that ends early', '010c0005', 4],
  ])('%s is an error', (_, bytes, position) => {
    expect(() => decodeMetadataRecord(Buffer.from(bytes, 'hex'))).toThrow(
      expect.objectContaining({ name: 'ProtocolError', position }),
    )
  })

  test('an error in the record names its type', () => {
    expect(() => decodeMetadataRecord(Uint8Array.of(1, 12, 0, 5))).toThrow(/^FeatureLevelRecord\.name: /)
  })

  test('remote log metadata has no frame version', () => {
    const record = { type: 'RemotePartitionDeleteMetadataRecord', version: 0, record: { brokerId: 3 } } as const
    const bytes = encodeRemoteLogRecord(record)
    expect(hex(bytes.subarray(0, 2))).toBe('0200')
    expect(decodeRemoteLogRecord(bytes)).toMatchObject(record)
  })
})

describe('coordinator records', () => {
  test('a key starts with its type and a value with its version', () => {
    const record = {
      type: 'OffsetCommit',
      key: { group: 'g', topic: 't', partition: 1 },
      version: 3,
      value: { offset: 42, leaderEpoch: 5, metadata: 'm', commitTimestamp: 1 },
    } as const
    const { key, value } = encodeGroupRecord(record)
    expect([hex(key), hex(value)]).toEqual([
      '000100016700017400000001',
      '0003000000000000002a0000000500016d0000000000000001',
    ])
    expect(decodeGroupRecord(key, value)).toMatchObject(record)
  })

  test('a tagged structure that is null is marked as Kafka marks it, by one byte of zero', () => {
    const value = {
      ...{ instanceId: null, rackId: null, clientId: 'c', clientHost: '/127.0.0.1', serverAssignor: null },
      ...{ subscribedTopicNames: ['ab'], subscribedTopicRegex: '', rebalanceTimeoutMs: 300_000 },
      classicMemberMetadata: null,
    }
    const record = {
      type: 'ConsumerGroupMemberMetadata',
      key: { groupId: 'g', memberId: 'm' },
      version: 0,
      value,
    } as const
    const encoded = encodeGroupRecord(record)
    // What Apache Kafka 4.4 wrote for such a member.
    expect(hex(encoded.value)).toBe('0000000002630b2f3132372e302e302e310203616201000493e00001000100')
    expect(decodeGroupRecord(encoded.key, encoded.value)).toEqual(record)
    const classic = { sessionTimeoutMs: 10_000, supportedProtocols: [{ name: 'range', metadata: Uint8Array.of(1) }] }
    const joined = { ...record, value: { ...value, classicMemberMetadata: classic } }
    const { key, value: bytes } = encodeGroupRecord(joined)
    expect(decodeGroupRecord(key, bytes)).toEqual(joined)
  })

  test('a tombstone has a key and no value', () => {
    const { key, value } = encodeGroupRecord({ type: 'ConsumerGroupMetadata', key: { groupId: 'g' }, value: null })
    expect(value).toBeNull()
    expect(decodeGroupRecord(key, null)).toEqual({
      type: 'ConsumerGroupMetadata',
      key: { groupId: 'g' },
      version: -1,
      value: null,
    })
  })

  test('transactions and share groups have record types of their own', () => {
    const transaction = encodeTransactionRecord({
      type: 'TransactionLog',
      key: { transactionalId: 'tx' },
      version: 1,
      value: { producerId: 9, transactionPartitions: null },
    })
    expect(decodeTransactionRecord(transaction.key, transaction.value)).toMatchObject({
      type: 'TransactionLog',
      value: { producerId: 9, previousProducerId: -1, nextProducerEpoch: -1 },
    })
    const share = encodeShareRecord({
      type: 'ShareUpdate',
      key: { groupId: 'g' },
      version: 0,
      value: { snapshotEpoch: 2 },
    })
    expect(decodeShareRecord(share.key, share.value)).toMatchObject({
      type: 'ShareUpdate',
      value: { snapshotEpoch: 2 },
    })
  })

  test('a type that is not known is undefined, so that a loader can skip it', () => {
    expect(decodeGroupRecord(Uint8Array.of(0, 99, 1, 2), null)).toBeUndefined()
  })

  test('bytes left over and an unknown version of the value are errors', () => {
    const { key, value } = encodeGroupRecord({
      type: 'ConsumerGroupMetadata',
      key: { groupId: 'g' },
      version: 0,
      value: {},
    })
    expect(() => decodeGroupRecord(Uint8Array.of(...key, 0), value)).toThrow(ProtocolError)
    expect(() => decodeGroupRecord(key, Uint8Array.of(0, 9))).toThrow(/has only version 0, not 9/)
  })
})
