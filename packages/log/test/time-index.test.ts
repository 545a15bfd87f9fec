import { MemoryStorage } from '@odradek/runtime'
import { describe, expect, test } from 'vitest'
import { TimeIndex } from '../src/time-index.ts'

const newIndex = (storage = new MemoryStorage(), fileBytes = 0): TimeIndex =>
  new TimeIndex(storage, { path: 'index', baseOffset: 50, fileBytes })

describe('TimeIndex', () => {
  test('finds the last entry at or before a time', () => {
    const index = newIndex()
    for (const [timestamp, offset] of [
      [1000, 55],
      [2000, 60],
      [1_700_000_000_000, 70],
    ] as const)
      index.maybeAppend(timestamp, offset)
    expect([999, 1000, 1999, 2e12].map((timestamp) => index.lookup(timestamp))).toEqual([
      { timestamp: -1, offset: 50 },
      { timestamp: 1000, offset: 55 },
      { timestamp: 1000, offset: 55 },
      { timestamp: 1_700_000_000_000, offset: 70 },
    ])
  })

  test('takes only entries that are newer, at offsets that do not go back', () => {
    const index = newIndex()
    for (const [timestamp, offset] of [
      [1000, 55],
      [1000, 58],
      [900, 60],
      [1100, 54],
    ] as const)
      index.maybeAppend(timestamp, offset)
    expect([index.entries.count, index.lastEntry]).toEqual([1, { timestamp: 1000, offset: 55 }])
  })

  test('holds twelve bytes an entry', () => {
    const storage = new MemoryStorage()
    const index = newIndex(storage)
    index.maybeAppend(0x01_0203_0405, 51)
    index.entries.write()
    expect([...storage.readFile('index')]).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 1])
    expect(newIndex(storage, 12).lastEntry).toEqual({ timestamp: 0x01_0203_0405, offset: 51 })
  })

  test('forgets what a truncation takes away', () => {
    const index = newIndex()
    index.maybeAppend(1000, 55)
    index.maybeAppend(2000, 60)
    index.truncateTo(60)
    expect(index.lastEntry).toEqual({ timestamp: 1000, offset: 55 })
  })
})
