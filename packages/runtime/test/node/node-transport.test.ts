import { readFileSync } from 'node:fs'
import * as net from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  type ConnectOptions,
  type TlsClientOptions,
  type TlsServerOptions,
  type Transport,
  TransportError,
} from '../../src/index.ts'
import { NodeTransport } from '../../src/node/index.ts'
import { transportConformance } from '../../src/testing/index.ts'
import { Peer } from '../../src/testing/transport-peer.ts'

const ca = pem('ca.crt')
const server: TlsServerOptions = { key: pem('server.key'), certificate: pem('server.crt') }
const clientCertificate = { key: pem('client.key'), certificate: pem('client.crt') }

describe('NodeTransport', () => {
  transportConformance(test, { open: () => ({ transport: new NodeTransport(), host: '127.0.0.1' }) })

  test('a name with several addresses is tried until one answers', async () => {
    const transport = new NodeTransport()
    const listener = await transport.listen({ host: '127.0.0.1', port: 0 }, (connection) => connection.destroy())
    const connection = await transport.connect({ host: 'localhost', port: listener.address.port })
    expect([connection.remote.host, connection.local.host]).toEqual(['localhost', '127.0.0.1'])
    connection.destroy()
    await listener.close()
  })

  test('a peer by IPv4 is named so by a listener of both families', async () => {
    const transport = new NodeTransport()
    let tell: (host: string) => void = () => undefined
    const remote = new Promise<string>((resolve) => {
      tell = resolve
    })
    const listener = await transport.listen({ host: '', port: 0 }, (connection) => {
      tell(connection.remote.host)
      connection.destroy()
    })
    const client = await transport.connect({ host: '127.0.0.1', port: listener.address.port })
    expect(await remote).toBe('127.0.0.1')
    client.destroy()
    await listener.close()
  })

  test('a name that does not exist is not-resolved', async () => {
    expect(await failure({ host: 'no-such-host.invalid', port: 9092 })).toMatchObject({ code: 'not-resolved' })
  })

  test('an address that is not ours cannot be listened at', async () => {
    const listening = new NodeTransport().listen({ host: '192.0.2.1', port: 0 }, (connection) => connection.destroy())
    await expect(listening).rejects.toMatchObject({ name: 'TransportError', code: 'unreachable' })
  })

  test('a reset by the peer closes with the code reset', async () => {
    const sockets: net.Socket[] = []
    const listener = net.createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
    await new Promise((resolve) => listener.once('listening', resolve))
    const peer = new Peer(await new NodeTransport().connect({ host: '127.0.0.1', port: portOf(listener) }))
    peer.start()
    peer.write([new Uint8Array(10)])
    await new Promise<void>((resolve) => {
      const [socket] = sockets
      if (socket !== undefined) socket.once('data', () => resolve())
      else listener.once('connection', (accepted) => accepted.once('data', () => resolve()))
    })
    sockets[0]!.resetAndDestroy()
    expect(await peer.closed).toMatchObject({ name: 'TransportError', code: 'reset' })
    listener.close()
  })

  test('the time-out covers a handshake that never comes', async () => {
    const transport = new NodeTransport()
    const listener = await transport.listen({ host: '127.0.0.1', port: 0 }, (connection) => {
      connection.start({ data() {}, close() {} })
    })
    expect(await failure({ ...listener.address, timeoutMs: 30, tls: { ca } })).toMatchObject({ code: 'timed-out' })
    await listener.close()
  })
})

describe('NodeTransport with TLS', () => {
  transportConformance(test, { open: () => ({ transport: encrypted(new NodeTransport()), host: '127.0.0.1' }) })

  test.each<HandshakeCase>([
    { title: 'a name in the certificate is accepted', client: { ca }, outcome: 'connected' },
    { title: 'an unknown authority is refused', client: {}, outcome: 'tls' },
    { title: 'another name is refused', client: { ca, serverName: 'other.test' }, outcome: 'tls' },
    {
      title: 'another name is accepted when names are not verified',
      client: { ca, serverName: 'other.test', verifyServerName: false },
      outcome: 'connected',
    },
    {
      title: 'the expected name may differ from the host',
      client: { ca, serverName: 'broker.test' },
      outcome: 'connected',
    },
    {
      title: 'a client certificate that is required is accepted',
      client: { ca, ...clientCertificate },
      server: { ...server, ca, clientAuth: 'required' },
      outcome: 'connected',
    },
  ])('$title', async ({ client, server: tls = server, outcome }) => {
    const listener = await new NodeTransport().listen({ host: '127.0.0.1', port: 0, tls }, (connection) => {
      connection.start({ data() {}, close() {} })
    })
    const error = await failure({ host: 'localhost', port: listener.address.port, tls: client })
    expect(error?.code ?? 'connected').toBe(outcome)
    await listener.close()
  })

  test('a client without the certificate that is required is never accepted', async () => {
    let accepted = 0
    const tls: TlsServerOptions = { ...server, ca, clientAuth: 'required' }
    const listener = await new NodeTransport().listen({ host: '127.0.0.1', port: 0, tls }, () => accepted++)
    const peer = new Peer(await new NodeTransport().connect({ ...listener.address, host: 'localhost', tls: { ca } }))
    peer.start()
    expect(await peer.closed).toBeInstanceOf(TransportError)
    expect(accepted).toBe(0)
    await listener.close()
  })

  test('a client that speaks no TLS is dropped, and the listener goes on', async () => {
    const listener = await new NodeTransport().listen({ host: '127.0.0.1', port: 0, tls: server }, (connection) => {
      connection.start({ data() {}, close() {} })
    })
    const plain = new Peer(await new NodeTransport().connect(listener.address))
    plain.start()
    plain.write([new TextEncoder().encode('GET / HTTP/1.0\r\n\r\n')])
    await plain.closed
    expect(await failure({ host: 'localhost', port: listener.address.port, tls: { ca } })).toBeUndefined()
    await listener.close()
  })
})

interface HandshakeCase {
  readonly title: string
  readonly client: TlsClientOptions
  readonly server?: TlsServerOptions
  readonly outcome: string
}

/** The same transport with TLS on each connection. */
function encrypted(transport: Transport): Transport {
  return {
    listen: (options, accept) => transport.listen({ ...options, tls: server }, accept),
    connect: (options) => transport.connect({ ...options, tls: { ca } }),
  }
}

/** Connects and drops the connection; undefined when that went well. */
async function failure(options: ConnectOptions): Promise<TransportError | undefined> {
  try {
    const connection = await new NodeTransport().connect(options)
    connection.destroy()
    return undefined
  } catch (error) {
    if (error instanceof TransportError) return error
    throw error
  }
}

function portOf(listener: net.Server): number {
  const address = listener.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function pem(name: string): string {
  return readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8')
}
