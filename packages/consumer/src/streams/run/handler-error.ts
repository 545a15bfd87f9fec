import { KafkaError } from '@odradek/client'
import type { TopicPartition } from '../../topic-partition.ts'

/** A handler of `run` threw, and neither a retry nor a dead-letter topic took the record. It is read again where reading begins again. */
export class HandlerError extends KafkaError {
  override readonly name = 'HandlerError'
  readonly topic: string
  readonly partition: number
  /** The record, or the first of the batch. */
  readonly offset: number

  constructor({ topic, partition, offset }: TopicPartition & { readonly offset: number }, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super('HANDLER_FAILED', `the handler failed at ${topic}-${partition}, offset ${offset}: ${why}`, {
      cause,
      context: { topic, partition },
    })
    this.topic = topic
    this.partition = partition
    this.offset = offset
  }
}
