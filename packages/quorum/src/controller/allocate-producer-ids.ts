import { errors, type Input } from '@odradek/protocol'
import type { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from '@odradek/protocol/messages'
import type { ControllerContext, ControllerResult } from './operation.ts'

/** Producer ids a broker gets at once (KIP-730). */
export const producerIdBlockSize = 1000

/** AllocateProducerIds: the next block, never given twice, because the record of it is committed before the answer leaves. */
export function allocateProducerIds(
  request: AllocateProducerIdsRequest,
  context: ControllerContext,
): ControllerResult<Input<AllocateProducerIdsResponse>> {
  const { brokerId, brokerEpoch } = request
  const broker = context.image.cluster.broker(brokerId)
  if (broker === undefined) return { records: [], response: { errorCode: errors.BROKER_ID_NOT_REGISTERED.code } }
  if (broker.brokerEpoch !== brokerEpoch)
    return { records: [], response: { errorCode: errors.STALE_BROKER_EPOCH.code } }
  const producerIdStart = context.image.nextProducerId
  const record = { brokerId, brokerEpoch, nextProducerId: producerIdStart + producerIdBlockSize }
  return {
    records: [{ type: 'ProducerIdsRecord', version: 0, record }],
    response: { producerIdStart, producerIdLen: producerIdBlockSize },
  }
}
