import {
  type AlterConfigsRequest,
  type AlterConfigsResponse,
  alterConfigsRequest,
  alterConfigsResponse,
} from '@odradek/protocol/messages'
import { legacyAlterConfigs } from '@odradek/quorum'
import { defineHandler } from '../handler.ts'

/** AlterConfigs, versions 0 to 2: replaces all overrides of a resource. Clients prefer IncrementalAlterConfigs since KIP-339. */
export const alterConfigs = defineHandler<AlterConfigsRequest, AlterConfigsResponse>({
  request: alterConfigsRequest,
  response: alterConfigsResponse,
  handle(request, { broker }) {
    return broker.controller.run((controller) => legacyAlterConfigs(request, controller))
  },
})
