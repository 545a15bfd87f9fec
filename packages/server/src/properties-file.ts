/**
 * Java's .properties format, as `java.util.Properties.load` reads it: `=`, `:` or white space between name and value, a
 * backslash at the end of a line continues it, `#` and `!` begin a comment, `\t \n \r \f \uXXXX` are escapes and any other
 * backslash is dropped. Values keep their trailing white space.
 */

/** One property and the line, counted from 1, on which it begins. */
export interface Property {
  readonly name: string
  readonly value: string
  readonly line: number
}

/** A text that is not in the format; Java has only one such case. */
export class PropertiesSyntaxError extends Error {
  override readonly name = 'PropertiesSyntaxError'
  /** The line, counted from 1. */
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** The text of a file: one byte is one character (ISO 8859-1), as Java reads it; others are written as `\uXXXX`. */
export function propertiesText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The properties of a text in their order, repeated names included. Throws PropertiesSyntaxError for `\u` without four digits. */
export function parseProperties(text: string): Property[] {
  const properties: Property[] = []
  const lines = text.split(/\r\n|\n|\r/)
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1
    let logical = withoutIndent(lines[index]!)
    if (logical === '' || logical.startsWith('#') || logical.startsWith('!')) continue
    while (endsInBackslash(logical)) {
      index += 1
      logical = logical.slice(0, -1) + withoutIndent(lines[index] ?? '')
    }
    properties.push(propertyIn(logical, line))
  }
  return properties
}

function withoutIndent(line: string): string {
  return line.replace(/^[ \t\f]+/, '')
}

/** An even number of backslashes at the end escape each other. */
function endsInBackslash(line: string): boolean {
  return /\\*$/.exec(line)![0].length % 2 === 1
}

function propertyIn(logical: string, line: number): Property {
  const name = /^(?:\\.|[^\\=: \t\f])*/s.exec(logical)![0]
  const rest = logical.slice(name.length).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '')
  return { name: unescaped(name, line), value: unescaped(rest, line), line }
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescaped(text: string, line: number): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{0,4})|(.))|\\$/gs, (_, hex: string | undefined, char: string | undefined) => {
    if (hex === undefined) return char === undefined ? '' : (escapes[char] ?? char)
    if (hex.length < 4) throw new PropertiesSyntaxError('Malformed \\uxxxx encoding.', line)
    return String.fromCharCode(Number.parseInt(hex, 16))
  })
}
