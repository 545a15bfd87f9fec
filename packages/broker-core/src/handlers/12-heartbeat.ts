import { heartbeat as beat } from '@odradek/coordinator'
import { errors } from '@odradek/protocol'
import {
  type HeartbeatRequest,
  type HeartbeatResponse,
  heartbeatRequest,
  heartbeatResponse,
} from '@odradek/protocol/messages'
import { defineHandler } from '../handler.ts'

/** Heartbeat, versions 0 to 4: static members since 3 (KIP-345). While a coordinator loads, all is well: members are not dropped. */
export const heartbeat = defineHandler<HeartbeatRequest, HeartbeatResponse>({
  request: heartbeatRequest,
  response: heartbeatResponse,
  handle(request, { broker }) {
    return broker.groups.run(request.groupId, {
      handle: (state, coordinator) => beat(state, request, coordinator),
      failure: (error) => ({ errorCode: error === 'COORDINATOR_LOAD_IN_PROGRESS' ? 0 : errors[error].code }),
    })
  },
})
