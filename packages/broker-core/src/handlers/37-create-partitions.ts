import {
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  createPartitionsRequest,
  createPartitionsResponse,
} from '@odradek/protocol/messages'
import { createPartitions as createPartitionsOperation } from '@odradek/quorum'
import { defineHandler } from '../handler.ts'

/** CreatePartitions, versions 0 to 3 (KIP-195). */
export const createPartitions = defineHandler<CreatePartitionsRequest, CreatePartitionsResponse>({
  request: createPartitionsRequest,
  response: createPartitionsResponse,
  handle(request, { broker }) {
    return broker.controller.run((controller) => createPartitionsOperation(request, controller))
  },
})
