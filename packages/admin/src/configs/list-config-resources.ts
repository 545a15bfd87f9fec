import { listConfigResourcesRequest, listConfigResourcesResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { errorOf } from '../core/answer-error.ts'
import { needsVersion } from '../core/needs-version.ts'
import { type ConfigResource, type ConfigResourceType, configTypeCode, configTypeOf } from './config-resource.ts'

const listConfigResourcesApi = { request: listConfigResourcesRequest, response: listConfigResourcesResponse }

/** Resources that have configs (KIP-1142). */
export function listConfigResources(
  core: AdminCore,
  types: Iterable<ConfigResourceType>,
  options: CallOptions = {},
): Promise<readonly ConfigResource[]> {
  const wanted = [...types]
  const isOnlyMetrics = wanted.length === 1 && wanted[0] === 'CLIENT_METRICS'
  return core.run('listConfigResources', options, async (call) => {
    const { response } = await call.ask({
      api: listConfigResourcesApi,
      to: 'any',
      body: (version) => {
        // Version 0 was ListClientMetricsResources.
        if (!isOnlyMetrics) needsVersion(version, 1, 'config resources that are not client metrics')
        return version === 0 ? {} : { resourceTypes: wanted.map(configTypeCode) }
      },
      check: errorOf,
    })
    return response.configResources.map((row) => ({ type: configTypeOf(row.resourceType), name: row.resourceName }))
  })
}
