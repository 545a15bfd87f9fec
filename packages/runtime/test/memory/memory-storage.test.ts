import { describe, expect, test } from 'vitest'
import { MemoryStorage, StorageError } from '../../src/index.ts'
import { storageConformance } from '../../src/testing/storage-conformance.ts'

describe('MemoryStorage', () => {
  storageConformance(test, {
    open: () => {
      const storage = new MemoryStorage()
      storage.makeDirectory('/data')
      return { storage, directory: '/data' }
    },
  })

  test('a write beyond the capacity is refused with no-space and changes nothing', () => {
    const storage = new MemoryStorage({ capacityBytes: 100 })
    const file = storage.open('a')
    file.append([new Uint8Array(60)])
    expect(() => file.append([new Uint8Array(30), new Uint8Array(11)])).toThrow(StorageError)
    expect([file.size, storage.space('a')]).toEqual([60, { totalBytes: 100, usableBytes: 40 }])
  })

  test('space comes back when a file is truncated, replaced, or removed and closed', () => {
    const storage = new MemoryStorage({ capacityBytes: 100 })
    const file = storage.open('a')
    file.append([new Uint8Array(60)])
    file.truncate(20)
    storage.writeFile('b', new Uint8Array(30))
    storage.writeFile('b', new Uint8Array(10))
    const usable = [storage.space('').usableBytes]
    storage.remove('a')
    usable.push(storage.space('').usableBytes)
    file.close()
    storage.remove('b')
    usable.push(storage.space('').usableBytes)
    expect(usable).toEqual([70, 70, 100])
  })

  test('the time of the last change comes from the clock', () => {
    let now = 1000
    const storage = new MemoryStorage({ clock: { now: () => now } })
    const file = storage.open('a')
    now = 2000
    file.append([new Uint8Array(1)])
    now = 3000
    expect(storage.list('/')).toEqual([{ name: 'a', directory: false, size: 1, modifiedMs: 2000 }])
  })
})
