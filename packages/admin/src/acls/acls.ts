import {
  createAclsRequest,
  createAclsResponse,
  deleteAclsRequest,
  deleteAclsResponse,
  describeAclsRequest,
  describeAclsResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, errorOf, resultOf } from '../core/answer-error.ts'
import type { Results } from '../core/results.ts'
import { type AclBinding, type AclFilter, aclBinding, creationRow, filterRow, type NewAcl } from './acl-binding.ts'

const createAclsApi = { request: createAclsRequest, response: createAclsResponse }
const describeAclsApi = { request: describeAclsRequest, response: describeAclsResponse }
const deleteAclsApi = { request: deleteAclsRequest, response: deleteAclsResponse }

/** ACLs that a filter of `deleteAcls` met, by position: deleted, or why not. */
export type DeletedAcls = Results<AclBinding, number>

/** Makes ACLs; results by position. */
export function createAcls(
  core: AdminCore,
  acls: Iterable<NewAcl>,
  options: CallOptions = {},
): Promise<Results<null, number>> {
  return core.run('createAcls', options, async (call) => {
    const creations = [...acls].map(creationRow)
    if (creations.length === 0) return new Map()
    const { response } = await call.ask({ api: createAclsApi, to: 'any', body: { creations } })
    return new Map(response.results.map((row, index) => [index, resultOf(row, {}, done)] as const))
  })
}

/** ACLs that a filter meets. */
export function describeAcls(
  core: AdminCore,
  filter: AclFilter,
  options: CallOptions = {},
): Promise<readonly AclBinding[]> {
  return core.run('describeAcls', options, async (call) => {
    const body = filterRow(filter)
    const { response } = await call.ask({ api: describeAclsApi, to: 'any', body, check: errorOf })
    return response.resources.flatMap(({ resourceType, resourceName, patternType, acls }) =>
      acls.map((acl) => aclBinding({ resourceType, resourceName, patternType, ...acl })),
    )
  })
}

/** Deletes the ACLs that filters meet; results by position of the filter. */
export function deleteAcls(
  core: AdminCore,
  filters: Iterable<AclFilter>,
  options: CallOptions = {},
): Promise<Results<DeletedAcls, number>> {
  return core.run('deleteAcls', options, async (call) => {
    const rows = [...filters].map(filterRow)
    if (rows.length === 0) return new Map()
    const { response } = await call.ask({ api: deleteAclsApi, to: 'any', body: { filters: rows } })
    return new Map(
      response.filterResults.map((row, index) => {
        const deleted = () =>
          new Map(row.matchingAcls.map((acl, at) => [at, resultOf(acl, {}, () => aclBinding(acl))] as const))
        return [index, resultOf(row, {}, deleted)] as const
      }),
    )
  })
}
