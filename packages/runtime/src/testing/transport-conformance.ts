import assert from 'node:assert/strict'
import {
  type Connection,
  type Listener,
  type Transport,
  TransportError,
  type TransportErrorCode,
} from '../transport.ts'
import { type Conformance, conformance } from './conformance.ts'
import { Peer } from './transport-peer.ts'

/** A transport to test and the host to listen at and to connect to. */
export interface TransportSubject {
  readonly transport: Transport
  readonly host: string
}

type Case = readonly [title: string, body: (subject: TransportSubject) => Promise<void>]

/** What every `Transport` promises, as tests. */
export const transportConformance: Conformance<TransportSubject> = conformance([
  ...connecting(),
  ...streaming(),
  ...flowControl(),
  ...ending(),
])

function connecting(): readonly Case[] {
  return [
    [
      'port 0 takes a free port, and both ends know both addresses',
      async (subject) => {
        await using link = await connected(subject)
        assert.ok(link.listener.address.port > 0)
        assert.equal(link.client.remote.port, link.listener.address.port)
        assert.equal(link.server.local.port, link.listener.address.port)
        assert.equal(link.server.remote.port, link.client.local.port)
      },
    ],
    [
      'two listeners at port 0 have different ports, a taken port is in-use',
      async ({ transport, host }) => {
        const first = await transport.listen({ host, port: 0 }, drop)
        const second = await transport.listen({ host, port: 0 }, drop)
        assert.notEqual(first.address.port, second.address.port)
        await rejects('in-use', transport.listen(first.address, drop))
        await Promise.all([first.close(), second.close()])
      },
    ],
    [
      'a connection to a port where nobody listens is refused',
      async ({ transport, host }) => {
        const listener = await transport.listen({ host, port: 0 }, drop)
        await listener.close()
        await rejects('refused', transport.connect({ ...listener.address, timeoutMs: 5000 }))
      },
    ],
    [
      'a listener that is closed refuses, frees its port, and leaves open connections alone',
      async (subject) => {
        await using link = await connected(subject)
        await link.listener.close()
        await rejects('refused', subject.transport.connect(link.listener.address))
        const again = await subject.transport.listen(link.listener.address, drop)
        link.client.write([bytes('still here')])
        await link.server.received(10)
        assert.equal(link.server.text, 'still here')
        await again.close()
      },
    ],
    [
      'many connections at once do not touch each other',
      async ({ transport, host }) => {
        const listener = await transport.listen({ host, port: 0 }, (connection) => {
          connection.start({ data: (chunk) => void connection.write([chunk]), close() {} })
        })
        const peers = await Promise.all(
          Array.from({ length: 50 }, async (_, index) => {
            const peer = new Peer(await transport.connect(listener.address))
            peer.start()
            peer.write([bytes(`I am ${index}`)])
            return peer
          }),
        )
        await Promise.all(peers.map((peer, index) => peer.received(`I am ${index}`.length)))
        assert.deepEqual(
          peers.map((peer) => peer.text),
          peers.map((_, index) => `I am ${index}`),
        )
        for (const peer of peers) peer.connection.destroy()
        await Promise.all(peers.map((peer) => peer.closed))
        await listener.close()
      },
    ],
  ]
}

