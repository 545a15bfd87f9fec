import { readFileSync } from 'node:fs'
import * as net from 'node:net'
import { describe, expect, test } from 'vitest'
import { type ConnectOptions, type TlsServerOptions, type Transport, TransportError } from '../../src/index.ts'
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

  const cases: readonly (readonly [
    title: string,
    client: Pick<ConnectOptions, 'host' | 'tls'>,
    listening: TlsServerOptions,
    outcome: string,
  ])[] = [
    ['a name in the certificate is accepted', { host: 'localhost', tls: { ca } }, server, 'connected'],
    ['an unknown authority is refused', { host: 'localhost', tls: {} }, server, 'tls'],
    ['another name is refused', { host: '127.0.0.1', tls: { ca, serverName: 'other.test' } }, server, 'tls'],
    [
      'another name is accepted when names are not verified',
      { host: '127.0.0.1', tls: { ca, serverName: 'other.test', verifyServerName: false } },
      server,
      'connected',
    ],
    [
      'the name to expect may differ from the host',
      { host: '127.0.0.1', tls: { ca, serverName: 'broker.test' } },
      server,
      'connected',
    ],
    [
      'a client certificate that is required is accepted',
      { host: 'localhost', tls: { ca, ...clientCertificate } },
      { ...server, ca, clientAuth: 'required' },
      'connected',
    ],
  ]
  test.each(cases)('%s', async (_title, client, listening, outcome) => {
    const listener = await new NodeTransport().listen({ host: '127.0.0.1', port: 0, tls: listening }, (connection) => {
      connection.start({ data() {}, close() {} })
    })
    const error = await failure({ ...client, port: listener.address.port })
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
