/** Above this many bytes the platform's decoder is faster than a loop over ASCII. */
const shortString = 24

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** UTF-8 as text; malformed bytes become U+FFFD, as in Kafka. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= shortString) {
    let text = ''
    let at = start
    for (; at < end; at++) {
      const byte = bytes[at] as number
      if (byte >= 0x80) break
      text += String.fromCharCode(byte)
    }
    if (at === end) return text
  }
  if (typeof Buffer !== 'undefined') {
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
  }
  return decoder.decode(bytes.subarray(start, end))
}

/** How many bytes `text` takes in UTF-8. */
export function utf8Length(text: string): number {
  return typeof Buffer !== 'undefined' ? Buffer.byteLength(text, 'utf8') : encoder.encode(text).length
}

/** Writes `text` as UTF-8 at `start`; the caller has made room for `utf8Length(text)` bytes. */
export function encodeUtf8Into(text: string, target: Uint8Array, start: number): void {
  encoder.encodeInto(text, start === 0 ? target : target.subarray(start))
}