function streaming(): readonly Case[] {
  return [
    [
      'chunk lists arrive as one stream, in order, both ways',
      async (subject) => {
        await using link = await connected(subject)
        link.client.write([bytes('one '), bytes(''), bytes('two ')])
        link.client.write([])
        link.client.write([bytes('three')])
        link.server.write([bytes('answer')])
        await Promise.all([link.server.received(13), link.client.received(6)])
        assert.deepEqual([link.server.text, link.client.text], ['one two three', 'answer'])
      },
    ],
    [
      'megabytes arrive whole, whatever the sizes of the chunks',
      async (subject) => {
        await using link = await connected(subject)
        const content = pattern(3_000_000)
        for (let start = 0, size = 1; start < content.length; start += size, size = (size * 7) % 99_991) {
          const middle = start + Math.floor(size / 3)
          link.client.write([content.subarray(start, middle), content.subarray(middle, start + size)])
        }
        await link.server.received(content.length)
        assert.equal(Buffer.compare(link.server.content, content), 0)
      },
    ],
    [
      'a chunk comes as a plain Uint8Array, so that slice copies, and stays as it is',
      async (subject) => {
        await using link = await connected(subject)
        link.client.write([bytes('first')])
        await link.server.received(5)
        const [chunk] = link.server.chunks
        link.client.write([pattern(500_000)])
        await link.server.received(500_005)
        assert.equal(Object.getPrototypeOf(chunk), Uint8Array.prototype)
        assert.equal(link.server.text.slice(0, 5), 'first')
      },
    ],
    [
      'nothing is read before start, and nothing is lost',
      async (subject) => {
        await using link = await connected(subject, { serverStarts: false })
        link.client.write([bytes('early')])
        await link.roundTrip()
        assert.equal(link.server.chunks.length, 0)
        link.server.start()
        await link.server.received(5)
        assert.equal(link.server.text, 'early')
      },
    ],
    [
      'the handlers are set once',
      async (subject) => {
        await using link = await connected(subject)
        assert.throws(() => link.client.connection.start({ data() {}, close() {} }))
      },
    ],
  ]
}

function flowControl(): readonly Case[] {
  return [
    [
      'a paused receiver holds the sender back; after resume all arrives and drain comes',
      async (subject) => {
        await using link = await connected(subject)
        link.server.connection.pause()
        const chunk = pattern(64 * 1024)
        let sent = 0
        while (link.client.write([chunk])) {
          sent++
          await link.roundTrip()
          assert.ok(sent < 2000, 'the sender was never held back')
        }
        assert.ok(link.client.connection.pendingBytes > 0)
        link.server.connection.resume()
        await link.client.drained()
        await link.server.received((sent + 1) * chunk.length)
        assert.equal(link.client.write([bytes('!')]), true)
      },
    ],
    [
      'a receiver may pause and resume within data and loses nothing',
      async (subject) => {
        await using link = await connected(subject)
        const { connection } = link.server
        link.server.onData = () => {
          connection.pause()
          subject.transport.listen({ host: subject.host, port: 0 }, drop).then(async (listener) => {
            await listener.close()
            connection.resume()
          })
        }
        const content = pattern(400_000)
        link.client.write([content])
        await link.server.received(content.length)
        assert.equal(Buffer.compare(link.server.content, content), 0)
      },
    ],
    [
      'no data comes after pause until resume',
      async (subject) => {
        await using link = await connected(subject)
        link.client.write([bytes('a')])
        await link.server.received(1)
        link.server.connection.pause()
        link.client.write([bytes('b')])
        await link.roundTrip()
        assert.equal(link.server.text, 'a')
        link.server.connection.resume()
        await link.server.received(2)
        assert.equal(link.server.text, 'ab')
      },
    ],
  ]
}

