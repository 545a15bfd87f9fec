import {
  type Address,
  type Connection,
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  type Transport,
  TransportError,
  type TransportErrorCode,
} from '../transport.ts'
import type { NetworkLinks } from './network-links.ts'
import { SimConnection } from './sim-connection.ts'
import type { Scheduled } from './timeline.ts'

/** How long a host tries to connect when nobody gives a bound, as Linux does. */
const defaultConnectTimeoutMs = 127_000
/** The first wait before a host asks again; each further one doubles. */
const firstRetryMs = 1000
const firstFreePort = 32_768

interface PendingConnect {
  readonly target: string
  readonly options: ConnectOptions
  readonly resolve: (connection: Connection) => void
  readonly reject: (error: TransportError) => void
  timeout: Scheduled | undefined
  settled: boolean
}

/**
 * The network as one process of a node sees it. Host names are the names of nodes; `localhost`, `127.0.0.1` and `::1` are the node
 * itself, and listening on any address is listening on the node. TLS is not simulated: its options are ignored.
 */
export class SimTransport implements Transport {
  readonly #network: NetworkLinks<SimConnection>
  /** The transport of the latest process of each node. */
  readonly #transports: ReadonlyMap<string, SimTransport>
  readonly #name: string
  readonly #listeners = new Map<number, (connection: Connection) => void>()
  readonly #connections = new Set<SimConnection>()
  #nextPort = firstFreePort
  #closed = false

  constructor(name: string, network: NetworkLinks<SimConnection>, transports: ReadonlyMap<string, SimTransport>) {
    this.#name = name
    this.#network = network
    this.#transports = transports
  }

  async listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener> {
    const port = options.port === 0 ? this.#freePort() : options.port
    if (this.#listeners.has(port)) throw new TransportError('in-use', { host: options.host, port })
    this.#listeners.set(port, accept)
    const anywhere = options.host === '' || options.host === '0.0.0.0' || options.host === '::'
    return {
      address: { host: anywhere ? this.#name : options.host, port },
      close: async () => {
        if (this.#listeners.get(port) === accept) this.#listeners.delete(port)
      },
    }
  }

  connect(options: ConnectOptions): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const target = isLoopback(options.host) ? this.#name : options.host
      const pending: PendingConnect = { target, options, resolve, reject, timeout: undefined, settled: false }
      const { timeline } = this.#network
      const timeoutMs = options.timeoutMs ?? defaultConnectTimeoutMs
      const label = `connect ${this.#name}>${target}`
      pending.timeout = timeline.schedule(timeoutMs, `${label} times out`, () => this.#fail(pending, 'timed-out'))
      if (this.#network.hosts.isKnown(target)) this.#try(pending, firstRetryMs)
      else timeline.schedule(0, `${label} unknown`, () => this.#fail(pending, 'not-resolved'))
    })
  }

  /** The process dies. Its machine tells the peers of open connections, unless it dies as well. */
  close(peers: 'told' | 'silently'): void {
    this.#closed = true
    this.#listeners.clear()
    for (const connection of this.#connections) connection.abort(peers === 'told')
    this.#connections.clear()
  }

  /** Asks once, and again after a while when nothing comes back. */
  #try(pending: PendingConnect, retryMs: number): void {
    const { timeline } = this.#network
    const label = `connect ${this.#name}>${pending.target}`
    timeline.schedule(this.#network.latencyMs(this.#name, pending.target), label, () => {
      if (pending.settled || this.#closed) return
      if (this.#isAnswered(pending.target)) this.#arriveAt(pending)
      else timeline.schedule(retryMs, `${label} again`, () => this.#try(pending, retryMs * 2))
    })
  }

  #isAnswered(target: string): boolean {
    const ways = [this.#network.isBlocked(this.#name, target), this.#network.isBlocked(target, this.#name)]
    return this.#network.hosts.isReachable(target) && !ways.includes(true)
  }

  /** The request to connect is at the target now; its answer takes the way back. */
  #arriveAt(pending: PendingConnect): void {
    const { timeline, random } = this.#network
    const { target, options } = pending
    const peer = this.#transports.get(target)
    const backMs = this.#network.latencyMs(target, this.#name)
    const accept = peer === undefined ? undefined : peer.#listeners.get(options.port)
    const label = `connect ${target}>${this.#name}`
    if (
      peer === undefined ||
      accept === undefined ||
      random.chance(this.#network.link(this.#name, target).refuseRate)
    ) {
      timeline.schedule(backMs, `${label} refused`, () => this.#fail(pending, 'refused'))
      return
    }
    const near = { host: this.#name, port: this.#freePort() }
    const [client, server] = pair(this.#network, near, { host: target, port: options.port })
    peer.#connections.add(server)
    accept(server)
    timeline.schedule(backMs, `${label} accepted`, () => {
      if (this.#closed || pending.settled) {
        // Whoever asked has given up; its machine, if it has power still, tells the other end.
        client.abort(this.#network.hosts.isReachable(this.#name))
        return
      }
      this.#settle(pending)
      this.#connections.add(client)
      pending.resolve(client)
    })
  }

  #settle(pending: PendingConnect): void {
    pending.settled = true
    pending.timeout?.cancel()
  }

  #fail(pending: PendingConnect, code: TransportErrorCode): void {
    if (pending.settled || this.#closed) return
    this.#settle(pending)
    pending.reject(new TransportError(code, pending.options))
  }

  #freePort(): number {
    while (this.#listeners.has(this.#nextPort)) this.#nextPort++
    return this.#nextPort++
  }
}

/** A new stream: the ends of the client and of the server. */
function pair(network: NetworkLinks<SimConnection>, near: Address, far: Address): [SimConnection, SimConnection] {
  const stream = network.nextStream()
  const client = new SimConnection(network, stream, { local: near, remote: far })
  const server = new SimConnection(network, stream, { local: far, remote: near })
  client.join(server)
  for (const end of [client, server]) network.remember(end)
  return [client, server]
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1'
}
