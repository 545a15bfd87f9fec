import { describe, expect, test } from 'vitest'
import {
  addPartitionsToTxnRequest,
  consumerGroupHeartbeatResponse,
  consumerGroupMetadataValue,
  createTopicsRequest,
  fetchRequest,
  fetchResponse,
  findCoordinatorRequest,
  heartbeatRequest,
  joinGroupRequest,
  metadataRequest,
  offsetFetchRequest,
  produceRequest,
  topicRecord,
} from '../../src/generated/messages.ts'
import { decode, encode, type Input, type MessageType, ProtocolError, zeroUuid } from '../../src/index.ts'
import { allMessageTypes } from '../../src/lookup.ts'

function failure(run: () => unknown): { reason: string; path: string; position: number } {
  try {
    run()
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { reason: error.reason, path: error.path, position: error.position }
  }
  throw new Error('nothing was thrown')
}

describe('writing', () => {
  test('fields that are left out are at Kafkas defaults', () => {
    expect(decode(fetchRequest, encode(fetchRequest, { topics: [{ partitions: [{}] }] }, 18), 18)).toEqual({
      clusterId: null,
      replicaId: -1,
      replicaState: { replicaId: -1, replicaEpoch: -1 },
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 0x7fff_ffff,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic: '',
          topicId: zeroUuid,
          partitions: [
            {
              partition: 0,
              currentLeaderEpoch: -1,
              fetchOffset: 0,
              lastFetchedEpoch: -1,
              logStartOffset: -1,
              partitionMaxBytes: 0,
              replicaDirectoryId: zeroUuid,
              highWatermark: Number.POSITIVE_INFINITY,
            },
          ],
        },
      ],
      forgottenTopicsData: [],
      rackId: '',
    })
  })

  test('every message can be written empty in every version, and is then all defaults', () => {
    for (const type of allMessageTypes()) {
      const first = decode(type, encode(type, {}, type.minVersion), type.minVersion)
      for (let version = type.minVersion; version <= type.maxVersion; version++) {
        expect(decode(type, encode(type, {}, version), version), `${type.name} ${version}`).toEqual(first)
      }
    }
  })

  test('undefined is the default as well', () => {
    expect(encode(heartbeatRequest, { groupId: undefined, generationId: undefined }, 4)).toEqual(
      encode(heartbeatRequest, {}, 4),
    )
  })

  const unknownTaggedFields = [{ tag: 1, bytes: new Uint8Array(0) }]
  test.each([
    ['a number', 'replicaId', () => encode(fetchRequest, { replicaId: 3 }, 15)],
    ['a string', 'key', () => encode(findCoordinatorRequest, { key: 'k' }, 4)],
    ['an array', 'forgottenTopicsData', () => encode(fetchRequest, { forgottenTopicsData: [{}] }, 6)],
    ['a nullable array', 'topics', () => encode(offsetFetchRequest, { topics: [{}] }, 8)],
    ['a tagged field', 'replicaState', () => encode(fetchRequest, { replicaState: { replicaId: 3 } }, 14)],
    ['an unknown tagged field', 'unknownTaggedFields', () => encode(heartbeatRequest, { unknownTaggedFields }, 3)],
  ])('%s that the version lacks is an error', (_, path, write) => {
    expect(failure(write)).toMatchObject({ path, position: -1 })
  })

  test('the error for a field that the version lacks names it', () => {
    const value: Input<object> = { topics: [{}, { partitions: [{}, {}, { lastFetchedEpoch: 3 }] }] }
    expect(failure(() => encode(fetchRequest as MessageType<object>, value, 11))).toEqual({
      reason: 'is set, but version 11 has no such field',
      path: 'topics[1].partitions[2].lastFetchedEpoch',
      position: -1,
    })
  })

  test('an ignorable field that the version lacks is dropped', () => {
    expect(encode(fetchRequest, { rackId: 'r1', sessionId: 7 }, 4)).toEqual(encode(fetchRequest, {}, 4))
  })

  test('null is refused where the version does not allow it, and written where it does', () => {
    expect(failure(() => encode(metadataRequest, { topics: null }, 0))).toMatchObject({ path: 'topics' })
    expect(decode(metadataRequest, encode(metadataRequest, { topics: null }, 1), 1).topics).toBeNull()
    expect(
      decode(consumerGroupHeartbeatResponse, encode(consumerGroupHeartbeatResponse, {}, 0), 0).assignment,
    ).toBeNull()
  })

  test.each([
    ['int16', { acks: 0x8000 }, 'acks'],
    ['int32', { timeoutMs: 1.5 }, 'timeoutMs'],
    ['NaN', { timeoutMs: Number.NaN }, 'timeoutMs'],
    ['a string longer than 32767 bytes', { transactionalId: 'x'.repeat(0x8000) }, 'transactionalId'],
    ['a string of 2-byte characters longer than that', { transactionalId: 'é'.repeat(0x4000) }, 'transactionalId'],
  ])('%s out of range is an error', (_, value, path) => {
    expect(failure(() => encode(produceRequest, value, 9))).toMatchObject({ path, position: -1 })
  })

  test('an int64 beyond the safe integers is an error, but a hash takes all 64 bits', () => {
    expect(failure(() => encode(topicRecord, { topicId: 'short' }, 0)).path).toBe('topicId')
    const unsafe = { topics: [{ partitions: [{ fetchOffset: 2 ** 53 }] }] }
    expect(failure(() => encode(fetchRequest, unsafe, 12)).path).toBe('topics[0].partitions[0].fetchOffset')
    const hash = { epoch: 1, metadataHash: -(2n ** 63n) }
    expect(decode(consumerGroupMetadataValue, encode(consumerGroupMetadataValue, hash, 0), 0)).toEqual(hash)
  })

  test('a version that the message does not have is an error', () => {
    expect(failure(() => encode(produceRequest, {}, 2)).reason).toBe('ProduceRequest has versions 3 to 13, not 2')
    expect(failure(() => decode(produceRequest, new Uint8Array(0), 14)).reason).toBe(
      'ProduceRequest has versions 3 to 13, not 14',
    )
  })
})

