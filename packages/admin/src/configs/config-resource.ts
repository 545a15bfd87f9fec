/** Kafka's kinds of config resources with their codes. Kafka: `ConfigResource.Type`. */
const typeCodes = { UNKNOWN: 0, TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const

/** What has configs. Kafka: `ConfigResource.Type`. */
export type ConfigResourceType = keyof typeof typeCodes

/** Something that has configs: a topic, a broker by its id (empty for the default of all brokers), a group. Kafka: `ConfigResource`. */
export interface ConfigResource {
  readonly type: ConfigResourceType
  readonly name: string
}

/** What a resource is called in results: `TOPIC:orders`. */
export function configResourceName({ type, name }: ConfigResource): string {
  return `${type}:${name}`
}

/** The code of a type on the wire. */
export function configTypeCode(type: ConfigResourceType): number {
  return typeCodes[type]
}

/** The type of a code. */
export function configTypeOf(code: number): ConfigResourceType {
  const types = Object.keys(typeCodes) as ConfigResourceType[]
  return types.find((type) => typeCodes[type] === code) ?? 'UNKNOWN'
}

/** Whom to ask about a resource: what belongs to one broker is known there. */
export function configTarget({ type, name }: ConfigResource): number | 'any' {
  const isOneBrokers = (type === 'BROKER' || type === 'BROKER_LOGGER') && name !== ''
  return isOneBrokers ? Number(name) : 'any'
}
