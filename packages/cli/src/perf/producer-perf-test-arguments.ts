import { type ArgparseSpec, type ParsedArguments, parseArguments } from '../argparse/argument-parser.ts'
import { CommandExit } from '../command/command-exit.ts'
import type { CommandIo } from '../command/command-io.ts'
import { merged, type Properties } from '../console/key-values.ts'
import { readPropertiesFile } from '../console/properties-file.ts'
import { producerPerfTestHelp } from './producer-perf-test-help.ts'

const lists = ['--producer-props', '--command-property']

const spec: ArgparseSpec = {
  program: 'kafka-producer-perf-test',
  help: producerPerfTestHelp,
  options: [
    { names: ['--throughput'], kind: 'text', isRequired: true },
    { names: ['--num-records'], kind: 'integer', isRequired: true },
    { names: ['--topic'], kind: 'text', isRequired: true },
    { names: ['--bootstrap-server'], kind: 'text' },
    { names: ['--record-size'], kind: 'integer' },
    { names: ['--payload-file'], kind: 'text' },
    { names: ['--payload-monotonic'], kind: 'flag' },
    { names: ['--payload-delimiter'], kind: 'text' },
    { names: ['--producer-props'], kind: 'list' },
    { names: ['--command-property'], kind: 'list' },
    { names: ['--producer.config'], kind: 'text' },
    { names: ['--command-config'], kind: 'text' },
    { names: ['--print-metrics'], kind: 'flag' },
    { names: ['--transactional-id'], kind: 'text' },
    { names: ['--transaction-duration-ms'], kind: 'integer' },
    { names: ['--warmup-records'], kind: 'integer' },
    { names: ['--reporting-interval'], kind: 'integer' },
  ],
  exclusive: { names: ['--record-size', '--payload-file', '--payload-monotonic'], isRequired: true },
}

/** What is sent, and how fast. */
export interface ProducerPerfTest {
  readonly topic: string
  readonly records: number
  readonly warmupRecords: number
  /** Records a second; 0 or less for no limit. */
  readonly throughput: number
  readonly reportingIntervalMs: number
  readonly recordSize: number | undefined
  readonly payloadFile: string | undefined
  readonly payloadDelimiter: string
  readonly printsMetrics: boolean
  readonly properties: Properties
  /** Lines that Kafka prints before it begins. */
  readonly remarks: readonly string[]
}

/** Reads and checks the command line. @throws CommandExit in Kafka's words */
export async function readProducerPerfTest(args: readonly string[], io: CommandIo): Promise<ProducerPerfTest> {
  const given = read(args)
  const number = (name: string, otherwise: number) => Number(given.value(name) ?? otherwise)
  check(given)
  const remarks = [
    ['producer-props', 'command-property'],
    ['producer.config', 'command-config'],
  ]
    .filter(([old]) => given.has(old!))
    .map(([old, instead]) => {
      return `Option --${old} has been deprecated and will be removed in a future version. Use --${instead} instead.`
    })
  const delimiter = given.value('payload-delimiter') ?? '\\n'
  return {
    topic: given.value('topic')!,
    records: number('num-records', 0),
    warmupRecords: Math.max(0, number('warmup-records', 0)),
    throughput: number('throughput', -1),
    reportingIntervalMs: number('reporting-interval', 5000),
    recordSize: given.has('record-size') ? number('record-size', 0) : undefined,
    payloadFile: given.value('payload-file'),
    payloadDelimiter: delimiter === '\\n' ? '\n' : delimiter,
    printsMetrics: given.has('print-metrics'),
    properties: await propertiesOf(given, io),
    remarks,
  }
}

function read(args: readonly string[]): ParsedArguments {
  if (args.length === 0) throw new CommandExit(0, '', producerPerfTestHelp)
  try {
    return parseArguments(spec, oneValueEach(args))
  } catch (error) {
    // Kafka's command shows its help and still ends with 1.
    if (error instanceof CommandExit) throw new CommandExit(1, error.standardError, error.standardOutput)
    throw error
  }
}

/** Options that take several values in a row are written once for each; when one is repeated its last row counts. */
function oneValueEach(args: readonly string[]): string[] {
  const single: string[] = []
  const rows = new Map<string, string[]>()
  const rest = [...args]
  while (rest.length > 0) {
    const token = rest.shift()!
    if (lists.includes(token) && rest.length > 0) {
      const end = rest.findIndex((next) => next.startsWith('-'))
      rows.set(token, rest.splice(0, end < 0 ? rest.length : end))
    } else single.push(token)
  }
  return [...single, ...[...rows].flatMap(([name, values]) => values.flatMap((value) => [name, value]))]
}

function check(given: ParsedArguments): void {
  const records = Number(given.value('num-records'))
  const warmup = Number(given.value('warmup-records') ?? 0)
  const isPositive = (name: string) => Number(given.value(name) ?? 1) > 0
  const throughput = given.value('throughput')!
  const brokers = ['bootstrap-server', 'command-property', 'producer-props', 'producer.config', 'command-config']
  const problems: readonly (readonly [isBad: boolean, message: string])[] = [
    [
      throughput.trim() === '' || Number.isNaN(Number(throughput)),
      `argument --throughput: could not convert '${throughput}' to Double (For input string: "${throughput}")`,
    ],
    [records <= 0, '--num-records should be greater than zero.'],
    [
      warmup >= records,
      'The value for --warmup-records must be strictly fewer than the number of records in the test, --num-records.',
    ],
    [!isPositive('record-size'), '--record-size should be greater than zero.'],
    [
      !brokers.some((name) => given.has(name)),
      'At least one of --bootstrap-server, --command-property, --producer-props, --producer.config or --command-config must be specified.',
    ],
    [
      given.has('command-property') && given.has('producer-props'),
      '--command-property and --producer-props cannot be specified together.',
    ],
    [
      given.has('command-config') && given.has('producer.config'),
      '--command-config and --producer.config cannot be specified together.',
    ],
    [!isPositive('transaction-duration-ms'), '--transaction-duration-ms should be greater than zero.'],
    [!isPositive('reporting-interval'), '--reporting-interval should be greater than zero.'],
  ]
  const problem = problems.find(([isBad]) => isBad)
  if (problem === undefined) return
  const usage = producerPerfTestHelp.split('\n\n')[0]
  throw new CommandExit(1, `${usage}\nkafka-producer-perf-test: error: ${problem[1]}\n`)
}

async function propertiesOf(given: ParsedArguments, io: CommandIo): Promise<Properties> {
  const pairs = [...given.values('command-property'), ...given.values('producer-props')].map((arg) => {
    const [name, value, ...more] = arg.split('=')
    if (name === undefined || value === undefined || value === '' || more.length > 0) {
      throw new Error(`Invalid property: ${arg}`)
    }
    return [name, value] as const
  })
  const file = await readPropertiesFile(given.value('command-config') ?? given.value('producer.config'), io)
  const properties = merged(file, new Map(pairs))
  const bootstrapServer = given.value('bootstrap-server')
  if (bootstrapServer !== undefined) properties.set('bootstrap.servers', bootstrapServer)
  if (!properties.has('client.id')) properties.set('client.id', 'perf-producer-client')
  const isTransactional = given.has('transactional-id') || given.has('transaction-duration-ms')
  if (isTransactional) properties.set('transactional.id', given.value('transactional-id') ?? 'performance-producer')
  return properties
}
