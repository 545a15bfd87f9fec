import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NodeStorage } from '../../src/node/index.ts'

const holder = new URL('./lock-holder.ts', import.meta.url).pathname

describe('the lock file of a data directory', () => {
  test('another process that holds it refuses us with its id, and is followed after kill -9', async () => {
    using directory = temporaryDirectory()
    const other = await started(directory.path)
    expect(() => new NodeStorage().lock(directory.lock)).toThrow(`held by process ${other.pid}`)
    await killed(other)
    const lock = new NodeStorage().lock(directory.lock)
    await expect(started(directory.path)).rejects.toThrow('locked')
    lock.release()
    await killed(await started(directory.path))
  })

  test('of four processes that want it at once exactly one gets it', async () => {
    using directory = temporaryDirectory()
    const contenders = await Promise.allSettled(Array.from({ length: 4 }, () => started(directory.path)))
    const holders = contenders.flatMap((contender) => (contender.status === 'fulfilled' ? [contender.value] : []))
    expect(holders).toHaveLength(1)
    await killed(holders[0]!)
  })

  test('a process that has our id but another start time is a dead one', () => {
    using directory = temporaryDirectory()
    writeFileSync(directory.lock, `${process.pid} another-boot/1 0123456789abcdef\n`)
    new NodeStorage().lock(directory.lock).release()
  })

  test('the file Kafka leaves behind, which is empty, is nobody’s', () => {
    using directory = temporaryDirectory()
    writeFileSync(directory.lock, '')
    const lock = new NodeStorage().lock(directory.lock)
    lock.release()
    expect(readFileSync(directory.lock, 'utf8')).toBe('')
  })

  test('two storages of one process exclude each other', () => {
    using directory = temporaryDirectory()
    const lock = new NodeStorage().lock(directory.lock)
    expect(() => new NodeStorage().lock(directory.lock)).toThrow('locked')
    lock.release()
    new NodeStorage().lock(directory.lock).release()
  })

  test('a directory that was removed while locked is released without complaint', () => {
    using directory = temporaryDirectory()
    const lock = new NodeStorage().lock(directory.lock)
    rmSync(directory.path, { recursive: true })
    lock.release()
  })
})

function temporaryDirectory(): Disposable & { readonly path: string; readonly lock: string } {
  const path = mkdtempSync(join(tmpdir(), 'odradek-lock-'))
  return {
    path,
    lock: join(path, '.lock'),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** A process that holds the lock; rejects with what it said when it did not get it. */
function started(directory: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--conditions=@odradek/source', holder, join(directory, '.lock')])
  let said = ''
  return new Promise((resolve, reject) => {
    child.stdout.on('data', () => resolve(child))
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    child.once('close', () => reject(new Error(said)))
  })
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve())
    child.kill('SIGKILL')
  })
}
