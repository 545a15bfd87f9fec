import { createServer, connect as dial, type Socket } from 'node:net'
import type { Transport } from '@odradek/runtime'
import { NodeTransport } from '@odradek/runtime/node'

/** A TCP proxy that cuts each connection, both ways, after some bytes. */
export interface CuttingProxy extends AsyncDisposable {
  /** Connects to any address by way of the proxy. */
  readonly transport: Transport
  /** How many connections were cut. */
  readonly cuts: number
  /** Lets everything pass from now on. */
  heal(): void
}

/** Starts a proxy to a port of this machine; `bytes` tells after how many bytes the next connection is cut. */
export async function startCuttingProxy(port: number, bytes: () => number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  let cuts = 0
  let isHealed = false
  const server = createServer((client) => {
    const broker = dial({ host: '127.0.0.1', port })
    let left = bytes()
    const pairs = [
      [client, broker],
      [broker, client],
    ] as const
    for (const [from, to] of pairs) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.on('data', (chunk) => {
        if (isHealed || chunk.length <= left) {
          left -= chunk.length
          to.write(chunk)
          return
        }
        cuts++
        to.write(chunk.subarray(0, left), () => {
          client.destroy()
          broker.destroy()
        })
        left = 0
        from.pause()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address')
  const node = new NodeTransport()
  return {
    transport: {
      listen: (options, accept) => node.listen(options, accept),
      connect: (options) => node.connect({ ...options, port: address.port }),
    },
    get cuts() {
      return cuts
    },
    heal() {
      isHealed = true
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
