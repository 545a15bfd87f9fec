import type { Address, Clock, Connection, Hooks, Listener, Logger, TlsServerOptions, Transport } from '@odradek/runtime'
import type { BrokerEvents } from '../broker-events.ts'
import type { SecurityProtocol } from '../config/listeners.ts'
import type { ConnectionQuotas } from './connection-quotas.ts'
import { type AnswerFrame, ServerConnection } from './server-connection.ts'

/** One entry of `listeners`. */
export interface ListenerConfig extends Address {
  readonly name: string
  readonly securityProtocol: SecurityProtocol
  /** Needed for SSL. */
  readonly tls?: TlsServerOptions
}

/** A listener that is open: with port 0 in the config, `port` is the one the host gave. */
export interface OpenListener extends ListenerConfig {}

export interface BrokerListenersOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly logger: Logger
  readonly hooks: Hooks<BrokerEvents>
  /** `socket.request.max.bytes`. */
  readonly maxFrameBytes: number
  /** `connections.max.idle.ms`. */
  readonly maxIdleMs: number
  /** `socket.listen.backlog.size`; left to the host when it is not set. */
  readonly backlog?: number | undefined
  /** Who may come in. */
  readonly quotas: ConnectionQuotas
}

/**
 * The sockets of a broker. Listeners open before the broker is ready, since it has to tell the cluster their ports; connections
 * that come before `serve` wait in it.
 */
export class BrokerListeners {
  readonly #options: BrokerListenersOptions
  readonly #listeners: Listener[] = []
  readonly #connections = new Set<ServerConnection>()
  #early: [Connection, ListenerConfig][] = []
  #answer: AnswerFrame | undefined
  #nextIndex = 0

  constructor(options: BrokerListenersOptions) {
    this.#options = options
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  /** Opens a listener. @throws TransportError `in-use` when the port is taken. */
  async open(config: ListenerConfig): Promise<OpenListener> {
    const { host, port, tls } = config
    const { backlog } = this.#options
    const listener = await this.#options.transport.listen(
      { host, port, ...(tls && { tls }), ...(backlog !== undefined && { backlog }) },
      (connection) => this.#accept(connection, config),
    )
    this.#listeners.push(listener)
    return { ...config, port: listener.address.port }
  }

  /** Begins to answer requests. */
  serve(answer: AnswerFrame): void {
    this.#answer = answer
    const early = this.#early
    this.#early = []
    for (const [connection, config] of early) this.#accept(connection, config)
  }

  /** Stops listening and drops every connection. */
  async close(): Promise<void> {
    const closed = this.#listeners.map((listener) => listener.close())
    for (const [connection] of this.#early) connection.destroy()
    for (const connection of [...this.#connections]) connection.destroy()
    await Promise.all(closed)
  }

  #accept(connection: Connection, { name, securityProtocol }: ListenerConfig): void {
    const { clock, hooks, logger, quotas, maxFrameBytes, maxIdleMs } = this.#options
    const answer = this.#answer
    if (answer === undefined) {
      this.#early.push([connection, { name, securityProtocol, host: '', port: 0 }])
      return
    }
    const { host } = connection.remote
    const refusal = quotas.enter(host)
    if (refusal !== undefined) {
      logger.warn(`a connection is refused: ${refusal.config} is reached`, { limit: refusal.limit, remote: host })
      connection.destroy()
      return
    }
    const server = new ServerConnection(connection, {
      listenerName: name,
      securityProtocol,
      index: this.#nextIndex++,
      maxFrameBytes,
      maxIdleMs,
      clock,
      answer,
      closed: (closed, error) => {
        this.#connections.delete(closed)
        quotas.leave(host)
        if (error !== undefined)
          logger.info('a connection was closed', { connectionId: closed.id, reason: error.message })
        hooks.emit('connectionClosed', { connectionId: closed.id, reason: error?.message })
      },
    })
    this.#connections.add(server)
    hooks.emit('connectionOpened', { connectionId: server.id, listenerName: name })
  }
}
