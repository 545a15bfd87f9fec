import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StorageFile } from '../../src/index.ts'
import { SimDisk, SimRandom } from '../../src/sim/index.ts'

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('append' as const), length: fc.integer({ min: 1, max: 9000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sync' as const) }) },
)

describe('a crash', () => {
  test('keeps every byte that was synced, whatever was appended after', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer(), async (steps, seed) => {
        const disk = new SimDisk({ random: new SimRandom(seed) })
        const file = await namedFile(disk)
        let synced = 0
        for (const [index, each] of steps.entries()) {
          if (each.kind === 'append') file.append([content(file.size, each.length)])
          else if (index % 2 === 0) await file.sync()
          else file.syncNow()
          if (each.kind === 'sync') synced = file.size
        }
        const written = file.size
        disk.crash()
        const after = disk.mount().open('f', { create: false })
        expect(after.size).toBeGreaterThanOrEqual(synced)
        expect(after.size).toBeLessThanOrEqual(written)
        expect(after.readSync(0, synced)).toEqual(content(0, synced))
      }),
      { numRuns: 300 },
    )
  })

  test('keeps what was synced outside of the places that were overwritten or cut off after', async () => {
    const change = fc.record({
      kind: fc.constantFrom('write' as const, 'truncate' as const, 'append' as const),
      position: fc.integer({ min: 0, max: 20_000 }),
      length: fc.integer({ min: 1, max: 9000 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), fc.integer(), async (changes, seed) => {
        const disk = new SimDisk({ random: new SimRandom(seed) })
        const file = await namedFile(disk)
        file.append([content(0, 20_000)])
        file.syncNow()
        const touched = new Uint8Array(20_000)
        for (const { kind, position, length } of changes) {
          if (kind === 'truncate') {
            file.truncate(position)
            touched.fill(1, position)
          } else {
            const at = kind === 'append' ? file.size : position
            if (kind === 'append') file.append([new Uint8Array(length).fill(0xee)])
            else file.write(at, new Uint8Array(length).fill(0xdd))
            touched.fill(1, at, at + length)
          }
        }
        disk.crash()
        const after = disk.mount().open('f', { create: false }).readSync(0, 20_000)
        const expected = content(0, 20_000)
        expect(touched.findIndex((mark, index) => mark === 0 && after[index] !== expected[index])).toBe(-1)
      }),
      { numRuns: 300 },
    )
  })

  test('shows every fate of unsynced bytes over the seeds: none, all, a torn part, zeros, a hole', async () => {
    const fates = new Set<string>()
    for (let seed = 0; seed < 300; seed++) {
      const disk = new SimDisk({ random: new SimRandom(seed) })
      const file = await namedFile(disk)
      for (let index = 0; index < 4; index++) file.append([new Uint8Array(5000).fill(index + 1)])
      disk.crash()
      fates.add(fateOf(disk.mount().open('f').readSync(0, 1e6)))
    }
    expect([...fates].sort()).toEqual(['all', 'hole', 'none', 'torn', 'zeros at the end'])
  })

  test.each([
    ['all', 3],
    ['nothing', 6],
  ] as const)('that loses %s of what was not synced leaves exactly the rest', async (loses, size) => {
    const disk = new SimDisk({ random: new SimRandom(1) })
    const file = await namedFile(disk)
    file.append([content(0, 3)])
    file.syncNow()
    file.append([content(3, 3)])
    disk.crash({ loses })
    expect(disk.mount().open('f').readSync(0, 9)).toEqual(content(0, size))
  })

  test('loses names that were not synced, in the order of one directory from the last, and each rename as a whole', async () => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 200; seed++) {
      const disk = new SimDisk({ random: new SimRandom(seed) })
      const storage = disk.mount()
      for (const name of ['a', 'b']) storage.open(name).close()
      await storage.syncDirectory('/')
      storage.open('c').close()
      storage.rename('a', 'd')
      storage.remove('b')
      disk.crash()
      seen.add(
        disk
          .mount()
          .list('/')
          .map(({ name }) => name)
          .join(''),
      )
    }
    expect([...seen].sort()).toEqual(['ab', 'abc', 'bcd', 'cd'])
  })

  test('may lose a synced file whose name was not synced', async () => {
    const disk = new SimDisk({ random: new SimRandom(1) })
    const storage = disk.mount()
    storage.writeFile('f', content(0, 10))
    disk.crash({ loses: 'all' })
    expect(disk.mount().list('/')).toEqual([])
  })

  test('leaves the old content or the new of a file that writeFile replaced', async () => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 100; seed++) {
      const disk = new SimDisk({ random: new SimRandom(seed) })
      const storage = disk.mount()
      storage.writeFile('f', new TextEncoder().encode('old'))
      await storage.syncDirectory('/')
      storage.writeFile('f', new TextEncoder().encode('newer'))
      disk.crash()
      seen.add(new TextDecoder().decode(disk.mount().readFile('f')))
    }
    expect([...seen].sort()).toEqual(['newer', 'old'])
  })

  test('closes what the dead process had open and frees its lock', async () => {
    const disk = new SimDisk({ random: new SimRandom(1) })
    const storage = disk.mount()
    const file = storage.open('f')
    storage.lock('.lock')
    const syncing = file.sync()
    disk.crash()
    expect(() => file.append([content(0, 1)])).toThrow('closed')
    expect(() => storage.open('f')).toThrow('closed')
    await expect(syncing).rejects.toThrow('closed')
    disk.mount().lock('.lock').release()
  })

  test('a kill loses nothing', async () => {
    const disk = new SimDisk({ random: new SimRandom(1) })
    disk
      .mount()
      .open('f')
      .append([content(0, 5000)])
    disk.kill()
    expect(disk.mount().readFile('f')).toEqual(content(0, 5000))
  })

  test('is the same for the same seed', async () => {
    const run = async (seed: number) => {
      const disk = new SimDisk({ random: new SimRandom(seed) })
      const file = await namedFile(disk)
      for (let index = 0; index < 10; index++) file.append([content(index * 700, 700)])
      disk.crash()
      return disk.mount().readFile('f')
    }
    for (let seed = 0; seed < 20; seed++) expect(await run(seed)).toEqual(await run(seed))
  })
})

