import { joinGroup as join } from '@odradek/coordinator'
import { errors, type Input } from '@odradek/protocol'
import {
  type JoinGroupRequest,
  type JoinGroupResponse,
  joinGroupRequest,
  joinGroupResponse,
} from '@odradek/protocol/messages'
import { requesterOf } from '../groups/requester.ts'
import { defineHandler } from '../handler.ts'

/**
 * JoinGroup, versions 0 to 9: a rebalance time-out of its own since 1, member ids that have to be known since 4 (KIP-394), static
 * members since 5 (KIP-345), the protocol type since 7 (KIP-559), a reason since 8 (KIP-800), skipAssignment since 9 (KIP-814).
 */
export const joinGroup = defineHandler<JoinGroupRequest, JoinGroupResponse>({
  request: joinGroupRequest,
  response: joinGroupResponse,
  async handle(request, context) {
    const response = await context.broker.groups.run<Input<JoinGroupResponse>>(request.groupId, {
      handle: (state, coordinator, reply) =>
        join(state, { request, requester: requesterOf(context, reply) }, coordinator),
      later: (reply) => (reply.type === 'join' ? reply.response : undefined),
      failure: (error) => ({ memberId: request.memberId, errorCode: errors[error].code }),
    })
    // Before version 7 a protocol that is not chosen yet is the empty text.
    return context.apiVersion < 7 ? { ...response, protocolName: response.protocolName ?? '' } : response
  },
})
