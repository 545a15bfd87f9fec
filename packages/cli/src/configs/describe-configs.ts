import { type Admin, type ConfigEntry, type ConfigResourceType, type ConfigSource, onlyValue } from '@odradek/admin'
import type { CommandIo } from '../command/command-io.ts'
import type { EntityType } from './config-entities.ts'
import type { ConfigsInvocation } from './configs-usage.ts'
import { describeQuotas } from './describe-quotas.ts'

/** Kinds of entities that are resources with configs, with what Kafka calls them. */
export const resourceTypes: Readonly<Partial<Record<EntityType, ConfigResourceType>>> = {
  topics: 'TOPIC',
  brokers: 'BROKER',
  'broker-loggers': 'BROKER_LOGGER',
  'client-metrics': 'CLIENT_METRICS',
  groups: 'GROUP',
}

const dynamicSources: Readonly<Partial<Record<EntityType, ConfigSource>>> = {
  topics: 'DYNAMIC_TOPIC_CONFIG',
  brokers: 'DYNAMIC_BROKER_CONFIG',
  'client-metrics': 'DYNAMIC_CLIENT_METRICS_CONFIG',
  groups: 'DYNAMIC_GROUP_CONFIG',
}

/** `--describe` */
export async function describeConfigs(admin: Admin, invocation: ConfigsInvocation, io: CommandIo): Promise<void> {
  const { type, names, options } = invocation
  const resourceType = resourceTypes[type]
  if (resourceType === undefined) {
    await describeQuotas(admin, invocation, io)
    return
  }
  const [name] = names
  const isAll = options.has('all')
  if (name !== undefined && !isAll && !(await isPresent(admin, type, name))) {
    await io.out(`The ${singular(type)} '${name}' doesn't exist and doesn't have dynamic config.\n`)
    return
  }
  const entities = name === undefined ? await allNames(admin, type) : [name]
  const shown: { readonly type: string; readonly name: string; readonly configs: readonly ConfigEntry[] }[] = []
  for (const entity of entities) {
    const title =
      entity === ''
        ? `Default configs for ${type} in the cluster are:`
        : `${isAll ? 'All' : 'Dynamic'} configs for ${singular(type)} ${entity} are:`
    if (!options.has('json')) await io.out(`${title}\n`)
    const resource = { type: resourceType, name: entity }
    const { entries } = onlyValue(await admin.describeConfigs([resource], { includeSynonyms: true }))
    const source = isAll ? undefined : sourceOf(type, entity)
    const configs = [...entries.values()]
      .filter((entry) => source === undefined || entry.source === source)
      .sort((one, other) => (one.name < other.name ? -1 : 1))
    shown.push({ type, name: entity, configs })
    if (!options.has('json')) await io.out(configs.map(configLine).join(''))
  }
  if (options.has('json')) await io.out(`${JSON.stringify(shown, null, 2)}\n`)
}

/** `topic` of `topics`. */
export function singular(type: string): string {
  return type.slice(0, -1)
}

function sourceOf(type: EntityType, name: string): ConfigSource | undefined {
  return type === 'brokers' && name === '' ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : dynamicSources[type]
}

function configLine({ name, value, isSensitive, synonyms }: ConfigEntry): string {
  const places = synonyms.map((synonym) => `${synonym.source}:${synonym.name}=${synonym.value}`)
  return `  ${name}=${value} sensitive=${isSensitive} synonyms={${places.join(', ')}}\n`
}

async function isPresent(admin: Admin, type: EntityType, name: string): Promise<boolean> {
  if (type === 'topics') checkTopicName(name)
  if (type === 'brokers' && name === '') return true
  return (await allNames(admin, type)).includes(name)
}

function checkTopicName(name: string): void {
  if (name === '') throw new Error('Topic name is invalid: the empty string is not allowed')
  if (name === '.' || name === '..') throw new Error(`Topic name is invalid: '${name}' is not allowed`)
  if (name.length > 249) {
    throw new Error(`Topic name is invalid: the length of '${name}' is longer than the max allowed length 249`)
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    throw new Error(
      `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`,
    )
  }
}

async function allNames(admin: Admin, type: EntityType): Promise<readonly string[]> {
  switch (type) {
    case 'topics':
      return (await admin.listTopics({ listInternal: true })).map(({ topic }) => topic)
    case 'brokers':
    case 'broker-loggers':
      return [...(await admin.describeCluster()).nodes.map(({ nodeId }) => String(nodeId)), '']
    case 'client-metrics':
      return await admin.listClientMetricsResources()
    case 'groups': {
      const groups = await admin.listGroups()
      const resources = await admin.listConfigResources(['GROUP'])
      return [...new Set([...groups.map(({ groupId }) => groupId), ...resources.map(({ name }) => name)])]
    }
    default:
      throw new Error(`Invalid entity type: ${type}`)
  }
}
