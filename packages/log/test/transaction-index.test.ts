import { MemoryStorage } from '@odradek/runtime'
import { describe, expect, test } from 'vitest'
import { TransactionIndex } from '../src/transaction-index.ts'

const first = { producerId: 7, firstOffset: 10, lastOffset: 20, lastStableOffset: 15 }
const second = { producerId: 8, firstOffset: 15, lastOffset: 30, lastStableOffset: 31 }

describe('TransactionIndex', () => {
  test('has a file only when a transaction was aborted', () => {
    const storage = new MemoryStorage()
    const index = new TransactionIndex(storage, { path: 'index', fileBytes: 0 })
    index.write()
    expect(storage.exists('index')).toBe(false)
    index.append(first)
    index.write()
    expect([...storage.readFile('index')]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 15,
    ])
  })

  test('tells which aborted transactions reach into a range, and whether later segments may have more', () => {
    const storage = new MemoryStorage()
    const written = new TransactionIndex(storage, { path: 'index', fileBytes: 0 })
    written.append(first)
    written.append(second)
    written.write()
    const index = new TransactionIndex(storage, { path: 'index', fileBytes: 68 })
    expect([index.collect(0, 12), index.collect(21, 40), index.collect(18, 25), index.collect(31, 40)]).toEqual([
      { transactions: [first], isComplete: true },
      { transactions: [second], isComplete: false },
      { transactions: [first, second], isComplete: true },
      { transactions: [], isComplete: false },
    ])
  })

  test('forgets transactions whose marker a truncation takes away', () => {
    const storage = new MemoryStorage()
    const index = new TransactionIndex(storage, { path: 'index', fileBytes: 0 })
    index.append(first)
    index.append(second)
    index.write()
    index.truncateTo(30)
    expect([index.entries, storage.readFile('index').length]).toEqual([[first], 34])
  })
})
