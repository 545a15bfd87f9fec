import { answer, listGroups as list } from '@odradek/coordinator'
import { errors, type Input } from '@odradek/protocol'
import {
  type ListGroupsRequest,
  type ListGroupsResponse,
  type ListGroupsResponseListedGroup,
  listGroupsRequest,
  listGroupsResponse,
} from '@odradek/protocol/messages'
import { defineHandler } from '../handler.ts'

/** ListGroups, versions 0 to 5: the groups this broker coordinates, by state since 4 (KIP-518) and type since 5 (KIP-848). */
export const listGroups = defineHandler<ListGroupsRequest, ListGroupsResponse>({
  request: listGroupsRequest,
  response: listGroupsResponse,
  async handle(request, { broker }) {
    const answers = broker.groups.runAll<Input<ListGroupsResponseListedGroup>[] | number>({
      handle: (state) => answer(list(state, request)),
      // A partition this broker has just ceased to lead is another one's to tell.
      failure: (error) => (error === 'NOT_COORDINATOR' ? [] : errors[error].code),
    })
    const groups: Input<ListGroupsResponseListedGroup>[] = []
    for (const answer of await Promise.all(answers)) {
      if (typeof answer === 'number') return { errorCode: answer }
      groups.push(...answer)
    }
    return { groups }
  },
})
