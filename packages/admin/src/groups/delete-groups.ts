import { deleteGroupsRequest, deleteGroupsResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import type { Results } from '../core/results.ts'
import { toCoordinator } from '../core/to-coordinator.ts'

const deleteGroupsApi = { request: deleteGroupsRequest, response: deleteGroupsResponse }

/** Deletes groups of any type with their offsets; they must be empty. `name` is the call's in Kafka. */
export function deleteGroups(
  core: AdminCore,
  { name, groupIds }: { readonly name: string; readonly groupIds: Iterable<string> },
  options: CallOptions = {},
): Promise<Results<null>> {
  return forEachItem(
    core,
    {
      name,
      api: deleteGroupsApi,
      route: toCoordinator('group', (groupId: string) => groupId),
      request: (groupsNames) => ({ groupsNames }),
      read: ({ results }) => results.map((row) => [row.groupId, resultOf(row, {}, done)]),
    },
    { items: named(groupIds, (groupId) => groupId), options },
  )
}
