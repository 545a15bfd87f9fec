import { type ApiName, apiByKey } from '@odradek/protocol'
import {
  apiVersionsRequest,
  apiVersionsResponse,
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '@odradek/protocol/messages'
import type { AdminCall, CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, errorOf, resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import { failAll } from '../core/one-for-all.ts'
import type { Results } from '../core/results.ts'
import { toController } from '../core/routes.ts'

/** The versions of a feature that a node could use. Kafka: `SupportedVersionRange`. */
export interface SupportedVersionRange {
  readonly minVersion: number
  readonly maxVersion: number
}

/** The versions of a feature that the cluster uses. Kafka: `FinalizedVersionRange`. */
export interface FinalizedVersionRange {
  readonly minVersionLevel: number
  readonly maxVersionLevel: number
}

/** The features of a cluster, by name. Kafka: `FeatureMetadata`. */
export interface FeatureMetadata {
  readonly supportedFeatures: ReadonlyMap<string, SupportedVersionRange>
  readonly finalizedFeatures: ReadonlyMap<string, FinalizedVersionRange>
  /** Null when the node knows no finalized features. */
  readonly finalizedFeaturesEpoch: number | null
}

/** Whom to ask. */
export interface DescribeFeaturesOptions extends CallOptions {
  /** A node; any when left out. */
  readonly nodeId?: number | undefined
}

/** An API and the versions of it that a node serves. */
export interface ServedApi {
  readonly apiKey: number
  /** Kafka's name; null for one that is not known here. */
  readonly name: ApiName | null
  readonly minVersion: number
  readonly maxVersion: number
}

/** A feature and the version that the cluster shall use; 0 turns it off. Kafka: `FeatureUpdate`. */
export interface FeatureUpdate {
  readonly feature: string
  readonly maxVersionLevel: number
  /** `UPGRADE` when left out. */
  readonly upgradeType?: 'UPGRADE' | 'SAFE_DOWNGRADE' | 'UNSAFE_DOWNGRADE' | undefined
}

/** How features are updated. */
export interface UpdateFeaturesOptions extends CallOptions {
  /** Checks, and updates nothing. */
  readonly validateOnly?: boolean | undefined
}

const apiVersionsApi = { request: apiVersionsRequest, response: apiVersionsResponse }
const updateFeaturesApi = { request: updateFeaturesRequest, response: updateFeaturesResponse }
const software = { clientSoftwareName: 'odradek', clientSoftwareVersion: '0.1.0' }
const upgradeTypes = { UPGRADE: 1, SAFE_DOWNGRADE: 2, UNSAFE_DOWNGRADE: 3 } as const

/** Features that are supported and finalized (KIP-584). */
export function describeFeatures(core: AdminCore, options: DescribeFeaturesOptions = {}): Promise<FeatureMetadata> {
  return core.run('describeFeatures', options, async (call) => {
    const response = await askApiVersions(call, options.nodeId)
    const { supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch } = response
    return {
      supportedFeatures: new Map(
        supportedFeatures.map(({ name, minVersion, maxVersion }) => [name, { minVersion, maxVersion }] as const),
      ),
      finalizedFeatures: new Map(
        finalizedFeatures.map(({ name, minVersionLevel, maxVersionLevel }) => {
          return [name, { minVersionLevel, maxVersionLevel }] as const
        }),
      ),
      finalizedFeaturesEpoch: finalizedFeaturesEpoch < 0 ? null : finalizedFeaturesEpoch,
    }
  })
}

/** The APIs that a node serves, by key. */
export function describeApiVersions(
  core: AdminCore,
  options: DescribeFeaturesOptions = {},
): Promise<readonly ServedApi[]> {
  return core.run('describeApiVersions', options, async (call) => {
    const { apiKeys } = await askApiVersions(call, options.nodeId)
    return apiKeys
      .map(({ apiKey, minVersion, maxVersion }) => {
        return { apiKey, name: apiByKey(apiKey)?.name ?? null, minVersion, maxVersion }
      })
      .sort((a, b) => a.apiKey - b.apiKey)
  })
}

async function askApiVersions(call: AdminCall, nodeId: number | undefined) {
  const { response } = await call.ask({
    api: apiVersionsApi,
    to: nodeId ?? 'any',
    body: (version) => (version < 3 ? {} : software),
    check: errorOf,
  })
  return response
}

/** Sets the versions of features that the cluster uses. */
export function updateFeatures(
  core: AdminCore,
  updates: Iterable<FeatureUpdate>,
  options: UpdateFeaturesOptions = {},
): Promise<Results<null>> {
  return forEachItem(
    core,
    {
      name: 'updateFeatures',
      api: updateFeaturesApi,
      route: toController,
      request: (given, { version, call }) => ({
        timeoutMs: call.workTimeoutMs,
        featureUpdates: given.map(({ feature, maxVersionLevel, upgradeType = 'UPGRADE' }) => ({
          feature,
          maxVersionLevel,
          ...(version < 1 ? { allowDowngrade: upgradeType !== 'UPGRADE' } : { upgradeType: upgradeTypes[upgradeType] }),
        })),
        ...(options.validateOnly === true ? { validateOnly: true } : {}),
      }),
      read: (response, { items }) => {
        const error = errorOf(response)
        if (error !== undefined) return failAll(items.keys(), error)
        // Since version 2 either all were done or the answer as a whole has the error (KIP-1022).
        if (response.results.length === 0) return [...items.keys()].map((name) => [name, { value: null }] as const)
        return response.results.map((row) => [row.feature, resultOf(row, {}, done)])
      },
    },
    { items: named(updates, ({ feature }) => feature), options },
  )
}
