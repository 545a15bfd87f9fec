import {
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@odradek/protocol/messages'
import { incrementalAlterConfigs as incrementalAlterConfigsOperation } from '@odradek/quorum'
import { defineHandler } from '../handler.ts'

/** IncrementalAlterConfigs, versions 0 and 1 (KIP-339): sets, deletes, appends to and subtracts from single configs. */
export const incrementalAlterConfigs = defineHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>({
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
  handle(request, { broker }) {
    return broker.controller.run((controller) => incrementalAlterConfigsOperation(request, controller))
  },
})
