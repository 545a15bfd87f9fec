/**
 * Java's `.properties` format: `name=value`, `name: value` or `name value` a line, `#` and `!` begin a comment, a backslash at the end
 * continues the line, `\t \n \r \f \uXXXX` are escapes. A name that is repeated has its last value.
 */
export function readProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>()
  const lines = text.split(/\r\n|\n|\r/)
  for (let index = 0; index < lines.length; index++) {
    let line = lines[index]!.trimStart()
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue
    while (/\\*$/.exec(line)![0].length % 2 === 1) {
      index++
      line = line.slice(0, -1) + (lines[index] ?? '').trimStart()
    }
    const name = /^(?:\\.|[^\\=: \t\f])*/s.exec(line)![0]
    properties.set(unescaped(name), unescaped(line.slice(name.length).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '')))
  }
  return properties
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (escapes[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
