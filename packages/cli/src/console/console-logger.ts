import type { LogFields, Logger } from '@odradek/runtime'

/** What a client warns of stands on standard error, a line each, as with Kafka's commands. */
export function consoleLogger(err: (text: string) => void): Logger {
  const line = (level: string, message: string, fields: LogFields = {}) => {
    const shown = Object.entries(fields).map(
      ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    err(`${[level, message, ...shown].join(' ')}\n`)
  }
  const logger: Logger = {
    debug() {},
    info() {},
    warn: (message, fields) => line('WARN', message, fields),
    error: (message, fields) => line('ERROR', message, fields),
    child: () => logger,
  }
  return logger
}
