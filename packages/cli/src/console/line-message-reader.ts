import type { ProducerRecord } from '@odradek/producer'
import type { Properties } from './key-values.ts'

interface LineFormat {
  readonly parsesKey: boolean
  readonly keySeparator: string
  readonly parsesHeaders: boolean
  readonly headersDelimiter: string
  readonly headersSeparator: string
  readonly headersKeySeparator: string
  readonly ignoresErrors: boolean
  readonly nullMarker: string | undefined
}

/** Makes records of lines: the value, behind a key and headers where the properties say so. Kafka: `LineMessageReader`. */
export class LineMessageReader {
  readonly #topic: string
  readonly #format: LineFormat
  readonly #headersPattern: RegExp

  /** @throws Error in Kafka's words for separators that are the same */
  constructor(topic: string, properties: Properties) {
    this.#topic = topic
    this.#format = formatOf(properties)
    checkSeparators(this.#format)
    this.#headersPattern = new RegExp(this.#format.headersSeparator, 'u')
  }

  /** The record of a line, the first of which has number 1. @throws Error in Kafka's words when a separator is missing */
  record(line: string, lineNumber: number): ProducerRecord {
    const { parsesHeaders, headersDelimiter, parsesKey, keySeparator, nullMarker } = this.#format
    const at = { line, lineNumber }
    const headers = parsesHeaders ? this.#upTo(headersDelimiter, { ...at, start: 0, name: 'headers delimiter' }) : null
    const afterHeaders = headers === null ? 0 : headers.length + headersDelimiter.length
    const key = parsesKey ? this.#upTo(keySeparator, { ...at, start: afterHeaders, name: 'key separator' }) : null
    const value = line.slice(afterHeaders + (key === null ? 0 : key.length + keySeparator.length))
    return {
      topic: this.#topic,
      key: key === nullMarker ? null : key,
      value: value === nullMarker ? null : value,
      headers: headers === null || headers === nullMarker ? [] : this.#headers(headers, lineNumber),
    }
  }

  #upTo(separator: string, { line, lineNumber, start, name }: Place): string | null {
    const index = line.indexOf(separator, start)
    if (index >= 0) return line.slice(start, index)
    if (this.#format.ignoresErrors) return null
    throw new Error(`No ${name} found on line number ${lineNumber}: '${line}'`)
  }

  #headers(text: string, lineNumber: number): { readonly key: string; readonly value: string | null }[] {
    return splitLikeJava(text, this.#headersPattern).map((pair) => this.#header(pair, lineNumber))
  }

  #header(pair: string, lineNumber: number): { readonly key: string; readonly value: string | null } {
    const { headersKeySeparator, ignoresErrors, nullMarker } = this.#format
    const index = pair.indexOf(headersKeySeparator)
    if (index < 0) {
      if (ignoresErrors) return { key: pair, value: null }
      throw new Error(`No header key separator found in pair '${pair}' on line number ${lineNumber}`)
    }
    const key = pair.slice(0, index)
    if (key === nullMarker) {
      throw new Error(`Header keys should not be equal to the null marker '${nullMarker}' as they can't be null`)
    }
    const value = pair.slice(index + headersKeySeparator.length)
    return { key, value: value === nullMarker ? null : value }
  }
}

interface Place {
  readonly line: string
  readonly lineNumber: number
  readonly start: number
  readonly name: string
}

function formatOf(properties: Properties): LineFormat {
  const isTrue = (name: string) => properties.get(name)?.trim().toLowerCase() === 'true'
  return {
    parsesKey: isTrue('parse.key'),
    keySeparator: properties.get('key.separator') ?? '\t',
    parsesHeaders: isTrue('parse.headers'),
    headersDelimiter: properties.get('headers.delimiter') ?? '\t',
    headersSeparator: properties.get('headers.separator') ?? ',',
    headersKeySeparator: properties.get('headers.key.separator') ?? ':',
    ignoresErrors: isTrue('ignore.error'),
    nullMarker: properties.get('null.marker'),
  }
}

function checkSeparators(format: LineFormat): void {
  const { headersDelimiter, headersSeparator, headersKeySeparator, nullMarker, keySeparator } = format
  const named = {
    'headers.delimiter': headersDelimiter,
    'headers.separator': headersSeparator,
    'headers.key.separator': headersKeySeparator,
    'null.marker': nullMarker,
    'key.separator': keySeparator,
  }
  const pairs = [
    ['headers.delimiter', 'headers.separator'],
    ['headers.delimiter', 'headers.key.separator'],
    ['headers.separator', 'headers.key.separator'],
    ['null.marker', 'key.separator'],
    ['null.marker', 'headers.separator'],
    ['null.marker', 'headers.delimiter'],
    ['null.marker', 'headers.key.separator'],
  ] as const
  for (const [one, other] of pairs) {
    if (named[one] === named[other]) throw new Error(`${one} and ${other} may not be equal`)
  }
}

/** Java leaves out what is empty at the end, unless there is nothing else. */
function splitLikeJava(text: string, pattern: RegExp): string[] {
  const parts = text.split(pattern)
  if (parts.length === 1) return parts
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1)
}
