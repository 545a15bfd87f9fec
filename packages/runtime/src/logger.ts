/** What a log line carries beside its text: ids and numbers, never a formatted sentence. */
export type LogFields = Readonly<Record<string, unknown>>

/** Structured logging. A message is a constant sentence, what varies stands in the fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): Logger
}

/** A logger that says nothing: the default of every library package. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
}
