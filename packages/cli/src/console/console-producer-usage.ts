import { checkBootstrapServer } from '../command/bootstrap-server.ts'
import type { CommandIo } from '../command/command-io.ts'
import { checkRequired, helpOrVersion, readOptions, type Usage, usageError } from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { consoleProducerOptions } from './console-producer-options.ts'
import { merged, type Properties, parseKeyValues } from './key-values.ts'
import { readPropertiesFile } from './properties-file.ts'
import { readUsableOptions } from './usable-options.ts'

/** The command line of `kafka-console-producer`. */
export const consoleProducerUsage: Usage = {
  description: 'This tool helps to read data from standard input and publish it to Kafka.',
  options: consoleProducerOptions,
  examples: [
    'kafka-console-producer --bootstrap-server localhost:9092 --topic orders',
    'kafka-console-producer --bootstrap-server localhost:9092 --topic orders --reader-property parse.key=true --reader-property key.separator=:',
    'kafka-console-producer --bootstrap-server localhost:9092 --topic orders --compression-codec zstd < orders.txt',
  ],
}

/** What the command line says. */
export interface ConsoleProducerInvocation {
  readonly topic: string
  readonly isSync: boolean
  readonly readerProperties: Properties
  readonly producerProperties: Properties
  /** Lines that Kafka prints before it begins. */
  readonly remarks: readonly string[]
}

const exclusions = [
  ['command-config', 'producer.config'],
  ['command-property', 'producer-property'],
  ['reader-property', 'property'],
] as const

const deprecations = [
  ['producer-property', 'a future version. Use --command-property instead.'],
  ['producer.config', 'a future version. Use --command-config instead.'],
  ['property', 'a future version. Use --reader-property instead.'],
  ['max-partition-memory-bytes', 'Apache Kafka 5.0. Use --batch-size instead.'],
] as const

/** Options that become a config of the producer when they were given, or when no property says otherwise. */
const mergedOptions = [
  ['linger.ms', 'timeout'],
  ['acks', 'request-required-acks'],
  ['request.timeout.ms', 'request-timeout-ms'],
  ['retries', 'message-send-max-retries'],
  ['retry.backoff.ms', 'retry-backoff-ms'],
  ['send.buffer.bytes', 'socket-buffer-size'],
  ['buffer.memory', 'max-memory-bytes'],
  ['batch.size', 'batch-size'],
  ['batch.size', 'max-partition-memory-bytes'],
  ['metadata.max.age.ms', 'metadata-expiry-ms'],
  ['max.block.ms', 'max-block-ms'],
] as const

/** Reads and checks the command line. @throws CommandExit, OptionError */
export async function readConsoleProducerOptions(
  args: readonly string[],
  io: CommandIo,
): Promise<ConsoleProducerInvocation> {
  const options = readUsableOptions(consoleProducerUsage, args, readOptions)
  helpOrVersion(consoleProducerUsage, options)
  checkRequired(consoleProducerUsage, options, ['topic'])
  for (const [one, other] of exclusions) {
    if (options.has(one) && options.has(other)) {
      throw usageError(consoleProducerUsage, `Options --${one} and --${other} cannot be specified together.`)
    }
  }
  const remarks = deprecations
    .filter(([name]) => options.has(name))
    .map(([name, rest]) => `Warning: --${name} is deprecated and will be removed in ${rest}`)
  // Kafka's command misses the servers only here, and in these words.
  if (!options.has('bootstrap-server')) {
    throw usageError(consoleProducerUsage, 'Error while validating the bootstrap address\n')
  }
  checkBootstrapServer(consoleProducerUsage, options)
  if (options.required('line-reader') !== 'org.apache.kafka.tools.LineMessageReader') {
    throw new Error(`java.lang.ClassNotFoundException: ${options.required('line-reader')}`)
  }
  return {
    topic: options.required('topic'),
    isSync: options.has('sync'),
    readerProperties: merged(
      await readPropertiesFile(options.value('reader-config'), io),
      parseKeyValues(eitherOf(options, 'reader-property', 'property')),
    ),
    producerProperties: await producerProperties(options, io),
    remarks,
  }
}

async function producerProperties(options: ParsedOptions, io: CommandIo): Promise<Properties> {
  const properties = merged(
    await readPropertiesFile(options.value('command-config') ?? options.value('producer.config'), io),
    parseKeyValues(eitherOf(options, 'command-property', 'producer-property')),
  )
  properties.set('bootstrap.servers', options.required('bootstrap-server'))
  properties.set('compression.type', compressionOf(options))
  if (!properties.has('client.id')) properties.set('client.id', 'console-producer')
  for (const [config, option] of mergedOptions) {
    if (options.has(option) || !properties.has(config)) properties.set(config, options.required(option))
  }
  return properties
}

/** Without an option nothing is compressed, with one that names none it is gzip. */
function compressionOf(options: ParsedOptions): string {
  if (!options.has('compression-codec')) return 'none'
  return options.value('compression-codec') || 'gzip'
}

function eitherOf(options: ParsedOptions, one: string, other: string): readonly string[] {
  return options.has(other) ? options.values(other) : options.values(one)
}
