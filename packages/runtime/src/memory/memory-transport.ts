import type { Clock } from '../clock.ts'
import {
  type Address,
  type Connection,
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  type Transport,
  TransportError,
} from '../transport.ts'
import { MemoryConnection } from './memory-connection.ts'

/** How a `MemoryTransport` is made. */
export interface MemoryTransportOptions {
  /**
   * What was written arrives after the turn of this clock, so that timers and sockets of the process have their turns too. Without
   * a clock it arrives on the next microtask, which is faster, but two ends that answer each other for ever then let nothing else
   * of the process run.
   */
  readonly clock?: Pick<Clock, 'afterTurn'>
}

const firstFreePort = 32_768

/**
 * Streams within one process: `connect` reaches a `listen` of the same object, whatever the host is called, by its port. Chunks
 * are handed over by reference. TLS options and time-outs have no meaning here and are ignored.
 */
export class MemoryTransport implements Transport {
  readonly #listeners = new Map<number, (connection: Connection) => void>()
  readonly #defer: (callback: () => void) => void
  #nextPort = firstFreePort

  constructor(options: MemoryTransportOptions = {}) {
    const { clock } = options
    this.#defer = clock === undefined ? queueMicrotask : (callback) => clock.afterTurn(callback)
  }

  async listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener> {
    const address: Address = { host: options.host, port: options.port === 0 ? this.#freePort() : options.port }
    if (this.#listeners.has(address.port)) throw new TransportError('in-use', address)
    this.#listeners.set(address.port, accept)
    return {
      address,
      close: async () => {
        if (this.#listeners.get(address.port) === accept) this.#listeners.delete(address.port)
      },
    }
  }

  async connect(options: ConnectOptions): Promise<Connection> {
    const accept = this.#listeners.get(options.port)
    const remote: Address = { host: options.host, port: options.port }
    if (accept === undefined) throw new TransportError('refused', remote)
    const local: Address = { host: options.host, port: this.#freePort() }
    const client = new MemoryConnection({ local, remote, defer: this.#defer })
    const server = new MemoryConnection({ local: remote, remote: local, defer: this.#defer })
    client.join(server)
    this.#defer(() => accept(server))
    return client
  }

  #freePort(): number {
    while (this.#listeners.has(this.#nextPort)) this.#nextPort++
    return this.#nextPort++
  }
}
