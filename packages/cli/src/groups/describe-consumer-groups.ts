import { type Admin, type ConsumerGroupDescription, valuesOf } from '@odradek/admin'
import type { CommandIo } from '../command/command-io.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { membersText } from './describe-members.ts'
import { stateText } from './describe-state.ts'
import { printError } from './group-command-error.ts'
import { type GroupRow, groupRows } from './group-rows.ts'
import { callOptions, selectedGroups } from './selected-groups.ts'

/** `--describe` */
export async function describeConsumerGroups(admin: Admin, options: ParsedOptions, io: CommandIo): Promise<void> {
  const groupIds = await selectedGroups(admin, options)
  const described = valuesOf(await admin.describeConsumerGroups(groupIds, callOptions(options)))
  const groups = [...described.values()].sort((one, other) => (one.groupId < other.groupId ? -1 : 1))
  if (options.has('json')) {
    const whole = groups.map(async (group) => ({ ...group, partitions: await groupRows(admin, group, options) }))
    await io.out(`${JSON.stringify(await Promise.all(whole), null, 2)}\n`)
    return
  }
  const isVerbose = options.has('verbose')
  if (options.has('members')) {
    for (const group of groups) {
      if (await showsGroup(group, 1, io)) await io.out(membersText(group, isVerbose))
    }
    return
  }
  if (options.has('state')) {
    for (const group of groups) {
      if (await showsGroup(group, 1, io)) await io.out(stateText(group, isVerbose))
    }
    return
  }
  // All are collected before the first is shown, so that what fails fails before anything was said.
  const collected = await Promise.all(
    groups.map(async (group) => [group, await groupRows(admin, group, options)] as const),
  )
  for (const [group, rows] of collected) {
    if (await showsGroup(group, rows.length, io)) await io.out(offsetsText(rows, isVerbose))
  }
}

/** Says what is to be said of a group's state, and whether there is something to show. Kafka: `shouldPrintMemberState`. */
async function showsGroup({ groupId, state }: ConsumerGroupDescription, rows: number, io: CommandIo): Promise<boolean> {
  switch (state) {
    case 'Stable':
      break
    case 'Dead':
      await printError(io, `Consumer group '${groupId}' does not exist.`)
      break
    case 'Empty':
      io.err(`\nConsumer group '${groupId}' has no active members.\n`)
      break
    case 'PreparingRebalance':
    case 'CompletingRebalance':
    case 'Assigning':
    case 'Reconciling':
      io.err(`\nWarning: Consumer group '${groupId}' is rebalancing.\n`)
      break
    default:
      throw new Error(`Expected a valid consumer group state, but found '${state}'.`)
  }
  return state !== 'Dead' && rows > 0
}

function offsetsText(rows: readonly GroupRow[], isVerbose: boolean): string {
  const width = (cell: (row: GroupRow) => string) => Math.max(15, ...rows.map((row) => cell(row).length))
  const epochOf = (cell: string) => (isVerbose ? [cell.padEnd(15)] : [])
  const [groupWidth, topicWidth] = [width(({ group }) => group), width(({ topic }) => topic)]
  const [consumerWidth, hostWidth] = [width(({ consumerId }) => consumerId), width(({ host }) => host)]
  const line = (cells: Readonly<Record<keyof GroupRow, string>>) =>
    `\n${[
      cells.group.padEnd(groupWidth),
      cells.topic.padEnd(topicWidth),
      cells.partition.padEnd(10),
      ...epochOf(cells.leaderEpoch),
      cells.currentOffset.padEnd(15),
      cells.logEndOffset.padEnd(15),
      cells.lag.padEnd(15),
      cells.consumerId.padEnd(consumerWidth),
      cells.host.padEnd(hostWidth),
      cells.clientId,
    ].join(' ')}`
  const lines = rows.map((row) =>
    line({
      ...row,
      partition: String(row.partition),
      leaderEpoch: numberText(row.leaderEpoch),
      currentOffset: numberText(row.currentOffset),
      logEndOffset: numberText(row.logEndOffset),
      lag: numberText(row.lag),
    }),
  )
  return `${line(titles)}${lines.join('')}\n`
}

const titles: Readonly<Record<keyof GroupRow, string>> = {
  group: 'GROUP',
  topic: 'TOPIC',
  partition: 'PARTITION',
  leaderEpoch: 'LEADER-EPOCH',
  currentOffset: 'CURRENT-OFFSET',
  logEndOffset: 'LOG-END-OFFSET',
  lag: 'LAG',
  consumerId: 'CONSUMER-ID',
  host: 'HOST',
  clientId: 'CLIENT-ID',
}

function numberText(value: number | null): string {
  return value === null ? '-' : String(value)
}
