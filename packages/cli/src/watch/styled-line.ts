import { styleText } from 'node:util'

/** Text of one style. Widths are counted in characters. */
export interface Span {
  readonly text: string
  readonly style?: 'bold' | 'green' | 'yellow' | 'red'
}

/** One line of a view, without its end. */
export type StyledLine = readonly Span[]

/** A line as it is printed, with or without its styles. */
export function lineText(line: StyledLine, hasColor: boolean): string {
  return line
    .map(({ text, style }) => {
      if (!hasColor || style === undefined || text === '') return text
      // What the stream can show was asked before.
      return styleText(style, text, { validateStream: false })
    })
    .join('')
}

/** The part of a line that fits, with tabs set and without characters that would move the cursor. */
export function cutLine(line: StyledLine, columns: number): StyledLine {
  const cut: Span[] = []
  let column = 0
  for (const { text, style } of line) {
    let fitting = ''
    for (const character of text) {
      const shown = character === '\t' ? ' '.repeat(8 - (column % 8)) : character.replace(/\p{Cc}/u, '?')
      const part = shown.slice(0, Math.max(0, columns - column))
      fitting += part
      column += part === '' ? 0 : [...shown].length
    }
    if (fitting !== '') cut.push(style === undefined ? { text: fitting } : { text: fitting, style })
  }
  return cut
}
