/** The log of the process: JSON for machines, lines to read for terminals. */
import type { LogFields, Logger } from '@odradek/runtime'
import { stderrLogger } from '@odradek/runtime/node'
import type { OwnConfig } from './own-configs.ts'

/** Where a log goes and how it looks. */
export interface ProcessLoggerOptions extends Pick<OwnConfig, 'logLevel' | 'logFormat'> {
  /** True when somebody reads standard error on a terminal. */
  readonly isTerminal: boolean
}

/** What takes finished lines, each with its line feed: a stream of Node's or of pino's, for example. */
export interface LogDestination {
  write(line: string): unknown
}

/** As much of a pino logger as `fromPino` uses. */
export interface PinoLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: LogFields): PinoLogger
}

/** The logger a server writes to: standard error, JSON unless a person is reading. */
export function processLogger({ logLevel, logFormat, isTerminal }: ProcessLoggerOptions): Logger {
  const isText = logFormat === 'text' || (logFormat === 'auto' && isTerminal)
  return stderrLogger({ level: logLevel, format: isText ? 'text' : 'json' })
}

/** A logger that writes one JSON object a line: `time` (ISO 8601), `level`, `message` and the fields. */
export function jsonLogger(level: OwnConfig['logLevel'], destination: LogDestination): Logger {
  return stderrLogger({ level, format: 'json', write: (line) => destination.write(line) })
}

/** Lets a core write to a pino logger that somebody else configured. */
export function fromPino(logger: PinoLogger): Logger {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields) =>
    logger[level](fields ?? {}, message)
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => fromPino(logger.child(fields)),
  }
}
