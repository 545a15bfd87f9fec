/**
 * What clients tell tracers through `node:diagnostics_channel`: one tracing channel for each operation, `odradek:producer.send` for
 * instance. A subscriber sees `start` before the operation, `asyncEnd` or `error` after it, and the same object in all of them. While
 * nobody subscribes an operation costs one look at a flag.
 */
import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'

/** A record as tracers see it. */
export interface TracedRecord {
  readonly topic: string | { readonly name: string }
  readonly key?: unknown
  readonly value?: unknown
  readonly partition?: number | undefined
  readonly offset?: number | undefined
  readonly headers?: TracedHeaders | undefined
}

/** Headers in order, or as an object. */
export type TracedHeaders =
  | readonly { readonly key: string; readonly value: Uint8Array | string | null }[]
  | Readonly<Record<string, Uint8Array | string | null>>

/** One operation of a client on records. */
export interface MessagingTrace {
  readonly clientId: string
  readonly bootstrapServers: readonly string[]
  /** The group of a consumer. */
  readonly groupId?: string | undefined
  /** Whether the operation was asked for with a list. */
  readonly isBatch: boolean
  /** The records. At `start` of `producer.send` a subscriber may replace them, to add headers; later changes have no effect. */
  records: readonly TracedRecord[]
  /** What the operation came to, at `asyncEnd`. */
  result?: unknown
  /** Why it failed, at `error`. */
  error?: unknown
}

/** The operations that are traced. */
export type MessagingOperation = 'consumer.commit' | 'consumer.process' | 'consumer.receive' | 'producer.send'

/** The channel of an operation; the same for all clients of the process. */
export function messagingChannel(operation: MessagingOperation): TracingChannel<string, MessagingTrace> {
  return tracingChannel(`odradek:${operation}`)
}
