import {
  type Clock,
  type Connection,
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  MemoryTransport,
  type Transport,
} from '@odradek/runtime'
import { NodeTransport } from '@odradek/runtime/node'

/**
 * The network of an embedded broker: it listens on a TCP port, and under the same address within the process, where our own clients
 * connect without a socket. With `tcp` false there is no socket at all.
 */
export class EmbeddedTransport implements Transport {
  readonly #tcp: NodeTransport | undefined
  readonly #memory: MemoryTransport

  constructor(options: { readonly clock: Clock; readonly tcp: boolean }) {
    this.#tcp = options.tcp ? new NodeTransport() : undefined
    this.#memory = new MemoryTransport({ clock: options.clock })
  }

  async listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener> {
    const tcp = await this.#tcp?.listen(options, accept)
    const memory = await this.#memory.listen({ ...options, port: tcp?.address.port ?? options.port }, accept)
    return {
      address: tcp?.address ?? memory.address,
      close: async () => {
        await Promise.all([tcp?.close(), memory.close()])
      },
    }
  }

  /** Connects within the process. */
  connect(options: ConnectOptions): Promise<Connection> {
    return this.#memory.connect(options)
  }
}
