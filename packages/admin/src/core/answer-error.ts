import { KafkaError, type KafkaErrorContext } from '@odradek/client'
import type { Result } from './results.ts'

/** How Kafka's answers carry an error. */
export interface ErrorFields {
  readonly errorCode: number
  readonly errorMessage?: string | null
}

/** The error of an answer; undefined when it has none. */
export function errorOf(fields: ErrorFields, context: KafkaErrorContext = {}): KafkaError | undefined {
  if (fields.errorCode === 0) return undefined
  return KafkaError.fromCode(fields.errorCode, context, fields.errorMessage)
}

/** The error of a row, or what the row says. */
export function resultOf<Value>(fields: ErrorFields, context: KafkaErrorContext, value: () => Value): Result<Value> {
  const error = errorOf(fields, context)
  return error === undefined ? { value: value() } : { error }
}

/** The value of what only succeeds or fails. */
export function done(): null {
  return null
}
