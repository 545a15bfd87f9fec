import { syncGroup as sync } from '@odradek/coordinator'
import { errors } from '@odradek/protocol'
import {
  type SyncGroupRequest,
  type SyncGroupResponse,
  syncGroupRequest,
  syncGroupResponse,
} from '@odradek/protocol/messages'
import { requesterOf } from '../groups/requester.ts'
import { defineHandler } from '../handler.ts'

/** SyncGroup, versions 0 to 5: static members since 3 (KIP-345), protocol type and name since 5 (KIP-559). */
export const syncGroup = defineHandler<SyncGroupRequest, SyncGroupResponse>({
  request: syncGroupRequest,
  response: syncGroupResponse,
  handle(request, context) {
    return context.broker.groups.run(request.groupId, {
      handle: (state, coordinator, reply) =>
        sync(state, { request, requester: requesterOf(context, reply) }, coordinator),
      later: (reply) => (reply.type === 'sync' ? reply.response : undefined),
      failure: (error) => ({ errorCode: errors[error].code }),
    })
  },
})
