import type { KafkaError } from '@odradek/client'
import type { Result } from './results.ts'

/** The same error for every item: what an answer as a whole says. */
export function failAll<Name>(names: Iterable<Name>, error: KafkaError): (readonly [Name, Result<never>])[] {
  return [...names].map((name) => [name, { error }] as const)
}
