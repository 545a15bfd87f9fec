import { type Admin, type OffsetSpec, partitionName, type TopicPartition, valuesOf } from '@odradek/admin'
import { KafkaError } from '@odradek/client'
import { checkBootstrapServer } from '../command/bootstrap-server.ts'
import type { Command } from '../command/command.ts'
import { CommandExit } from '../command/command-exit.ts'
import type { CommandIo } from '../command/command-io.ts'
import { connectAdmin } from '../command/connect-admin.ts'
import { executionMessage, failureMessage } from '../command/kafka-failure.ts'
import { checkRequired, helpOrVersion, jsonOption, readOptions, type Usage, usageError } from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { watchIntervalMs, watchOption } from '../watch/watch-option.ts'
import { getOffsetsOptions } from './get-offsets-options.ts'
import { parseOffsetSpec } from './offset-spec.ts'
import { type PartitionFilter, partitionRules, partitionsOf } from './partition-filter.ts'

const usage: Usage = {
  description: 'An interactive shell for getting topic-partition offsets.',
  options: getOffsetsOptions,
  ownOptions: [jsonOption, watchOption],
  examples: [
    'kafka-get-offsets --bootstrap-server localhost:9092 --topic orders',
    'kafka-get-offsets --bootstrap-server localhost:9092 --topic-partitions orders:0,payments:2-4 --time earliest',
  ],
}

/** `kafka-get-offsets`: the offsets of partitions, at an end or at a time. */
export const getOffsetsCommand: Command = {
  name: 'kafka-get-offsets',
  summary: 'Tell the offsets of partitions',
  examples: usage.examples,
  async run(args, io) {
    if (args.length === 0) throw usageError(usage, usage.description)
    return orFailure(io, () => getOffsets(args, io))
  },
}

async function orFailure(io: CommandIo, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CommandExit) throw error
    io.err(`Error occurred: ${error instanceof KafkaError ? executionMessage(error) : failureMessage(error)}\n`)
    return 1
  }
}

async function getOffsets(args: readonly string[], io: CommandIo): Promise<number> {
  const options = readOptions(usage, args)
  helpOrVersion(usage, options)
  checkRequired(usage, options, ['bootstrap-server'])
  checkBootstrapServer(usage, options)
  const intervalMs = watchIntervalMs(usage, options)
  const byRules = options.has('topic-partitions')
  if (byRules && (options.has('topic') || options.has('partitions'))) {
    throw new Error('--topic-partitions cannot be used with --topic or --partitions')
  }
  const at = parseOffsetSpec(options.required('time'))
  const filter = byRules
    ? partitionRules(options.required('topic-partitions'))
    : partitionsOf(options.value('topic'), partitionNumbers(options.value('partitions')))
  await using admin = await connectAdmin(options, io)
  const run = (output: CommandIo) => printOffsets(admin, { options, filter, at }, output)
  if (intervalMs === undefined) return await run(io)
  const { watch } = await import('../watch/watch.ts')
  const commandLine = ['kafka-get-offsets', ...args].join(' ')
  const isJson = options.has('json')
  return await watch(io, (view) => orFailure(view.io, () => run(view.io)), { commandLine, intervalMs, isJson })
}

interface Asked {
  readonly options: ParsedOptions
  readonly filter: PartitionFilter
  readonly at: OffsetSpec
}

async function printOffsets(admin: Admin, { options, filter, at }: Asked, io: CommandIo): Promise<number> {
  const partitions = await matchingPartitions(admin, filter, options)
  if (partitions.length === 0) throw new Error('Could not match any topic-partitions with the specified filters')
  const listed = await admin.listOffsets(partitions.map((partition) => ({ ...partition, at })))
  const found: (TopicPartition & { readonly offset: number })[] = []
  for (const [name, { value, error }] of listed) {
    if (error !== undefined) {
      io.err(`Skip getting offsets for topic-partition ${name} due to error: ${executionMessage(error)}\n`)
    } else if (value.offset !== -1) {
      found.push({ topic: value.topic, partition: value.partition, offset: value.offset })
    }
  }
  // Kafka puts them in the order of their names, where 10 comes before 2.
  found.sort((one, other) => (partitionName(one) < partitionName(other) ? -1 : 1))
  const lines = found.map(({ topic, partition, offset }) => `${topic}:${partition}:${offset}\n`)
  await io.out(options.has('json') ? `${JSON.stringify(found, null, 2)}\n` : lines.join(''))
  return 0
}

function partitionNumbers(list: string | undefined): ReadonlySet<number> {
  if (list === undefined || list === '') return new Set()
  const numbers = list.split(',')
  if (!numbers.every((number) => /^[+-]?\d+$/.test(number))) {
    throw new Error(`--partitions expects a comma separated list of numeric partition ids, but received: ${list}`)
  }
  return new Set(numbers.map(Number))
}

async function matchingPartitions(admin: Admin, filter: PartitionFilter, options: ParsedOptions) {
  const topics = await admin.listTopics({ listInternal: !options.has('exclude-internal-topics') })
  const names = topics.map(({ topic }) => topic).filter(filter.isTopicAllowed)
  const described = valuesOf(await admin.describeTopics(names))
  return [...described.values()].flatMap(({ topic, partitions }) =>
    partitions.flatMap(({ partition }) => (filter.isPartitionAllowed(topic, partition) ? [{ topic, partition }] : [])),
  )
}
