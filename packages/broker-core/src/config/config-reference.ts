import type { ConfigRow, ConfigTable } from './config-row.ts'
import { configText } from './config-value.ts'

/** The reference of a table in Markdown: one line a config, sorted by name, internal ones left out. */
export function configReference(table: ConfigTable): string {
  const rows = Object.entries(table)
    .filter(([, row]) => !row.internal)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  // Topics, groups and client metrics are altered as a whole; only a broker's configs differ in this.
  const isBroker = rows.some(([, row]) => row.update !== 'read-only')
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const head = ['name', 'type', 'default', 'valid', ...(isBroker ? ['altered'] : []), 'what it does']
  const lines = rows.map(([name, row]) => {
    const altered = isBroker ? [changeOf(row)] : []
    return line([`\`${name}\``, typeOf(row), defaultOf(row), row.valid?.expected ?? '', ...altered, docOf(row)])
  })
  return [line(head), line(head.map(() => '---')), ...lines, ''].join('\n')
}

function typeOf(row: ConfigRow): string {
  return row.type.toLowerCase()
}

function defaultOf(row: ConfigRow): string {
  if (row.default === undefined) return 'required'
  const text = configText(row, row.default)
  if (text === null) return 'null'
  return text === '' ? '(empty)' : `\`${text}\``
}

function changeOf(row: ConfigRow): string {
  return { 'read-only': '', 'per-broker': 'per broker', 'cluster-wide': 'cluster-wide' }[row.update]
}

function docOf(row: ConfigRow): string {
  const synonyms = row.synonyms.map((synonym) => `\`${synonym.name}\``).join(', ')
  const inherited = synonyms === '' ? '' : ` Inherited from ${synonyms}.`
  return `${row.doc}${inherited}${row.used ? '' : ' *No effect in this broker.*'}`
}
