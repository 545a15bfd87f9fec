import { ProtocolError } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from '../../src/index.ts'

describe('the embedded consumer protocol', () => {
  it('sorts topics and owned partitions, and keeps the order of an assignment', () => {
    const owned = { topic: 't', partition: 2 }
    const subscription = decodeSubscription(
      encodeSubscription({
        topics: ['u', 't'],
        ownedPartitions: [owned, { topic: 't', partition: 1 }],
        generationId: 4,
      }),
    )
    expect(subscription).toEqual({
      topics: ['t', 'u'],
      userData: null,
      ownedPartitions: [{ topic: 't', partition: 1 }, owned],
      generationId: 4,
      rackId: null,
      groupInstanceId: null,
    })
    const partitions = [{ topic: 'u', partition: 1 }, owned, { topic: 't', partition: 0 }]
    expect(decodeAssignment(encodeAssignment({ partitions })).partitions).toEqual(partitions)
  })

  it('drops in an old version what that version cannot say', () => {
    const said = { topics: ['t'], ownedPartitions: [{ topic: 't', partition: 0 }], generationId: 4, rackId: 'r' }
    const silent = {
      topics: ['t'],
      userData: null,
      ownedPartitions: [],
      generationId: -1,
      rackId: null,
      groupInstanceId: null,
    }
    expect(decodeSubscription(encodeSubscription(said, 0))).toEqual(silent)
    expect(decodeSubscription(encodeSubscription(said, 1))).toEqual({
      ...silent,
      ownedPartitions: said.ownedPartitions,
    })
  })

  it('reads a newer version as the newest it knows', () => {
    const bytes = Uint8Array.of(...encodeSubscription({ topics: ['t'], rackId: 'r' }), 9, 9, 9)
    bytes[1] = 7
    expect(decodeSubscription(bytes)).toMatchObject({ topics: ['t'], rackId: 'r' })
  })

  it('reads no bytes as an empty assignment', () => {
    expect(decodeAssignment(new Uint8Array(0))).toEqual({ partitions: [], userData: null })
  })

  it('fails with a ProtocolError on bytes that make no sense', () => {
    for (const bytes of [[], [0], [255, 255], [0, 1, 0, 0, 0, 9], [0, 0, 127, 255, 255, 255]]) {
      expect(() => decodeSubscription(Uint8Array.from(bytes))).toThrow(ProtocolError)
    }
  })
})
