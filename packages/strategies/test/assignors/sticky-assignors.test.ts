import { describe, expect, it } from 'vitest'
import {
  cooperativeStickyAssignor,
  decodeStickyUserData,
  encodeStickyUserData,
  type Subscription,
  stickyAssignor,
} from '../../src/index.ts'
import { assigned, member } from './groups.ts'
import { parse } from './kafka-assignors.ts'

const counts = (topics: Record<string, number>) => ({ partitionCount: (topic: string) => topics[topic] ?? 0 })

/** A member of a `sticky` group that reports what it had. */
const had = (topics: string[], partitions: string[], generation = 1): Subscription =>
  member(topics, { userData: encodeStickyUserData({ partitions: partitions.map(parse), generation }) })

/** A member of a `cooperative-sticky` group that still holds partitions. */
const holds = (topics: string[], partitions: string[], generationId = 1): Subscription =>
  member(topics, { ownedPartitions: partitions.map(parse), generationId })

const hex = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('hex')

describe('stickyAssignor', () => {
  it('tells the leader what it had, in the bytes of Kafka', () => {
    const assignor = stickyAssignor()
    expect(assignor.subscriptionUserData!(new Set(['t2']))).toBeNull()
    const metadata = { groupId: 'g', generationId: 1, memberId: 'm1', groupInstanceId: null }
    assignor.onAssignment!({ partitions: [parse('t2-0'), parse('t2-1')] }, metadata)
    expect(hex(assignor.subscriptionUserData!(new Set(['t2'])))).toBe(
      '000000010002743200000002000000000000000100000001',
    )
  })

  it('lets the others keep what they had when a member leaves', () => {
    const group = { a: had(['t'], ['t-0', 't-3']), b: had(['t'], ['t-1']) }
    expect(assigned(stickyAssignor(), counts({ t: 4 }), group)).toEqual({ a: ['t-0', 't-3'], b: ['t-1', 't-2'] })
  })

  it('believes the later generation when two members claim a partition', () => {
    const group = { a: had(['t'], ['t-0', 't-1'], 4), b: had(['t'], ['t-1', 't-2'], 5) }
    expect(assigned(stickyAssignor(), counts({ t: 3 }), group)).toEqual({ a: ['t-0'], b: ['t-1', 't-2'] })
  })

  it('gives a partition back to a member that missed a generation, if that helps balance', () => {
    const group = {
      a: had(['t', 'u'], ['t-0', 't-1', 't-2', 'u-0'], 5),
      b: had(['t'], ['t-1'], 4),
      c: had(['u'], [], 5),
    }
    const result = assigned(stickyAssignor(), counts({ t: 3, u: 1 }), group)
    expect(result['b']).toContain('t-1')
  })

  it('assigns different subscriptions as evenly as they allow', () => {
    const group = { a: member(['t']), b: member(['t', 'u']), c: member(['u', 'v']) }
    expect(assigned(stickyAssignor(), counts({ t: 2, u: 2, v: 4 }), group)).toEqual({
      a: ['t-0', 't-1'],
      b: ['u-0', 'u-1'],
      c: ['v-0', 'v-1', 'v-2', 'v-3'],
    })
  })

  it('moves partitions of new topics before those that somebody has', () => {
    const group = { a: had(['t', 'u'], ['t-0', 't-1', 't-2']), b: had(['u'], []) }
    const result = assigned(stickyAssignor(), counts({ t: 3, u: 3 }), group)
    expect(result).toEqual({ a: ['t-0', 't-1', 't-2'], b: ['u-0', 'u-1', 'u-2'] })
  })

  it('takes partitions away that are far from their member when there is one nearby', () => {
    const cluster = { ...counts({ t: 2 }), replicaRacks: (_topic: string, partition: number) => [`r${partition}`] }
    const group = {
      a: { ...had(['t'], ['t-1']), rackId: 'r0' },
      b: { ...had(['t'], ['t-0']), rackId: 'r1' },
    }
    expect(assigned(stickyAssignor(), cluster, group)).toEqual({ a: ['t-0'], b: ['t-1'] })
  })

  it('takes partitions that no longer exist and user data of others for nothing', () => {
    const group = { a: had(['t'], ['t-7', 'gone-0', 't-0']), b: member(['t'], { userData: Uint8Array.of(1, 2, 3) }) }
    expect(assigned(stickyAssignor(), counts({ t: 2 }), group)).toEqual({ a: ['t-0'], b: ['t-1'] })
  })
})

