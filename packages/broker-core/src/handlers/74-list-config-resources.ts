import { errors } from '@odradek/protocol'
import {
  type ListConfigResourcesRequest,
  type ListConfigResourcesResponse,
  listConfigResourcesRequest,
  listConfigResourcesResponse,
} from '@odradek/protocol/messages'
import { configResourceTypes } from '@odradek/quorum'
import type { Broker } from '../broker.ts'
import { defineHandler } from '../handler.ts'

/** ListConfigResources, versions 0 and 1: client metrics subscriptions alone (KIP-1000), every type since 1 (KIP-1142). */
export const listConfigResources = defineHandler<ListConfigResourcesRequest, ListConfigResourcesResponse>({
  request: listConfigResourcesRequest,
  response: listConfigResourcesResponse,
  handle(request, { broker, apiVersion }) {
    const all = Object.values<number>(configResourceTypes)
    const types = apiVersion === 0 ? [configResourceTypes.CLIENT_METRICS] : request.resourceTypes
    const wanted = types.length === 0 ? all : [...new Set(types)]
    if (wanted.some((type) => !all.includes(type))) return { errorCode: errors.UNSUPPORTED_VERSION.code }
    const configResources = wanted.flatMap((resourceType) =>
      namesOf(resourceType, broker).map((resourceName) => ({ resourceName, resourceType })),
    )
    return { configResources }
  },
})

/** Topics and brokers are listed whether they override anything or not; other resources exist by their overrides. */
function namesOf(type: number, broker: Broker): readonly string[] {
  const { image } = broker.metadata
  switch (type) {
    case configResourceTypes.TOPIC:
      return [...image.topics.all()].map((topic) => topic.name)
    case configResourceTypes.BROKER:
    case configResourceTypes.BROKER_LOGGER:
      return image.cluster.brokers().map((registration) => String(registration.brokerId))
    default:
      return image.configs.resources(type).map((resource) => resource.name)
  }
}
