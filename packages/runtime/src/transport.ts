/**
 * The network as a core sees it: ordered byte streams, as TCP gives them. The chunks handed to `data` are the receiver's to keep;
 * the chunks handed to `write` must not change afterwards.
 */
export interface Transport {
  /** Opens a listening port. Port 0 takes a free one, told by `Listener.address`. */
  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener>
  /** Connects, by name or address; rejects with `TransportError` when refused, unreachable, not resolvable, or `timeoutMs` passes. */
  connect(options: ConnectOptions): Promise<Connection>
}

/** Where to listen or connect: a host name or address, and a port. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Where and how to listen. */
export interface ListenOptions extends Address {
  readonly tls?: TlsServerOptions
  /** Pending connections the host may queue. */
  readonly backlog?: number
}

/** Where and how to connect. */
export interface ConnectOptions extends Address {
  readonly tls?: TlsClientOptions
  /** Bound in milliseconds for name look-up, connection and TLS handshake together. */
  readonly timeoutMs?: number
}

/** PEM texts, as Kafka's `ssl.keystore.type=PEM` takes them. */
export interface TlsServerOptions {
  readonly key: string
  readonly certificate: string
  readonly passphrase?: string
  readonly ca?: string
  readonly clientAuth?: 'none' | 'requested' | 'required'
}

/** PEM texts and checks of a client; `ca` replaces the host's own authorities. */
export interface TlsClientOptions {
  readonly ca?: string
  readonly key?: string
  readonly certificate?: string
  readonly passphrase?: string
  /** Name expected in the server's certificate; default is the host connected to. */
  readonly serverName?: string
  /** False accepts any certificate name, as `ssl.endpoint.identification.algorithm=` does. */
  readonly verifyServerName?: boolean
}

/** A port that is listened at. */
export interface Listener {
  readonly address: Address
  /** Stops accepting; connections that are open stay open. */
  close(): Promise<void>
}

/** One end of a stream. The handlers are set by `start`, once; nothing is read before. */
export interface Connection {
  readonly remote: Address
  readonly local: Address
  /** The peer gets the very chunks that are written, and may keep them. Bytes of its own when left out. */
  readonly isByReference?: boolean
  start(handlers: ConnectionHandlers): void
  /**
   * Queues the chunks, written together; false when more than the host's buffer waits (then `drain` follows). Ignored after the end.
   * They must not change until the peer has them, and with `isByReference` never.
   */
  write(chunks: readonly Uint8Array[]): boolean
  /** Bytes written and not yet taken by the host. */
  readonly pendingBytes: number
  /** Stops and restarts the delivery of `data`, so that the peer is held back by flow control. */
  pause(): void
  resume(): void
  /** Sends what is queued, then ends the stream. */
  end(): void
  /** Drops the stream at once; `close` follows. */
  destroy(error?: Error): void
}

/** What a connection tells its owner. */
export interface ConnectionHandlers {
  data(chunk: Uint8Array): void
  drain?(): void
  /** The stream is over in both directions; called exactly once. `error` says why when it was not an orderly end. */
  close(error?: Error): void
}

/** What went wrong on the network: `in-use` concerns listening, `io` is everything that has no code of its own. */
export type TransportErrorCode =
  | 'refused'
  | 'unreachable'
  | 'not-resolved'
  | 'timed-out'
  | 'reset'
  | 'in-use'
  | 'tls'
  | 'io'

/** A failed network operation, with the address it was about and the host's error as `cause`. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly code: TransportErrorCode
  readonly host: string
  readonly port: number

  constructor(code: TransportErrorCode, address: Address, cause?: unknown) {
    const reason = cause instanceof Error ? ` (${cause.message})` : ''
    super(`${address.host}:${address.port}: ${code}${reason}`, { cause })
    this.code = code
    this.host = address.host
    this.port = address.port
  }
}
