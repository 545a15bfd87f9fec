/** The lines of a file of Java properties, without escapes and continued lines. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#!]/.test(line))
  return new Map(
    lines.map((line) => {
      const [, key, value] = /^([^\s=:]+)\s*[=:]?\s*(.*)$/.exec(line) ?? ['', line, '']
      return [key!, value!]
    }),
  )
}
