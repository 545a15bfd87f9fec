import { unbreakablePieces } from './line-breaks.ts'
import type { OptionRow } from './option-row.ts'

const overallWidth = 80
const gap = 2
const continuation = '  '

interface HelpRow {
  readonly option: string
  readonly description: string
}

/** The table of options that Kafka's commands print, line by line as they lay it out. Ends with a line break. */
export function optionHelp(rows: readonly OptionRow[]): string {
  const sorted = [...rows].sort((one, other) => (one.name < other.name ? -1 : 1))
  const header = sorted.some(({ isRequired }) => isRequired) ? 'Option (* = required)' : 'Option'
  const table: HelpRow[] = [
    { option: header, description: 'Description' },
    { option: '-'.repeat(header.length), description: '-----------' },
    ...sorted.map((row) => ({ option: optionColumn(row), description: descriptionColumn(row) })),
  ]
  const optionLimit = Math.min((overallWidth - gap) / 2, widest(table.map(({ option }) => option)))
  const lines = table.flatMap((row) => linesOf(row, optionLimit, overallWidth - gap - optionLimit))
  const optionWidth = widest(lines.map(({ option }) => option))
  const descriptionWidth = widest(lines.map(({ description }) => description))
  return lines
    .map(({ option, description }) => {
      return `${option.padEnd(optionWidth)}${' '.repeat(gap)}${description.padEnd(descriptionWidth)}\n`
    })
    .join('')
}

function linesOf(row: HelpRow, optionLimit: number, descriptionLimit: number): HelpRow[] {
  const options = wrap(row.option, optionLimit)
  const descriptions = wrap(row.description, descriptionLimit)
  return Array.from({ length: Math.max(options.length, descriptions.length) }, (_, at) => ({
    option: options[at] ?? '',
    description: descriptions[at] ?? '',
  }))
}

function wrap(text: string, width: number): string[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => wrapLine(line, width))
}

function wrapLine(line: string, width: number): string[] {
  const wrapped: string[] = []
  let current = ''
  for (const piece of unbreakablePieces(line)) {
    if (current.length + piece.length > width) {
      wrapped.push(current.trimEnd())
      current = continuation
    }
    current += piece
  }
  if (current.length > 0) wrapped.push(current)
  return wrapped
}

function optionColumn({ name, isRequired, argument }: OptionRow): string {
  const dashes = name.length === 1 ? '-' : '--'
  const option = `${isRequired ? '* ' : ''}${dashes}${name}`
  if (argument === undefined) return option
  const { type, describedAs, isOptional } = argument
  const inside = describedAs === undefined ? type : `${type}: ${describedAs}`
  return isOptional ? `${option} [${inside}]` : `${option} <${inside}>`
}

function descriptionColumn({ description, argument }: OptionRow): string {
  const defaults = argument?.defaults ?? []
  if (defaults.length === 0) return description
  const shown = defaults.length === 1 ? defaults[0] : `[${defaults.join(', ')}]`
  return `${description} (default: ${shown})`.trim()
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length))
}