describe('unknown tagged fields', () => {
  test('survive a round trip in every struct, in the order of their tags', () => {
    const raw = (tag: number) => ({ tag, bytes: Uint8Array.of(tag, 1, 2) })
    const value: Input<ReturnType<typeof fetchResponse.read>> = {
      responses: [
        {
          partitions: [
            {
              currentLeader: { leaderId: 4, leaderEpoch: 2, unknownTaggedFields: [raw(9)] },
              unknownTaggedFields: [raw(3), raw(200)],
            },
          ],
          unknownTaggedFields: [raw(0)],
        },
      ],
      unknownTaggedFields: [raw(1), raw(70_000)],
    }
    const bytes = encode(fetchResponse, value, 17)
    const decoded = decode(fetchResponse, bytes, 17)
    expect(decoded).toMatchObject(value)
    expect(encode(fetchResponse, decoded, 17)).toEqual(bytes)
  })

  test('are refused out of order, twice, and with the tag of a known field', () => {
    const raw = (tag: number) => ({ tag, bytes: new Uint8Array(1) })
    for (const tags of [
      [5, 4],
      [5, 5],
    ]) {
      expect(failure(() => encode(heartbeatRequest, { unknownTaggedFields: tags.map(raw) }, 4)).path).toBe(
        'unknownTaggedFields',
      )
    }
    expect(failure(() => encode(fetchRequest, { clusterId: 'c', unknownTaggedFields: [raw(0)] }, 17)).path).toBe(
      'unknownTaggedFields',
    )
  })
})

describe('reading', () => {
  test('bytes left over are an error', () => {
    const bytes = Uint8Array.of(...encode(heartbeatRequest, {}, 0), 0)
    expect(failure(() => decode(heartbeatRequest, bytes, 0))).toEqual({
      reason: '1 bytes are left over after HeartbeatRequest',
      path: '',
      position: bytes.length - 1,
    })
  })

  test('an error names the field and the byte', () => {
    const bytes = encode(
      joinGroupRequest,
      { protocols: [{ name: 'range', metadata: new Uint8Array(3) }, { name: 'x' }] },
      0,
    )
    expect(failure(() => decode(joinGroupRequest, bytes.subarray(0, bytes.length - 2), 0))).toEqual({
      reason: 'expected 4 more bytes, but only 2 are left',
      path: 'protocols[1].metadata',
      position: bytes.length - 4,
    })
  })

  test('an array that claims more elements than bytes are left is refused before any is read', () => {
    const bytes = encode(addPartitionsToTxnRequest, { v3AndBelowTopics: [{}] }, 0)
    bytes.set([0x7f, 0xff, 0xff, 0xff], 12)
    expect(failure(() => decode(addPartitionsToTxnRequest, bytes, 0))).toEqual({
      reason: '2147483647 elements of at least 3 bytes do not fit into 6 bytes',
      path: 'v3AndBelowTopics',
      position: 12,
    })
  })

  test('a known tagged field must be as long as it says, and is refused in a version without it', () => {
    const bytes = encode(createTopicsRequest, {}, 7)
    expect(decode(createTopicsRequest, bytes, 7).topics).toEqual([])
    const fetch = encode(fetchRequest, { clusterId: 'abc' }, 14)
    const at = fetch.length - 6
    expect([...fetch.subarray(at)]).toEqual([1, 0, 4, 4, 97, 98, 99].slice(1))
    fetch[at + 1] = 3
    expect(failure(() => decode(fetchRequest, fetch, 14)).reason).toMatch(/should end at byte/)
    const state = encode(fetchRequest, { replicaState: { replicaId: 1 } }, 15)
    expect(failure(() => decode(fetchRequest, state, 15 - 1)).reason).toBeDefined()
  })

  test('byte fields are views on the bytes given, not copies', () => {
    const records = Uint8Array.of(1, 2, 3)
    const bytes = encode(produceRequest, { topicData: [{ partitionData: [{ records }] }] }, 9)
    const read = decode(produceRequest, bytes, 9).topicData[0]?.partitionData[0]?.records
    expect(read).toEqual(records)
    expect(read?.buffer).toBe(bytes.buffer)
  })
})
