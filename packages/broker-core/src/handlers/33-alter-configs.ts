import {
  type AlterConfigsRequest,
  type AlterConfigsResponse,
  alterConfigsRequest,
  alterConfigsResponse,
} from '@odradek/protocol/messages'
import { legacyAlterConfigs } from '@odradek/quorum'
import { defineHandler } from '../handler.ts'
import { alterResources } from '../metadata/altered-resources.ts'

/** AlterConfigs, versions 0 to 2: replaces all overrides of a resource. Clients prefer IncrementalAlterConfigs since KIP-339. */
export const alterConfigs = defineHandler<AlterConfigsRequest, AlterConfigsResponse>({
  request: alterConfigsRequest,
  response: alterConfigsResponse,
  async handle(request, { broker }) {
    const responses = await alterResources(request.resources, broker, (resources) =>
      broker.controller.run((controller) => legacyAlterConfigs({ ...request, resources }, controller)),
    )
    return { responses }
  },
})
