import { MemoryStorage } from '@odradek/runtime'
import { describe, expect, test } from 'vitest'
import { OffsetIndex } from '../src/offset-index.ts'

const path = 'index'

function filled(storage = new MemoryStorage()): OffsetIndex {
  const index = new OffsetIndex(storage, { path, baseOffset: 100, fileBytes: 0 })
  for (let i = 1; i <= 1000; i++) index.append(100 + i * 10, i * 4096)
  return index
}

describe('OffsetIndex', () => {
  test('finds the last entry at or before an offset, in memory and in the file', () => {
    const storage = new MemoryStorage()
    const index = filled(storage)
    index.entries.release()
    const reopened = new OffsetIndex(storage, { path, baseOffset: 100, fileBytes: 8000 })
    for (const each of [filled(), index, reopened]) {
      expect([99, 109, 110, 119, 5555, 99_999].map((offset) => each.lookup(offset))).toEqual([
        { offset: 100, position: 0 },
        { offset: 100, position: 0 },
        { offset: 110, position: 4096 },
        { offset: 110, position: 4096 },
        { offset: 5550, position: 545 * 4096 },
        { offset: 10_100, position: 1000 * 4096 },
      ])
    }
  })

  test('holds eight bytes an entry, relative to the base, and nothing behind the last one', () => {
    const storage = new MemoryStorage()
    const index = new OffsetIndex(storage, { path, baseOffset: 100, fileBytes: 0 })
    index.append(105, 300)
    index.append(258, 66_000)
    index.entries.write()
    expect([...storage.readFile(path)]).toEqual([0, 0, 0, 5, 0, 0, 1, 44, 0, 0, 0, 158, 0, 1, 1, 208])
  })

  test('leaves out an offset that is not beyond the last one', () => {
    const index = filled()
    index.append(10_100, 9_999_999)
    expect([index.entries.count, index.lastOffset]).toEqual([1000, 10_100])
  })

  test('forgets what a truncation takes away, also in the file', () => {
    const storage = new MemoryStorage()
    const index = filled(storage)
    index.entries.write()
    index.truncateTo(130)
    index.append(131, 9000)
    index.entries.write()
    expect([index.lookup(1000), storage.readFile(path).length]).toEqual([{ offset: 131, position: 9000 }, 24])
  })

  test.each([
    ['a length that is no multiple of an entry', 7999, 1e9, false],
    ['a position behind the end of the log', 8000, 100, false],
    ['whole entries', 8000, 1e9, true],
  ])('believes a file with %s: only if it can be right', (_, fileBytes, logBytes, expected) => {
    const storage = new MemoryStorage()
    filled(storage).entries.write()
    const index = new OffsetIndex(storage, { path, baseOffset: 100, fileBytes })
    expect(index.isPlausible(fileBytes, logBytes)).toBe(expected)
  })

  test('does not believe a preallocated file that ends with zeros', () => {
    const storage = new MemoryStorage()
    filled(storage).entries.write()
    storage.open(path).append([new Uint8Array(800)])
    expect(new OffsetIndex(storage, { path, baseOffset: 100, fileBytes: 8800 }).isPlausible(8800, 1e9)).toBe(false)
  })
})
