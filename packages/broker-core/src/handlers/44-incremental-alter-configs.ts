import {
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@odradek/protocol/messages'
import { incrementalAlterConfigs as incrementalAlterConfigsOperation } from '@odradek/quorum'
import { defineHandler } from '../handler.ts'
import { alterResources } from '../metadata/altered-resources.ts'

/** IncrementalAlterConfigs, versions 0 and 1 (KIP-339): sets, deletes, appends to and subtracts from single configs. */
export const incrementalAlterConfigs = defineHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>({
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
  async handle(request, { broker }) {
    const responses = await alterResources(request.resources, broker, (resources) =>
      broker.controller.run((controller) => incrementalAlterConfigsOperation({ ...request, resources }, controller)),
    )
    return { responses }
  },
})
