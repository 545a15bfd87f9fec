import type { ParsedOptions } from '../options/option-parser.ts'

/** Kinds of entities that have configs, as `--entity-type` names them. Kafka: `ConfigType`, and the loggers of a broker. */
export const entityTypes = [
  'topics',
  'clients',
  'users',
  'brokers',
  'ips',
  'client-metrics',
  'groups',
  'broker-loggers',
] as const

/** A kind of entity that has configs. */
export type EntityType = (typeof entityTypes)[number]

/** Options that name an entity of one kind, in Kafka's order. */
export const entityFlags: readonly (readonly [option: string, type: EntityType])[] = [
  ['topic', 'topics'],
  ['client', 'clients'],
  ['user', 'users'],
  ['broker', 'brokers'],
  ['broker-logger', 'broker-loggers'],
  ['ip', 'ips'],
  ['client-metrics', 'client-metrics'],
  ['group', 'groups'],
]

/** Options that name the default of all entities of one kind. */
export const entityDefaultFlags: readonly (readonly [option: string, type: EntityType])[] = [
  ['client-defaults', 'clients'],
  ['user-defaults', 'users'],
  ['broker-defaults', 'brokers'],
  ['ip-defaults', 'ips'],
]

/** What a command line is about. */
export interface Entities {
  /** As given: not every one has to be a kind that is known. */
  readonly types: readonly string[]
  /** Empty for the default of all entities of a kind. */
  readonly names: readonly string[]
}

/** The entities of a command line, in the order in which Kafka reads them. */
export function entitiesOf(options: ParsedOptions, args: readonly string[]): Entities {
  const flags = entityFlags.filter(([option]) => options.has(option))
  const defaults = entityDefaultFlags.filter(([option]) => options.has(option))
  const named = [...options.values('entity-name')]
  const inOrder = args.flatMap((arg) => {
    const option = arg.replace(/^--?/, '').split('=')[0]
    if (!arg.startsWith('-')) return []
    if (option === 'entity-name') return [named.shift() ?? '']
    return option === 'entity-default' ? [''] : []
  })
  return {
    types: [...options.values('entity-type'), ...[...flags, ...defaults].map(([, type]) => type)],
    names: [...inOrder, ...flags.map(([option]) => options.required(option)), ...defaults.map(() => '')],
  }
}
