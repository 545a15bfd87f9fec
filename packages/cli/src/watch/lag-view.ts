import { partitionName } from '@odradek/admin'
import type { GroupRow } from '../groups/group-rows.ts'
import { lagBar } from './lag-bar.ts'
import type { StyledLine } from './styled-line.ts'

/** A group as a look has found it. */
export interface WatchedGroup {
  readonly groupId: string
  readonly state: string
  readonly members: number
  readonly rows: readonly GroupRow[]
}

/** The lags of groups as a table with bars. It remembers the look before, and so knows how fast lags change. */
export class LagView {
  #before: Looked | undefined

  /** The lines of a look at `atMs`, in milliseconds that never go back. */
  lines(groups: readonly WatchedGroup[], atMs: number): readonly StyledLine[] {
    const before = this.#before
    const lags = new Map(
      groups.flatMap(({ rows }) => rows.flatMap((row) => (row.lag === null ? [] : [[keyOf(row), row.lag] as const]))),
    )
    this.#before = { atMs, lags }
    const changeOf = (rows: readonly GroupRow[]) => {
      const known = rows.map(keyOf).filter((key) => lags.has(key) && before?.lags.has(key))
      if (before === undefined || known.length === 0 || atMs <= before.atMs) return '-'
      const change = known.reduce((sum, key) => sum + lags.get(key)! - before.lags.get(key)!, 0)
      return perSecond(change / ((atMs - before.atMs) / 1000))
    }
    const total = (rows: readonly GroupRow[]) =>
      `total lag ${rows.reduce((sum, { lag }) => sum + (lag ?? 0), 0)}, change/s ${changeOf(rows)}`
    const greatest = Math.max(0, ...lags.values())
    const all =
      groups.length > 1 ? [plain(`${groups.length} groups: ${total(groups.flatMap(({ rows }) => rows))}`)] : []
    const each = groups.map(({ groupId, state, members, rows }) => {
      const title = plain(
        `Group ${groupId}: ${state}, ${members} ${members === 1 ? 'member' : 'members'}, ${total(rows)}`,
      )
      return rows.length === 0 ? [title] : [title, ...table(rows, { greatest, changeOf })]
    })
    return [...all.map((line) => [line]), ...each].flatMap((lines, at) => (at === 0 ? lines : [[], ...lines]))
  }
}

interface Looked {
  readonly atMs: number
  /** By group and partition. */
  readonly lags: ReadonlyMap<string, number>
}

const titles = ['TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG', 'CHANGE/S'] as const
const barTitle = `${' '.repeat(20)} CLIENT-ID`

interface Measures {
  /** The lag that fills a bar. */
  readonly greatest: number
  readonly changeOf: (rows: readonly GroupRow[]) => string
}

function table(rows: readonly GroupRow[], { greatest, changeOf }: Measures): readonly StyledLine[] {
  const cells = rows.map((row) => [
    row.topic,
    String(row.partition),
    ...[row.currentOffset, row.logEndOffset, row.lag].map((value) => (value === null ? '-' : String(value))),
    changeOf([row]),
  ])
  const widths = titles.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at]!.length)))
  const padded = (texts: readonly string[]) =>
    texts.map((text, at) => (at === 0 ? text.padEnd(widths[at]!) : text.padStart(widths[at]!))).join('  ')
  return [
    plain(`${padded(titles)}  ${barTitle}`),
    ...rows.map((row, at) => [
      { text: `${padded(cells[at]!)}  ` },
      ...lagBar(row.lag ?? 0, greatest),
      { text: ` ${row.clientId}` },
    ]),
  ]
}

function perSecond(change: number): string {
  const rounded = change.toFixed(1)
  if (Number(rounded) === 0) return '0.0'
  return change > 0 ? `+${rounded}` : rounded
}

function keyOf(row: GroupRow): string {
  return `${row.group}\n${partitionName(row)}`
}

function plain(text: string): StyledLine {
  return [{ text }]
}
