/** The log of the process: JSON by pino for machines, lines to read for terminals. */
import type { LogFields, Logger } from '@odradek/runtime'
import { stderrLogger } from '@odradek/runtime/node'
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino'
import type { OwnConfig } from './own-configs.ts'

/** Where a log goes and how it looks. */
export interface ProcessLoggerOptions extends Pick<OwnConfig, 'logLevel' | 'logFormat'> {
  /** True when somebody reads standard error on a terminal. */
  readonly isTerminal: boolean
}

/** The logger a server writes to: standard error, JSON unless a person is reading. */
export function processLogger({ logLevel, logFormat, isTerminal }: ProcessLoggerOptions): Logger {
  const isText = logFormat === 'text' || (logFormat === 'auto' && isTerminal)
  if (isText) return stderrLogger({ level: logLevel, format: 'text' })
  return jsonLogger(logLevel, pino.destination({ dest: 2, sync: true }))
}

/** A logger that writes one JSON object a line: `level`, `time` (ISO 8601), `message` and the fields. */
export function jsonLogger(level: OwnConfig['logLevel'], destination: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err, cause: pino.stdSerializers.err },
  }
  return fromPino(pino(options, destination))
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
