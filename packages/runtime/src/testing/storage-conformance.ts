import assert from 'node:assert/strict'
import { type Storage, StorageError, type StorageErrorCode } from '../storage.ts'
import { type Conformance, conformance } from './conformance.ts'

/** A storage to test and a directory in it that exists and is empty. */
export interface StorageSubject {
  readonly storage: Storage
  readonly directory: string
}

/** What every `Storage` promises, as tests. */
export const storageConformance: Conformance<StorageSubject> = conformance([
  ...files(),
  ...reads(),
  ...names(),
  ...directories(),
  ...locksAndSpace(),
])

type Case = readonly [title: string, body: (subject: StorageSubject) => Promise<void>]

function files(): readonly Case[] {
  return [
    [
      'an append puts the chunks one after the other and answers where they begin',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a.log`)
        const positions = [file.append([bytes('one'), bytes(''), bytes('two')]), file.append([bytes('three')])]
        assert.deepEqual(positions, [0, 6])
        assert.equal(file.size, 11)
        assert.equal(text(await file.read(0, 100)), 'onetwothree')
        file.close()
      },
    ],
    [
      'an append of nothing changes nothing',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        assert.deepEqual([file.append([]), file.append([bytes('')]), file.size], [0, 0, 0])
        file.close()
      },
    ],
    [
      'an append of more chunks than one system call takes is written whole',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        const chunks = Array.from({ length: 5000 }, (_, index) => bytes(`${index},`))
        file.append(chunks)
        assert.equal(text(file.readSync(0, 1e6)), `${Array.from({ length: 5000 }, (_, index) => index).join(',')},`)
        file.close()
      },
    ],
    [
      'the caller may change a chunk after it was appended',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        const chunk = bytes('before')
        file.append([chunk])
        chunk.fill(0)
        assert.equal(text(await file.read(0, 6)), 'before')
        file.close()
      },
    ],
    [
      'a read gives the same bytes with and without memory to put them in',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        file.append([bytes('0123456789')])
        const into = new Uint8Array(20)
        assert.equal(text(await file.read(2, 5, into)), '23456')
        assert.equal(text(await file.read(8, 20, into)), '89')
        file.close()
      },
    ],
    [
      'a write overwrites, extends and fills a gap with zeros',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        file.append([bytes('0123456789')])
        file.write(2, bytes('xy'))
        file.write(8, bytes('zzzz'))
        file.write(14, bytes('!'))
        assert.equal(text(await file.read(0, 100)), '01xy4567zzzz\0\0!')
        assert.equal(file.size, 15)
        file.close()
      },
    ],
    [
      'truncate shortens, and lengthens with zeros; the next append goes to the new end',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        file.append([bytes('0123456789')])
        file.truncate(4)
        assert.deepEqual([file.size, file.append([bytes('ab')])], [4, 4])
        file.truncate(8)
        assert.equal(text(await file.read(0, 100)), '0123ab\0\0')
        file.close()
      },
    ],
    [
      'a file that is opened again holds what was written, with its size',
      async ({ storage, directory }) => {
        const first = storage.open(`${directory}/a`)
        first.append([bytes('kept')])
        await first.sync()
        first.syncNow()
        first.close()
        const second = storage.open(`${directory}/a`, { create: false })
        assert.deepEqual([second.path, second.size, text(second.readSync(0, 9))], [`${directory}/a`, 4, 'kept'])
        second.close()
      },
    ],
    [
      'a file that is missing is not made when create is false',
      async ({ storage, directory }) => {
        fails('not-found', () => storage.open(`${directory}/a`, { create: false }))
        fails('not-found', () => storage.open(`${directory}/no/a`))
        assert.equal(storage.exists(`${directory}/a`), false)
      },
    ],
    [
      'a directory cannot be opened as a file',
      async ({ storage, directory }) => {
        fails('io', () => storage.open(directory))
      },
    ],
    [
      'a closed file refuses everything with closed, and closing twice is fine',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        file.close()
        file.close()
        fails('closed', () => file.append([bytes('x')]))
        fails('closed', () => file.write(0, bytes('x')))
        fails('closed', () => file.readSync(0, 1))
        fails('closed', () => file.truncate(0))
        fails('closed', () => file.syncNow())
        await rejects('closed', file.read(0, 1))
        await rejects('closed', file.sync())
      },
    ],
    [
      'a read and a sync that are under way end well when the file is closed meanwhile',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        file.append([bytes('content')])
        const read = file.read(0, 7)
        const syncs = [file.sync(), file.sync(), file.sync()]
        file.close()
        const other = storage.open(`${directory}/b`)
        other.append([bytes('another')])
        assert.equal(text(await read), 'content')
        await Promise.all(syncs)
        other.close()
      },
    ],
  ]
}

function reads(): readonly Case[] {
  return [
    [
      'a read stops at the end of the file and is empty beyond it',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        file.append([bytes('0123456789')])
        const results = [await file.read(7, 10), await file.read(10, 1), await file.read(99, 1), await file.read(3, 0)]
        assert.deepEqual(results.map(text), ['789', '', '', ''])
        assert.deepEqual([file.readSync(7, 10), file.readSync(99, 1)].map(text), ['789', ''])
        file.close()
      },
    ],
    [
      'a read gives a plain Uint8Array, so that slice copies',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        file.append([bytes('0123456789')])
        storage.writeFile(`${directory}/b`, bytes('b'))
        const results = [await file.read(0, 4), file.readSync(0, 4), storage.readFile(`${directory}/b`)]
        assert.deepEqual(
          results.map((result) => Object.getPrototypeOf(result) === Uint8Array.prototype),
          [true, true, true],
        )
        file.close()
      },
    ],
    [
      'any range of a large file reads back, at once and asynchronously',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        const content = new Uint8Array(3_000_000)
        for (let index = 0; index < content.length; index++) content[index] = (index * 31 + (index >>> 8)) & 0xff
        for (let start = 0; start < content.length; start += 70_001) {
          file.append([content.subarray(start, start + 35_000), content.subarray(start + 35_000, start + 70_001)])
        }
        for (const [position, length] of ranges(content.length)) {
          const expected = content.slice(position, position + length)
          assert.ok(equal(await file.read(position, length), expected), `read ${position} ${length}`)
          assert.ok(equal(file.readSync(position, length), expected), `readSync ${position} ${length}`)
        }
        file.close()
      },
    ],
    [
      'what was read never changes, whatever happens to the file',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        for (let index = 0; index < 10; index++) file.append([new Uint8Array(5000).fill(index)])
        const before = [await file.read(0, 20_000), file.readSync(40_000, 10_000), file.readSync(3000, 4000)]
        const copies = before.map((result) => result.slice())
        file.write(1000, new Uint8Array(3000).fill(99))
        file.truncate(42_000)
        file.append([new Uint8Array(20_000).fill(98)])
        file.write(45_000, new Uint8Array(10).fill(97))
        assert.ok(before.every((result, index) => equal(result, copies[index]!)))
        assert.deepEqual([...file.readSync(999, 2)], [0, 99])
        assert.deepEqual([...file.readSync(41_999, 2)], [8, 98])
        assert.deepEqual([...file.readSync(44_999, 2)], [98, 97])
        file.truncate(0)
        file.append([new Uint8Array(50_000).fill(96)])
        assert.ok(before.every((result, index) => equal(result, copies[index]!)))
        file.close()
      },
    ],
  ]
}

function names(): readonly Case[] {
  return [
    [
      'writeFile makes or replaces a file and leaves nothing beside it',
      async ({ storage, directory }) => {
        storage.writeFile(`${directory}/meta`, bytes('one'))
        storage.writeFile(`${directory}/meta`, bytes('two!'))
        assert.equal(text(storage.readFile(`${directory}/meta`)), 'two!')
        assert.deepEqual(listing(storage, directory), ['meta 4'])
        fails('not-found', () => storage.readFile(`${directory}/none`))
        fails('not-found', () => storage.writeFile(`${directory}/no/meta`, bytes('x')))
      },
    ],
    [
      'writeFile leaves a reader of the former file its content',
      async ({ storage, directory }) => {
        storage.writeFile(`${directory}/meta`, bytes('one'))
        const former = storage.open(`${directory}/meta`)
        storage.writeFile(`${directory}/meta`, bytes('two'))
        assert.equal(text(former.readSync(0, 3)), 'one')
        former.close()
      },
    ],
    [
      'rename moves a file and replaces one of the new name',
      async ({ storage, directory }) => {
        storage.writeFile(`${directory}/a`, bytes('first'))
        storage.writeFile(`${directory}/b`, bytes('second'))
        storage.rename(`${directory}/a`, `${directory}/b`)
        assert.deepEqual(listing(storage, directory), ['b 5'])
        fails('not-found', () => storage.rename(`${directory}/a`, `${directory}/c`))
      },
    ],
    [
      'a file stays usable through what is open when it is renamed or removed',
      async ({ storage, directory }) => {
        const file = storage.open(`${directory}/a`)
        file.append([bytes('one')])
        storage.rename(`${directory}/a`, `${directory}/a.deleted`)
        file.append([bytes('two')])
        assert.equal(text(storage.readFile(`${directory}/a.deleted`)), 'onetwo')
        storage.remove(`${directory}/a.deleted`)
        assert.equal(storage.exists(`${directory}/a.deleted`), false)
        file.append([bytes('three')])
        assert.equal(text(await file.read(0, 100)), 'onetwothree')
        file.close()
        assert.equal(storage.open(`${directory}/a`).size, 0)
      },
    ],
    [
      'a directory is renamed with all it holds, open files included',
      async ({ storage, directory }) => {
        storage.makeDirectory(`${directory}/t-0`)
        const file = storage.open(`${directory}/t-0/0.log`)
        file.append([bytes('one')])
        storage.rename(`${directory}/t-0`, `${directory}/t-0.x-delete`)
        file.append([bytes('two')])
        assert.deepEqual(
          [storage.exists(`${directory}/t-0`), text(storage.readFile(`${directory}/t-0.x-delete/0.log`))],
          [false, 'onetwo'],
        )
        file.close()
      },
    ],
    [
      'a directory does not replace one that is not empty',
      async ({ storage, directory }) => {
        storage.makeDirectory(`${directory}/a`)
        storage.makeDirectory(`${directory}/b/c`)
        fails('io', () => storage.rename(`${directory}/a`, `${directory}/b`))
        assert.deepEqual(listing(storage, directory), ['a/', 'b/'])
      },
    ],
    [
      'remove takes a file, a whole directory, and is content with nothing',
      async ({ storage, directory }) => {
        storage.makeDirectory(`${directory}/d/e`)
        storage.writeFile(`${directory}/d/e/f`, bytes('x'))
        storage.writeFile(`${directory}/g`, bytes('x'))
        for (const name of ['d', 'g', 'h']) storage.remove(`${directory}/${name}`)
        assert.deepEqual(listing(storage, directory), [])
      },
    ],
  ]
}

function directories(): readonly Case[] {
  return [
    [
      'list tells names in order with kind, size and time, of the directory itself alone',
      async ({ storage, directory }) => {
        storage.writeFile(`${directory}/b`, bytes('12'))
        storage.writeFile(`${directory}/a10`, bytes('1'))
        storage.makeDirectory(`${directory}/a2/inner`)
        storage.writeFile(`${directory}/B`, bytes(''))
        assert.deepEqual(listing(storage, directory), ['B 0', 'a10 1', 'a2/', 'b 2'])
        assert.ok(storage.list(directory).every(({ modifiedMs }) => Number.isFinite(modifiedMs)))
      },
    ],
    [
      'list of what is missing is not-found, of a file is io',
      async ({ storage, directory }) => {
        fails('not-found', () => storage.list(`${directory}/none`))
        storage.writeFile(`${directory}/file`, bytes('x'))
        fails('io', () => storage.list(`${directory}/file`))
      },
    ],
    [
      'makeDirectory makes parents and is content with a directory that exists, not with a file',
      async ({ storage, directory }) => {
        storage.makeDirectory(`${directory}/a/b/c`)
        storage.makeDirectory(`${directory}/a/b`)
        assert.deepEqual(listing(storage, `${directory}/a/b`), ['c/'])
        storage.writeFile(`${directory}/file`, bytes('x'))
        fails('io', () => storage.makeDirectory(`${directory}/file`))
      },
    ],
    [
      'exists tells files and directories',
      async ({ storage, directory }) => {
        storage.writeFile(`${directory}/a`, bytes(''))
        assert.deepEqual(
          [directory, `${directory}/a`, `${directory}/a/b`, `${directory}/c`].map((path) => storage.exists(path)),
          [true, true, false, false],
        )
      },
    ],
    [
      'syncDirectory and syncDirectoryNow do their work for a directory and fail with not-found for a missing one',
      async ({ storage, directory }) => {
        await storage.syncDirectory(directory)
        await rejects('not-found', storage.syncDirectory(`${directory}/none`))
        storage.syncDirectoryNow(directory)
        fails('not-found', () => storage.syncDirectoryNow(`${directory}/none`))
      },
    ],
  ]
}

function locksAndSpace(): readonly Case[] {
  return [
    [
      'a lock is held by one until it is released, and the lock file stays',
      async ({ storage, directory }) => {
        const lock = storage.lock(`${directory}/.lock`)
        fails('locked', () => storage.lock(`${directory}/.lock`))
        lock.release()
        lock.release()
        const again = storage.lock(`${directory}/.lock`)
        fails('locked', () => storage.lock(`${directory}/.lock`))
        lock.release()
        fails('locked', () => storage.lock(`${directory}/.lock`))
        again.release()
        assert.equal(storage.exists(`${directory}/.lock`), true)
        storage.lock(`${directory}/.lock`).release()
      },
    ],
    [
      'locks of two directories do not touch each other',
      async ({ storage, directory }) => {
        storage.makeDirectory(`${directory}/a`)
        storage.makeDirectory(`${directory}/b`)
        const locks = [storage.lock(`${directory}/a/.lock`), storage.lock(`${directory}/b/.lock`)]
        for (const lock of locks) lock.release()
      },
    ],
    [
      'a lock in a directory that is missing is not-found',
      async ({ storage, directory }) => {
        fails('not-found', () => storage.lock(`${directory}/none/.lock`))
      },
    ],
    [
      'space tells how large the volume is and how much of it is free',
      async ({ storage, directory }) => {
        const { totalBytes, usableBytes } = storage.space(directory)
        assert.ok(totalBytes > 0 && usableBytes > 0 && usableBytes <= totalBytes, `${usableBytes} of ${totalBytes}`)
      },
    ],
  ]
}

function ranges(size: number): readonly (readonly [position: number, length: number])[] {
  const found: [number, number][] = [[0, size]]
  for (let position = 0; position < size; position = position * 2 + 999) {
    for (const length of [1, 2047, 2049, 65_536, 1_100_000]) found.push([position, length])
  }
  return found
}

function listing(storage: Storage, directory: string): readonly string[] {
  return storage.list(directory).map((entry) => (entry.directory ? `${entry.name}/` : `${entry.name} ${entry.size}`))
}

function fails(code: StorageErrorCode, call: () => unknown): void {
  assert.throws(call, (error) => error instanceof StorageError && error.code === code)
}

async function rejects(code: StorageErrorCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof StorageError && error.code === code)
}

function bytes(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function text(value: Uint8Array): string {
  return new TextDecoder().decode(value)
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
