import { describe, expect, test } from 'vitest'
import { fetchRequest, fetchResponse } from '../../src/generated/messages.ts'
import { decode, encode } from '../../src/index.ts'
import { fromJson, type JsonValue, toJson } from '../../src/json/index.ts'

describe('messages as JSON', () => {
  test('int64 are strings, bytes base64, and tagged fields at their defaults are left out', () => {
    const records = Uint8Array.of(1, 2, 3)
    const value = { responses: [{ partitions: [{ highWatermark: 5, currentLeader: { leaderId: 2 }, records }] }] }
    const bytes = encode(fetchResponse, value, 12)
    expect(toJson('FetchResponse', 12, bytes)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      sessionId: 0,
      responses: [
        {
          topic: '',
          partitions: [
            {
              partitionIndex: 0,
              errorCode: 0,
              highWatermark: '5',
              lastStableOffset: '-1',
              logStartOffset: '-1',
              currentLeader: { leaderId: 2, leaderEpoch: -1 },
              abortedTransactions: [],
              preferredReadReplica: -1,
              records: 'AQID',
            },
          ],
        },
      ],
    })
  })

  test('unknown tagged fields come and go', () => {
    const bytes = encode(fetchResponse, { unknownTaggedFields: [{ tag: 77, bytes: Uint8Array.of(1) }] }, 12)
    const json = toJson('FetchResponse', 12, bytes)
    expect(json).toMatchObject({ unknownTaggedFields: [{ tag: 77, bytes: 'AQ==' }] })
    expect(fromJson('FetchResponse', 12, json)).toEqual(bytes)
  })

  test('fields that are missing are at their defaults', () => {
    expect(decode(fetchRequest, fromJson('FetchRequest', 18, {}), 18)).toEqual(
      decode(fetchRequest, encode(fetchRequest, {}, 18), 18),
    )
  })

  test.each<readonly [what: string, message: readonly [name: string, value: JsonValue], path: string]>([
    ['a name that no message has', ['FetchRequests', {}], ''],
    ['a field that the message does not have', ['FetchRequest', { topics: [{ topc: 't' }] }], 'topics[0].topc'],
    ['a number for a string', ['FetchRequest', { rackId: 5 }], 'rackId'],
    ['an object for an array', ['FetchRequest', { topics: {} }], 'topics'],
    [
      'a fraction for an int64',
      ['FetchRequest', { topics: [{ partitions: [{ fetchOffset: '1.5' }] }] }],
      'topics[0].partitions[0].fetchOffset',
    ],
    [
      'an unsafe int64',
      ['FetchRequest', { topics: [{ partitions: [{ fetchOffset: '9007199254740993' }] }] }],
      'topics[0].partitions[0].fetchOffset',
    ],
    ['null for a field that may not be null', ['FetchRequest', { topics: null }], 'topics'],
    ['a string for an int32', ['FetchRequest', { maxBytes: '5' }], 'maxBytes'],
    [
      'bytes that are not base64',
      ['FetchResponse', { responses: [{ partitions: [{ records: '!' }] }] }],
      'responses[0].partitions[0].records',
    ],
    ['a field that the version lacks', ['FetchRequest', { replicaId: 1 }], 'replicaId'],
    ['something that is not an object', ['FetchRequest', []], ''],
  ])('%s is an error with its path', (_, [name, value], path) => {
    expect(() => fromJson(name, 17, value)).toThrow(expect.objectContaining({ name: 'ProtocolError', path }))
  })
})
