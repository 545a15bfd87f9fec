import { expect, test } from 'vitest'
import { inputLines } from '../../src/console/input-lines.ts'
import { parseKeyValues } from '../../src/console/key-values.ts'
import { LineMessageReader } from '../../src/console/line-message-reader.ts'

function reader(...properties: string[]): LineMessageReader {
  return new LineMessageReader('t', parseKeyValues(properties))
}

async function linesOf(...chunks: (string | number[])[]): Promise<string[]> {
  async function* input() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : Uint8Array.from(chunk)
  }
  const lines: string[] = []
  for await (const line of inputLines(input(), new AbortController().signal)) lines.push(line)
  return lines
}

test('lines end with LF, CR or CR LF, also between chunks, and bytes that are no UTF-8 are replaced', async () => {
  expect(await linesOf('a\nb\r', '\nc\r', 'd', [0xc3], [0xa4, 0xff])).toEqual(['a', 'b', 'c', 'dä\ufffd'])
})

test('headers, key and value are taken apart at their separators', () => {
  const record = reader('parse.headers=true', 'parse.key=true', 'null.marker=NULL').record('h:1,i:NULL\tk\tNULL', 1)
  const headers = [
    { key: 'h', value: '1' },
    { key: 'i', value: null },
  ]
  expect(record).toEqual({ topic: 't', key: 'k', value: null, headers })
})

test('a line without the separator is refused in the words of Kafka, or taken as a value when errors are ignored', () => {
  expect(() => reader('parse.key=true').record('abc', 3)).toThrow("No key separator found on line number 3: 'abc'")
  const record = reader('parse.key=true', 'ignore.error=true').record('abc', 3)
  expect(record).toEqual({ topic: 't', key: null, value: 'abc', headers: [] })
})

test('separators that are the same are refused in the words of Kafka', () => {
  expect(() => reader('headers.separator=:')).toThrow('headers.separator and headers.key.separator may not be equal')
})