function ending(): readonly Case[] {
  return [
    [
      'end sends what is queued, then both ends close once, without an error',
      async (subject) => {
        await using link = await connected(subject)
        const content = pattern(1_000_000)
        link.client.write([content])
        link.client.connection.end()
        assert.deepEqual(await Promise.all([link.server.closed, link.client.closed]), [undefined, undefined])
        assert.deepEqual([link.server.bytes, link.server.closes, link.client.closes], [content.length, 1, 1])
      },
    ],
    [
      'a write, an end or a destroy after the end is ignored',
      async (subject) => {
        await using link = await connected(subject)
        link.client.write([bytes('all')])
        link.client.connection.end()
        link.client.write([bytes('nothing')])
        link.client.connection.end()
        await Promise.all([link.server.closed, link.client.closed])
        link.client.write([bytes('nothing')])
        link.client.connection.destroy(new Error('too late'))
        link.server.connection.end()
        await link.roundTrip()
        assert.deepEqual([link.server.text, link.server.closes, link.client.closes], ['all', 1, 1])
        assert.equal(link.client.connection.pendingBytes, 0)
      },
    ],
    [
      'destroy closes this end with the given error on a later turn, and the other end closes too',
      async (subject) => {
        await using link = await connected(subject)
        const reason = new Error('enough')
        link.client.connection.destroy(reason)
        assert.equal(link.client.closes, 0)
        assert.equal(await link.client.closed, reason)
        await link.server.closed
        assert.deepEqual([link.client.closes, link.server.closes], [1, 1])
      },
    ],
    [
      'destroy without a reason closes without an error',
      async (subject) => {
        await using link = await connected(subject)
        link.server.connection.destroy()
        assert.equal(await link.server.closed, undefined)
        await link.client.closed
      },
    ],
    [
      'no data comes after destroy',
      async (subject) => {
        await using link = await connected(subject)
        link.server.onData = () => link.server.connection.destroy()
        link.client.write([pattern(1_000_000)])
        await Promise.all([link.server.closed, link.client.closed])
        assert.equal(link.server.chunks.length, 1)
      },
    ],
    [
      'an end that came before start is told after it, behind the data',
      async (subject) => {
        await using link = await connected(subject, { serverStarts: false })
        link.client.write([bytes('last words')])
        link.client.connection.end()
        await link.roundTrip()
        link.server.start()
        assert.equal(await link.server.closed, undefined)
        assert.deepEqual([link.server.text, link.server.closes], ['last words', 1])
      },
    ],
    [
      'a connection destroyed before start still tells its close',
      async (subject) => {
        await using link = await connected(subject, { serverStarts: false })
        link.server.connection.destroy()
        await link.client.closed
        link.server.start()
        await link.server.closed
        assert.equal(link.server.closes, 1)
      },
    ],
    [
      'a failure to connect or listen is a TransportError that names the address',
      async ({ transport, host }) => {
        const listener = await transport.listen({ host, port: 0 }, drop)
        await listener.close()
        const error = await transport.connect(listener.address).then(
          () => undefined,
          (reason: unknown) => reason,
        )
        assert.ok(error instanceof TransportError)
        assert.deepEqual([error.host, error.port], [listener.address.host, listener.address.port])
      },
    ],
  ]
}

interface Link extends AsyncDisposable {
  readonly listener: Listener
  readonly client: Peer
  readonly server: Peer
  /** Makes a second connection and sends a byte each way: time enough for what was sent before, in every implementation. */
  roundTrip(): Promise<void>
}

async function connected(
  { transport, host }: TransportSubject,
  { serverStarts = true }: { readonly serverStarts?: boolean } = {},
): Promise<Link> {
  const accepted: ((connection: Connection) => void)[] = []
  const listener = await transport.listen({ host, port: 0 }, (connection) => accepted.shift()?.(connection))
  const second = await transport.listen({ host, port: 0 }, (connection) => {
    connection.start({ data: () => connection.end(), close() {} })
  })
  const serverSide = new Promise<Connection>((resolve) => accepted.push(resolve))
  const client = new Peer(await transport.connect(listener.address))
  const server = new Peer(await serverSide)
  client.start()
  if (serverStarts) server.start()
  return {
    listener,
    client,
    server,
    async roundTrip() {
      for (let round = 0; round < 3; round++) {
        const other = new Peer(await transport.connect(second.address))
        other.start()
        other.write([bytes('?')])
        await other.closed
      }
    },
    async [Symbol.asyncDispose]() {
      client.connection.destroy()
      server.connection.destroy()
      server.startIfNeeded()
      await Promise.all([client.closed, server.closed])
      await Promise.all([listener.close(), second.close()])
    },
  }
}

function drop(connection: Connection): void {
  connection.destroy()
}

async function rejects(code: TransportErrorCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof TransportError && error.code === code)
}

function bytes(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function pattern(length: number): Uint8Array {
  const content = new Uint8Array(length)
  for (let index = 0; index < length; index++) content[index] = (index * 31 + (index >>> 8)) & 0xff
  return content
}
