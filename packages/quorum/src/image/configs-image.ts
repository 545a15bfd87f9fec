import type { ConfigRecord } from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'

/** Kafka's ConfigResource types as they stand on the wire and in records. */
export const configResourceTypes = { TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const

/** What configs belong to, as the protocol's ConfigResource names it. */
export interface ConfigResource {
  /** One of `configResourceTypes`. */
  readonly type: number
  /** Topic, broker id, group or subscription; empty for the default of all brokers. */
  readonly name: string
}

/** Dynamic configs by resource. */
export class ConfigsImage {
  readonly #byResource = new Map<string, { readonly resource: ConfigResource; readonly values: Map<string, string> }>()

  /** The overrides of a resource; empty when it has none. */
  of(resource: ConfigResource): ReadonlyMap<string, string> {
    return this.#byResource.get(keyOf(resource))?.values ?? noValues
  }

  /** Resources of that type that have overrides. */
  resources(type: number): readonly ConfigResource[] {
    return [...this.#byResource.values()].map((entry) => entry.resource).filter((resource) => resource.type === type)
  }

  replay(record: ConfigRecord): void {
    const resource = { type: record.resourceType, name: record.resourceName }
    const entry = this.#byResource.get(keyOf(resource)) ?? { resource, values: new Map<string, string>() }
    if (record.value === null) entry.values.delete(record.name)
    else entry.values.set(record.name, record.value)
    if (entry.values.size === 0) this.#byResource.delete(keyOf(resource))
    else this.#byResource.set(keyOf(resource), entry)
  }

  removeResource(resource: ConfigResource): void {
    this.#byResource.delete(keyOf(resource))
  }

  *records(): Iterable<MetadataRecord> {
    for (const { resource, values } of this.#byResource.values()) {
      for (const [name, value] of values) {
        const record = { resourceType: resource.type, resourceName: resource.name, name, value }
        yield { type: 'ConfigRecord', version: 0, record }
      }
    }
  }
}

const noValues: ReadonlyMap<string, string> = new Map()

function keyOf(resource: ConfigResource): string {
  return `${resource.type}:${resource.name}`
}
