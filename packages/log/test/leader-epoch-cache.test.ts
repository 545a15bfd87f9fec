import { MemoryStorage } from '@odradek/runtime'
import { describe, expect, test } from 'vitest'
import { type EpochEntry, LeaderEpochCache } from '../src/leader-epoch-cache.ts'

function cacheOf(entries: readonly (readonly [epoch: number, startOffset: number])[]): {
  cache: LeaderEpochCache
  file: () => string
} {
  const storage = new MemoryStorage()
  storage.makeDirectory('log')
  const cache = new LeaderEpochCache(storage, 'log')
  for (const [epoch, startOffset] of entries) cache.assign(epoch, startOffset)
  return { cache, file: () => new TextDecoder().decode(storage.readFile('log/leader-epoch-checkpoint')) }
}

const pairs = (entries: readonly EpochEntry[]): number[][] =>
  entries.map(({ epoch, startOffset }) => [epoch, startOffset])

describe('LeaderEpochCache', () => {
  test('keeps the first offset of each epoch, in the file Kafka writes', () => {
    const { cache, file } = cacheOf([
      [0, 0],
      [0, 5],
      [2, 10],
      [2, 12],
      [5, 20],
    ])
    expect(pairs(cache.entries)).toEqual([
      [0, 0],
      [2, 10],
      [5, 20],
    ])
    expect(file()).toBe('0\n3\n0 0\n2 10\n5 20\n')
  })

  test.each([
    [
      'an epoch that begins before the last one replaces it',
      [
        [0, 0],
        [2, 10],
        [3, 8],
      ],
      [
        [0, 0],
        [3, 8],
      ],
    ],
    [
      'an older epoch at a later offset replaces newer ones',
      [
        [0, 0],
        [4, 10],
        [2, 12],
      ],
      [
        [0, 0],
        [2, 12],
      ],
    ],
    [
      'an epoch without records gives way to the next',
      [
        [0, 0],
        [1, 10],
        [2, 10],
      ],
      [
        [0, 0],
        [2, 10],
      ],
    ],
  ] as const)('%s', (_, assigned, expected) => {
    expect(pairs(cacheOf(assigned).cache.entries)).toEqual(expected)
  })

  test('answers OffsetForLeaderEpoch as Kafka does', () => {
    const { cache } = cacheOf([
      [2, 5],
      [4, 10],
      [5, 20],
    ])
    const answers = [-1, 1, 2, 3, 4, 5, 6].map((epoch) => {
      const { leaderEpoch, endOffset } = cache.endOffsetFor(epoch, 30)
      return [leaderEpoch, endOffset]
    })
    expect(answers).toEqual([
      [-1, -1],
      [1, 5],
      [2, 10],
      [2, 10],
      [4, 20],
      [5, 30],
      [-1, -1],
    ])
  })

  test('tells the epoch of an offset', () => {
    const { cache } = cacheOf([
      [2, 5],
      [4, 10],
    ])
    expect([4, 5, 9, 10, 99].map((offset) => cache.epochForOffset(offset))).toEqual([undefined, 2, 2, 4, 4])
  })

  test('truncates at both ends', () => {
    const { cache, file } = cacheOf([
      [2, 5],
      [4, 10],
      [5, 20],
    ])
    cache.truncateFromEnd(20)
    cache.truncateFromStart(12)
    expect([pairs(cache.entries), file()]).toEqual([[[4, 12]], '0\n1\n4 12\n'])
  })

  test('a file that cannot be read counts as empty', () => {
    const storage = new MemoryStorage()
    storage.makeDirectory('log')
    storage.writeFile('log/leader-epoch-checkpoint', new TextEncoder().encode('garbage'))
    expect(new LeaderEpochCache(storage, 'log').entries).toEqual([])
  })
})
