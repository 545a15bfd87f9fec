import { apiKeys, errors, type Input } from '@odradek/protocol'
import {
  type ApiVersionsRequest,
  type ApiVersionsResponse,
  type ApiVersionsResponseApiVersion,
  apiVersionsRequest,
  apiVersionsResponse,
} from '@odradek/protocol/messages'
import { supportedFeatures } from '@odradek/quorum'
import type { RequestContext, ServedApi } from '../connection/request-context.ts'
import { defineHandler } from '../handler.ts'

/**
 * ApiVersions, versions 0 to 5 (KIP-35; client software since 3, KIP-511; features since 3, KIP-584; a feature may begin at 0
 * since 4, KIP-1022; 5 names the broker the client believes to talk to, KIP-1242). A newer version is answered by the dispatcher.
 */
export const apiVersions = defineHandler<ApiVersionsRequest, ApiVersionsResponse>({
  request: apiVersionsRequest,
  response: apiVersionsResponse,
  handle(request, context) {
    const errorCode = errorOf(request, context)
    if (errorCode !== 0) return { errorCode }
    if (context.apiVersion >= 3) {
      context.connection.clientSoftwareName = request.clientSoftwareName
      context.connection.clientSoftwareVersion = request.clientSoftwareVersion
    }
    const { image, highWatermark } = context.broker.metadata
    return {
      apiKeys: advertised(context.servedApis),
      // A client that reads version 3 takes a feature beginning at 0 for a mistake.
      supportedFeatures: supportedFeatures
        .filter((feature) => feature.min > 0 || context.apiVersion >= 4)
        .map(({ name, min, max }) => ({ name, minVersion: min, maxVersion: max })),
      finalizedFeaturesEpoch: highWatermark - 1,
      finalizedFeatures: image.features
        .entries()
        .map(([name, level]) => ({ name, minVersionLevel: level, maxVersionLevel: level })),
    }
  },
})

const softwareName = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/

function errorOf(request: ApiVersionsRequest, context: RequestContext): number {
  if (context.apiVersion < 3) return 0
  const named = softwareName.test(request.clientSoftwareName) && softwareName.test(request.clientSoftwareVersion)
  if (!named) return errors.INVALID_REQUEST.code
  // Whom the client believes to talk to is told wholly or not at all.
  if ((request.clusterId === null) !== (request.nodeId === -1)) return errors.INVALID_REQUEST.code
  const otherCluster = request.clusterId !== null && request.clusterId !== context.broker.clusterId
  const otherNode = request.nodeId !== -1 && request.nodeId !== context.broker.nodeId
  return otherCluster || otherNode ? errors.REBOOTSTRAP_REQUIRED.code : 0
}

/** The keys of the answer, by ascending key. */
export function advertised(served: readonly ServedApi[]): Input<ApiVersionsResponseApiVersion>[] {
  return served.map(({ apiKey, minVersion, maxVersion }) => ({
    apiKey,
    // Kafka says 0 though it serves 3 and later: librdkafka takes an oldest version above 2 for a broker without compression.
    minVersion: apiKey === apiKeys.Produce.key ? 0 : minVersion,
    maxVersion,
  }))
}
