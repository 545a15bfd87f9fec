/** A moment in local time by a pattern of Java's SimpleDateFormat: letters y M d H h m s S a and quoted text. */
export function formatDate(pattern: string, timeMs: number): string {
  const date = new Date(timeMs)
  const fields: Readonly<Record<string, number>> = {
    y: date.getFullYear(),
    M: date.getMonth() + 1,
    d: date.getDate(),
    H: date.getHours(),
    h: date.getHours() % 12 || 12,
    m: date.getMinutes(),
    s: date.getSeconds(),
    S: date.getMilliseconds(),
  }
  return pattern.replaceAll(
    /'((?:[^']|'')*)'|([a-zA-Z])\2*/g,
    (run: string, quoted: string | undefined, letter: string) => {
      if (quoted !== undefined) return quoted === '' ? "'" : quoted.replaceAll("''", "'")
      if (letter === 'a') return date.getHours() < 12 ? 'AM' : 'PM'
      const value = fields[letter]
      if (value === undefined) throw new Error(`Illegal pattern character '${letter}'`)
      const text = letter === 'y' && run.length === 2 ? String(value % 100) : String(value)
      return text.padStart(run.length, '0')
    },
  )
}

/** A number with so many decimals, as Java's `%.nf` prints it. */
export function decimals(value: number, digits: number): string {
  return value.toFixed(digits)
}
