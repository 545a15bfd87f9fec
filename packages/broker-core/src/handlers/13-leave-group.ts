import { leaveGroup as leave } from '@odradek/coordinator'
import { errors } from '@odradek/protocol'
import {
  type LeaveGroupRequest,
  type LeaveGroupResponse,
  leaveGroupRequest,
  leaveGroupResponse,
} from '@odradek/protocol/messages'
import { requesterOf } from '../groups/requester.ts'
import { defineHandler } from '../handler.ts'

/** LeaveGroup, versions 0 to 5: several members, static ones by instance id, since 3 (KIP-345); a reason since 5 (KIP-800). */
export const leaveGroup = defineHandler<LeaveGroupRequest, LeaveGroupResponse>({
  request: leaveGroupRequest,
  response: leaveGroupResponse,
  handle(request, context) {
    return context.broker.groups.run(request.groupId, {
      handle: (state, coordinator, reply) =>
        leave(state, { request, requester: requesterOf(context, reply) }, coordinator),
      failure: (error) => ({ errorCode: errors[error].code }),
    })
  },
})
