import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PropertiesSyntaxError, parseProperties, propertiesText } from '../src/properties-file.ts'

/** Texts and what java.util.Properties made of them, a repeated name with its last value. */
const cases: readonly (readonly [string, readonly (readonly [string, string])[]])[] = JSON.parse(
  readFileSync(new URL('fixtures/java-properties.json', import.meta.url), 'utf8'),
)

describe('a .properties file is read as Java reads it', () => {
  test.each(cases)('%j', (text, expected) => {
    const last = new Map(parseProperties(text).map(({ name, value }) => [name, value]))
    expect([...last]).toEqual(expected)
  })
})

test('a property knows the line it begins on, over comments and continued lines', () => {
  const text = '# one\n\na=1 \\\n   2\nb=3\r\nc=4'
  expect(parseProperties(text).map(({ name, line }) => [name, line])).toEqual([
    ['a', 3],
    ['b', 5],
    ['c', 6],
  ])
})

test('an escape with fewer than four digits is refused with its line', () => {
  expect(() => parseProperties('a=1\nb=\\u12')).toThrow(new PropertiesSyntaxError('Malformed \\uxxxx encoding.', 2))
})

test('a byte of a file is a character, as in Java', () => {
  expect(propertiesText(Uint8Array.of(0x61, 0xe9, 0x80))).toBe('aé\u0080')
})
