import type { ConsumerGroupDescription } from '@odradek/admin'

/** The state of a group as a table. Kafka: `printStates`. */
export function stateText(group: ConsumerGroupDescription, isVerbose: boolean): string {
  const { groupId, coordinator, partitionAssignor, state, members } = group
  const where = `${coordinator.host}:${coordinator.port}  (${coordinator.nodeId})`
  const widths = { group: Math.max(15, groupId.length), coordinator: Math.max(25, where.length) }
  const epochs = (one: string, other: string) => (isVerbose ? [one.padEnd(15), other.padEnd(25)] : [])
  const line = (cells: readonly [string, string, string, string], epochCells: readonly string[], count: string) =>
    `\n${[
      cells[0].padEnd(widths.group),
      cells[1].padEnd(widths.coordinator),
      cells[2].padEnd(20),
      cells[3].padEnd(20),
      ...epochCells,
      count,
    ].join(' ')}`
  const titles = line(
    ['GROUP', 'COORDINATOR (ID)', 'ASSIGNMENT-STRATEGY', 'STATE'],
    epochs('GROUP-EPOCH', 'TARGET-ASSIGNMENT-EPOCH'),
    '#MEMBERS',
  )
  const row = line(
    [groupId, where, partitionAssignor === '' ? '-' : partitionAssignor, state],
    epochs(String(group.groupEpoch ?? '-'), String(group.targetAssignmentEpoch ?? '-')),
    String(members.length),
  )
  return `${titles}${row}\n`
}
