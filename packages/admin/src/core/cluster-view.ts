/**
 * Which nodes the admin client knows and which of them is the controller: the brokers, from Metadata, or the controllers, from
 * DescribeCluster, when those are what it began with (KIP-919). Asked for when a call needs to know, when something failed, and when what
 * is known has reached `metadata.max.age.ms`. Kafka: `AdminMetadataManager`.
 */
import { type BrokerNode, type ClientContext, KafkaError, type NetworkClient } from '@odradek/client'
import {
  describeClusterRequest,
  describeClusterResponse,
  type MetadataResponse,
  metadataRequest,
  metadataResponse,
} from '@odradek/protocol/messages'
import type { AdminCall } from './admin-call.ts'

const metadataApi = { request: metadataRequest, response: metadataResponse }
const describeClusterApi = { request: describeClusterRequest, response: describeClusterResponse }
const controllerEndpoints = 2

/** How a view is made. */
export interface ClusterViewOptions {
  readonly context: ClientContext
  readonly network: NetworkClient
  /** Whether it began with controllers. */
  readonly ofControllers: boolean
}

interface Endpoint {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** The nodes of a cluster, as far as one admin client knows them. */
export class ClusterView {
  readonly #options: ClusterViewOptions
  #nodeIds: readonly number[] = []
  #controllerId = -1
  #knownSinceMs = Number.NEGATIVE_INFINITY
  #updatedMs: number

  constructor(options: ClusterViewOptions) {
    this.#options = options
    this.#updatedMs = options.context.clock.monotonicMs()
  }

  /** Whether controllers are talked to instead of brokers. */
  get ofControllers(): boolean {
    return this.#options.ofControllers
  }

  /** The ids of all nodes; empty before the first answer. */
  get nodeIds(): readonly number[] {
    return this.#nodeIds
  }

  /** The node that is the controller, or that takes requests for it. @throws KafkaError retriable when there is none now */
  async controller(call: AdminCall): Promise<BrokerNode> {
    await this.ensure(call)
    if (this.#controllerId < 0) {
      this.suspect()
      throw new KafkaError('CONNECTION_FAILED', 'the cluster has no controller at the moment')
    }
    return await this.node(call, this.#controllerId)
  }

  /** A node by its id. @throws KafkaError retriable when the cluster has none of that id now */
  async node(call: AdminCall, nodeId: number): Promise<BrokerNode> {
    await this.ensure(call)
    const known = this.#options.network.node(nodeId)
    if (known !== undefined) return known
    await this.refresh(call)
    const found = this.#options.network.node(nodeId)
    if (found !== undefined) return found
    const context = { broker: String(nodeId) }
    throw new KafkaError('CONNECTION_FAILED', `the cluster shows no broker ${nodeId}`, { context })
  }

  /** What is known may be wrong: the next call that needs it asks anew. */
  suspect(): void {
    this.#knownSinceMs = Number.NEGATIVE_INFINITY
    const { context, network } = this.#options
    const { metadataRecoveryStrategy, metadataRecoveryRebootstrapTriggerMs } = context.config
    if (metadataRecoveryStrategy !== 'rebootstrap' || this.#nodeIds.length === 0) return
    const age = context.clock.monotonicMs() - this.#updatedMs
    if (network.isUnreachable || age >= metadataRecoveryRebootstrapTriggerMs) this.rebootstrap('no known node answers')
  }

  /** Forgets all nodes and begins with the bootstrap addresses again (KIP-899). */
  rebootstrap(reason: string): void {
    const { context, network } = this.#options
    this.#nodeIds = []
    this.#controllerId = -1
    this.#updatedMs = context.clock.monotonicMs()
    this.#knownSinceMs = Number.NEGATIVE_INFINITY
    network.rebootstrap()
    context.hooks.emit('rebootstrapped', { reason })
  }

  /** Asks the cluster unless it is known well enough. */
  async ensure(call: AdminCall): Promise<void> {
    const { context } = this.#options
    if (context.clock.monotonicMs() - this.#knownSinceMs < context.config.metadataMaxAgeMs) return
    await this.refresh(call)
  }

  /** Asks the cluster once. @throws KafkaError */
  async refresh(call: AdminCall): Promise<void> {
    const { network } = this.#options
    const node = network.leastLoadedNode()
    if (!this.ofControllers) {
      const { response } = await call.request(node, metadataApi, (version) =>
        version < 4 ? { topics: [] } : { topics: [], allowAutoTopicCreation: false },
      )
      this.takeMetadata(response)
      return
    }
    const { response } = await call.request(node, describeClusterApi, { endpointType: controllerEndpoints })
    if (response.errorCode !== 0) {
      throw KafkaError.fromCode(response.errorCode, { api: 'DescribeCluster' }, response.errorMessage)
    }
    const { clusterId, controllerId } = response
    const nodes = response.brokers.map(({ brokerId: nodeId, host, port, rack }) => ({ nodeId, host, port, rack }))
    this.#take(nodes, { clusterId, controllerId })
  }

  /** Takes over what an answer to Metadata tells of the brokers. @throws KafkaError when it tells of none */
  takeMetadata(response: MetadataResponse): void {
    if (response.errorCode !== 0) throw KafkaError.fromCode(response.errorCode, { api: 'Metadata' })
    const { clusterId, controllerId } = response
    this.#take(response.brokers, { clusterId, controllerId })
  }

  #take(
    nodes: readonly Endpoint[],
    { clusterId, controllerId }: { readonly clusterId: string | null; readonly controllerId: number },
  ): void {
    if (nodes.length === 0) throw new KafkaError('CONNECTION_FAILED', 'the cluster shows no node at all')
    const { context, network } = this.#options
    const now = context.clock.monotonicMs()
    this.#nodeIds = nodes.map(({ nodeId }) => nodeId).sort((a, b) => a - b)
    this.#controllerId = controllerId
    this.#knownSinceMs = now
    this.#updatedMs = now
    network.setBrokers(nodes, clusterId)
    context.hooks.emit('metadataUpdated', { clusterId, brokers: nodes.length, topics: 0 })
  }
}
