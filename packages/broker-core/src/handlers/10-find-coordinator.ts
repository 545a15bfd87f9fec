import { type ErrorName, errors, type Input } from '@odradek/protocol'
import {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  type FindCoordinatorResponseCoordinator,
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '@odradek/protocol/messages'
import type { RequestContext } from '../connection/request-context.ts'
import { offsetsTopic } from '../groups/offsets-topic.ts'
import { defineHandler } from '../handler.ts'
import { endpointOf } from '../metadata/endpoints.ts'

type Coordinator = Input<FindCoordinatorResponseCoordinator>

const groupKeyType = 0
/** The first version that asks for several coordinators at once (KIP-699). */
const asksForManySince = 4

/**
 * FindCoordinator, versions 0 to 6: kinds of coordinators since 1, several keys since 4 (KIP-699). The first request makes
 * `__consumer_offsets` and waits until it is there. Coordinators of transactions (1) and share groups (2) are not here.
 */
export const findCoordinator = defineHandler<FindCoordinatorRequest, FindCoordinatorResponse>({
  request: findCoordinatorRequest,
  response: findCoordinatorResponse,
  async handle(request, context) {
    const keys = context.apiVersion >= asksForManySince ? request.coordinatorKeys : [request.key]
    const error = await readiness(request.keyType, context)
    const coordinators = keys.map((key) => (error === 'NONE' ? find(key, context) : failed(key, error)))
    if (context.apiVersion >= asksForManySince) return { coordinators }
    const { key: _, ...coordinator } = coordinators[0]!
    const told = errors[error === 'NONE' ? 'NONE' : error]
    return { errorMessage: coordinator.errorCode === 0 ? 'NONE' : told.message, ...coordinator }
  },
})

async function readiness(keyType: number, { broker }: RequestContext): Promise<ErrorName> {
  if (keyType !== groupKeyType) return keyType === 1 ? 'COORDINATOR_NOT_AVAILABLE' : 'INVALID_REQUEST'
  return (await broker.groups.ensureTopic()) === 'NONE' ? 'NONE' : 'COORDINATOR_NOT_AVAILABLE'
}

/** The leader of the partition that keeps the group. */
function find(key: string, { broker, connection }: RequestContext): Coordinator {
  const { topics, cluster } = broker.metadata.image
  const partition = topics.byName(offsetsTopic)?.partitions.get(broker.groups.partitionFor(key))
  const leader = partition === undefined ? undefined : cluster.broker(partition.leader)
  const endpoint = leader === undefined || leader.fenced ? undefined : endpointOf(leader, connection.listenerName)
  if (leader === undefined || endpoint === undefined) return failed(key, 'COORDINATOR_NOT_AVAILABLE')
  return { key, nodeId: leader.brokerId, host: endpoint.host, port: endpoint.port, errorCode: 0 }
}

function failed(key: string, error: ErrorName): Coordinator {
  return { key, nodeId: -1, host: '', port: -1, errorCode: errors[error].code }
}
