import { answer, describeGroup } from '@odradek/coordinator'
import { errors, type Input } from '@odradek/protocol'
import {
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
  type DescribeGroupsResponseDescribedGroup,
  describeGroupsRequest,
  describeGroupsResponse,
} from '@odradek/protocol/messages'
import { authorizedOperations } from '../authorized-operations.ts'
import { defineHandler } from '../handler.ts'

/**
 * DescribeGroups, versions 0 to 6: authorized operations since 3 (KIP-430), static members since 4 (KIP-345), an error for groups
 * that do not exist since 6 (KIP-1043), before which they are `Dead`.
 */
export const describeGroups = defineHandler<DescribeGroupsRequest, DescribeGroupsResponse>({
  request: describeGroupsRequest,
  response: describeGroupsResponse,
  async handle(request, { broker, apiVersion }) {
    const groups = await Promise.all(
      request.groups.map((groupId) =>
        broker.groups.run<Input<DescribeGroupsResponseDescribedGroup>>(groupId, {
          handle: (state) => answer(describeGroup(state, groupId, apiVersion)),
          failure: (error) => ({ groupId, errorCode: errors[error].code }),
        }),
      ),
    )
    if (!request.includeAuthorizedOperations) return { groups }
    const told = (group: Input<DescribeGroupsResponseDescribedGroup>) =>
      group.errorCode ? group : { ...group, authorizedOperations: authorizedOperations.group }
    return { groups: groups.map(told) }
  },
})
