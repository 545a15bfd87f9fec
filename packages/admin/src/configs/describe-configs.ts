import { describeConfigsRequest, describeConfigsResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import type { Results } from '../core/results.ts'
import { toNode } from '../core/routes.ts'
import { type ConfigEntry, configEntry } from './config-entry.ts'
import {
  type ConfigResource,
  configResourceName,
  configTarget,
  configTypeCode,
  configTypeOf,
} from './config-resource.ts'

/** The configs of a resource. Kafka: `Config`. */
export interface ConfigDescription extends ConfigResource {
  /** By the names of configs, in the order of the broker. */
  readonly entries: ReadonlyMap<string, ConfigEntry>
}

/** A resource, and which of its configs are wanted. */
export interface WantedConfigs extends ConfigResource {
  /** Names of configs; all when left out. */
  readonly keys?: readonly string[] | undefined
}

/** What is told of configs. */
export interface DescribeConfigsOptions extends CallOptions {
  readonly includeSynonyms?: boolean | undefined
  readonly includeDocumentation?: boolean | undefined
}

const describeConfigsApi = { request: describeConfigsRequest, response: describeConfigsResponse }

/** Describes configs. */
export function describeConfigs(
  core: AdminCore,
  resources: Iterable<WantedConfigs>,
  options: DescribeConfigsOptions = {},
): Promise<Results<ConfigDescription>> {
  return forEachItem(
    core,
    {
      name: 'describeConfigs',
      api: describeConfigsApi,
      route: toNode(configTarget),
      request: (given, { version }) => ({
        resources: given.map(({ type, name, keys }) => ({
          resourceType: configTypeCode(type),
          resourceName: name,
          configurationKeys: keys ?? null,
        })),
        includeSynonyms: options.includeSynonyms ?? false,
        includeDocumentation: version >= 3 && options.includeDocumentation === true,
      }),
      read: ({ results }) =>
        results.map((row) => {
          const resource = { type: configTypeOf(row.resourceType), name: row.resourceName }
          const entries = () => new Map(row.configs.map((config) => [config.name, configEntry(config)] as const))
          const name = configResourceName(resource)
          return [name, resultOf(row, {}, () => ({ ...resource, entries: entries() }))]
        }),
    },
    { items: named(resources, configResourceName), options },
  )
}
