import { ProtocolError } from './protocol-error.ts'

/** Kafka's `Uuid.ZERO_UUID`: no topic id, no directory. */
export const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA'

/** Kafka's `Uuid.ONE_UUID`: reserved, and the topic id of `__cluster_metadata`. */
export const oneUuid = 'AAAAAAAAAAAAAAAAAAAAAQ'

/** The topic id of `__cluster_metadata` (Kafka's `Uuid.METADATA_TOPIC_ID`). */
export const metadataTopicId = oneUuid

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const symbols = Uint8Array.from(alphabet, (symbol) => symbol.charCodeAt(0))
const values = new Int8Array(128).fill(-1)
for (let value = 0; value < 64; value++) values[symbols[value] as number] = value

/** The 16 bytes at `start` as Kafka prints a UUID: 22 characters of unpadded URL-safe base64. */
export function printUuid(bytes: Uint8Array, start = 0): string {
  const at = (index: number): number => bytes[start + index] as number
  let text = ''
  for (let index = 0; index < 15; index += 3) {
    const group = (at(index) << 16) | (at(index + 1) << 8) | at(index + 2)
    text += String.fromCharCode(
      symbols[group >> 18] as number,
      symbols[(group >> 12) & 63] as number,
      symbols[(group >> 6) & 63] as number,
      symbols[group & 63] as number,
    )
  }
  const last = at(15)
  return text + String.fromCharCode(symbols[last >> 2] as number, symbols[(last & 3) << 4] as number)
}

/**
 * Writes the 16 bytes of a printed UUID at `start` of `target`.
 * @throws ProtocolError when `text` is not 22 characters of URL-safe base64.
 */
export function writeUuidInto(text: string, target: Uint8Array, start: number): void {
  if (typeof text !== 'string' || text.length !== 22) throw notAUuid(text)
  let out = start
  for (let index = 0; index < 20; index += 4) {
    const group = (valueAt(text, index) << 18) | (valueAt(text, index + 1) << 12) | (valueAt(text, index + 2) << 6)
    const all = group | valueAt(text, index + 3)
    target[out++] = all >> 16
    target[out++] = all >> 8
    target[out++] = all
  }
  target[out] = (valueAt(text, 20) << 2) | (valueAt(text, 21) >> 4)
}

/** The 16 bytes of a UUID that Kafka printed. @throws ProtocolError when `text` is not one. */
export function parseUuid(text: string): Uint8Array {
  const bytes = new Uint8Array(16)
  writeUuidInto(text, bytes, 0)
  return bytes
}

/**
 * A new random UUID (version 4). Like Kafka's `Uuid.randomUuid` it is never a reserved id and never starts with `-`, which
 * command line tools would take for an option.
 */
export function randomUuid(nextBytes: (length: number) => Uint8Array): string {
  for (;;) {
    const bytes = Uint8Array.from(nextBytes(16))
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
    const text = printUuid(bytes)
    if (!text.startsWith('-') && text !== zeroUuid && text !== oneUuid) return text
  }
}

function valueAt(text: string, index: number): number {
  const value = values[text.charCodeAt(index)]
  if (value === undefined || value < 0) throw notAUuid(text)
  return value
}

function notAUuid(text: unknown): ProtocolError {
  return new ProtocolError(`expected a UUID of 22 URL-safe base64 characters, got ${JSON.stringify(text)}`)
}
