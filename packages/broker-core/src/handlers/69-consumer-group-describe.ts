import { answer, describeConsumerGroup } from '@odradek/coordinator'
import { errors, type Input } from '@odradek/protocol'
import {
  type ConsumerGroupDescribeRequest,
  type ConsumerGroupDescribeResponse,
  type ConsumerGroupDescribeResponseDescribedGroup,
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '@odradek/protocol/messages'
import { authorizedOperations } from '../authorized-operations.ts'
import type { Broker } from '../broker.ts'
import { offersConsumerProtocol } from '../groups/offers-consumer-protocol.ts'
import { defineHandler } from '../handler.ts'

type DescribedGroup = Input<ConsumerGroupDescribeResponseDescribedGroup>

/** ConsumerGroupDescribe, versions 0 and 1 (KIP-848): tells since 1 which members speak the classic protocol (KIP-1099). */
export const consumerGroupDescribe = defineHandler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>({
  request: consumerGroupDescribeRequest,
  response: consumerGroupDescribeResponse,
  async handle(request, { broker }) {
    const groups = await Promise.all(request.groupIds.map((groupId) => describe(groupId, broker)))
    if (!request.includeAuthorizedOperations) return { groups }
    const told = (group: DescribedGroup) =>
      group.errorCode ? group : { ...group, authorizedOperations: authorizedOperations.group }
    return { groups: groups.map(told) }
  },
  failure: (request, errorCode) => ({ groups: request.groupIds.map((groupId) => ({ groupId, errorCode })) }),
})

function describe(groupId: string, broker: Broker): DescribedGroup | Promise<DescribedGroup> {
  if (!offersConsumerProtocol(broker)) return { groupId, errorCode: errors.UNSUPPORTED_VERSION.code }
  if (groupId === '') return { groupId, errorCode: errors.INVALID_GROUP_ID.code }
  return broker.groups.run<DescribedGroup>(groupId, {
    handle: (state, coordinator) => answer(describeConsumerGroup(state, groupId, coordinator)),
    failure: (error) => ({ groupId, errorCode: errors[error].code }),
  })
}
