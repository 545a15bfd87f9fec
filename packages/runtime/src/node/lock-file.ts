/**
 * The exclusive lock of a data directory (Kafka's `.lock`), without `flock`, which Node does not offer.
 *
 * Whoever wants the lock appends one line that says who it is: process id, the time that process started, and a random word. The
 * host appends lines one after the other, so all contenders see the same order, and the first line whose process is alive holds
 * the lock. A contender that finds another line first blanks its own and gives up. A process that was killed leaves its line
 * behind; a later process with the same id has another start time, so the line is known to be stale. Kafka itself locks the same
 * file but neither reads nor writes it, so the two do not see each other's lock.
 *
 * The directory must not be shared by hosts or containers that do not see each other's processes.
 */
import * as fs from 'node:fs'
import { StorageError, type StorageLock } from '../storage.ts'
import { nodeCrypto } from './node-crypto.ts'
import { hostCode } from './storage-failure.ts'

/** Takes the lock, or throws `StorageError` `locked` with the holder's process id in its cause. */
export function takeLock(path: string): StorageLock {
  const line = `${process.pid} ${processStart(process.pid) ?? ''} ${nodeCrypto().randomBytes(8).toString('hex')}`
  for (;;) {
    fs.appendFileSync(path, `${line}\n`)
    const lines = linesOf(path)
    // The holder empties the file when it lets go, perhaps just after our line had come: then we say again who we are.
    if (!lines.includes(line)) continue
    const holder = lines.find((each) => each === line || isAlive(each))
    if (holder === line) break
    blank(path, line)
    throw new StorageError('locked', { operation: 'lock', path }, new Error(`held by process ${holder?.split(' ')[0]}`))
  }
  let held = true
  return {
    release() {
      if (!held) return
      held = false
      if (linesOf(path).includes(line)) fs.truncateSync(path, 0)
    },
  }
}

function linesOf(path: string): readonly string[] {
  try {
    return fs.readFileSync(path, 'latin1').split('\n')
  } catch (error) {
    // The data directory may have been removed while it was locked.
    if (hostCode(error) === 'ENOENT') return []
    throw error
  }
}

/** Overwrites our line in place; lines of others keep their positions. */
function blank(path: string, line: string): void {
  const descriptor = fs.openSync(path, 'r+')
  try {
    const at = fs.readFileSync(descriptor, 'latin1').indexOf(line)
    if (at >= 0) fs.writeSync(descriptor, Buffer.alloc(line.length, ' '), 0, line.length, at)
  } finally {
    fs.closeSync(descriptor)
  }
}

function isAlive(line: string): boolean {
  const [id, start] = line.split(' ')
  const processId = Number(id)
  if (!Number.isInteger(processId) || processId <= 0) return false
  return processStart(processId) === start
}

/** A word that differs between two processes that had the same id; undefined when no process of that id runs. */
function processStart(processId: number): string | undefined {
  if (process.platform === 'linux') return linuxProcessStart(processId)
  try {
    process.kill(processId, 0)
  } catch (error) {
    if (hostCode(error) === 'ESRCH') return undefined
  }
  if (process.platform === 'win32') return ''
  // Looked up here, since a broker on Linux has no other need of child processes.
  const { execFileSync } = process.getBuiltinModule('node:child_process')
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(processId)], { encoding: 'latin1' })
    .trim()
    .replaceAll(' ', '_')
}

/** Start time in clock ticks since boot, after the id of that boot: ticks begin anew when the machine does. */
function linuxProcessStart(processId: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${processId}/stat`, 'latin1')
    // The second field is the program's name in parentheses and may hold spaces; the start time is the twenty-second.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A killed process that its parent has not yet waited for is listed still, as a zombie, but holds nothing.
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return `${boot}/${fields[19]}`
  } catch (error) {
    const code = hostCode(error)
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}
