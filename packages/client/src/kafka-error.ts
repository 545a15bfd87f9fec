import { type ErrorName, errorByCode, errors } from '@odradek/protocol'

/** Failures that a client finds without a broker. Those a broker reports, or that Kafka's own client names, are in Kafka's error table. */
export type ClientErrorCode =
  | 'ABORTED'
  | 'API_TIMED_OUT'
  | 'CLIENT_CLOSED'
  | 'COMMIT_FAILED'
  | 'CONCURRENT_CALL'
  | 'CONNECTION_FAILED'
  | 'DELIVERY_TIMED_OUT'
  | 'DESERIALIZATION_FAILED'
  | 'HANDLER_FAILED'
  | 'ILLEGAL_STATE'
  | 'INVALID_OPTIONS'
  | 'LOG_TRUNCATED'
  | 'MAX_BLOCK_TIMED_OUT'
  | 'NO_OFFSET_FOR_PARTITION'
  | 'PROTOCOL_VIOLATION'
  | 'RECORD_TOO_LARGE'
  | 'SEND_FAILED'
  | 'SERIALIZATION_FAILED'

/** What went wrong, as a name to branch on: a row of Kafka's error table or a failure of the client itself. */
export type KafkaErrorCode = ErrorName | ClientErrorCode

/** What a failure was about. */
export interface KafkaErrorContext {
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  /** `host:port`, with `(id n)` where the node's id is known. */
  readonly broker?: string | undefined
  /** Kafka's name of the API that was asked. */
  readonly api?: string | undefined
}

const retriableClientCodes: ReadonlySet<string> = new Set<ClientErrorCode>(['API_TIMED_OUT', 'CONNECTION_FAILED'])

/** How a `KafkaError` is made. */
export interface KafkaErrorOptions {
  readonly cause?: unknown
  readonly context?: KafkaErrorContext | undefined
  /** See `KafkaError.kafkaMessage`. */
  readonly kafkaMessage?: string | null | undefined
}

/** Every failure of a client. `retriable` tells whether the same call may succeed later without a change. */
export class KafkaError extends Error {
  override readonly name: string = 'KafkaError'
  readonly code: KafkaErrorCode
  readonly retriable: boolean
  readonly context: KafkaErrorContext
  /** The words of the broker, or of Kafka's own client, alone: what Kafka's commands print. Null when there are none. */
  readonly kafkaMessage: string | null

  constructor(code: KafkaErrorCode, message: string, options: KafkaErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retriable = code in errors ? errors[code as ErrorName].retriable : retriableClientCodes.has(code)
    this.context = options.context ?? {}
    this.kafkaMessage = options.kafkaMessage ?? null
  }

  /** The error a broker answered with, by its number on the wire; `detail` is the broker's own message. */
  static fromCode(code: number, context: KafkaErrorContext, detail?: string | null): KafkaError {
    const row = errorByCode(code)
    const about = [
      context.topic === undefined ? undefined : `topic ${context.topic}`,
      context.partition === undefined ? undefined : `partition ${context.partition}`,
      context.broker === undefined ? undefined : `broker ${context.broker}`,
    ].filter((part) => part !== undefined)
    const where = about.length === 0 ? '' : ` (${about.join(', ')})`
    return new KafkaError(row.name, `${row.name}: ${detail ?? row.message}${where}`, { context, kafkaMessage: detail })
  }
}

/** Options that are unknown, out of range or contradict each other. Kafka: `ConfigException`. */
export class ConfigError extends KafkaError {
  override readonly name = 'ConfigError'

  constructor(message: string) {
    super('INVALID_OPTIONS', message)
  }
}

/** Whether the same call may succeed later; the one place that is read for it. */
export function isRetriable(error: unknown): boolean {
  return error instanceof KafkaError && error.retriable
}

/** The error itself when it is a KafkaError, or one of `code` that has it as its cause. */
export function asKafkaError(error: unknown, code: KafkaErrorCode): KafkaError {
  if (error instanceof KafkaError) return error
  return new KafkaError(code, error instanceof Error ? error.message : String(error), { cause: error })
}
