import type { Admin, GroupListing, GroupState, GroupType } from '@odradek/admin'
import type { CommandIo } from '../command/command-io.ts'
import { usageError } from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { consumerGroupsUsage } from './consumer-groups-usage.ts'
import { consumerGroupStates, parseGroupState, parseGroupType } from './group-names.ts'
import { listedGroups } from './listed-groups.ts'
import { callOptions } from './selected-groups.ts'

/** `--list` */
export async function listConsumerGroups(admin: Admin, options: ParsedOptions, io: CommandIo): Promise<void> {
  const states = statesOf(options.value('state'))
  const types = typesOf(options.value('type'))
  const groups = await listedGroups(() => admin.listConsumerGroups({ ...callOptions(options), states, types }))
  if (options.has('json')) {
    await io.out(`${JSON.stringify(groups, null, 2)}\n`)
    return
  }
  const columns = [
    ...(options.has('type') ? [{ title: 'TYPE', cell: ({ type }: GroupListing) => type ?? 'Unknown' }] : []),
    ...(options.has('state') ? [{ title: 'STATE', cell: ({ state }: GroupListing) => state ?? 'Unknown' }] : []),
  ]
  if (columns.length === 0) {
    await io.out(groups.map(({ groupId }) => `${groupId}\n`).join(''))
    return
  }
  const width = 10 + Math.max(15, ...groups.map(({ groupId }) => groupId.length))
  const line = (group: string, cells: readonly string[]) =>
    `${[group.padEnd(width), ...cells.map((cell) => cell.padEnd(20))].join(' ')}\n`
  const titles = line(
    'GROUP',
    columns.map(({ title }) => title),
  )
  const rows = groups.map((group) =>
    line(
      group.groupId,
      columns.map(({ cell }) => cell(group)),
    ),
  )
  await io.out([titles, ...rows].join(''))
}

function statesOf(text: string | undefined): readonly GroupState[] {
  if (text === undefined || text === '') return []
  const states = text.split(',').map((name) => parseGroupState(name.trim()))
  if (!states.includes('Unknown')) return states
  const valid = consumerGroupStates.join(', ')
  throw usageError(consumerGroupsUsage, `Invalid state list '${text}'. Valid states are: ${valid}`)
}

function typesOf(text: string | undefined): readonly GroupType[] {
  if (text === undefined || text === '') return []
  const types = text
    .toLowerCase()
    .split(',')
    .map((name) => parseGroupType(name.trim()))
  if (types.every((type) => type === 'Classic' || type === 'Consumer')) return types
  throw usageError(consumerGroupsUsage, `Invalid types list '${text}'. Valid types are: Consumer, Classic`)
}
