import { KafkaError } from '@odradek/client'
import {
  describeClusterRequest,
  describeClusterResponse,
  metadataRequest,
  metadataResponse,
} from '@odradek/protocol/messages'
import type { AclOperation } from '../acls/acl-names.ts'
import type { AdminCall, CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { errorOf } from '../core/answer-error.ts'
import { authorizedOperations } from '../core/authorized-operations.ts'
import { needsVersion } from '../core/needs-version.ts'

/** A broker or controller. Kafka: `Node`. */
export interface ClusterNode {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  /** Whether the controller keeps it from serving. */
  readonly isFenced: boolean
}

/** A cluster. Kafka: `DescribeClusterResult`. */
export interface ClusterDescription {
  readonly clusterId: string
  /** -1 when there is none, or it is not known. Brokers name any broker, since they pass on what is for the controller. */
  readonly controllerId: number
  /** By id. */
  readonly nodes: readonly ClusterNode[]
  /** What the user may do to the cluster; null unless asked for. */
  readonly authorizedOperations: readonly AclOperation[] | null
}

/** What is told of the cluster. */
export interface DescribeClusterOptions extends CallOptions {
  readonly includeAuthorizedOperations?: boolean | undefined
  /** Brokers that the controller keeps from serving, too (KIP-1073). */
  readonly includeFencedBrokers?: boolean | undefined
}

const describeClusterApi = { request: describeClusterRequest, response: describeClusterResponse }
const metadataApi = { request: metadataRequest, response: metadataResponse }
const endpointTypes = { brokers: 1, controllers: 2 } as const

/** The nodes of the cluster and its id. */
export function describeCluster(core: AdminCore, options: DescribeClusterOptions = {}): Promise<ClusterDescription> {
  return core.run('describeCluster', options, async (call) => {
    try {
      return await askCluster(call, options)
    } catch (error) {
      const isOld = error instanceof KafkaError && error.code === 'UNSUPPORTED_VERSION'
      if (!isOld || core.view.ofControllers || options.includeFencedBrokers === true) throw error
      return await askMetadata(call, options)
    }
  })
}

async function askCluster(call: AdminCall, options: DescribeClusterOptions): Promise<ClusterDescription> {
  const { ofControllers } = call.core.view
  const isAsked = options.includeAuthorizedOperations === true
  const { response } = await call.ask({
    api: describeClusterApi,
    to: 'any',
    body: (version) => {
      if (ofControllers) needsVersion(version, 1, 'describing controllers')
      const fenced = options.includeFencedBrokers === true && !ofControllers
      if (fenced) needsVersion(version, 2, 'fenced brokers')
      return {
        includeClusterAuthorizedOperations: isAsked,
        ...(version < 1 ? {} : { endpointType: ofControllers ? endpointTypes.controllers : endpointTypes.brokers }),
        ...(fenced ? { includeFencedBrokers: true } : {}),
      }
    },
    check: errorOf,
  })
  const { clusterId, controllerId, brokers, clusterAuthorizedOperations } = response
  const nodes = brokers.map(({ brokerId: nodeId, host, port, rack, isFenced }) => ({
    nodeId,
    host,
    port,
    rack,
    isFenced,
  }))
  const operations = isAsked ? authorizedOperations(clusterAuthorizedOperations) : null
  return { clusterId, controllerId, nodes: nodes.sort(byId), authorizedOperations: operations }
}

async function askMetadata(call: AdminCall, options: DescribeClusterOptions): Promise<ClusterDescription> {
  const isAsked = options.includeAuthorizedOperations === true
  const { response } = await call.ask({
    api: metadataApi,
    to: 'any',
    body: (version) => (version < 8 ? { topics: [] } : { topics: [], includeClusterAuthorizedOperations: isAsked }),
  })
  const { clusterId, controllerId, brokers, clusterAuthorizedOperations } = response
  const nodes = brokers.map(({ nodeId, host, port, rack }) => ({ nodeId, host, port, rack, isFenced: false }))
  const operations = isAsked ? authorizedOperations(clusterAuthorizedOperations) : null
  return { clusterId: clusterId ?? '', controllerId, nodes: nodes.sort(byId), authorizedOperations: operations }
}

function byId(a: ClusterNode, b: ClusterNode): number {
  return a.nodeId - b.nodeId
}
