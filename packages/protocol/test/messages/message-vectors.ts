import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { JsonValue } from '../../src/json/index.ts'

/** A message as Kafka wrote it, with its value as JSON. */
export interface MessageVector {
  readonly name: string
  readonly version: number
  readonly value: JsonValue
  readonly bytes: Uint8Array
}

/** Three values of every message in every version. */
export function messageVectors(): readonly MessageVector[] {
  const file = new URL('../vectors/messages.jsonl.gz', import.meta.url)
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const { name, version, value, hex } = JSON.parse(line) as Omit<MessageVector, 'bytes'> & { hex: string }
    return { name, version, value, bytes: new Uint8Array(Buffer.from(hex, 'hex')) }
  })
}
