import type { Connection, ConnectionHandlers } from '@odradek/runtime'
import { expect, test } from 'vitest'
import { ServerConnection } from '../../src/connection/server-connection.ts'
import { TestClock } from '../test-clock.ts'

/** The broker's end of a stream whose peer takes bytes when it is told to. */
class SlowPeer implements Connection {
  readonly local = { host: '127.0.0.1', port: 1 }
  readonly remote = { host: '127.0.0.1', port: 2 }
  readonly isByReference: boolean
  pendingBytes = 0
  #handlers: ConnectionHandlers | undefined

  constructor(options: { readonly isByReference?: boolean } = {}) {
    this.isByReference = options.isByReference ?? false
  }

  start(handlers: ConnectionHandlers): void {
    this.#handlers = handlers
  }

  write(chunks: readonly Uint8Array[]): boolean {
    for (const { length } of chunks) this.pendingBytes += length
    return false
  }

  sends(...bytes: readonly number[]): void {
    this.#handlers?.data(Uint8Array.from(bytes))
  }

  takesAll(): void {
    this.pendingBytes = 0
    this.#handlers?.drain?.()
  }

  pause(): void {}
  resume(): void {}
  end(): void {}

  destroy(): void {
    this.pendingBytes = 0
    this.#handlers?.close()
  }
}

/** A broker that answers each frame with itself; `sent` are those whose answers have left. */
function newServer(peer: SlowPeer) {
  const sent: number[] = []
  new ServerConnection(peer, {
    listenerName: 'PLAINTEXT',
    securityProtocol: 'PLAINTEXT',
    index: 0,
    maxFrameBytes: 100,
    maxIdleMs: -1,
    clock: new TestClock(),
    answer: (frame, connection) => {
      connection.whenSent(() => sent.push(frame[0]!))
      return [frame]
    },
    closed() {},
  })
  return { sent }
}

test('memory of an answer may be used again when the client has taken it, not before', () => {
  const peer = new SlowPeer()
  const { sent } = newServer(peer)
  peer.sends(0, 0, 0, 1, 7, 0, 0, 0, 1, 8)
  const before = [...sent]
  peer.takesAll()
  const after = [...sent]
  peer.takesAll()
  expect([before, after, sent]).toEqual([[], [7], [7, 8]])
})

test('memory of an answer is not used again when the client went away before, or shares it', () => {
  const gone = new SlowPeer()
  const sharing = new SlowPeer({ isByReference: true })
  const servers = [newServer(gone), newServer(sharing)]
  for (const peer of [gone, sharing]) peer.sends(0, 0, 0, 1, 7)
  gone.destroy()
  gone.takesAll()
  sharing.takesAll()
  expect(servers.map(({ sent }) => sent)).toEqual([[], []])
})
