import { deleteGroups as remove } from '@odradek/coordinator'
import { errors, type Input } from '@odradek/protocol'
import {
  type DeleteGroupsRequest,
  type DeleteGroupsResponse,
  type DeleteGroupsResponseDeletableGroupResult,
  deleteGroupsRequest,
  deleteGroupsResponse,
} from '@odradek/protocol/messages'
import { defineHandler } from '../handler.ts'

type Results = readonly Input<DeleteGroupsResponseDeletableGroupResult>[]

/** DeleteGroups, versions 0 to 3 (KIP-229): each group succeeds or fails by itself; a group named twice is deleted once. */
export const deleteGroups = defineHandler<DeleteGroupsRequest, DeleteGroupsResponse>({
  request: deleteGroupsRequest,
  response: deleteGroupsResponse,
  async handle(request, { broker }) {
    const results = await Promise.all(
      [...new Set(request.groupsNames)].map((groupId) =>
        broker.groups.run<Results>(groupId, {
          handle: (state) => remove(state, [groupId]),
          failure: (error) => [{ groupId, errorCode: errors[error].code }],
        }),
      ),
    )
    return { results: results.flat() }
  },
  failure: (request, errorCode) => ({ results: request.groupsNames.map((groupId) => ({ groupId, errorCode })) }),
})
