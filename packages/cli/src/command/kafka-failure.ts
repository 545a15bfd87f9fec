import { kafkaExceptionMessage } from '@odradek/admin'
import { KafkaError } from '@odradek/client'

/** What Kafka's exception would say where ours was thrown. */
export function failureMessage(error: unknown): string {
  if (error instanceof KafkaError) return kafkaExceptionMessage(error)
  return error instanceof Error ? error.message : String(error)
}
