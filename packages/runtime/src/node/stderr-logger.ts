import { writeSync } from 'node:fs'
import type { LogFields, Logger } from '../logger.ts'
import { hostCode } from './storage-failure.ts'

/** How much a log line matters, least first. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** What `stderrLogger` writes, and how. */
export interface StderrLoggerOptions {
  /** The least level that is written. Default `info`. */
  readonly level?: LogLevel
  /** `json` writes one object a line, `text` a line to read. Default `text`. */
  readonly format?: 'json' | 'text'
  /** Where a finished line goes. Default standard error. */
  readonly write?: (line: string) => void
}

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

/** A small logger that writes one line a message to standard error. */
export function stderrLogger(options: StderrLoggerOptions = {}): Logger {
  const { level = 'info', format = 'text', write = writeToStandardError } = options
  const render = format === 'json' ? jsonLine : textLine
  const build = (common: LogFields): Logger => {
    const at = (rank: LogLevel) => (message: string, fields?: LogFields) => {
      if (ranks[rank] < ranks[level]) return
      write(`${render({ time: new Date().toISOString(), level: rank, message }, { ...common, ...fields })}\n`)
    }
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => build({ ...common, ...fields }),
    }
  }
  return build({})
}

/** How often a line is tried while a pipe is full, a millisecond apart, before the rest of it is given up. */
const patience = 100

/** Writes at once. A reader that is slow or gone costs lines, never the process. */
function writeToStandardError(line: string): void {
  let rest = Buffer.from(line)
  for (let attempt = 0; rest.length > 0 && attempt < patience; attempt++) {
    try {
      rest = rest.subarray(writeSync(2, rest))
    } catch (error) {
      if (hostCode(error) !== 'EAGAIN') return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

interface Head {
  readonly time: string
  readonly level: LogLevel
  readonly message: string
}

function jsonLine(head: Head, fields: LogFields): string {
  return JSON.stringify({ ...head, ...fields }, plain)
}

function textLine({ time, level, message }: Head, fields: LogFields): string {
  const parts = Object.entries(fields).map(([name, value]) => `${name}=${textOf(value)}`)
  return [time, level.toUpperCase().padEnd(5), message, ...parts].join(' ')
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
  if (value instanceof Error) return JSON.stringify(value.message)
  return JSON.stringify(value, plain) ?? String(value)
}

/** What JSON has no form for. */
function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack }
  return value
}
