import type { ClientLimits } from './foreign-client.ts'
import { base64, type InteropRecord } from './record.ts'

/** Milliseconds between two records' timestamps; leaves room to ask for a time between them. */
export const timestampStepMs = 10

/**
 * Records that try the corners of the record format, as far as a client can express them: null and empty keys and values, bytes that are no
 * UTF-8, no headers, many, duplicate, empty and null ones, a name beyond ASCII, compressible and incompressible bulk, and a timestamp that
 * goes back.
 */
export function trickyRecords(firstTimestamp: number, limits: ClientLimits): readonly InteropRecord[] {
  const contents = limits.textOnly ? textContents : [...textContents, ...binaryContents]
  const possible = contents.filter(({ key, value }) => !limits.noNullPair || key !== null || value !== null)
  return possible.map(({ key, value, headers = [] }, index) => {
    // The fourth and fifth change places: timestamps need not grow.
    const steps = index === 3 ? 4 : index === 4 ? 3 : index
    return {
      key: base64(limits.emptyIsNull && key === '' ? null : key),
      value: base64(limits.emptyIsNull && value === '' ? null : value),
      headers: fitHeaders(headers, limits).map(([name, content]) => [name, base64(content)] as const),
      ...(limits.ownTimestamps ? {} : { timestamp: firstTimestamp + steps * timestampStepMs }),
    }
  })
}

interface Content {
  readonly key: string | Uint8Array | null
  readonly value: string | Uint8Array | null
  readonly headers?: readonly (readonly [name: string, value: string | Uint8Array | null])[]
}

const textContents: readonly Content[] = [
  { key: 'order-1', value: 'created' },
  { key: null, value: 'no key' },
  { key: 'order-1', value: null },
  { key: '', value: 'an empty key' },
  { key: 'an empty value', value: '' },
  { key: 'order-2', value: 'one header', headers: [['trace', 'abc']] },
  {
    key: 'order-3',
    value: 'three headers',
    headers: [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ],
  },
  { key: 'Ωmega', value: 'gr\u00fc\u00dfe \u{1F58C}' },
  { key: null, value: 'x'.repeat(30_000) },
]

// No zero byte in a header's value: kcat prints headers as C strings.
const binaryContents: readonly Content[] = [
  { key: Uint8Array.of(0, 255, 128, 10, 13, 9), value: noise(12_000) },
  { key: null, value: null },
  { key: 'two lines', value: 'first\nsecond\tafter a tab\n' },
  { key: 'an empty header', value: 'v', headers: [['empty', '']] },
  { key: 'a null header', value: 'v', headers: [['null', null]] },
  { key: 'a binary header', value: 'v', headers: [['binary', Uint8Array.of(1, 127, 128, 254, 255)]] },
  {
    key: 'a header twice',
    value: 'v',
    headers: [
      ['twice', 'first'],
      ['twice', 'second'],
      ['once', 'x'],
    ],
  },
  { key: 'an accented header', value: 'v', headers: [['\u00e9t\u00e9', 'summer']] },
  {
    key: 'many headers',
    value: 'v',
    headers: Array.from({ length: 40 }, (_, index) => [`h${index}`, `${index}`] as const),
  },
]

function fitHeaders(headers: NonNullable<Content['headers']>, limits: ClientLimits) {
  return limits.noNullHeaders ? headers.filter(([, content]) => content !== null) : headers
}

/** Bytes no codec can shorten, the same at each call (a xorshift generator). */
function noise(length: number): Uint8Array {
  let state = 0x9e3779b9
  return Uint8Array.from({ length }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 0xff
  })
}
