import { consumerGroupHeartbeat as beat } from '@odradek/coordinator'
import { errors } from '@odradek/protocol'
import {
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponse,
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '@odradek/protocol/messages'
import { offersConsumerProtocol } from '../groups/offers-consumer-protocol.ts'
import { requesterOf } from '../groups/requester.ts'
import { defineHandler } from '../handler.ts'

/**
 * ConsumerGroupHeartbeat, versions 0 and 1 (KIP-848): members bring their own ids and regular expressions since 1. Needs
 * `consumer` in `group.coordinator.rebalance.protocols` and the feature `group.version`.
 */
export const consumerGroupHeartbeat = defineHandler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>({
  request: consumerGroupHeartbeatRequest,
  response: consumerGroupHeartbeatResponse,
  handle(request, context) {
    if (!offersConsumerProtocol(context.broker)) return { errorCode: errors.UNSUPPORTED_VERSION.code }
    return context.broker.groups.run(request.groupId, {
      handle: (state, coordinator, reply) =>
        beat(state, { request, requester: requesterOf(context, reply) }, coordinator),
      failure: (error) => ({ errorCode: errors[error].code, errorMessage: errors[error].message }),
    })
  },
})
