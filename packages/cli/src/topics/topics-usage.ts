import {
  checkInvalid,
  checkRequired,
  helpOrVersion,
  jsonOption,
  readOptions,
  type Usage,
  usageError,
} from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { watchIntervalMs, watchOption } from '../watch/watch-option.ts'
import { topicsOptions } from './topics-options.ts'

/** What one run of the command does. */
export type TopicsAction = 'list' | 'describe' | 'create' | 'alter' | 'delete'

const actions: readonly TopicsAction[] = ['create', 'list', 'alter', 'describe', 'delete']
const reports = [
  'under-replicated-partitions',
  'under-min-isr-partitions',
  'at-min-isr-partitions',
  'unavailable-partitions',
]

/** Actions that each option goes with, in the order in which Kafka checks them. */
const goesWith: readonly (readonly [option: string, actions: readonly TopicsAction[]])[] = [
  ['config', ['alter', 'create']],
  ['partitions', ['alter', 'create']],
  ['replication-factor', ['create']],
  ['replica-assignment', ['alter', 'create']],
]

/** The command line of `kafka-topics`. */
export const topicsUsage: Usage = {
  description: 'This tool helps to create, delete, describe, or change a topic.',
  options: topicsOptions,
  ownOptions: [jsonOption, watchOption],
  examples: [
    'kafka-topics --bootstrap-server localhost:9092 --list',
    'kafka-topics --bootstrap-server localhost:9092 --create --topic orders --partitions 3 --config retention.ms=86400000',
    'kafka-topics --bootstrap-server localhost:9092 --describe --topic orders',
    "kafka-topics --bootstrap-server localhost:9092 --delete --topic 'test-.*'",
  ],
}

/** A command line that holds together. */
export interface TopicsInvocation {
  readonly action: TopicsAction
  readonly options: ParsedOptions
  /** Between two looks of `--watch`. */
  readonly intervalMs: number | undefined
  /** Lines that Kafka prints before it begins. */
  readonly remarks: readonly string[]
}

/** Reads and checks the command line. @throws CommandExit, OptionError */
export function readTopicsOptions(args: readonly string[]): TopicsInvocation {
  const usage = topicsUsage
  if (args.length === 0) throw usageError(usage, 'Create, delete, describe, or change a topic.')
  const options = readOptions(usage, args)
  helpOrVersion(usage, options)
  const given = actions.filter((action) => options.has(action))
  if (given.length !== 1) {
    throw usageError(
      usage,
      'Command must include exactly one action: --list, --describe, --create, --alter or --delete',
    )
  }
  const remarks: string[] = []
  if (options.has('delete-config')) {
    remarks.push(
      'delete-config option is no longer supported and deprecated since version 4.0. The config will be fully removed in future releases.',
    )
  }
  checkNeeded(options, remarks)
  checkExclusions(options)
  const intervalMs = watchIntervalMs(usage, options, others(['list', 'describe']))
  return { action: given[0]!, options, intervalMs, remarks }
}

function checkNeeded(options: ParsedOptions, remarks: string[]): void {
  if (!options.has('bootstrap-server')) throw new Error('--bootstrap-server must be specified')
  if (options.has('describe') && options.has('if-exists')) {
    if (!options.has('topic') && !options.has('topic-id')) {
      throw usageError(topicsUsage, '--topic or --topic-id is required to describe a topic')
    }
    if (options.has('topic') && options.has('topic-id')) {
      remarks.push(
        'Only topic id will be used when both --topic and --topic-id are specified and topicId is not Uuid.ZERO_UUID',
      )
    }
  }
  if (!options.has('list') && !options.has('describe')) checkRequired(topicsUsage, options, ['topic'])
  if (!options.has('alter')) return
  if (options.has('config')) {
    throw usageError(
      topicsUsage,
      'Option combination "[[bootstrap-server], [config]]" can\'t be used with option "[alter]" (To alter topic configurations, the kafka-configs tool can be used.)',
    )
  }
  checkRequired(topicsUsage, options, ['partitions'])
}

function checkExclusions(options: ParsedOptions): void {
  for (const [option, allowed] of goesWith) exclude(options, option, others(allowed))
  if (options.has('create')) exclude(options, 'replica-assignment', ['partitions', 'replication-factor'])
  for (const report of reports) {
    exclude(options, report, [
      'topics-with-overrides',
      ...reports.filter((other) => other !== report),
      ...others(['describe']),
    ])
  }
  exclude(options, 'topics-with-overrides', [...reports, ...others(['describe'])])
  exclude(options, 'if-exists', others(['alter', 'delete', 'describe']))
  exclude(options, 'if-not-exists', others(['create']))
  exclude(options, 'exclude-internal', others(['list', 'describe']))
}

function exclude(options: ParsedOptions, option: string, excludes: readonly string[]): void {
  checkInvalid(topicsUsage, options, { option, excludes })
}

function others(allowed: readonly TopicsAction[]): readonly TopicsAction[] {
  return actions.filter((action) => !allowed.includes(action))
}
