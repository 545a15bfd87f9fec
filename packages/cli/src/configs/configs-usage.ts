import { checkInvalid, helpOrVersion, jsonOption, readOptions, type Usage, usageError } from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import {
  type Entities,
  type EntityType,
  entitiesOf,
  entityDefaultFlags,
  entityFlags,
  entityTypes,
} from './config-entities.ts'
import { configsOptions } from './configs-options.ts'

/** What `kafka-configs` says about itself. */
export const configsUsage: Usage = {
  description:
    'This tool helps to manipulate and describe entity config for a topic, client, user, broker, ip, client-metrics or group',
  options: configsOptions,
  ownOptions: [jsonOption],
  examples: [
    'kafka-configs --bootstrap-server localhost:9092 --describe --topic orders',
    'kafka-configs --bootstrap-server localhost:9092 --alter --topic orders --add-config retention.ms=3600000',
    'kafka-configs --bootstrap-server localhost:9092 --alter --group billing --add-config consumer.session.timeout.ms=60000',
  ],
}

/** A command line of `kafka-configs`, checked. */
export interface ConfigsInvocation extends Entities {
  readonly options: ParsedOptions
  /** The first kind of entity; there are two only for the clients of a user. */
  readonly type: EntityType
}

/** Kinds whose default for all can be altered. */
const withDefaults: readonly string[] = ['users', 'clients', 'brokers', 'ips']

/** Reads and checks a command line. @throws CommandExit, or Error in Kafka's words */
export function readConfigsOptions(args: readonly string[]): ConfigsInvocation {
  if (args.length === 0) throw usageError(configsUsage, configsUsage.description)
  const options = readOptions(configsUsage, args)
  helpOrVersion(configsUsage, options)
  if (options.has('alter') === options.has('describe')) {
    throw usageError(configsUsage, 'Command must include exactly one action: --describe, --alter')
  }
  checkInvalid(configsUsage, options, { option: 'describe', excludes: ['alter', 'add-config', 'delete-config'] })
  const { types, names } = entitiesOf(options, args)
  const type = checkTypes(options, types)
  checkNames(options, { types, names })
  if (options.has('describe')) checkDescribe(options, { types, names })
  else checkAlter(options, { types, names })
  return { options, types, names, type }
}

function checkTypes(options: ParsedOptions, types: readonly string[]): EntityType {
  const twice = types.filter((type, at) => types.indexOf(type) !== at)
  if (twice.length > 0) throw new Error(`Duplicate entity type(s) specified: ${twice.join(',')}`)
  if (!options.has('bootstrap-server') && !options.has('bootstrap-controller')) {
    throw new Error('Either --bootstrap-server or --bootstrap-controller must be specified.')
  }
  const unknown = types.find((type) => !isEntityType(type))
  if (unknown !== undefined) {
    throw new Error(
      `Invalid entity type ${unknown}, the entity type must be one of ${entityTypes.join(', ')} with a --bootstrap-server or --bootstrap-controller argument`,
    )
  }
  const [first] = types
  if (first === undefined || !isEntityType(first)) throw new Error('At least one entity type must be specified')
  if (types.length > 1 && !(types.includes('users') && types.includes('clients'))) {
    throw new Error("Only 'users' and 'clients' entity types may be specified together")
  }
  const generic = ['entity-name', 'entity-type', 'entity-default'].some((option) => options.has(option))
  if (generic && [...entityFlags, ...entityDefaultFlags].some(([option]) => options.has(option))) {
    throw new Error('--entity-{type,name,default} should not be used in conjunction with specific entity flags')
  }
  return first
}

function isEntityType(text: string): text is EntityType {
  return (entityTypes as readonly string[]).includes(text)
}

function checkNames(options: ParsedOptions, { types, names }: Entities): void {
  if (options.has('bootstrap-server') && options.has('bootstrap-controller')) {
    throw new Error('Only one of --bootstrap-server or --bootstrap-controller can be specified')
  }
  if (!types.includes('brokers') && !types.includes('broker-loggers')) return
  for (const name of names) {
    if (name !== '' && !/^[+-]?\d+$/.test(name)) {
      throw new Error(`The entity name for ${types[0]} must be a valid integer broker id, found: ${name}`)
    }
  }
}

function checkDescribe(options: ParsedOptions, { types, names }: Entities): void {
  if (!types.some((type) => withDefaults.includes(type)) && options.has('entity-default')) {
    throw new Error(`--entity-default must not be specified with --describe of ${types.join(',')}`)
  }
  if (types.includes('broker-loggers') && !names.some((name) => name !== '')) {
    throw new Error(`An entity name must be specified with --describe of ${types.join(',')}`)
  }
}

function checkAlter(options: ParsedOptions, { types, names }: Entities): void {
  const hasName = names.some((name) => name !== '')
  if (types.some((type) => withDefaults.includes(type))) {
    if (names.length === 0) {
      throw new Error(
        'An entity-name or default entity must be specified with --alter of users, clients, brokers or ips',
      )
    }
  } else if (!hasName) {
    throw new Error(`An entity name must be specified with --alter of ${types.join(',')}`)
  }
  const [adds, addsFile] = [options.has('add-config'), options.has('add-config-file')]
  if (adds && addsFile) throw new Error('Only one of --add-config or --add-config-file must be specified')
  if (!adds && !addsFile && !options.has('delete-config')) {
    throw new Error(
      'At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter',
    )
  }
  if (types.length !== names.length) throw new Error('An entity name must be specified for every entity type')
}
