import { messagingChannel, type TracedRecord } from '@odradek/client'
import type { RecordMetadata, SentRecord } from './record.ts'

/** Tracers of `send` subscribe here: `odradek:producer.send`. */
export const sendChannel = /* @__PURE__ */ messagingChannel('producer.send')

/** What a traced call needs. */
export interface TracedSendOptions {
  readonly clientId: string
  readonly bootstrapServers: readonly string[]
  readonly send: (given: SentRecord | readonly SentRecord[]) => Promise<RecordMetadata | RecordMetadata[]>
}

/** Sends, and tells tracers before and after; what they make of the records is what is sent. */
export function tracedSend(
  given: SentRecord | readonly SentRecord[],
  { clientId, bootstrapServers, send }: TracedSendOptions,
): Promise<RecordMetadata | RecordMetadata[]> {
  const isBatch = Array.isArray(given)
  const records = (isBatch ? given : [given]) as readonly TracedRecord[]
  const trace = { clientId, bootstrapServers, isBatch, records }
  return sendChannel.tracePromise(() => {
    const traced = trace.records as unknown as readonly SentRecord[]
    return send(isBatch ? traced : traced[0]!)
  }, trace)
}
