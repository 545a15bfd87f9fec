/** `kafka-storage`, with the options, the lines and the exit codes of Kafka's StorageTool. */
import { randomUuid } from '@odradek/protocol'
import { type Clock, type Random, type Storage, StorageError } from '@odradek/runtime'
import type { CommandOutput, GivenOptions } from '../command-line.ts'
import { helpOf, helpRow, readOptions, UsageError, usageOf } from '../command-line.ts'
import { propertiesText } from '../properties-file.ts'
import { readServerProperties, type ServerProperties, ServerPropertiesError } from '../server-properties.ts'
import { featureDependencies, versionMapping } from './feature-commands.ts'
import { formatStorage, type InitialQuorum } from './format.ts'
import { storageInfo } from './info.ts'
import { type StorageCommandName, storageCommands } from './storage-commands.ts'
import { StorageFailure } from './storage-failure.ts'

/** What the tool works with. */
export interface StorageToolContext extends CommandOutput {
  readonly storage: Storage
  readonly random: Random
  readonly clock: Pick<Clock, 'now'>
}

const names = Object.keys(storageCommands) as StorageCommandName[]
const usage = ['usage: kafka-storage [-h]', `${' '.repeat(20)} {${names.join(',')}}`, `${' '.repeat(20)} ...`]

/** Runs the tool with the arguments that follow its name. Returns the exit code. */
export function runStorageTool(args: readonly string[], context: StorageToolContext): number {
  const [name, ...rest] = args
  if (name === '-h' || name === '--help') return printed(help(), context)
  const command = names.find((candidate) => candidate === name)
  if (command === undefined) {
    const choices = names.map((candidate) => `'${candidate}'`).join(', ')
    const reason = name === undefined ? 'too few arguments' : `invalid choice: '${name}' (choose from ${choices})`
    return refused([...usage, `kafka-storage: error: ${reason}`], context)
  }
  const { definition } = storageCommands[command]
  try {
    const options = readOptions(rest, definition)
    return options === 'help' ? printed(helpOf(definition), context) : commands[command](options, context)
  } catch (error) {
    if (error instanceof UsageError)
      return refused([...usageOf(definition), `kafka-storage: error: ${error.message}`], context)
    if (error instanceof StorageFailure || error instanceof ServerPropertiesError || error instanceof StorageError)
      return refused([error.message], context)
    throw error
  }
}

type Command = (options: GivenOptions, context: StorageToolContext) => number

const commands: Readonly<Record<StorageCommandName, Command>> = {
  info(options, context) {
    const { lines, problems } = storageInfo(propertiesOf(options, context).config, context.storage)
    printed(lines, context)
    return problems === 0 ? 0 : 1
  },
  format(options, context) {
    const { config, listeners } = propertiesOf(options, context)
    const request = {
      clusterId: options.get('cluster-id')![0]!,
      quorum: quorumOf(options),
      ignoreFormatted: options.has('ignore-formatted'),
      release: options.get('release-version')?.[0],
      features: options.get('feature') ?? [],
      scram: options.get('add-scram') ?? [],
    }
    formatStorage(request, { ...context, config, listeners })
    return 0
  },
  'version-mapping': (options, context) => printed(versionMapping(options.get('release-version')?.[0]), context),
  'feature-dependencies': (options, context) => printed(featureDependencies(options.get('feature') ?? []), context),
  'random-uuid': (_, context) => printed([randomUuid((length) => context.random.nextBytes(length))], context),
}

function propertiesOf(options: GivenOptions, { storage }: StorageToolContext): ServerProperties {
  const path = options.get('config')![0]!
  return readServerProperties({ path, text: propertiesText(storage.readFile(path)) })
}

function quorumOf(options: GivenOptions): InitialQuorum {
  if (options.has('standalone')) return { kind: 'standalone' }
  if (options.has('no-initial-controllers')) return { kind: 'no-initial-controllers' }
  const controllers = options.get('initial-controllers')?.[0]
  return controllers === undefined ? { kind: 'static' } : { kind: 'initial-controllers', controllers }
}

function help(): string[] {
  return [
    ...usage,
    '',
    'Prepares and inspects the log directories of a node.',
    '',
    'positional arguments:',
    ...names.flatMap((name) => helpRow(name, storageCommands[name].summary)),
    '',
    'optional arguments:',
    ...helpRow('-h, --help', 'show this help message and exit'),
  ]
}

function printed(lines: readonly string[], { out }: CommandOutput): 0 {
  for (const line of lines) out(line)
  return 0
}

function refused(lines: readonly string[], { err }: CommandOutput): 1 {
  for (const line of lines) err(line)
  return 1
}
