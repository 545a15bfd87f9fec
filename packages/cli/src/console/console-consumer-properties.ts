import { randomInt } from 'node:crypto'
import { CommandExit } from '../command/command-exit.ts'
import type { CommandIo } from '../command/command-io.ts'
import { type Usage, usageError } from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { merged, type Properties, parseKeyValues } from './key-values.ts'
import { readPropertiesFile } from './properties-file.ts'

/** The properties of the consumer. Kafka: `ConsoleConsumerOptions.buildConsumerProps`. @throws CommandExit */
export async function consumerProperties(
  options: ParsedOptions,
  { usage, io }: { readonly usage: Usage; readonly io: CommandIo },
): Promise<Properties> {
  const fromFile = await readPropertiesFile(options.value('command-config') ?? options.value('consumer.config'), io)
  const given = parseKeyValues(
    options.has('consumer-property') ? options.values('consumer-property') : options.values('command-property'),
  )
  const groupId = groupIdOf([options.value('group'), given.get('group.id'), fromFile.get('group.id')], usage)
  if (groupId !== undefined && options.has('partition')) {
    throw usageError(usage, 'Options group and partition cannot be specified together.')
  }
  const properties = merged(fromFile, given)
  properties.set('auto.offset.reset', offsetReset(options, properties))
  properties.set('bootstrap.servers', options.required('bootstrap-server'))
  if (!properties.has('client.id')) properties.set('client.id', 'console-consumer')
  if (options.has('isolation-level') || !properties.has('isolation.level')) {
    properties.set('isolation.level', options.required('isolation-level'))
  }
  properties.set('group.id', groupId ?? `console-consumer-${randomInt(100_000)}`)
  // A group that nobody will ask for again has nothing to remember.
  if (groupId === undefined && !properties.has('enable.auto.commit')) properties.set('enable.auto.commit', 'false')
  return properties
}

function groupIdOf(given: readonly (string | undefined)[], usage: Usage): string | undefined {
  const ids = [...new Set(given.filter((id) => id !== undefined))]
  if (ids.length <= 1) return ids[0]
  throw usageError(
    usage,
    `The group ids provided in different places (directly using '--group', via '--consumer-property', or via '--consumer.config') do not match. Detected group ids: ${ids.map((id) => `'${id}'`).join(',')}`,
  )
}

function offsetReset(options: ParsedOptions, properties: Properties): string {
  const given = properties.get('auto.offset.reset')
  if (given === undefined) return options.has('from-beginning') ? 'earliest' : 'latest'
  if (options.has('from-beginning') && given !== 'earliest') {
    throw new CommandExit(
      1,
      `Can't simultaneously specify --from-beginning and 'auto.offset.reset=${given}', please remove one option\n`,
    )
  }
  return given
}
