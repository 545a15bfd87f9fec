import { KafkaError } from '@odradek/client'
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, errorOf, resultOf } from '../core/answer-error.ts'
import type { Result, Results } from '../core/results.ts'

/** Kinds of clients that quotas are for. */
export type QuotaEntityType = 'user' | 'client-id' | 'ip'

/** Whom a quota is for: `{ user: 'anna' }`; null is the default of all. Kafka: `ClientQuotaEntity`. */
export type QuotaEntity = { readonly [Type in QuotaEntityType]?: string | null | undefined }

/** The quotas of an entity by name, such as `producer_byte_rate` in bytes a second. */
export interface ClientQuotas {
  readonly entity: QuotaEntity
  readonly quotas: Readonly<Record<string, number>>
}

/**
 * Which entities are meant: by type the name, null for the default, or `{ any: true }` for whatever has one. Kafka: `ClientQuotaFilter`.
 */
export interface QuotaFilter {
  readonly entity?:
    | { readonly [Type in QuotaEntityType]?: string | null | { readonly any: true } | undefined }
    | undefined
  /** Only entities that have no other types; false when left out. */
  readonly strict?: boolean | undefined
}

/** New quotas of an entity. Kafka: `ClientQuotaAlteration`. */
export interface QuotaChanges {
  readonly entity: QuotaEntity
  readonly set?: Readonly<Record<string, number>> | undefined
  readonly remove?: readonly string[] | undefined
}

/** How quotas are altered. */
export interface AlterQuotasOptions extends CallOptions {
  /** Checks, and alters nothing. */
  readonly validateOnly?: boolean | undefined
}

const describeApi = { request: describeClientQuotasRequest, response: describeClientQuotasResponse }
const alterApi = { request: alterClientQuotasRequest, response: alterClientQuotasResponse }
const matchTypes = { exact: 0, default: 1, any: 2 } as const

/** The quotas of the entities that a filter meets (KIP-546). */
export function describeClientQuotas(
  core: AdminCore,
  filter: QuotaFilter,
  options: CallOptions = {},
): Promise<readonly ClientQuotas[]> {
  return core.run('describeClientQuotas', options, async (call) => {
    const components = Object.entries(filter.entity ?? {}).flatMap(componentsOf)
    const body = { components, strict: filter.strict ?? false }
    const { response } = await call.ask({ api: describeApi, to: 'any', body, check: errorOf })
    return (response.entries ?? []).map(({ entity, values }) => ({
      entity: Object.fromEntries(entity.map(({ entityType, entityName }) => [entityType, entityName])),
      quotas: Object.fromEntries(values.map(({ key, value }) => [key, value])),
    }))
  })
}

/** Sets and removes quotas; results by position. */
export function alterClientQuotas(
  core: AdminCore,
  changes: Iterable<QuotaChanges>,
  options: AlterQuotasOptions = {},
): Promise<Results<null, number>> {
  return core.run('alterClientQuotas', options, async (call) => {
    const given = [...changes]
    const entries = given.map(({ entity, set = {}, remove = [] }) => ({
      entity: rowsOf(entity),
      ops: [
        ...Object.entries(set).map(([key, value]) => ({ key, value, remove: false })),
        ...remove.map((key) => ({ key, value: 0, remove: true })),
      ],
    }))
    const body = { entries, validateOnly: options.validateOnly ?? false }
    const { response } = await call.ask({ api: alterApi, to: 'any', body })
    const answered = new Map(response.entries.map((row) => [nameOf(row.entity), resultOf(row, {}, done)] as const))
    return new Map(
      entries.map(({ entity }, index): readonly [number, Result<null>] => {
        const error = () => new KafkaError('UNKNOWN_SERVER_ERROR', `the answer says nothing of ${nameOf(entity)}`)
        return [index, answered.get(nameOf(entity)) ?? { error: error() }]
      }),
    )
  })
}

type QuotaMatch = string | null | { readonly any: true } | undefined

function componentsOf([entityType, match]: readonly [string, QuotaMatch]) {
  if (match === undefined) return []
  const matchType = match === null ? matchTypes.default : typeof match === 'string' ? matchTypes.exact : matchTypes.any
  return [{ entityType, matchType, match: typeof match === 'string' ? match : null }]
}

interface EntityRow {
  readonly entityType: string
  readonly entityName: string | null
}

function rowsOf(entity: QuotaEntity): readonly EntityRow[] {
  return Object.entries(entity).flatMap(([entityType, entityName]) =>
    entityName === undefined ? [] : [{ entityType, entityName }],
  )
}

function nameOf(entity: readonly EntityRow[]): string {
  return JSON.stringify(entity.map(({ entityType, entityName }) => [entityType, entityName]).sort())
}
