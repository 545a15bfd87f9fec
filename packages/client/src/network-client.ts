/**
 * The brokers of a cluster and the connections to them: by node id once metadata is there, by bootstrap address before and whenever no
 * known broker answers.
 */
import type { Input } from '@odradek/protocol'
import type { Address } from '@odradek/runtime'
import type { Api } from './api.ts'
import { BrokerNode } from './broker-node.ts'
import type { ClientContext } from './client-context.ts'
import type { BrokerEndpoint } from './cluster-metadata.ts'
import type { KafkaConnection } from './kafka-connection.ts'
import { KafkaError } from './kafka-error.ts'

/** The connections of one client. */
export class NetworkClient {
  readonly #context: ClientContext
  readonly #nodes = new Map<number, BrokerNode>()
  #bootstrap: readonly BrokerNode[] = []
  #clusterId: string | null = null
  readonly #listeners = new Set<(node: BrokerNode) => void>()
  #made = 0
  #closed = false

  constructor(context: ClientContext) {
    this.#context = context
    this.rebootstrap()
  }

  /** Calls `listener` whenever a connection came, went or got an answer; answers the function that ends it. */
  onChange(listener: (node: BrokerNode) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A broker by its id; undefined when metadata has no such broker. */
  node(nodeId: number): BrokerNode | undefined {
    return this.#nodes.get(nodeId)
  }

  /** Takes over the brokers that metadata tells: new ones are made, changed and missing ones closed. */
  setBrokers(endpoints: Iterable<BrokerEndpoint>, clusterId: string | null): void {
    if (this.#closed) return
    this.#clusterId = clusterId
    const missing = new Set(this.#nodes.keys())
    for (const { nodeId, host, port, rack } of endpoints) {
      missing.delete(nodeId)
      const known = this.#nodes.get(nodeId)
      if (known !== undefined && known.address.host === host && known.address.port === port && known.rack === rack)
        continue
      known?.close()
      this.#nodes.set(nodeId, this.#makeNode(nodeId, { host, port }, rack))
    }
    for (const nodeId of missing) {
      this.#nodes.get(nodeId)?.close()
      this.#nodes.delete(nodeId)
    }
    if (this.#nodes.size === 0) return
    // Connections to bootstrap addresses serve until a broker is known by its id.
    for (const node of this.#bootstrap) if (node.inFlight === 0) node.close()
    this.#bootstrap = this.#bootstrap.filter((node) => node.inFlight > 0)
  }

  /** Forgets the known brokers and begins from the bootstrap servers. */
  rebootstrap(): void {
    for (const node of this.#all()) node.close()
    this.#nodes.clear()
    if (this.#closed) return
    this.#bootstrap = this.#context.config.bootstrapServers.map((server) =>
      this.#makeNode(-1, parseServer(server), null),
    )
  }

  /** Whether every known broker is unreachable at the moment. */
  get isUnreachable(): boolean {
    return this.#candidates().every((node) => node.connection === undefined && node.failures > 0)
  }

  /** The node with the fewest requests in flight, connected ones first, those that back off last. Kafka: `leastLoadedNode`. */
  leastLoadedNode(): BrokerNode {
    if (this.#closed) throw new KafkaError('CLIENT_CLOSED', 'the client is closed')
    const candidates = this.#candidates()
    const start = this.#context.random.nextInt(candidates.length)
    let best = candidates[start]!
    for (let step = 1; step < candidates.length; step++) {
      const node = candidates[(start + step) % candidates.length]!
      if (rank(node) < rank(best)) best = node
    }
    return best
  }

  /** A connection that takes requests at once, the least busy one; undefined when there is none. */
  readyConnection(): KafkaConnection | undefined {
    let best: BrokerNode | undefined
    for (const node of this.#nodes.values()) {
      if (node.connection !== undefined && (best === undefined || node.inFlight < best.inFlight)) best = node
    }
    return best?.connection
  }

  /** How many connections are open. */
  get connectionCount(): number {
    return this.#all().filter(({ connection }) => connection !== undefined).length
  }

  /** How many requests wait for their answers. */
  get inFlight(): number {
    return this.#all().reduce((sum, node) => sum + node.inFlight, 0)
  }

  /** Asks a broker, which is connected to first when it has to be. @throws KafkaError */
  async request<Request extends object, Response extends object>(
    node: BrokerNode,
    api: Api<Request, Response>,
    body: Input<Request>,
  ): Promise<Response> {
    const connection = await node.connect()
    return await connection.request(api, body, { timeoutMs: this.#context.config.requestTimeoutMs })
  }

  /** Closes all connections; what waits for an answer fails. */
  close(): void {
    this.#closed = true
    for (const node of this.#all()) node.close()
    this.#listeners.clear()
  }

  #all(): readonly BrokerNode[] {
    return [...this.#nodes.values(), ...this.#bootstrap]
  }

  #candidates(): readonly BrokerNode[] {
    return this.#nodes.size > 0 ? [...this.#nodes.values()] : this.#bootstrap
  }

  #makeNode(nodeId: number, address: Address, rack: string | null): BrokerNode {
    this.#made++
    return new BrokerNode({
      context: this.#context,
      nodeId,
      address,
      rack,
      name: `node ${nodeId} (${this.#made})`,
      clusterId: () => this.#clusterId,
      onChange: (node) => {
        for (const listener of this.#listeners) listener(node)
      },
    })
  }
}

function rank(node: BrokerNode): number {
  if (node.connection !== undefined) return node.inFlight
  return node.isBackingOff ? 2_000_000 + node.failures : 1_000_000 + node.failures
}

function parseServer(server: string): Address {
  const bare = server.replace(/^\w+:\/\//, '')
  const colon = bare.lastIndexOf(':')
  return { host: bare.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(bare.slice(colon + 1)) }
}
