import { errors } from '@odradek/protocol'
import {
  type InitProducerIdRequest,
  type InitProducerIdResponse,
  initProducerIdRequest,
  initProducerIdResponse,
} from '@odradek/protocol/messages'
import { defineHandler } from '../handler.ts'

/**
 * InitProducerId, versions 0 to 5: a new producer id with epoch 0 for an idempotent producer; one that has an id gets its next
 * epoch from the producer itself (KIP-360), so an id that comes with its epoch is not looked at. Transactional ids need a transaction coordinator,
 * which is not here yet: NOT_COORDINATOR. Version 6 (two-phase commit, KIP-939) is unstable in Kafka too.
 */
export const initProducerId = defineHandler<InitProducerIdRequest, InitProducerIdResponse>({
  request: initProducerIdRequest,
  response: initProducerIdResponse,
  maxVersion: 5,
  async handle(request, { broker }) {
    if (request.transactionalId !== null) {
      const error = request.transactionalId === '' ? errors.INVALID_REQUEST : errors.NOT_COORDINATOR
      return { errorCode: error.code, producerEpoch: -1 }
    }
    const { producerId, producerEpoch } = request
    if ((producerId === -1) !== (producerEpoch === -1)) {
      return { errorCode: errors.INVALID_REQUEST.code, producerEpoch: -1 }
    }
    return { producerId: await broker.producerIds.next(), producerEpoch: 0 }
  },
})
