import { createHash } from 'node:crypto'

/** A record as the suite passes it around: bytes as base64, so that two records compare by their text. */
export interface InteropRecord {
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [name: string, value: string | null])[]
  /** Milliseconds; absent where a client sets the time itself. */
  readonly timestamp?: number
}

/** A record that came back from a broker. */
export interface ConsumedRecord extends InteropRecord {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
}

/** Base64 of bytes or of a text's UTF-8; null stays null. */
export function base64(content: string | Uint8Array | null): string | null {
  return content === null ? null : Buffer.from(content).toString('base64')
}

/** Bytes of a base64 text; null stays null. */
export function fromBase64(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text, 'base64')
}

/** The same record with a long value told by its length and hash, so that a failed comparison can be read. */
export function brief<Each extends InteropRecord>(record: Each): Each {
  if (record.value === null || record.value.length < 100) return record
  const hash = createHash('sha256').update(record.value).digest('hex').slice(0, 16)
  return { ...record, value: `${record.value.length} characters, ${hash}` }
}
