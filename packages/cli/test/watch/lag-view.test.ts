import { expect, test } from 'vitest'
import type { GroupRow } from '../../src/groups/group-rows.ts'
import { LagView } from '../../src/watch/lag-view.ts'
import { lineText, type StyledLine } from '../../src/watch/styled-line.ts'

function row(partition: number, currentOffset: number | null, logEndOffset: number): GroupRow {
  const lag = currentOffset === null ? null : logEndOffset - currentOffset
  const owner = { consumerId: 'reader-1', host: '/127.0.0.1', clientId: 'reader' }
  return { group: 'billing', topic: 'orders', partition, currentOffset, logEndOffset, lag, leaderEpoch: 0, ...owner }
}

function texts(lines: readonly StyledLine[], hasColor = false): readonly string[] {
  return lines.map((line) => lineText(line, hasColor))
}

const titles = 'TOPIC   PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CHANGE/S                       CLIENT-ID'

test('each lag has a bar beside the greatest, and from the second look on its change a second', () => {
  const lagView = new LagView()
  const billing = { groupId: 'billing', state: 'Stable', members: 1 }
  const first = lagView.lines([{ ...billing, rows: [row(0, 10, 110), row(1, 50, 60), row(2, null, 5)] }], 1000)
  const second = lagView.lines([{ ...billing, rows: [row(0, 60, 110), row(1, 60, 90), row(2, 5, 5)] }], 3000)
  expect([texts(first), texts(second)]).toEqual([
    [
      'Group billing: Stable, 1 member, total lag 110, change/s -',
      titles,
      'orders          0              10             110  100         -  ████████████████████ reader',
      'orders          1              50              60   10         -  ██                   reader',
      'orders          2               -               5    -         -                       reader',
    ],
    [
      'Group billing: Stable, 1 member, total lag 80, change/s -15.0',
      titles,
      'orders          0              60             110   50     -25.0  ████████████████████ reader',
      'orders          1              60              90   30     +10.0  ████████████         reader',
      'orders          2               5               5    0         -                       reader',
    ],
  ])
})

test('several groups have their sum above them, and a group that is gone has no table', () => {
  const lines = new LagView().lines(
    [
      { groupId: 'audit', state: 'Dead', members: 0, rows: [] },
      { groupId: 'billing', state: 'Empty', members: 0, rows: [row(0, 0, 7)] },
    ],
    0,
  )
  expect(texts(lines)).toEqual([
    '2 groups: total lag 7, change/s -',
    '',
    'Group audit: Dead, 0 members, total lag 0, change/s -',
    '',
    'Group billing: Empty, 0 members, total lag 7, change/s -',
    titles,
    'orders          0               0               7    7         -  ████████████████████ reader',
  ])
})

test('a bar grows from green by yellow to red', () => {
  const group = { groupId: 'billing', state: 'Stable', members: 1, rows: [row(0, 0, 100), row(1, 0, 30)] }
  expect(texts(new LagView().lines([group], 0), true).slice(2)).toEqual([
    'orders          0               0             100  100         -  \u001b[32m██████████\u001b[39m\u001b[33m██████\u001b[39m\u001b[31m████\u001b[39m reader',
    'orders          1               0              30   30         -  \u001b[32m██████\u001b[39m               reader',
  ])
})
