import { CommandExit } from '../command/command-exit.ts'
import {
  checkInvalid,
  checkRequired,
  helpOrVersion,
  jsonOption,
  readOptions,
  type Usage,
  usageError,
} from '../command/usage.ts'
import { OptionError } from '../options/option-error.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { watchIntervalMs, watchOption } from '../watch/watch-option.ts'
import { consumerGroupsOptions } from './consumer-groups-options.ts'

/** What `kafka-consumer-groups` says about itself. */
export const consumerGroupsUsage: Usage = {
  description:
    'This tool helps to list all consumer groups, describe a consumer group, delete consumer group info, or reset consumer group offsets.',
  options: consumerGroupsOptions,
  ownOptions: [jsonOption, watchOption],
  examples: [
    'kafka-consumer-groups --bootstrap-server localhost:9092 --list',
    'kafka-consumer-groups --bootstrap-server localhost:9092 --describe --group billing',
    'kafka-consumer-groups --bootstrap-server localhost:9092 --reset-offsets --group billing --topic orders --to-earliest --execute',
  ],
}

const actions = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets', 'validate-regex'] as const

/** What the command is to do. */
export type ConsumerGroupsAction = (typeof actions)[number]

/** Options that say where offsets are reset to; one of them at most. */
export const resetScenarios = [
  'to-offset',
  'to-datetime',
  'by-duration',
  'to-earliest',
  'to-latest',
  'to-current',
  'shift-by',
  'from-file',
] as const

/** Options that make sense beside one of others only, as joptsimple's `availableIf` has it. */
const availableIf: readonly (readonly [option: string, beside: readonly string[]])[] = [
  ['members', ['describe']],
  ['verbose', ['describe']],
  ['offsets', ['describe']],
  ['state', ['describe', 'list']],
  ['type', ['list']],
]

const dryRunWarning =
  'WARN: No action will be performed as the --execute option is missing. In version 5.0, this command will require either --dry-run or --execute to be specified. You should add the --dry-run option explicitly if you are scripting this command and want to keep the current default behavior without prompting.\n'

/** A command line of `kafka-consumer-groups`, checked. */
export interface ConsumerGroupsInvocation {
  readonly action: ConsumerGroupsAction
  readonly options: ParsedOptions
  /** Between two looks of `--watch`. */
  readonly intervalMs: number | undefined
  /** Goes to standard error before anything is done. */
  readonly warning: string
}

/** Reads and checks a command line. @throws CommandExit in Kafka's words */
export function readConsumerGroupsOptions(args: readonly string[]): ConsumerGroupsInvocation {
  const usage = consumerGroupsUsage
  const options = parsed(args)
  if (args.length === 0) throw new CommandExit(1, usageError(usage, usage.description).standardError)
  helpOrVersion(usage, options)
  if (!options.has('validate-regex')) checkRequired(usage, options, ['bootstrap-server'])
  checkDescribe(options)
  checkGroupsOf(options, 'delete')
  if (options.has('delete') && options.has('topic')) {
    throw usageError(usage, 'The consumer does not support topic-specific offset deletion from a consumer group.')
  }
  if (options.has('delete-offsets') && !(options.has('group') && options.has('topic'))) {
    throw usageError(usage, 'Option [delete-offsets] takes the following options: [group], [topic]')
  }
  const warning = checkReset(options)
  checkInvalid(usage, options, { option: 'group', excludes: ['all-groups'] })
  checkInvalid(usage, options, { option: 'group', excludes: ['list'] })
  checkInvalid(usage, options, { option: 'topic', excludes: ['list', 'describe'] })
  const given = actions.filter((action) => options.has(action))
  if (given.length !== 1) {
    const names = actions.map((action) => `--${action}`).join(', ')
    throw usageError(usage, `Command must include exactly one action: ${names}`)
  }
  const unwatched = actions.filter((action) => action !== 'describe')
  const intervalMs = watchIntervalMs(usage, options, unwatched)
  return { action: given[0]!, options, intervalMs, warning }
}

function parsed(args: readonly string[]): ParsedOptions {
  try {
    const options = readOptions(consumerGroupsUsage, args)
    for (const [option, beside] of availableIf) {
      if (options.has(option) && !beside.some((other) => options.has(other))) {
        throw new OptionError(`Option(s) [${option}] are unavailable given other options on the command line`)
      }
    }
    return options
  } catch (error) {
    if (error instanceof OptionError) throw usageError(consumerGroupsUsage, error.message)
    throw error
  }
}

function checkDescribe(options: ParsedOptions): void {
  if (!options.has('describe')) return
  const usage = consumerGroupsUsage
  checkGroupsOf(options, 'describe')
  const kinds = ['members', 'offsets', 'state'].filter((kind) => options.has(kind))
  if (kinds.length > 1) {
    throw usageError(usage, 'Option [describe] takes at most one of these options: [members], [offsets], [state]')
  }
  if (options.value('state') !== undefined) {
    throw usageError(usage, 'Option [describe] does not take a value for [state]')
  }
}

function checkGroupsOf(options: ParsedOptions, action: string): void {
  if (!options.has(action) || options.has('group') || options.has('all-groups')) return
  throw usageError(consumerGroupsUsage, `Option [${action}] takes one of these options: [group], [all-groups]`)
}

function checkReset(options: ParsedOptions): string {
  if (!options.has('reset-offsets')) return ''
  const usage = consumerGroupsUsage
  const isDry = options.has('dry-run')
  const executes = options.has('execute')
  if (isDry && executes) throw usageError(usage, 'Option [reset-offsets] only accepts one of [execute] and [dry-run]')
  const warning = isDry || executes ? '' : dryRunWarning
  checkGroupsOf(options, 'reset-offsets')
  for (const option of resetScenarios) {
    checkInvalid(usage, options, { option, excludes: resetScenarios.filter((other) => other !== option) })
  }
  return warning
}