describe('sticky user data', () => {
  it('is read with and without a generation', () => {
    const partitions = ['t-1', 't-2', 'u-0'].map(parse)
    const withGeneration = encodeStickyUserData({ partitions, generation: 7 })
    expect(decodeStickyUserData(withGeneration)).toEqual({ partitions, generation: 7 })
    expect(decodeStickyUserData(withGeneration.subarray(0, -4))).toEqual({ partitions, generation: -1 })
    expect(decodeStickyUserData(encodeStickyUserData({ partitions, generation: -1 }))).toEqual({
      partitions,
      generation: -1,
    })
  })
})

describe('cooperativeStickyAssignor', () => {
  it('withholds a partition until its owner has given it up, and then assigns it', () => {
    const cluster = counts({ t: 4 })
    const first = { a: holds(['t'], ['t-0', 't-1', 't-2', 't-3']), b: member(['t']) }
    expect(assigned(cooperativeStickyAssignor(), cluster, first)).toEqual({ a: ['t-0', 't-1'], b: [] })
    const second = { a: holds(['t'], ['t-0', 't-1'], 2), b: holds(['t'], [], 2) }
    expect(assigned(cooperativeStickyAssignor(), cluster, second)).toEqual({ a: ['t-0', 't-1'], b: ['t-2', 't-3'] })
  })

  it('gives a partition that two members claim in one generation to neither, so that both let go', () => {
    const group = { a: holds(['t'], ['t-0', 't-1']), b: holds(['t'], ['t-1', 't-2']) }
    expect(assigned(cooperativeStickyAssignor(), counts({ t: 3 }), group)).toEqual({ a: ['t-0'], b: ['t-2'] })
  })

  it('withholds also what moves for the sake of racks or of a changed subscription', () => {
    const racks = (_topic: string, partition: number): string[] => [`r${partition}`]
    const swapped = {
      a: { ...holds(['t'], ['t-1']), rackId: 'r0' },
      b: { ...holds(['t'], ['t-0']), rackId: 'r1' },
    }
    const cluster = { ...counts({ t: 2 }), replicaRacks: racks }
    expect(assigned(cooperativeStickyAssignor(), cluster, swapped)).toEqual({ a: [], b: [] })
    const changed = { a: holds(['u'], ['t-0', 'u-0']), b: member(['t']) }
    expect(assigned(cooperativeStickyAssignor(), counts({ t: 1, u: 1 }), changed)).toEqual({ a: ['u-0'], b: [] })
  })

  it('puts its generation into the user data for leaders older than KIP-792, and reads it there', () => {
    const assignor = cooperativeStickyAssignor()
    expect(hex(assignor.subscriptionUserData!(new Set()))).toBe('ffffffff')
    assignor.onAssignment!({ partitions: [] }, { groupId: 'g', generationId: 3, memberId: 'm', groupInstanceId: null })
    expect(hex(assignor.subscriptionUserData!(new Set()))).toBe('00000003')
    const old = (partition: string, userData: number): Subscription =>
      member(['t'], { ownedPartitions: [parse(partition)], userData: Uint8Array.of(0, 0, 0, userData) })
    const group = { a: old('t-0', 4), b: old('t-0', 5) }
    expect(assigned(cooperativeStickyAssignor(), counts({ t: 2 }), group)).toEqual({ a: ['t-1'], b: ['t-0'] })
  })
})
