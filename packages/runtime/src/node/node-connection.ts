import type { Socket } from 'node:net'
import type { Address, Connection, ConnectionHandlers } from '../transport.ts'
import { transportFailure } from './transport-failure.ts'

/** A socket of the host, which is connected (and, with TLS, has ended its handshake). */
export class NodeConnection implements Connection {
  readonly remote: Address
  readonly local: Address
  readonly #socket: Socket
  #handlers: ConnectionHandlers | undefined
  #paused = false
  #ended = false
  #reason: Error | undefined
  #closed = false

  /** `dialled` is the address as the caller wrote it: errors and logs name that one. */
  constructor(socket: Socket, dialled?: Address) {
    this.#socket = socket
    this.remote = dialled ?? { host: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 }
    this.local = { host: plainAddress(socket.localAddress), port: socket.localPort ?? 0 }
    socket.on('error', (cause) => {
      this.#reason ??= transportFailure(this.remote, cause)
    })
    socket.on('close', () => {
      this.#closed = true
      this.#handlers?.close(this.#reason)
    })
  }

  get pendingBytes(): number {
    return this.#closed ? 0 : this.#socket.writableLength
  }

  start(handlers: ConnectionHandlers): void {
    if (this.#handlers !== undefined) throw new Error('the handlers are set already')
    this.#handlers = handlers
    if (this.#closed) {
      setImmediate(() => handlers.close(this.#reason))
      return
    }
    this.#socket.on('data', (chunk: Buffer) => {
      // A plain view: of a Buffer, slice would not copy.
      handlers.data(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    })
    this.#socket.on('drain', () => handlers.drain?.())
    if (this.#paused) this.#socket.pause()
    else this.#socket.resume()
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const socket = this.#socket
    if (this.#ended || socket.destroyed || !socket.writable) return false
    // Corked chunks leave in one writev.
    if (chunks.length > 1) socket.cork()
    for (const chunk of chunks) if (chunk.length > 0) socket.write(chunk)
    if (chunks.length > 1) socket.uncork()
    return !socket.writableNeedDrain
  }

  pause(): void {
    this.#paused = true
    this.#socket.pause()
  }

  resume(): void {
    this.#paused = false
    if (this.#handlers !== undefined) this.#socket.resume()
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#socket.end()
  }

  destroy(error?: Error): void {
    if (this.#socket.destroyed) return
    this.#ended = true
    this.#reason = error
    this.#socket.destroy()
  }
}

/** A listener for both families sees IPv4 peers under an IPv6 form (`::ffff:10.0.0.1`); people and access lists know the other. */
function plainAddress(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.)/, '') ?? ''
}
