import { randomInt } from 'node:crypto'
import type { CommandIo } from '../command/command-io.ts'
import { checkInvalid, checkRequired, helpOrVersion, readOptions, type Usage, usageError } from '../command/usage.ts'
import { merged, type Properties, parseKeyValues } from '../console/key-values.ts'
import { readPropertiesFile } from '../console/properties-file.ts'
import { readUsableOptions } from '../console/usable-options.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { consumerPerfTestOptions } from './consumer-perf-test-options.ts'

/** The command line of `kafka-consumer-perf-test`. */
export const consumerPerfTestUsage: Usage = {
  description: 'This tool is used to verify the consumer performance.',
  options: consumerPerfTestOptions,
  examples: ['kafka-consumer-perf-test --bootstrap-server localhost:9092 --topic test --num-records 100000'],
}

/** What is read, and what is printed of it. */
export interface ConsumerPerfTest {
  readonly topic: string | undefined
  readonly include: string | undefined
  readonly records: number
  readonly timeoutMs: number
  readonly reportingIntervalMs: number
  readonly showsDetails: boolean
  readonly hidesHeader: boolean
  readonly printsMetrics: boolean
  readonly dateFormat: string
  readonly properties: Properties
  /** Lines that Kafka prints before it begins. */
  readonly remarks: readonly string[]
}

/** Reads and checks the command line. @throws CommandExit */
export async function readConsumerPerfTest(args: readonly string[], io: CommandIo): Promise<ConsumerPerfTest> {
  const usage = consumerPerfTestUsage
  const options = readUsableOptions(usage, args, readOptions)
  helpOrVersion(usage, options)
  checkRequired(usage, options, ['bootstrap-server'])
  checkOneOf(options, ['topic', 'include'])
  checkOneOf(options, ['messages', 'num-records'])
  checkInvalid(usage, options, { option: 'consumer.config', excludes: ['command-config'] })
  const remarks = [
    ['messages', 'num-records'],
    ['consumer.config', 'command-config'],
  ]
    .filter(([old]) => options.has(old!))
    .map(([old, instead]) => `Warning: --${old} is deprecated. Use --${instead} instead.`)
  const reportingIntervalMs = Number(options.required('reporting-interval'))
  if (reportingIntervalMs <= 0) throw new Error('Reporting interval must be greater than 0.')
  return {
    topic: options.value('topic'),
    include: options.value('include'),
    records: Number(options.value('num-records') ?? options.value('messages')),
    timeoutMs: Number(options.value('timeout') ?? 10_000),
    reportingIntervalMs,
    showsDetails: options.has('show-detailed-stats'),
    hidesHeader: options.has('hide-header'),
    printsMetrics: options.has('print-metrics'),
    dateFormat: options.required('date-format'),
    properties: await propertiesOf(options, io),
    remarks,
  }
}

function checkOneOf(options: ParsedOptions, names: readonly string[]): void {
  if (names.filter((name) => options.has(name)).length === 1) return
  const shown = names.map((name) => `[${name}]`).join(', ')
  throw usageError(consumerPerfTestUsage, `Exactly one of the following arguments is required: ${shown}`)
}

async function propertiesOf(options: ParsedOptions, io: CommandIo): Promise<Properties> {
  const properties = merged(
    await readPropertiesFile(options.value('consumer.config') ?? options.value('command-config'), io),
    parseKeyValues(options.values('command-property')),
  )
  properties.set('bootstrap.servers', options.required('bootstrap-server'))
  properties.set('group.id', options.has('group') ? options.required('group') : `perf-consumer-${randomInt(100_000)}`)
  properties.set('max.partition.fetch.bytes', options.required('fetch-size'))
  properties.set('auto.offset.reset', options.has('from-latest') ? 'latest' : 'earliest')
  properties.set('check.crcs', 'false')
  if (!properties.has('client.id')) properties.set('client.id', 'perf-consumer-client')
  return properties
}
