import { kafkaExceptionMessage, kafkaExceptionName } from '@odradek/admin'
import { KafkaError } from '@odradek/client'

/** What Kafka's exception would say where ours was thrown. */
export function failureMessage(error: unknown): string {
  if (error instanceof KafkaError) return kafkaExceptionMessage(error)
  return error instanceof Error ? error.message : String(error)
}

/** What Java's ExecutionException says when Kafka's exception is its cause: the class and then the message. */
export function executionMessage(error: unknown): string {
  if (error instanceof KafkaError) return `${kafkaExceptionName(error)}: ${kafkaExceptionMessage(error)}`
  return failureMessage(error)
}
