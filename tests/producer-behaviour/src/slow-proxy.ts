import { createServer, connect as dial, type Socket } from 'node:net'

/** A TCP proxy to a port of this machine through which requests pass at a bounded speed. */
export interface SlowProxy extends AsyncDisposable {
  readonly port: number
  /** Lets everything pass at once from now on. */
  release(): void
}

const stepMs = 20

/** Starts a proxy that passes `bytesPerSecond` from the clients to the broker; answers pass freely. */
export async function startSlowProxy(brokerPort: number, bytesPerSecond: number): Promise<SlowProxy> {
  const sockets = new Set<Socket>()
  const perStep = (bytesPerSecond * stepMs) / 1000
  let isReleased = false
  const server = createServer((client) => {
    const broker = dial({ host: '127.0.0.1', port: brokerPort })
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
    broker.on('data', (chunk) => client.write(chunk))
    client.on('data', (chunk) => {
      broker.write(chunk)
      if (isReleased) return
      client.pause()
      setTimeout(() => client.resume(), (chunk.length / perStep) * stepMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address')
  return {
    port: address.port,
    release() {
      isReleased = true
      for (const socket of sockets) socket.resume()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
