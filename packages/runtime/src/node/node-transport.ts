import * as net from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import {
  type Connection,
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  type TlsClientOptions,
  type TlsServerOptions,
  type Transport,
  TransportError,
} from '../transport.ts'
import { NodeConnection } from './node-connection.ts'
import { transportFailure } from './transport-failure.ts'

/** A client that has connected by TCP must have ended its TLS handshake by then; Kafka has `connections.max.idle.ms` for it. */
const handshakeTimeoutMs = 30_000

/** Loaded when it is first needed: TLS takes 6 MiB of memory, and most brokers and clients in a private network speak plain TCP. */
const nodeTls = () => process.getBuiltinModule('node:tls')

/** What may be chosen about the transport of the host. */
export interface NodeTransportOptions {
  /** Resolves names for `connect`; that of the operating system (`dns.lookup`) when left out. */
  readonly lookup?: net.LookupFunction
}

/** TCP and TLS of the host. A name with several addresses is tried address by address until one answers. */
export class NodeTransport implements Transport {
  readonly #lookup: net.LookupFunction | undefined

  constructor(options: NodeTransportOptions = {}) {
    this.#lookup = options.lookup
  }

  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener> {
    const { host, port, backlog } = options
    const server = options.tls === undefined ? plainServer(accept) : secureServer(options.tls, accept)
    return new Promise((resolve, reject) => {
      server.once('error', (cause) => reject(transportFailure(options, cause)))
      server.listen({ host, port, ...(backlog === undefined ? {} : { backlog }) }, () => {
        server.removeAllListeners('error')
        // A later failure concerns one connection that could not be accepted (no descriptor left); the listener goes on.
        server.on('error', () => undefined)
        resolve(listenerOf(server, host))
      })
    })
  }

  connect(options: ConnectOptions): Promise<Connection> {
    const { host, port, timeoutMs } = options
    return new Promise((resolve, reject) => {
      const names = this.#lookup === undefined ? {} : { lookup: this.#lookup }
      const endpoint = { host, port, noDelay: true, keepAlive: true, autoSelectFamily: true, ...names }
      const socket =
        options.tls === undefined
          ? net.connect(endpoint)
          : nodeTls().connect({ ...endpoint, ...secureClient(options.tls, host) })
      const timeout =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => fail(new TransportError('timed-out', options)), Math.min(timeoutMs, 2 ** 31 - 1))
      const onClose = () => fail(new TransportError('reset', options))
      const onError = (cause: Error) => fail(transportFailure(options, cause))
      const release = () => {
        clearTimeout(timeout)
        socket.off('close', onClose).off('error', onError)
      }
      const fail = (error: TransportError) => {
        release()
        socket.on('error', () => undefined)
        socket.destroy()
        reject(error)
      }
      socket.once('error', onError).once('close', onClose)
      socket.once(options.tls === undefined ? 'connect' : 'secureConnect', () => {
        release()
        resolve(new NodeConnection(socket, { host, port }))
      })
    })
  }
}

function plainServer(accept: (connection: Connection) => void): net.Server {
  const server = net.createServer({ noDelay: true, keepAlive: true, pauseOnConnect: true })
  return server.on('connection', (socket) => accept(new NodeConnection(socket)))
}

function secureServer(options: TlsServerOptions, accept: (connection: Connection) => void): net.Server {
  const { key, certificate, passphrase, ca, clientAuth = 'none' } = options
  const server = nodeTls().createServer({
    key,
    cert: certificate,
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(ca === undefined ? {} : { ca }),
    requestCert: clientAuth !== 'none',
    rejectUnauthorized: clientAuth === 'required',
    noDelay: true,
    keepAlive: true,
    handshakeTimeout: handshakeTimeoutMs,
  })
  // A failed handshake is the client's affair; Node has closed its connection already.
  server.on('tlsClientError', () => undefined)
  return server.on('secureConnection', (socket) => accept(new NodeConnection(socket)))
}

function secureClient(options: TlsClientOptions, host: string): ConnectionOptions {
  const { ca, key, certificate, passphrase, verifyServerName = true } = options
  const name = options.serverName ?? host
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(key === undefined ? {} : { key }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(passphrase === undefined ? {} : { passphrase }),
    // An address is no name that a client may ask for (RFC 6066), but the certificate may hold it all the same.
    ...(net.isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_host, certificateOfPeer) =>
      verifyServerName ? nodeTls().checkServerIdentity(name, certificateOfPeer) : undefined,
  }
}

function listenerOf(server: net.Server, host: string): Listener {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address')
  return {
    address: { host, port: address.port },
    close() {
      if (!server.listening) return Promise.resolve()
      // The server's own callback waits for open connections; its port is free one turn after the call.
      server.close()
      return new Promise((resolve) => setImmediate(resolve))
    },
  }
}
