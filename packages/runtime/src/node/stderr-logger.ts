import { writeSync } from 'node:fs'
import type { LogFields, Logger } from '../logger.ts'

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
  const { level = 'info', format = 'text', write = (line) => void writeSync(2, line) } = options
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
