import type { Admin, GroupListing, GroupType } from '@odradek/admin'
import type { Command } from '../command/command.ts'
import type { CommandIo } from '../command/command-io.ts'
import { connectAdmin } from '../command/connect-admin.ts'
import { failureMessage } from '../command/kafka-failure.ts'
import { checkInvalid, helpOrVersion, jsonOption, readOptions, type Usage, usageError } from '../command/usage.ts'
import { OptionError } from '../options/option-error.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { watchIntervalMs, watchOption } from '../watch/watch-option.ts'
import { parseGroupType } from './group-names.ts'
import { groupsOptions } from './groups-options.ts'
import { listedGroups } from './listed-groups.ts'

const usage: Usage = {
  description: 'This tool helps to list groups of all types.',
  options: groupsOptions,
  ownOptions: [jsonOption, watchOption],
  examples: [
    'kafka-groups --bootstrap-server localhost:9092 --list',
    'kafka-groups --bootstrap-server localhost:9092 --list --consumer',
  ],
}

/** `kafka-groups`: lists groups of every type. */
export const groupsCommand: Command = {
  name: 'kafka-groups',
  summary: 'List groups of every type',
  examples: usage.examples,
  async run(args, io) {
    const options = readGroupsOptions(args)
    const intervalMs = watchIntervalMs(usage, options)
    return orFailure(io, async () => {
      await using admin = await connectAdmin(options, io)
      if (intervalMs === undefined) {
        await listGroups(admin, options, io)
        return 0
      }
      const { watch } = await import('../watch/watch.ts')
      const look = (output: CommandIo) => orFailure(output, () => listGroups(admin, options, output))
      const commandLine = ['kafka-groups', ...args].join(' ')
      return await watch(io, (view) => look(view.io), { commandLine, intervalMs, isJson: options.has('json') })
    })
  },
}

async function orFailure<Result>(io: CommandIo, work: () => Promise<Result>): Promise<Result | 1> {
  try {
    return await work()
  } catch (error) {
    await io.out(`Error while executing groups command : ${failureMessage(error)}\n`)
    return 1
  }
}

function readGroupsOptions(args: readonly string[]): ParsedOptions {
  let options: ParsedOptions
  try {
    options = readOptions(usage, args)
  } catch (error) {
    if (error instanceof OptionError) throw usageError(usage, error.message)
    throw error
  }
  if (args.length === 0) throw usageError(usage, usage.description)
  helpOrVersion(usage, options)
  if (!options.has('list')) throw usageError(usage, 'Command must include exactly one action: --list.')
  const type = options.value('group-type')
  if (type !== undefined && parseGroupType(type) === 'Unknown') {
    throw new Error('--group-type must be a valid group type.')
  }
  checkInvalid(usage, options, { option: 'consumer', excludes: ['group-type', 'protocol', 'share', 'streams'] })
  checkInvalid(usage, options, { option: 'share', excludes: ['consumer', 'group-type', 'protocol', 'streams'] })
  checkInvalid(usage, options, { option: 'streams', excludes: ['consumer', 'group-type', 'protocol', 'share'] })
  return options
}

async function listGroups(admin: Admin, options: ParsedOptions, io: CommandIo): Promise<void> {
  const isWanted = filterOf(options)
  const groups = (await listedGroups(() => admin.listGroups())).filter(isWanted)
  if (options.has('json')) {
    await io.out(`${JSON.stringify(groups, null, 2)}\n`)
    return
  }
  const rows = groups.map(({ groupId, type, protocolType }) => [groupId, type ?? '', protocolType])
  const width = Math.max(20, ...rows.flat().map((cell) => cell.length))
  const padded = (cells: readonly string[]) => cells.map((cell) => cell.padEnd(width)).join(' ')
  const lines = rows.map((cells) => `${padded(cells)} \n`)
  await io.out(`${padded(['GROUP', 'TYPE', 'PROTOCOL'])}\n${lines.join('')}`)
}

function filterOf(options: ParsedOptions): (group: GroupListing) => boolean {
  const type = options.value('group-type')
  const protocol = options.value('protocol')
  if (type !== undefined) {
    const wanted = parseGroupType(type)
    return (group) => group.type === wanted && (protocol === undefined || group.protocolType === protocol)
  }
  if (protocol !== undefined) return (group) => group.protocolType === protocol
  const isOf = (wanted: GroupType) => (group: GroupListing) => group.type === wanted
  if (options.has('consumer')) {
    return (group) => group.protocolType === 'consumer' || group.protocolType === '' || group.type === 'Consumer'
  }
  if (options.has('share')) return isOf('Share')
  if (options.has('streams')) return isOf('Streams')
  return () => true
}
