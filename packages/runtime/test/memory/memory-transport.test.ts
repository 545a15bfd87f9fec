import { describe, expect, test } from 'vitest'
import { MemoryTransport } from '../../src/index.ts'
import { NodeClock } from '../../src/node/index.ts'
import { transportConformance } from '../../src/testing/index.ts'

describe('MemoryTransport', () => {
  transportConformance(test, { open: () => ({ transport: new MemoryTransport(), host: 'anywhere' }) })

  test('chunks are handed over by reference', async () => {
    const transport = new MemoryTransport()
    const arrived: Uint8Array[] = []
    const listener = await transport.listen({ host: '', port: 0 }, (connection) => {
      connection.start({ data: (chunk) => arrived.push(chunk), close() {} })
    })
    const chunk = new Uint8Array(100)
    const client = await transport.connect(listener.address)
    client.write([chunk])
    await new Promise<void>((resolve) => {
      client.start({ data() {}, close: () => resolve() })
      client.end()
    })
    expect(arrived).toHaveLength(1)
    expect(arrived[0]).toBe(chunk)
  })
})

describe('MemoryTransport with a clock', () => {
  transportConformance(test, {
    open: () => ({ transport: new MemoryTransport({ clock: new NodeClock() }), host: 'anywhere' }),
  })

  test('two ends that answer each other for ever let timers fire', async () => {
    const clock = new NodeClock()
    const transport = new MemoryTransport({ clock })
    const echo = (connection: Awaited<ReturnType<MemoryTransport['connect']>>) => {
      connection.start({ data: (chunk) => void connection.write([chunk]), close() {} })
      return connection
    }
    const listener = await transport.listen({ host: '', port: 0 }, echo)
    const client = echo(await transport.connect(listener.address))
    client.write([new Uint8Array(1)])
    await new Promise<void>((resolve) => clock.setTimer('later', 5, resolve))
    client.destroy()
  })
})