describe('faults', () => {
  test('the Nth call of a kind fails, as often as asked, and changes nothing', async () => {
    const disk = new SimDisk({ random: new SimRandom(1) })
    const file = disk.mount().open('f')
    disk.fail({ matches: ({ operation }) => operation === 'append', skip: 2, times: 2, code: 'no-space' })
    const outcomes = Array.from({ length: 6 }, (_, index) => {
      try {
        return file.append([content(index, 1)])
      } catch (error) {
        return (error as { code?: string }).code
      }
    })
    expect([outcomes, file.size]).toEqual([[0, 1, 'no-space', 'no-space', 2, 3], 4])
  })

  test('each call of a scenario can be failed by its number', async () => {
    const scenario = (disk: SimDisk) => {
      const storage = disk.mount()
      storage.makeDirectory('d')
      storage.writeFile('d/meta', content(0, 3))
      const file = storage.open('d/log')
      file.append([content(0, 3)])
      file.syncNow()
      storage.list('d')
    }
    const clean = new SimDisk({ random: new SimRandom(1) })
    const operations: string[] = []
    clean.observe(({ operation }) => operations.push(operation))
    scenario(clean)
    expect(operations).toEqual([
      'mkdir',
      'open',
      'truncate',
      'append',
      'sync',
      'rename',
      'close',
      'open',
      'append',
      'sync',
      'list',
    ])
    for (let number = 1; number <= clean.callCount; number++) {
      const disk = new SimDisk({ random: new SimRandom(1) })
      disk.fail({ matches: (call) => call.number === number })
      expect(() => scenario(disk), operations[number - 1]).toThrow('injected fault')
    }
  })

  test('a failing append may leave a part of its bytes', () => {
    const sizes = new Set<number>()
    for (let seed = 0; seed < 20; seed++) {
      const file = faulty(seed, { leavesBytes: true })
      expect(() => file.append([content(0, 1000)])).toThrow('injected fault')
      sizes.add(file.size)
    }
    expect(Math.max(...sizes)).toBeLessThan(1000)
    expect(sizes.size).toBeGreaterThan(10)
  })

  test('what a failed sync should have written is not made durable by the next', async () => {
    const disk = new SimDisk({ random: new SimRandom(1) })
    const file = await namedFile(disk)
    file.append([content(0, 100)])
    disk.fail({ matches: ({ operation }) => operation === 'sync' })
    await expect(file.sync()).rejects.toMatchObject({ code: 'io', operation: 'sync' })
    await file.sync()
    expect(file.readSync(0, 100)).toEqual(content(0, 100))
    disk.crash({ loses: 'all' })
    expect(disk.mount().readFile('f')).toEqual(new Uint8Array(0))
  })

  test('an observer may crash the disk before the Nth call, which then fails', () => {
    const disk = new SimDisk({ random: new SimRandom(1) })
    disk.observe(({ number }) => void (number === 3 && disk.crash()))
    const file = disk.mount().open('f')
    file.append([content(0, 1)])
    expect(() => file.append([content(1, 1)])).toThrow('closed')
  })

  test('a full disk refuses writes with no-space until there is room', () => {
    const disk = new SimDisk({ random: new SimRandom(1), capacityBytes: 100 })
    const storage = disk.mount()
    const file = storage.open('f')
    file.append([content(0, 90)])
    expect(() => file.append([content(0, 11)])).toThrow('no-space')
    expect(storage.space('f')).toEqual({ totalBytes: 100, usableBytes: 10 })
    disk.capacityBytes = 200
    expect(file.append([content(0, 11)])).toBe(90)
  })

  test('corrupt flips one bit that stays flipped over a crash', async () => {
    const disk = new SimDisk({ random: new SimRandom(1) })
    const file = await namedFile(disk)
    file.append([content(0, 1000)])
    file.syncNow()
    const position = disk.corrupt('f')
    disk.crash()
    const after = disk.mount().readFile('f')
    const different = Array.from(after).flatMap((byte, index) => (byte === content(index, 1)[0] ? [] : [index]))
    expect(different).toEqual([position])
  })
})

function faulty(seed: number, fault: { readonly leavesBytes: boolean }): StorageFile {
  const disk = new SimDisk({ random: new SimRandom(seed) })
  const file = disk.mount().open('f')
  disk.fail(fault)
  return file
}

/** An empty file whose name is durable. */
async function namedFile(disk: SimDisk): Promise<StorageFile> {
  const storage = disk.mount()
  const file = storage.open('f')
  await storage.syncDirectory('/')
  return file
}

/** Bytes that tell their position, none of them 0. */
function content(position: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => 1 + (((position + index) * 7) % 251))
}

/** What became of four writes of 5000 bytes each, filled with 1 to 4. */
function fateOf(bytes: Uint8Array): string {
  const intact = bytes.every((byte, index) => byte === 1 + Math.floor(index / 5000))
  if (intact) return bytes.length === 0 ? 'none' : bytes.length === 20_000 ? 'all' : 'torn'
  const lastData = bytes.findLastIndex((byte) => byte !== 0)
  return bytes.subarray(0, lastData + 1).includes(0) ? 'hole' : 'zeros at the end'
}
