import type { CommandIo } from '../command/command-io.ts'
import { checkRequired, helpOrVersion, readOptions, type Usage, usageError } from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { consoleConsumerOptions } from './console-consumer-options.ts'
import { consumerProperties } from './console-consumer-properties.ts'
import { merged, type Properties, parseKeyValues } from './key-values.ts'
import { type MessageFormatter, messageFormatter } from './message-formatter.ts'
import { readPropertiesFile } from './properties-file.ts'
import { readUsableOptions } from './usable-options.ts'

/** The command line of `kafka-console-consumer`. */
export const consoleConsumerUsage: Usage = {
  description: 'This tool helps to read data from Kafka topics and outputs it to standard output.',
  options: consoleConsumerOptions,
  examples: [
    'kafka-console-consumer --bootstrap-server localhost:9092 --topic orders --from-beginning',
    'kafka-console-consumer --bootstrap-server localhost:9092 --topic orders --group billing --formatter-property print.key=true',
    'kafka-console-consumer --bootstrap-server localhost:9092 --topic orders --partition 0 --offset 42 --max-messages 10',
  ],
}

/** Where a partition is read from: a place, or an offset. */
export type StartOffset = 'earliest' | 'latest' | number

/** What the command line says. */
export interface ConsoleConsumerInvocation {
  readonly topic: string | undefined
  readonly include: string | undefined
  readonly partition: number | undefined
  readonly start: StartOffset
  /** -1 for no end. */
  readonly maxMessages: number
  /** -1 for no end. */
  readonly timeoutMs: number
  readonly skipsErrors: boolean
  readonly tellsEvents: boolean
  readonly formatter: MessageFormatter
  readonly consumerProperties: Properties
}

/** Reads and checks the command line. @throws CommandExit */
export async function readConsoleConsumerOptions(
  args: readonly string[],
  io: CommandIo,
): Promise<ConsoleConsumerInvocation> {
  const usage = consoleConsumerUsage
  const options = readUsableOptions(usage, args, readOptions)
  helpOrVersion(usage, options)
  checkOptions(options)
  for (const [one, other] of [
    ['consumer-property', 'command-property'],
    ['consumer.config', 'command-config'],
  ] as const) {
    if (options.has(one) && options.has(other)) throw togetherError(one, other)
  }
  await deprecated(options, io, { option: 'consumer-property', instead: 'command-property' })
  await deprecated(options, io, { option: 'consumer.config', instead: 'command-config' })
  const properties = await consumerProperties(options, { usage, io })
  const maxMessages = options.value('max-messages')
  const timeoutMs = Number(options.value('timeout-ms') ?? -1)
  return {
    topic: options.value('topic'),
    include: options.value('include'),
    partition: options.has('partition') ? Number(options.required('partition')) : undefined,
    start: startOffset(options),
    maxMessages: maxMessages === undefined ? -1 : Number(maxMessages),
    timeoutMs: timeoutMs < 0 ? -1 : timeoutMs,
    skipsErrors: options.has('skip-message-on-error'),
    tellsEvents: options.has('enable-systest-events'),
    formatter: await formatter(options, io),
    consumerProperties: properties,
  }
}

function checkOptions(options: ParsedOptions): void {
  const usage = consoleConsumerUsage
  if (options.has('topic') === options.has('include')) {
    throw usageError(usage, 'Exactly one of the following arguments is required: [topic], [include]')
  }
  if (options.has('partition')) {
    if (!options.has('topic')) throw usageError(usage, 'The topic is required when partition is specified.')
    if (options.has('from-beginning') && options.has('offset')) {
      throw usageError(usage, 'Options from-beginning and offset cannot be specified together.')
    }
  } else if (options.has('offset')) throw usageError(usage, 'The partition is required when offset is specified.')
  checkRequired(usage, options, ['bootstrap-server'])
}

function togetherError(one: string, other: string) {
  return usageError(consoleConsumerUsage, `Options --${one} and --${other} cannot be specified together.`)
}

async function deprecated(options: ParsedOptions, io: CommandIo, names: Deprecation): Promise<void> {
  if (!options.has(names.option)) return
  await io.out(
    `Option --${names.option} is deprecated and will be removed in a future version. Use --${names.instead} instead.\n`,
  )
}

interface Deprecation {
  readonly option: string
  readonly instead: string
}

function startOffset(options: ParsedOptions): StartOffset {
  if (!options.has('offset')) return options.has('from-beginning') ? 'earliest' : 'latest'
  const given = options.required('offset')
  const place = given.toLowerCase()
  if (place === 'earliest' || place === 'latest') return place
  const offset = /^[+-]?\d+$/.test(given) ? Number(given) : -1
  if (offset >= 0 && Number.isSafeInteger(offset)) return offset
  throw usageError(
    consoleConsumerUsage,
    `The provided offset value '${given}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`,
  )
}

async function formatter(options: ParsedOptions, io: CommandIo): Promise<MessageFormatter> {
  try {
    if (options.has('property') && options.has('formatter-property')) {
      throw togetherError('property', 'formatter-property')
    }
    const properties = await readPropertiesFile(options.value('formatter-config'), io)
    for (const part of ['key', 'value']) {
      const className = options.value(`${part}-deserializer`)
      if (className) properties.set(`${part}.deserializer`, className)
    }
    const given = options.has('property') ? options.values('property') : options.values('formatter-property')
    const made = await messageFormatter(options.required('formatter'), merged(properties, parseKeyValues(given)))
    await deprecated(options, io, { option: 'property', instead: 'formatter-property' })
    return made
  } catch (error) {
    // What a class says when it cannot be made is shown above the options.
    if (error instanceof Error && error.constructor === Error) throw usageError(consoleConsumerUsage, error.message)
    throw error
  }
}
