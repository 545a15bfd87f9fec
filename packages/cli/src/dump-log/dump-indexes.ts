import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Dump } from './dump.ts'
import { LogFile } from './log-file.ts'

interface IndexEntry {
  readonly offset: number
  readonly position: number
}

/** Prints a `.index` file and holds each entry against the log beside it. */
export function dumpOffsetIndex(dump: Dump, path: string): void {
  const baseOffset = baseOffsetOf(path)
  const entries = readOffsetIndex(path)
  if (entries.length === 0) {
    dump.print(`${path} is empty.`)
    return
  }
  if (dump.indexSanityOnly) {
    dump.print(`${path} passed sanity check.`)
    return
  }
  const log = openLog(dump, path)
  try {
    for (const [at, { offset, position }] of entries.entries()) {
      // A preallocated file ends in zeros.
      if (offset === 0 && at > 0) return
      const found = log?.batchAt(position)?.lastOffset ?? -1
      if (found !== baseOffset + offset) dump.indexMismatch(resolve(path), baseOffset + offset, found)
      if (!dump.verifyIndexOnly) dump.print(`offset: ${baseOffset + offset} position: ${position}`)
    }
  } finally {
    log?.close()
  }
}

/** Prints a `.timeindex` file and holds each entry against the log beside it. */
export function dumpTimeIndex(dump: Dump, path: string): void {
  if (dump.indexSanityOnly) {
    dump.print(`${path} passed sanity check.`)
    return
  }
  const log = openLog(dump, path)
  try {
    dumpTimeEntries(dump, path, log)
  } finally {
    log?.close()
  }
}

function dumpTimeEntries(dump: Dump, path: string, log: LogFile | undefined): void {
  const baseOffset = baseOffsetOf(path)
  const offsetIndexPath = path.replace(/\.timeindex$/, '.index')
  const offsetIndex = existsSync(offsetIndexPath) ? readOffsetIndex(offsetIndexPath) : []
  const bytes = readFileSync(path)
  let previous = -1
  for (let at = 0; at + 12 <= bytes.length; at += 12) {
    const timestamp = Number(bytes.readBigInt64BE(at))
    const relative = bytes.readInt32BE(at + 8)
    if (relative === 0 && at > 0) return
    const offset = baseOffset + relative
    checkTimeEntry(dump, path, {
      timestamp,
      offset,
      previous,
      log,
      from: positionBefore(offsetIndex, relative),
    })
    if (!dump.verifyIndexOnly) dump.print(`timestamp: ${timestamp} offset: ${offset}`)
    previous = timestamp
  }
}

interface TimeEntry {
  readonly timestamp: number
  readonly offset: number
  readonly previous: number
  readonly log: LogFile | undefined
  readonly from: number
}

function checkTimeEntry(dump: Dump, path: string, { timestamp, offset, previous, log, from }: TimeEntry): void {
  const batch = batchEndingFrom(log, from, offset)
  if (batch?.lastOffset !== offset) {
    dump.offsetNotFound(resolve(path), offset, batch?.lastOffset ?? -1)
    return
  }
  let largest = -1
  for (const record of batch.records()) largest = Math.max(largest, record.timestamp)
  if (largest !== timestamp) dump.timestampMismatch(resolve(path), timestamp, largest)
  if (previous >= timestamp) dump.timestampOutOfOrder(resolve(path), timestamp, previous)
}

function batchEndingFrom(log: LogFile | undefined, from: number, offset: number) {
  if (log === undefined) return undefined
  for (const { batch } of log.batches(from)) if (batch.lastOffset >= offset) return batch
  return undefined
}

/** Where the search for an offset begins: the last indexed position at or before it. */
function positionBefore(entries: readonly IndexEntry[], relative: number): number {
  let position = 0
  for (const entry of entries) {
    if (entry.offset > relative) break
    position = entry.position
  }
  return position
}

function readOffsetIndex(path: string): IndexEntry[] {
  const bytes = readFileSync(path)
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, at) => ({
    offset: bytes.readInt32BE(at * 8),
    position: bytes.readInt32BE(at * 8 + 4),
  }))
}

function openLog(dump: Dump, path: string): LogFile | undefined {
  const log = path.replace(/\.(time)?index$/, '.log')
  return existsSync(log) ? new LogFile(log, dump.sizeOf(log)) : undefined
}

function baseOffsetOf(path: string): number {
  return Number(basename(path).split('.')[0])
}
