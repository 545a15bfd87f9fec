import { incrementalAlterConfigsRequest, incrementalAlterConfigsResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import type { Results } from '../core/results.ts'
import { toNode } from '../core/routes.ts'
import {
  type ConfigResource,
  configResourceName,
  configTarget,
  configTypeCode,
  configTypeOf,
} from './config-resource.ts'

/** Changes of a resource's configs. Kafka: `AlterConfigOp`. */
export interface ConfigChanges extends ConfigResource {
  /** New values by the names of configs. */
  readonly set?: Readonly<Record<string, string>> | undefined
  /** Configs that go back to their defaults. */
  readonly delete?: readonly string[] | undefined
  /** Values to add to configs that are lists. */
  readonly append?: Readonly<Record<string, string>> | undefined
  /** Values to take out of configs that are lists. */
  readonly subtract?: Readonly<Record<string, string>> | undefined
}

/** How configs are altered. */
export interface AlterConfigsOptions extends CallOptions {
  /** Checks, and alters nothing. */
  readonly validateOnly?: boolean | undefined
}

const incrementalAlterConfigsApi = {
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
}
const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const

/** Alters configs, leaving alone those that are not named. */
export function incrementalAlterConfigs(
  core: AdminCore,
  resources: Iterable<ConfigChanges>,
  options: AlterConfigsOptions = {},
): Promise<Results<null>> {
  return forEachItem(
    core,
    {
      name: 'incrementalAlterConfigs',
      api: incrementalAlterConfigsApi,
      route: toNode(configTarget),
      request: (given) => ({
        resources: given.map((changes) => ({
          resourceType: configTypeCode(changes.type),
          resourceName: changes.name,
          configs: alterableConfigs(changes),
        })),
        validateOnly: options.validateOnly ?? false,
      }),
      read: ({ responses }) =>
        responses.map((row) => {
          const resource = { type: configTypeOf(row.resourceType), name: row.resourceName }
          return [configResourceName(resource), resultOf(row, {}, done)]
        }),
    },
    { items: named(resources, configResourceName), options },
  )
}

function alterableConfigs(changes: ConfigChanges) {
  const withValue = (['set', 'append', 'subtract'] as const).flatMap((operation) =>
    Object.entries(changes[operation] ?? {}).map(([name, value]) => ({
      name,
      configOperation: operations[operation],
      value,
    })),
  )
  const deleted = (changes.delete ?? []).map((name) => ({ name, configOperation: operations.delete, value: null }))
  return [...withValue, ...deleted]
}
