import { errors, type Input } from '@odradek/protocol'
import {
  type DescribeClusterRequest,
  type DescribeClusterResponse,
  describeClusterRequest,
  describeClusterResponse,
} from '@odradek/protocol/messages'
import { authorizedOperations } from '../authorized-operations.ts'
import { defineHandler } from '../handler.ts'
import { aliveBrokers, endpointOf } from '../metadata/endpoints.ts'

/**
 * DescribeCluster, versions 0 to 2 (KIP-700; endpoint type since 1, KIP-919; fenced brokers since 2, KIP-1073). A broker tells
 * brokers; controllers are told by a controller's own listener.
 */
export const describeCluster = defineHandler<DescribeClusterRequest, DescribeClusterResponse>({
  request: describeClusterRequest,
  response: describeClusterResponse,
  handle(request, { broker, connection }) {
    const { endpointType } = request
    if (endpointType !== brokerEndpoints) return refuse(endpointType)
    const { image } = broker.metadata
    const listed = request.includeFencedBrokers ? image.cluster.brokers() : aliveBrokers(image)
    return {
      errorMessage: null,
      endpointType,
      clusterId: broker.clusterId,
      controllerId: broker.metadata.activeBrokerForControllers(broker.random),
      brokers: listed.flatMap((registration) => {
        const endpoint = endpointOf(registration, connection.listenerName)
        if (endpoint === undefined) return []
        const { brokerId, rack, fenced } = registration
        return [{ brokerId, host: endpoint.host, port: endpoint.port, rack, isFenced: fenced }]
      }),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
        ? authorizedOperations.cluster
        : undefined,
    }
  },
})

const brokerEndpoints = 1
const controllerEndpoints = 2

function refuse(endpointType: number): Input<DescribeClusterResponse> {
  if (endpointType === controllerEndpoints) {
    const errorMessage =
      'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER'
    return { errorCode: errors.MISMATCHED_ENDPOINT_TYPE.code, errorMessage }
  }
  return { errorCode: errors.UNSUPPORTED_ENDPOINT_TYPE.code, errorMessage: `Unsupported endpoint type ${endpointType}` }
}
